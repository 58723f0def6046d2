"""What share of a training step does looking at its gradients cost?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.report.interval_chart import Mark, Plot
from compat.report.numbers import percent
from compat.report.release_view import label_rows
from compat.report.text import counted
from compat.speed_format import AGAIN
from compat.standings import shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.measurements import Overhead
    from compat.speed_format import SpeedRecord
    from compat.standings import Share

_AXIS = "percent of a training step"


@dataclass(frozen=True, kw_only=True)
class TrainingTable:
    """What looking at the gradients adds to a training step."""

    torch: str
    device: str
    rows: tuple[tuple[str, str, str], ...]
    """Way, share, and what it lacks."""
    seen: str
    plot: Plot


def training_table(record: SpeedRecord) -> TrainingTable:
    """Make the shares of a speed record's training step ready to print."""
    found = list(shares(record))
    usable = [each for each in found if each.why is None]
    why = found[0].why if found and found[0].why else ""
    seen = _seen(record, usable) if usable else f"Not usable: {why or 'too few samples'}."
    return TrainingTable(
        torch=record.torch,
        device=record.device,
        rows=tuple((each.way, _with_extent(each.share, each.low, each.high), each.lacks) for each in found),
        seen=seen,
        plot=Plot(
            title=f"What looking at the gradients adds to a training step, torch {record.torch} on "
            f"{record.device.upper()}",
            heading="Each way to look",
            seen=seen,
            axis=_AXIS,
            marks=tuple(
                Mark(
                    label=each.way,
                    middle=100 * each.share,
                    low=100 * each.low,
                    high=100 * each.high,
                    usable=each.why is None,
                    told=f"{each.way}: {_with_extent(each.share, each.low, each.high)}",
                )
                for each in found
            ),
            logarithmic=False,
        ),
    )


def _seen(record: SpeedRecord, usable: Sequence[Share]) -> str:
    """Say what the first way adds, and the least and the most of all; the control is none of them."""
    ways = sorted((each for each in usable if each.way != AGAIN), key=lambda each: each.share)
    gradients = counted(record.training.tensors, "gradient")
    if not ways:
        return f"A step has {gradients}."
    first = next(each for each in usable if each.way != AGAIN)
    return (
        f"A step has {gradients}. {first.way} adds {percent(first.share)} of it; of all ways {ways[0].way} "
        f"adds least ({percent(ways[0].share)}) and {ways[-1].way} most ({percent(ways[-1].share)})."
    )


def overhead_plots(rows: Sequence[Overhead]) -> Iterator[Plot]:
    """Yield, for each device, what a loop adds to a training step beyond the function, by release."""
    labels = label_rows((row.torch, row.python) for row in rows)
    for device in dict.fromkeys(row.device for row in rows):
        marks = tuple(_mark(row, labels[row.torch, row.python]) for row in rows if row.device == device)
        known = [mark for mark in marks if mark is not None]
        if not known:
            continue
        above, below = sum(mark.low > 0 for mark in known), sum(mark.high < 0 for mark in known)
        yield Plot(
            title=f"What a loop of norms adds to a training step, by release, on {device.upper()}",
            heading=f"A loop instead, on {device.upper()}",
            seen=f"The loop adds {min(mark.middle for mark in known):.2g} to "
            f"{max(mark.middle for mark in known):.2g} percent of a step; wholly above 0 in {above}, wholly "
            f"below in {below} of {counted(len(known), 'measurement')}.",
            axis=_AXIS,
            marks=tuple(known),
            logarithmic=False,
        )


def _mark(row: Overhead, label: str) -> Mark | None:
    if row.share is None or row.low is None or row.high is None:
        return None
    told = f"{label}: {_with_extent(row.share, row.low, row.high)}"
    return Mark(
        label=label.partition(" ")[0],
        middle=100 * row.share,
        low=100 * row.low,
        high=100 * row.high,
        told=told,
    )


def _with_extent(share: float, low: float, high: float) -> str:
    return f"{percent(share)} ({percent(low)} to {percent(high)})"
