"""What did the usable records measure of speed, overhead and accuracy, as rows of a table?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.intervals import MINIMUM_SAMPLES, Interval, interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.record_format import Pair, Record
    from compat.records import Ledger

CONTROL = "itself"
"""The function timed against itself: the run is worth nothing where these two differ."""

SPEED_FOLDER = "speed/"
"""How the names of records begin that hold nothing but timings, as seen from the report."""

CONTROL_MARGIN = {"whole": 0.02, "host": 0.02, "device": 0.05}
"""How far the control's interval may stay away from 1, by what is timed.

The host's calls depend on their order within a round; two captures of one call lie at other addresses of the
device's memory, which made them differ by 2 % on the first device that was measured, in each round alike.
"""


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How many times faster the private function is than ``against``, with a 95 % interval.

    ``ratio`` is the median of (other / private): above 1, the private function is faster.
    A row that is not ``usable`` says why; its numbers are None where none could be had.
    """

    torch: str
    python: str
    device: str
    workload: str
    against: str
    part: str
    """What is timed: the whole call, or on an accelerator the host's or the device's part of it alone."""
    ratio: float | None
    low: float | None
    high: float | None
    samples: int
    usable: bool
    why: str | None
    record: str


@dataclass(frozen=True, kw_only=True)
class Overhead:
    """What a loop of norms adds to a training step beyond the private function, as a share of the step."""

    torch: str
    python: str
    device: str
    workload: str
    share: float | None
    low: float | None
    high: float | None
    samples: int
    record: str


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """The relative error against an exact norm; a word where it is not finite."""

    torch: str
    python: str
    device: str
    dtype: str
    elements: int
    relative_error: float | str
    record: str
    result_dtype: str | None = None
    """The dtype that was asked for; None where none was."""
    pattern: str = "mixed"
    magnitude: int = 0
    """The power of two that the values, which lie around 1, were scaled by."""


def speed_rows(ledger: Ledger) -> tuple[Speed, ...]:
    """One row for each usable record, workload, alternative and part of a call, the control included."""
    return tuple(row for record in ledger.usable for row in _speeds(record))


def overhead_rows(ledger: Ledger) -> tuple[Overhead, ...]:
    """One row for each usable record that timed the training step."""
    return tuple(
        _overhead(record) for record in ledger.usable if record.cost is not None and record.cost.overhead
    )


def accuracy_rows(ledger: Ledger) -> tuple[Accuracy, ...]:
    """One row for each norm that a usable record holds against an exact one."""
    return tuple(
        Accuracy(
            torch=record.torch,
            python=record.python,
            device=record.device,
            dtype=point.dtype,
            elements=point.elements,
            relative_error=point.relative_error,
            record=record.name,
            result_dtype=point.result_dtype,
            pattern=point.pattern,
            magnitude=point.magnitude,
        )
        for record in ledger.usable
        for point in record.accuracy or ()
        if point.stopped is None
    )


def _speeds(record: Record) -> Iterator[Speed]:
    timings = record.cost.timings if record.cost else ()
    spoilt = {
        (workload, part): _why_spoilt(
            [
                each.pairs
                for each in timings
                if (each.against, each.workload, each.part) == (CONTROL, workload, part)
            ],
            CONTROL_MARGIN[part],
        )
        for workload, part in {(each.workload, each.part) for each in timings}
    }
    for timing in timings:
        found = interval(_ratios(timing.pairs))
        why = spoilt[timing.workload, timing.part] if found else _too_few(len(timing.pairs))
        yield Speed(
            torch=record.torch,
            python=record.python,
            device=record.device,
            workload=timing.workload,
            against=timing.against,
            part=timing.part,
            ratio=found.median if found else None,
            low=found.low if found else None,
            high=found.high if found else None,
            samples=len(timing.pairs),
            usable=why is None,
            why=why,
            record=record.name,
        )


def _why_spoilt(controls: Sequence[Sequence[Pair]], margin: float) -> str | None:
    """Say why a workload's timings are worth nothing, by its control, or None where it is sound."""
    if not controls:
        return "no control: the function was not timed against itself"
    found = interval(_ratios(controls[0]))
    if found is None:
        return f"its control has {_too_few(len(controls[0]))}"
    if found.low > 1 + margin or found.high < 1 - margin:
        return f"its control is off: the function against itself gave {_shown(found)}"
    return None


def _overhead(record: Record) -> Overhead:
    overhead = record.cost.overhead if record.cost else None
    triples = overhead.triples if overhead else ()
    found = interval([(loop - private) / step for step, private, loop in triples if step > 0])
    return Overhead(
        torch=record.torch,
        python=record.python,
        device=record.device,
        workload=overhead.workload if overhead else "",
        share=found.median if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        samples=len(triples),
        record=record.name,
    )


def _ratios(pairs: Sequence[Pair]) -> list[float]:
    return [other / private for private, other in pairs if private > 0]


def _too_few(samples: int) -> str:
    return f"too few samples ({samples}, at least {MINIMUM_SAMPLES} are needed)"


def _shown(found: Interval) -> str:
    return f"{found.median:.3g} ({found.low:.3g} to {found.high:.3g})"
