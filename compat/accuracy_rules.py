"""Up to how many elements can a caller believe a norm, by dtype, and over which releases is that the same?

A rule of thumb for callers: for tensors of up to N elements the relative error stays under E. It is read off
measured points and holds for them alone: these sizes, and values that are mixed or all equal.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.accuracy_bounds import Bound, bound_of, good_enough, landmarks, magnitude_of, worst_by_size
from compat.outcomes import ABSENT
from compat.probe import tolerances
from compat.record_format import Outcome
from compat.releases import at_least
from compat.remembered import once
from compat.spans import Span, infer_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compat.record_format import AccuracyPoint, Record
    from compat.records import Ledger

PATTERN = (2.0**-3, 2.0)
"""The smallest and largest absolute value of the measured pattern before it is scaled (see the probe)."""

_NO_WORSE = 2.0
"""An error at another magnitude that is no more than twice that of values around 1 is the same error."""

_LOST = 1.0
"""The error of a norm that vanished; no magnitude is as good as another with that."""


@dataclass(frozen=True, kw_only=True)
class Worst:
    """The largest measured error, and where it was seen."""

    error: float | str
    elements: int
    pattern: str


@dataclass(frozen=True, kw_only=True)
class Range:
    """The absolute values between which squares neither overflow nor vanish; None where no end was met."""

    smallest: float | None
    largest: float | None
    elements: int
    """How many elements the tensors had with which it was tried."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What holds of one dtype over a span of releases on one device."""

    device: str
    dtype: str
    span: Span
    bounds: tuple[Bound, ...]
    """From the smallest error to the largest."""
    worst: Worst
    """Of all releases of the span."""
    values: Range | None
    sizes: tuple[int, ...]
    """The measured sizes; between them nothing is known."""
    patterns: tuple[tuple[str, int], ...]
    """What the values were like, with the smallest size measured of each."""

    @property
    def good_enough(self) -> Bound:
        """The coarsest bound: beyond it, a caller has to do something."""
        return self.bounds[-1]


@dataclass(frozen=True, kw_only=True)
class _Told:
    """The part of a rule that must be the same in all releases of a span."""

    bounds: tuple[Bound, ...]
    values: Range | None
    sizes: tuple[int, ...]
    patterns: tuple[tuple[str, int], ...]


def accuracy_rules(ledger: Ledger, releases: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of every device and dtype, the spans of each from the oldest release.

    Records of one release made with several Pythons are taken together: a bound must hold in all of them.

    Args:
        ledger: the records; only usable ones count.
        releases: every release on the index, by which a span is exact or not.

    """
    index = list(releases)
    return tuple(
        rule
        for device in ledger.devices
        for dtype in tolerances.ROUNDOFF
        for rule in _rules_of(dtype, device, points_by_release(ledger, device, dtype), index)
    )


def points_by_release(
    ledger: Ledger, device: str, dtype: str, result: str | None = None
) -> dict[str, list[AccuracyPoint] | None]:
    """Return the points of one dtype by release; None where the function is absent.

    A dtype that gave no norm at all has no points: that it is not taken is no statement about accuracy.
    """
    found: dict[str, list[AccuracyPoint] | None] = defaultdict(list)
    for record in ledger.usable:
        if record.device != device:
            continue
        if not record.present:
            found[record.torch] = None
            continue
        points = _by_dtype(record).get((dtype, result), ())
        found[record.torch] = [*(found[record.torch] or ()), *points]
    return {
        release: points if points is None or any(each.stopped is None for each in points) else []
        for release, points in found.items()
    }


@once
def _by_dtype(record: Record) -> dict[tuple[str, str | None], list[AccuracyPoint]]:
    found: dict[tuple[str, str | None], list[AccuracyPoint]] = defaultdict(list)
    for each in record.accuracy or ():
        found[each.dtype, each.result_dtype].append(each)
    return dict(found)


def _rules_of(
    dtype: str, device: str, by_release: Mapping[str, list[AccuracyPoint] | None], index: Sequence[str]
) -> Iterator[Rule]:
    told = {release: _tell(dtype, points) for release, points in by_release.items() if points}
    outcomes: dict[str, Outcome | None] = {
        release: Outcome(kind="value", text=repr(each)) for release, each in told.items()
    }
    outcomes |= {release: ABSENT for release, points in by_release.items() if points is None}
    for span in infer_spans(outcomes, index, question=f"accuracy:{dtype}", device=device):
        if span.kind == ABSENT.kind:
            continue
        members = [each for each in told if at_least(each, span.first) and at_least(span.last, each)]
        one = told[span.first]
        yield Rule(
            device=device,
            dtype=dtype,
            span=span,
            bounds=one.bounds,
            worst=_worst(point for release in members for point in by_release[release] or ()),
            values=one.values,
            sizes=one.sizes,
            patterns=one.patterns,
        )


def _tell(dtype: str, points: Sequence[AccuracyPoint]) -> _Told:
    around_one = [each for each in points if each.magnitude == 0]
    return _Told(
        bounds=tuple(bound_of(points, error) for error in landmarks(dtype)),
        values=_values(points, good_enough(dtype)),
        sizes=tuple(sorted({each.elements for each in around_one})),
        patterns=tuple(
            (pattern, min(each.elements for each in around_one if each.pattern == pattern))
            for pattern in sorted({each.pattern for each in around_one}, reverse=True)
        ),
    )


def _worst(points: Iterable[AccuracyPoint]) -> Worst:
    found = worst_by_size(points).values()
    point = max(found, key=lambda each: (magnitude_of(each.relative_error), -each.elements))
    return Worst(error=point.relative_error, elements=point.elements, pattern=point.pattern)


def _values(points: Sequence[AccuracyPoint], error: float) -> Range | None:
    """Return the values around 1 within which another magnitude makes no other error."""
    scaled = sorted((each for each in points if each.magnitude != 0), key=lambda each: each.magnitude)
    if not scaled:
        return None
    alike = scaled[0].elements, scaled[0].pattern
    usual = [each for each in points if each.magnitude == 0 and (each.elements, each.pattern) == alike]
    most = max([error, *(_NO_WORSE * magnitude_of(each.relative_error) for each in usual)])
    low, vanishes = _reach([each for each in reversed(scaled) if each.magnitude < 0], most)
    high, overflows = _reach([each for each in scaled if each.magnitude > 0], most)
    return Range(
        smallest=math.ldexp(PATTERN[0], low) if vanishes else None,
        largest=math.ldexp(PATTERN[1], high) if overflows else None,
        elements=alike[0],
    )


def _reach(side: Sequence[AccuracyPoint], most: float) -> tuple[int, bool]:
    """Return the farthest magnitude from 0 whose errors are no larger, and whether one was met that is."""
    good = 0
    for each in side:
        found = magnitude_of(each.relative_error)
        if found > most or found >= _LOST:
            return good, True
        good = each.magnitude
    return good, False
