"""How many times faster is the function than its alternatives, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.measurements import CONTROL
from compat.record_format import WHOLE
from compat.releases import in_order
from compat.report.interval_chart import Mark, Plot
from compat.report.numbers import interval, ratio
from compat.report.release_view import label_rows
from compat.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.contract import Contract
    from compat.measurements import Speed


_PARTS = {WHOLE: "", "host": "the host alone", "device": "the device alone"}
"""What is timed, in words, and in their order; of the whole nothing need be said."""


@dataclass(frozen=True, kw_only=True)
class SpeedCell:
    """One timing: its ratio with the 95 % interval, or why there is none."""

    text: str
    ratio: float | None
    low: float | None
    high: float | None
    samples: int
    usable: bool
    why: str | None


@dataclass(frozen=True, kw_only=True)
class SpeedRow:
    """The timings of one release, one for each workload of the table; None where there is none."""

    label: str
    cells: tuple[SpeedCell | None, ...]


@dataclass(frozen=True, kw_only=True)
class SpeedTable:
    """All timings of one part of a call against one alternative on one device."""

    device: str
    against: str
    part: str
    """What is timed, in words; nothing where it is the whole call."""
    call: str
    """How the alternative is written."""
    workloads: tuple[tuple[str, str], ...]
    """Id and description of each column."""
    rows: tuple[SpeedRow, ...]
    claimed: tuple[float, float] | None
    """The range that somebody claims."""
    control: bool
    seen: str
    plots: tuple[Plot, ...]
    """One for each workload."""


def speed_tables(rows: Sequence[Speed], contract: Contract) -> tuple[SpeedTable, ...]:
    """Return a table for each device and alternative: what is claimed first, the control last."""
    claimed = _claimed(contract)
    keys = sorted(
        {(row.device, row.against, row.part) for row in rows},
        key=lambda key: (key[1] == CONTROL, key[1] not in claimed, key[:2], list(_PARTS).index(key[2])),
    )
    return tuple(
        _table(
            [row for row in rows if (row.device, row.against, row.part) == key],
            contract,
            claimed.get(key[1]) if key[2] == WHOLE else None,
        )
        for key in keys
    )


def _claimed(contract: Contract) -> dict[str, tuple[float, float]]:
    """Return by alternative the range of the first claim about it."""
    found: dict[str, tuple[float, float]] = {}
    for claim in contract.claims:
        if claim.rule == "speedup":
            low, high = claim.parameters["low"], claim.parameters["high"]
            found.setdefault(claim.parameters["against"], (float(low), float(high)))
    return found


def _table(of_it: Sequence[Speed], contract: Contract, claimed: tuple[float, float] | None) -> SpeedTable:
    device, against, part = of_it[0].device, of_it[0].against, of_it[0].part
    describes = {workload.id: workload.describes for workload in contract.workloads}
    names = {row.workload for row in of_it}
    ordered = [*(name for name in describes if name in names), *sorted(names - set(describes))]
    labels = label_rows((row.torch, row.python) for row in of_it)
    place = {torch: number for number, torch in enumerate(in_order(row.torch for row in of_it))}
    keys = sorted(labels, key=lambda key: (place[key[0]], key))
    cells = {(row.torch, row.python, row.workload): _cell(row) for row in of_it}
    calls = {reference.id: reference.call for reference in contract.references}
    rows = tuple(
        SpeedRow(label=labels[key], cells=tuple(cells.get((*key, name)) for name in ordered)) for key in keys
    )
    seen = _seen(of_it, claimed)
    return SpeedTable(
        device=device,
        against=against,
        part=_PARTS[part],
        call="the function itself, as a control" if against == CONTROL else calls.get(against, against),
        workloads=tuple((name, describes.get(name, "")) for name in ordered),
        rows=rows,
        claimed=claimed,
        control=against == CONTROL,
        seen=seen,
        plots=tuple(
            Plot(
                title=f"Speed against {against} on the workload {name}, on {device.upper()}",
                heading=name,
                seen=seen,
                axis="times as fast (log scale)",
                marks=tuple(_marks(rows, column)),
                band=claimed,
            )
            for column, name in enumerate(ordered)
        ),
    )


def _marks(rows: Sequence[SpeedRow], column: int) -> Iterator[Mark]:
    """Yield the column's timings that have a number, a release each."""
    for row in rows:
        cell = row.cells[column]
        if cell is None or cell.ratio is None:
            continue
        yield Mark(
            label=row.label.partition(" ")[0],
            middle=cell.ratio,
            low=cell.ratio if cell.low is None else cell.low,
            high=cell.ratio if cell.high is None else cell.high,
            usable=cell.usable,
            told=f"{row.label}: {cell.text}{'' if cell.usable else f', not usable: {cell.why}'}",
        )


def _cell(row: Speed) -> SpeedCell:
    text = "too few samples"
    if row.ratio is not None:
        text = f"{ratio(row.ratio)} ({interval(row.low, row.high)})"
    return SpeedCell(
        text=text,
        ratio=row.ratio,
        low=row.low,
        high=row.high,
        samples=row.samples,
        usable=row.usable,
        why=row.why,
    )


def _seen(rows: Sequence[Speed], claimed: tuple[float, float] | None) -> str:
    usable = [row for row in rows if row.usable and row.ratio is not None]
    if not usable:
        return f"None of {counted(len(rows), 'timing')} is usable."
    ordered = sorted(usable, key=lambda row: row.ratio or 0)
    slow, fast = ordered[0], ordered[-1]
    text = (
        f"From {ratio(slow.ratio or 0)} times ({slow.workload}, {slow.torch}) "
        f"to {ratio(fast.ratio or 0)} times ({fast.workload}, {fast.torch})"
    )
    if claimed:
        below = sum(row.high is not None and row.high < claimed[0] for row in usable)
        text += (
            f"; {below} of {counted(len(usable), 'timing')} lie wholly below the claimed {claimed[0]:g} times"
        )
    spoilt = len(rows) - len(usable)
    return f"{text}{f'; {spoilt} not usable' if spoilt else ''}."
