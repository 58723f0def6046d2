"""Would replacing the function by a loop of norms cost a training step measurably?

Looked at are the training steps of the records, and those of the speed records, in which ``way`` is the
consumer as it is and ``instead`` the consumer with a loop.

The cost is the time that the loop adds beyond the function, as a share of the bare step. A measurement
speaks where its whole interval lies above the threshold, or below; around it, it is silent. The claim is
about training in general and the cost is small, so among dozens of measurements a few speak by chance:
more than half of all must say the same, or nothing is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.measurements import SPEED_FOLDER, overhead_rows
from compat.releases import counted, listing
from compat.standings import instead

if TYPE_CHECKING:
    from compat import measurements
    from compat.contract import Claim


class Overhead(Parameters):
    """The share of a step from which on a cost counts as measurable, such as 0.01.

    ``way`` and ``instead`` name, in a speed record's training step, the consumer and the one with a loop.
    """

    threshold: float
    way: str = ""
    instead: str = ""


def overhead(parameters: Overhead, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by the intervals of all releases."""
    devices, threshold = evidence.of_claim(claim), parameters.threshold
    timed = (instead(record, parameters.way, parameters.instead) for record in evidence.timed)
    everywhere = (*overhead_rows(evidence.ledger), *(row for row in timed if row is not None))
    rows = [row for row in everywhere if row.device in devices]
    known = [row for row in rows if row.share is not None]
    names = {row.record for row in rows}
    records = tuple(record for record in evidence.records() if record.name in names)
    also = tuple(name for name in dict.fromkeys(row.record for row in rows) if name.startswith(SPEED_FOLDER))
    unmeasured = [each.upper() for each in devices if not any(row.device == each for row in known)]
    missing = f"; {listing(unmeasured)} not measured" if unmeasured else ""
    if not known:
        because = ("too few samples" if rows else "no training step was timed") + missing
        return Finding(decision=Decision.INCONCLUSIVE, because=because, records=records, speed_records=also)
    below = [row for row in known if row.high is not None and row.high < threshold]
    above = [row for row in known if row.low is not None and row.low > threshold]
    decision = Decision.INCONCLUSIVE
    if 2 * len(below) > len(known):
        decision = Decision.REFUTED
    elif 2 * len(above) > len(known):
        decision = Decision.SUPPORTED
    because = (
        f"a loop adds {_range(known)} of a {known[0].workload} beyond the function; wholly below "
        f"{threshold:.3g} in {len(below)} and wholly above in {len(above)} of "
        f"{counted(len(known), 'measurement')}{missing}"
    )
    return Finding(
        decision=decision,
        because=because,
        records=records,
        details=tuple(map(_line, known)),
        speed_records=also,
    )


def _range(rows: list[measurements.Overhead]) -> str:
    shares = sorted(row.share for row in rows if row.share is not None)
    return f"{_percent(shares[0])} to {_percent(shares[-1])}" if len(shares) > 1 else _percent(shares[0])


def _line(row: measurements.Overhead) -> str:
    found = f"{_percent(row.share)} ({_percent(row.low)} to {_percent(row.high)})"
    return f"{row.torch} (Python {row.python}, {row.device}): {found} of a {row.workload}"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.2g} %"
