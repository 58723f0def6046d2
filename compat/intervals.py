"""How sure is a median of paired measurements?

The bootstrap asks what medians other draws from the same samples would have. Every such median is one
of the samples, and how often each comes up is a binomial sum, so the interval is computed exactly and
needs no random numbers (Efron 1979, "Bootstrap methods: another look at the jackknife", section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MINIMUM_SAMPLES = 6
"""Below six, even the whole range of the samples misses the true median in more than 5 % of runs."""

_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A median with the 95 % bootstrap interval around it."""

    median: float
    low: float
    high: float
    samples: int


def interval(values: Sequence[float]) -> Interval | None:
    """Return the median of paired measurements and its interval, or None for too few samples.

    An even number of samples has two middle ones; the low end is that of the lower and the high end
    that of the upper, so the interval is never narrower than resampling would give.
    """
    if len(values) < MINIMUM_SAMPLES:
        return None
    ordered = sorted(values)
    low, high = _ranks(len(ordered))
    return Interval(median=median(ordered), low=ordered[low], high=ordered[high], samples=len(ordered))


@lru_cache
def _ranks(samples: int) -> tuple[int, int]:
    """Return the places, from 0, of the ends of the interval among so many ordered samples."""
    tail = (1 - _CONFIDENCE) / 2
    lower, upper = (samples + 1) // 2, samples // 2 + 1
    low = next(k for k in range(samples) if _median_at_most(k, samples, lower) > tail)
    high = next(k for k in range(samples) if _median_at_most(k, samples, upper) >= 1 - tail)
    return low, high


def _median_at_most(place: int, samples: int, middle: int) -> float:
    """Return how often a resample has its ``middle``-th smallest value at or below that place."""
    share = (place + 1) / samples
    return sum(
        comb(samples, hits) * share**hits * (1 - share) ** (samples - hits)
        for hits in range(middle, samples + 1)
    )
