"""Which errors do callers care about, and up to which measured size is one not exceeded?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.probe import tolerances

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compat.record_format import AccuracyPoint

SINGLE = 1e-6
"""What is commonly taken for equal in single precision: six digits, all that float32 can print."""

DIGITS = 1e-3
"""Three digits, which is what a log line shows and what no threshold on a gradient's norm is finer than."""

FEW = 4
"""Rounding the sum, the root and the result each once, and what lies between two neighbours, in roundoffs."""


@dataclass(frozen=True, kw_only=True)
class Bound:
    """An error that was not exceeded up to some size."""

    error: float
    elements: int | None
    """The largest measured size up to which every measured one stays under it; None: not one does."""
    stops: int | None
    """The next measured size, which does not; None where every measured size stays under it."""


def landmarks(dtype: str) -> tuple[float, ...]:
    """Return the errors that are asked about: what the dtype itself costs, and what callers care about.

    An error below a few roundoffs of the dtype can be asked of nobody, and so is left out.
    """
    own = FEW * tolerances.ROUNDOFF[dtype]
    return (own, *(each for each in (SINGLE, DIGITS) if each > own))


def good_enough(dtype: str) -> float:
    """Return the error that is good enough for a dtype: three digits, or what it can hold if that is less."""
    return landmarks(dtype)[-1]


def bound_of(points: Sequence[AccuracyPoint], error: float) -> Bound:
    """Return up to which size the measured ones stay under an error; a later size that does is by chance."""
    worst = worst_by_size(points)
    elements = None
    for size in sorted(worst):
        if magnitude_of(worst[size].relative_error) > error:
            return Bound(error=error, elements=elements, stops=size)
        elements = size
    return Bound(error=error, elements=elements, stops=None)


def worst_by_size(points: Iterable[AccuracyPoint]) -> dict[int, AccuracyPoint]:
    """Return by size the point with the largest error, of all patterns of values around 1."""
    worst: dict[int, AccuracyPoint] = {}
    for point in points:
        if point.magnitude == 0:
            known = worst.setdefault(point.elements, point)
            if magnitude_of(point.relative_error) > magnitude_of(known.relative_error):
                worst[point.elements] = point
    return worst


def magnitude_of(error: float | str) -> float:
    """Return an error as a number that can be compared: a word counts as infinite."""
    return math.inf if isinstance(error, str) else error
