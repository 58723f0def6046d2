"""Does the number of dispatched operators grow with the length of the list, and how fast?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from compat.record_format import Dispatches

_STRAIGHT = 0.02
"""A growth whose points lie this close to a line, relative to the last, is called a line."""

_MANY_STEPS = 5
"""So many steps can be read in one phrase."""


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Operators by list length: their number for the shortest and the longest, and the slope between."""

    shortest: int
    longest: int
    fewest: int
    most: int
    straight: bool
    steps: tuple[tuple[int, int, int], ...] = ()
    """Runs of lengths with one number of operators: the first, the last, the number."""

    @property
    def per_tensor(self) -> float:
        """Operators added by each further tensor."""
        return (self.most - self.fewest) / (self.longest - self.shortest)

    @property
    def text(self) -> str:
        """The growth in one phrase, such as ``2 + 3 n operators``."""
        if self.most == self.fewest:
            return f"{self.most} operators for {self.shortest} to {self.longest} tensors"
        fixed = self.fewest - self.per_tensor * self.shortest
        if self.straight:
            return f"{fixed:.3g} + {self.per_tensor:.3g} n operators for n tensors"
        if len(self.steps) > _MANY_STEPS:
            return f"{self.fewest} operators for a list of {self.shortest}, {self.most} for {self.longest}"
        told = [
            f"{number} for {first if first == last else f'{first} to {last}'}"
            for first, last, number in self.steps
        ]
        return ", ".join(told).replace(" for ", " operators for lists of ", 1)


def growth(points: Sequence[Dispatches], operators: Collection[str] | None = None) -> Growth | None:
    """Fit counted operators against list length.

    Args:
        points: counts by list length; lengths below 1 are left out, an empty list being its own case.
        operators: which names count; all of them, if None.

    Returns:
        None where fewer than three lengths were counted: no shape can be told from two.

    """
    totals = {
        point.length: sum(n for name, n in point.operators.items() if operators is None or name in operators)
        for point in points
        if point.length >= 1
    }
    lengths = sorted(totals)
    if len(lengths) < 3:  # noqa: PLR2004 - said in the docstring
        return None
    first, last = lengths[0], lengths[-1]
    slope = (totals[last] - totals[first]) / (last - first)
    off = max(abs(totals[first] + slope * (n - first) - totals[n]) for n in lengths)
    return Growth(
        shortest=first,
        longest=last,
        fewest=totals[first],
        most=totals[last],
        straight=off <= _STRAIGHT * max(1, totals[last]),
        steps=tuple(_steps(totals)),
    )


def _steps(totals: Mapping[int, int]) -> Iterator[tuple[int, int, int]]:
    for number, run in groupby(sorted(totals), key=lambda length: totals[length]):
        lengths = list(run)
        yield lengths[0], lengths[-1], number
