"""Does a count of operators grow with the length of a list or the size of its tensors, and how fast?"""

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
    """Counts by a length or a size: the number at the shortest and at the longest, and the slope between."""

    shortest: int
    longest: int
    fewest: int
    most: int
    straight: bool
    steps: tuple[tuple[int, int, int], ...] = ()
    """Runs of lengths with one number: the first, the last, the number."""

    @property
    def per_tensor(self) -> float:
        """What each further tensor (or element) adds."""
        return (self.most - self.fewest) / (self.longest - self.shortest)

    @property
    def kind(self) -> str:
        """The shape in a word: constant, linear, in steps, or none of them."""
        if self.most == self.fewest:
            return "constant"
        if self.straight:
            return "linear"
        return "in steps" if len(self.steps) <= _MANY_STEPS else "growing"

    @property
    def text(self) -> str:
        """The growth of operators by the tensors of a list, in one phrase, such as ``2 + 3 n operators``."""
        return self.told("operators", "tensors")

    def told(self, counted: str, of: str) -> str:
        """Say the growth in one phrase.

        Args:
            counted: what was counted, such as ``operators`` or ``launches``.
            of: what grew, such as ``tensors`` of a list or ``elements`` of a tensor.

        """
        if self.most == self.fewest:
            return f"{self.most} {counted} for {_extent(self.shortest, self.longest)} {of}"
        fixed = self.fewest - self.per_tensor * self.shortest
        if self.straight:
            return f"{fixed:.3g} + {self.per_tensor:.3g} n {counted} for n {of}"
        if len(self.steps) > _MANY_STEPS:
            return f"{self.fewest} {counted} for {self.shortest} {of}, {self.most:,} for {self.longest:,}"
        (first, last, number), *further = self.steps
        told = [f"{number} {counted} for {_extent(first, last)} {of}"]
        return ", ".join(
            [*told, *(f"{number} for {_extent(first, last)}" for first, last, number in further)]
        )


def growth(points: Sequence[Dispatches], operators: Collection[str] | None = None) -> Growth | None:
    """Fit counted operators against list length.

    Args:
        points: counts by list length; lengths below 1 are left out, an empty list being its own case.
        operators: which names count; all of them, if None.

    Returns:
        None where fewer than three lengths were counted: no shape can be told from two.

    """
    return fit(
        {
            point.length: sum(
                n for name, n in point.operators.items() if operators is None or name in operators
            )
            for point in points
            if point.length >= 1
        }
    )


def fit(totals: Mapping[int, int]) -> Growth | None:
    """Fit counts against a length or a size; None where fewer than three were counted."""
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


def _extent(first: int, last: int) -> str:
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"
