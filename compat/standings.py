"""Who is how fast, by a speed record? Ratios of the same rounds, with intervals and a control that is 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.growth import Growth, fit
from compat.intervals import Interval, interval
from compat.measurements import CONTROL_MARGIN, SPEED_FOLDER, Overhead, Speed
from compat.speed_format import AGAIN, ALONE, CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.speed_format import Cell, Contestant, Samples, SpeedRecord

WHOLE, NORMS, HOST = "whole", "norms", "cpu"

TIMES_THE_ERROR, NO_ERROR = 2.0, 1e-7
"""So many times the relative error of the first, or so little, is as accurate: a rounding of float32."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A contestant in one cell: its time as a multiple of the first's, of the same rounds.

    Above 1 the first is faster. ``why`` says what makes it unusable; then the numbers are not to be believed.
    """

    torch: str
    device: str
    model: str
    dtype: str
    answer: str
    part: str
    against: str
    """The contestant."""
    first: str
    """Whose time is 1."""
    lacks: str
    ratio: float
    low: float
    high: float
    samples: int
    seconds: float
    """The contestant's median."""
    error: float | str | None
    accurate: bool
    """Whether its relative error is not much larger than the first's."""
    peak: int | None
    real: bool
    bytes: int
    read: float
    """Seconds of a plain read of as many bytes."""
    why: str | None
    record: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a way to look at gradients adds to a training step, as a share of the step."""

    torch: str
    device: str
    way: str
    lacks: str
    share: float
    low: float
    high: float
    why: str | None
    record: str


def standings(record: SpeedRecord) -> Iterator[Standing]:
    """Yield every contestant of every cell, the control included."""
    for cell in record.cells:
        for part in dict.fromkeys(each.part for each in cell.timed):
            yield from _of_cell(record, cell, part)


def as_speed(record: SpeedRecord) -> Iterator[Speed]:
    """Yield how many times faster the function is than another at the norms of a list."""
    for each in standings(record):
        if each.answer == NORMS:
            yield Speed(
                torch=each.torch,
                python=record.python,
                device=each.device,
                workload=f"{each.model}, {each.dtype}",
                against=each.against,
                part=each.part,
                ratio=each.ratio,
                low=each.low,
                high=each.high,
                samples=each.samples,
                usable=each.why is None,
                why=each.why,
                record=f"{SPEED_FOLDER}{each.record}",
            )


def shares(record: SpeedRecord) -> Iterator[Share]:
    """Yield what each way adds to a training step."""
    timed = {each.id: each.seconds for each in record.training.timed if each.part == WHOLE}
    alone = timed.get(ALONE, ())
    why = _why_off(_ratio(alone, timed.get(AGAIN, ())), WHOLE)
    for way, seconds in timed.items():
        found = interval([(b - a) / a for a, b in zip(alone, seconds, strict=False) if a > 0])
        if way == ALONE or found is None:
            continue
        yield Share(
            torch=record.torch,
            device=record.device,
            way=way,
            lacks=record.training.lacks.get(way, ""),
            share=found.median,
            low=found.low,
            high=found.high,
            why=why,
            record=record.name,
        )


def instead(record: SpeedRecord, way: str, other: str) -> Overhead | None:
    """Return what one way to look at gradients adds beyond another, as a share of a training step.

    None where one of them was not timed; the share is None where the control is off or rounds are too few.
    """
    timed = {each.id: each.seconds for each in record.training.timed if each.part == WHOLE}
    if not {ALONE, way, other} <= set(timed):
        return None
    rounds = list(zip(timed[ALONE], timed[way], timed[other], strict=False))
    found = interval([(there - here) / alone for alone, here, there in rounds if alone > 0])
    if _why_off(_ratio(timed[ALONE], timed.get(AGAIN, ())), WHOLE) is not None:
        found = None
    return Overhead(
        torch=record.torch,
        python=record.python,
        device=record.device,
        workload="training step",
        share=found.median if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        samples=len(rounds),
        record=f"{SPEED_FOLDER}{record.name}",
    )


@dataclass(frozen=True, kw_only=True)
class Grown:
    """How what one way to the norms has dispatched or launched grows, by length and by size."""

    way: str
    by_length: Growth
    by_size: Growth | None
    """None where too few sizes were counted."""


def told_of(record: SpeedRecord) -> str:
    """Return what is counted of a call on the record's device: ``launches`` or ``operators``."""
    return "launches" if record.device != HOST else "operators"


def grown(record: SpeedRecord) -> Iterator[Grown]:
    """Yield, for each way that enough lengths were counted of, how its counts grow."""
    what = told_of(record)
    lengths: dict[str, dict[int, int]] = {}
    sizes: dict[str, dict[int, int]] = {}
    for told, at, into in (
        *((each.told, each.length, lengths) for each in record.by_length),
        *((each.told, each.elements, sizes) for each in record.by_size),
    ):
        for way, counts in told.items():
            into.setdefault(way, {})[at] = counts.get(what, 0)
    for way, points in lengths.items():
        found = fit(points)
        if found is not None:
            yield Grown(way=way, by_length=found, by_size=fit(sizes.get(way, {})))


def by_length(record: SpeedRecord) -> Iterator[tuple[int, str, Interval, str | None]]:
    """Yield, by length, every contestant's time as a multiple of the first's, and why not to believe it."""
    for entry in record.by_length:
        timed: list[Samples] = [each for each in entry.timed if each.part == WHOLE]
        first = timed[0].seconds
        control = next((each.seconds for each in timed if each.id == CONTROL), ())
        why = _why_off(_ratio(first, control), WHOLE)
        for each in timed[1:]:
            found = _ratio(first, each.seconds)
            if found is not None and each.id != CONTROL:
                yield entry.length, each.id, found, why


def _of_cell(record: SpeedRecord, cell: Cell, part: str) -> Iterator[Standing]:
    first = cell.contestants[0].id
    ours = cell.seconds(first, part)
    why = _why_off(_ratio(ours, cell.seconds(CONTROL, part)), part)
    for each in cell.contestants:
        found = _ratio(ours, cell.seconds(each.id, part))
        if each.id == first or found is None:
            continue
        yield Standing(
            torch=record.torch,
            device=record.device,
            model=cell.model,
            dtype=cell.dtype,
            answer=cell.answer,
            part=part,
            against=each.id,
            first=first,
            lacks=each.lacks,
            ratio=found.median,
            low=found.low,
            high=found.high,
            samples=found.samples,
            seconds=sorted(cell.seconds(each.id, part))[found.samples // 2],
            error=each.error,
            accurate=_is_as_accurate(each, cell.contestants[0]),
            peak=each.peak,
            real=cell.real,
            bytes=cell.bytes,
            read=cell.read,
            why=why,
            record=record.name,
        )


def _is_as_accurate(contestant: Contestant, first: Contestant) -> bool:
    if contestant.id == CONTROL:
        return True
    errors = contestant.error, first.error
    if not (isinstance(errors[0], float | int) and isinstance(errors[1], float | int)):
        return contestant.error == first.error
    return errors[0] <= max(TIMES_THE_ERROR * errors[1], NO_ERROR)


def _ratio(first: Sequence[float], other: Sequence[float]) -> Interval | None:
    return interval([b / a for a, b in zip(first, other, strict=False) if a > 0])


def _why_off(control: Interval | None, part: str) -> str | None:
    if control is None:
        return "its control has too few samples"
    margin = CONTROL_MARGIN.get(part, 0.0)
    if control.low > 1 + margin or control.high < 1 - margin:
        return f"its control is off: the first against itself took {control.median:.3g} times as long"
    return None
