"""What is a line of the table: a figure, the target that it is held against, and whether it is met?"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Runs = dict[str, list[float]]

_WHOLE = 100
"""From here on, three digits are no decimals."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A measured figure. ``met`` is None where nothing was asked of it, or nothing could be measured."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None

    @property
    def text(self) -> str:
        """The line as it is printed."""
        told = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"{self.what:<58} {self.figure:>26}  {self.target:<18} {told}".rstrip()


def at_most(what: str, figures: Sequence[float], limit: float, unit: str = "") -> Line:
    """Return a line whose figure, the median of the rounds, must not exceed a limit."""
    met = statistics.median(figures) <= limit
    return Line(what=what, figure=told(figures, unit), target=f"at most {limit:g}{unit}", met=met)


def at_least(what: str, figures: Sequence[float], limit: float, unit: str = "") -> Line:
    """Return a line whose figure, the median of the rounds, must reach a limit."""
    met = statistics.median(figures) >= limit
    return Line(what=what, figure=told(figures, unit), target=f"at least {limit:,g}{unit}", met=met)


def told(figures: Sequence[float], unit: str = "") -> str:
    """Say the median of the rounds, and from where to where they spread if there are several."""
    middle = f"{_short(statistics.median(figures))}{unit}"
    if len(figures) == 1:
        return middle
    return f"{middle} ({_short(min(figures))} to {_short(max(figures))})"


def not_measured(what: str, why: str) -> Line:
    """Return a line of what could not be measured here."""
    return Line(what=what, figure=f"not measured: {why}")


def in_turns(ways: dict[str, Callable[[], float]], rounds: int) -> Runs:
    """Return the seconds of each way, taken in rounds of alternating order (A B, B A)."""
    taken: Runs = {name: [] for name in ways}
    for number in range(rounds):
        names = list(ways) if number % 2 == 0 else list(ways)[::-1]
        for name in names:
            taken[name].append(ways[name]())
    return taken


def ratios(taken: Runs, of: str, to: str) -> list[float]:
    """Return the ratios of two ways, each within one round."""
    return [a / b for a, b in zip(taken[of], taken[to], strict=True)]


def exponent(counts: Sequence[int], seconds: Sequence[float]) -> float:
    """Return the power of the count that the seconds grow with, between the last two: 1 is linear."""
    return math.log(seconds[-1] / seconds[-2]) / math.log(counts[-1] / counts[-2])


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= _WHOLE else f"{figure:.3g}"
