"""Is the function as many times faster than an alternative as is said?

The claim names a range; a ratio above it is no counterexample, so only the low end decides. A claim
that names no workload and no release is about all of them: one row whose whole interval lies below the
low end refutes it, also where other rows reach it (the reason then says where). It is supported where
every interval lies at or above the low end. Intervals that straddle it, with none below, show neither,
and stay inconclusive, as do rows that are too short or whose control is off.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.measurements import CONTROL, SPEED_FOLDER, Speed, speed_rows
from compat.record_format import WHOLE
from compat.releases import counted, in_order, listing
from compat.standings import as_speed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.contract import Claim


class Speedup(Parameters):
    """The alternative, and how many times faster the function is said to be, from and to."""

    against: str
    low: float
    high: float

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not 0 < self.low <= self.high or self.against == CONTROL:
            message = f"0 < low <= high is needed, and another function than the control, {CONTROL!r}"
            raise ValueError(message)
        return self


def speedup(parameters: Speedup, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by the intervals of all workloads in all releases."""
    devices = evidence.of_claim(claim)
    timed = [
        row
        for row in (*speed_rows(evidence.ledger), *chain.from_iterable(map(as_speed, evidence.timed)))
        if row.part == WHOLE and row.device in devices
    ]
    rows = [row for row in timed if row.against == parameters.against]
    usable = [row for row in rows if row.usable]
    names = {row.record for row in rows}
    records = tuple(record for record in evidence.records() if record.name in names)
    also = tuple(dict.fromkeys(row.record for row in rows if row.record.startswith(SPEED_FOLDER)))
    missing = _missing(devices, usable)
    if not usable:
        why = f": {rows[0].why}" if rows else ""
        because = f"no usable timing against {parameters.against}{why}{missing}"
        return Finding(decision=Decision.INCONCLUSIVE, because=because, records=records, speed_records=also)
    below = [row for row in usable if row.high is not None and row.high < parameters.low]
    reach = [row for row in usable if row.low is not None and row.low >= parameters.low]
    decision = (
        Decision.REFUTED
        if below
        else Decision.SUPPORTED
        if len(reach) == len(rows)
        else Decision.INCONCLUSIVE
    )
    spoilt = f"; {counted(len(rows) - len(usable), 'timing')} not usable" if len(rows) > len(usable) else ""
    because = (
        f"{_extremes(usable)}; {len(below)} of {counted(len(usable), 'timing')} lie wholly below "
        f"{parameters.low:g} times, {len(reach)} wholly at or above it"
        f"{spoilt}{_other_loops(parameters, evidence, timed)}{missing}"
    )
    return Finding(
        decision=decision,
        because=because,
        records=records,
        details=_by_workload(usable),
        speed_records=also,
    )


def _extremes(rows: Sequence[Speed]) -> str:
    """Name the slowest and the fastest median, and where they were seen."""
    ordered = sorted(rows, key=lambda row: row.ratio or 0)
    slow, fast = ordered[0], ordered[-1]
    return (
        f"measured {_ratio(slow)} times ({slow.workload}, {slow.torch} on {slow.device.upper()}) to "
        f"{_ratio(fast)} times ({fast.workload}, {fast.torch} on {fast.device.upper()}) "
        f"the speed of {slow.against}"
    )


def _ratio(row: Speed) -> str:
    return f"{row.ratio:.3g} [{row.low:.3g}, {row.high:.3g}]"


def _other_loops(parameters: Speedup, evidence: Evidence, timed: Sequence[Speed]) -> str:
    """Say how fast the function is beside the other ways to take each norm by itself."""
    told = []
    for reference in evidence.contract.references:
        ratios = sorted(row.ratio or 0 for row in timed if row.against == reference.id and row.usable)
        if ratios and reference.id != parameters.against:
            told.append(f"; {ratios[0]:.3g} to {ratios[-1]:.3g} times that of {reference.id}")
    return "".join(told)


def _by_workload(rows: Sequence[Speed]) -> tuple[str, ...]:
    lines = []
    for workload in dict.fromkeys(row.workload for row in rows):
        of_it = [row for row in rows if row.workload == workload]
        ratios = sorted(row.ratio or 0 for row in of_it)
        releases = in_order(row.torch for row in of_it)
        extent = f"{ratios[0]:.3g}" if len(ratios) == 1 else f"{ratios[0]:.3g} to {ratios[-1]:.3g}"
        lines.append(f"{workload}: {extent} times, in {counted(len(releases), 'release')}")
    return tuple(lines)


def _missing(devices: tuple[str, ...], usable: Sequence[Speed]) -> str:
    missing = [each.upper() for each in devices if not any(row.device == each for row in usable)]
    return f"; {listing(missing)} not measured" if missing else ""
