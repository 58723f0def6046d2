"""What does a call cost by the length of its list and by the size of its tensors?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.report.interval_chart import Along, Mark
from compat.report.numbers import interval, ratio
from compat.report.text import counted
from compat.standings import by_length, grown, told_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.intervals import Interval
    from compat.speed_format import SpeedRecord

NONE = "\N{EN DASH}"


@dataclass(frozen=True, kw_only=True)
class GrowthRow:
    """How what one way has dispatched or launched grows: in a phrase, by length and by size."""

    way: str
    by_length: str
    kind: str
    by_size: str


@dataclass(frozen=True, kw_only=True)
class LengthTable:
    """What a call costs by the length of its list, and by the size of its tensors."""

    torch: str
    device: str
    first: str
    others: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Length, operators or launches of the first, and per other its time over the first's."""
    counted: str
    growths: tuple[GrowthRow, ...]
    plots: tuple[Along, ...]
    seen: str


def length_table(record: SpeedRecord) -> LengthTable:
    """Make what a speed record holds by length and by size ready to print."""
    found = list(by_length(record))
    others = tuple(dict.fromkeys(name for _, name, _, _ in found))
    first = record.by_length[0].timed[0].id
    what = told_of(record)
    cells = {
        (length, name): f"{ratio(each.median)} ({interval(each.low, each.high)})"
        for length, name, each, _ in found
    }
    rows = tuple(
        (
            f"{entry.length:,}",
            f"{entry.told.get(first, {}).get(what, 0):,}",
            *(cells.get((entry.length, name), NONE) for name in others),
        )
        for entry in record.by_length
    )
    growths = tuple(
        GrowthRow(
            way=each.way,
            by_length=each.by_length.told(what, "tensors"),
            kind=each.by_length.kind,
            by_size=each.by_size.told(what, "elements") if each.by_size else "too few sizes",
        )
        for each in grown(record)
    )
    return LengthTable(
        torch=record.torch,
        device=record.device,
        first=first,
        others=others,
        rows=rows,
        counted=what,
        growths=growths,
        plots=tuple(_plot(record, first, name, found) for name in others),
        seen=_seen(growths, what),
    )


def _seen(growths: Sequence[GrowthRow], what: str) -> str:
    if not growths:
        return f"Too few lengths were counted to tell how {what} grow."
    first = growths[0]
    constant = [each.way for each in growths if each.kind == "constant"]
    same = f"{', '.join(constant)} alone" if constant else "none"
    ways = counted(len(growths), "way")
    return f"{first.way}: {first.by_length}. Of {ways}, {same} needs as many for every length."


def _plot(
    record: SpeedRecord, first: str, name: str, found: Sequence[tuple[int, str, Interval, str | None]]
) -> Along:
    marks = tuple(
        (
            length,
            Mark(
                label=f"{length:,}",
                middle=each.median,
                low=each.low,
                high=each.high,
                usable=why is None,
                told=f"{length:,} tensors: {ratio(each.median)} ({interval(each.low, each.high)})"
                + (f", not usable: {why}" if why else ""),
            ),
        )
        for length, other, each, why in found
        if other == name
    )
    return Along(
        title=f"Time of {name} over that of {first} by the length of the list, torch {record.torch} on "
        f"{record.device.upper()}",
        heading=name,
        seen=_seen_along(marks),
        axis=f"time over that of {first}",
        marks=marks,
    )


def _seen_along(marks: Sequence[tuple[int, Mark]]) -> str:
    usable = [(length, mark) for length, mark in marks if mark.usable]
    if not usable:
        return "No timing is usable."
    (shortest, first), (longest, last) = usable[0], usable[-1]
    return (
        f"{ratio(first.middle)} times the time for {counted(shortest, 'tensor')}, {ratio(last.middle)} times "
        f"for {longest:,}."
    )
