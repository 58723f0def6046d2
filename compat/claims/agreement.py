"""Does the function give what the alternative gives, on every case of the corpus and on fresh ones?

Both raising is agreement; one of them raising, a crash, a hang or two calls that differ is not. One
case in one release refutes. Support is for what was asked only, and says so.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.record_format import AGREEING, DIFFERING, ExplorationFailure, Record
from compat.releases import counted, in_order, listing, ranges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compat.contract import Claim


class Agreement(Parameters):
    """The alternative, by the name under which the records keep its codes."""

    against: str


def agreement(parameters: Agreement, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by the codes of every usable record that has the function."""
    devices, against = evidence.of_claim(claim), parameters.against
    records = tuple(each for device in devices for each in evidence.with_function(device))
    asked = [each for each in records if _is_replayed(codes_of(each, against))]
    differing = [each for each in records if differences(each, against) or explored(each, against)]
    missing = evidence.unmeasured(devices)
    if differing:
        first = _first(differing, against, evidence.contract.origins)
        because = f"{first}; {_extent(differing, asked, against)}{missing}"
        details = tuple(_line(each, against) for each in differing)
        return Finding(decision=Decision.REFUTED, because=because, records=records, details=details)
    if not asked or len(asked) < len(records):
        known = {each.name for each in asked}
        lacking = in_order(each.torch for each in records if each.name not in known)
        where = f" in {listing(lacking)}" if lacking else " of any release"
        because = f"{against} was not compared on every case{where}{missing}"
        return Finding(decision=Decision.INCONCLUSIVE, because=because, records=records)
    alone = in_order(each.torch for each in records if each.exploration is None or each.exploration.doubt)
    if alone:
        because = f"no fresh examples were tried in {listing(alone)}, beside the corpus{missing}"
        return Finding(decision=Decision.INCONCLUSIVE, because=because, records=records)
    because = (
        f"no difference from {against} seen {evidence.scope(devices)}, over {corpus(asked, against)}{missing}"
    )
    return Finding(decision=Decision.SUPPORTED, because=because, records=records)


def codes_of(record: Record, against: str) -> str:
    """Return the codes of one alternative, or nothing where it was not replayed."""
    return record.agreement.codes.get(against, "") if record.agreement else ""


def _is_replayed(codes: str) -> bool:
    """Whether cases were asked, and the harness failed on none of them."""
    return bool(set(codes) & (set(AGREEING) | set(DIFFERING))) and "H" not in codes


def differences(record: Record, against: str) -> Counter[str]:
    """Count the cases that differ, by code."""
    codes = codes_of(record, against)
    return Counter({code: codes.count(code) for code in dict.fromkeys(codes) if code in DIFFERING})


def explored(record: Record, against: str) -> tuple[ExplorationFailure, ...]:
    """Return the failing examples that fresh exploration found."""
    return record.exploration.against(against) if record.exploration else ()


def in_words(counts: Counter[str]) -> str:
    """Say counted codes: "disagrees 3 times, only the function raises 1 time"."""
    return ", ".join(
        f"{DIFFERING[code]} {counted(counts[code], 'time')}" for code in DIFFERING if counts[code]
    )


def corpus(records: Sequence[Record], against: str) -> str:
    """Name the smallest number of cases asked, and the corpora they came from."""
    cases = min(sum(code in AGREEING or code in DIFFERING for code in codes_of(r, against)) for r in records)
    names = sorted({record.digests.corpus.removeprefix("sha256:")[:8] for record in records})
    return f"{counted(cases, 'case')} of corpus {listing(names)}"


def _first(differing: Sequence[Record], against: str, origins: Mapping[int, str]) -> str:
    """Tell the first difference of the oldest release that has one, with values where they were kept."""
    record = differing[0]
    where = f"in {record.torch} on {record.device.upper()}"
    if not differences(record, against):
        code = explored(record, against)[0].codes[against]
        return f"an example found by exploring {where}: {DIFFERING.get(code, code)}"
    codes = codes_of(record, against)
    case = next(place for place, code in enumerate(codes) if code in DIFFERING)
    kept = record.agreement.disagreements if record.agreement else ()
    values = next(
        (f": {d.got} against {d.expected}" for d in kept if (d.case, d.against) == (case, against)), ""
    )
    origin = f", {origins[case]}," if case in origins else ""
    return f"case {case}{origin} {where}: {DIFFERING[codes[case]]}{values}"


def _extent(differing: Sequence[Record], asked: Sequence[Record], against: str) -> str:
    most = max(differing, key=lambda record: differences(record, against).total())
    releases = in_order(record.torch for record in differing)
    measured = in_order(record.torch for record in asked)
    counts = differences(most, against)
    words = (
        f"; of {len(codes_of(most, against))} cases at worst {in_words(counts)}, in {most.torch}"
        if counts
        else ""
    )
    return f"differs from {against} in {ranges(releases, measured)}{words}"


def _line(record: Record, against: str) -> str:
    found = [in_words(differences(record, against))] if differences(record, against) else []
    examples = len(explored(record, against))
    found += [f"{counted(examples, 'failing example')} found by exploring"] if examples else []
    return f"{record.torch} (Python {record.python}, {record.device}): {'; '.join(found)}"
