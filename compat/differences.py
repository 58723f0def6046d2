"""How do two outcomes of one question differ, and how much does that hurt a caller who upgrades?

Outcomes are compared as what they tell (see ``compat.probe.description``): first by kind, then by what a
value is, then by its numbers, whose distance is told in units in the last place.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compat.rows import is_raised, read_row
from compat.ulps import ROUNDING_UNITS, distances, holds_tensor, shape_of

if TYPE_CHECKING:
    from compat.spans import Span


class Harm(enum.IntEnum):
    """What a difference does to a caller; the larger, the worse."""

    NOTICE = 1
    """A declaration, a name or a cost became another one; no answer did."""
    REWORDED = 2
    """An error says the same in other words."""
    WARNS = 3
    """A warning came, went, or became another one."""
    PROCESSOR = 4
    """Numbers differ by no more than rounding may, and were computed on two processors: it may be these."""
    ROUNDED = 5
    """Numbers differ by no more than rounding may."""
    ACCEPTS = 6
    """What raised an error answers now."""
    OTHER_ERROR = 7
    """An error became one of another type: what catches the one lets the other through."""
    REFUSES = 8
    """What answered raises an error now: loud, at least."""
    OTHER_KIND = 9
    """Another dtype, shape, container, device or gradient: what is done with the answer may fail."""
    OTHER_ANSWER = 10
    """Another answer, with nothing to tell that it is another one."""
    UNDEFINED = 11
    """No answer to build on, before or now: it is not the same twice, or the process dies or hangs."""

    @property
    def words(self) -> str:
        """What it is called in a report."""
        return _WORDS[self]


_WORDS = {
    Harm.NOTICE: "declared otherwise",
    Harm.REWORDED: "error reworded",
    Harm.WARNS: "other warnings",
    Harm.PROCESSOR: "rounded otherwise, on another processor",
    Harm.ROUNDED: "rounded otherwise",
    Harm.ACCEPTS: "answers now",
    Harm.OTHER_ERROR: "other error",
    Harm.REFUSES: "refuses now",
    Harm.OTHER_KIND: "other type or shape",
    Harm.OTHER_ANSWER: "other answer, silently",
    Harm.UNDEFINED: "undefined",
}

LESSER = frozenset({Harm.NOTICE, Harm.REWORDED, Harm.WARNS, Harm.PROCESSOR, Harm.ROUNDED})
"""Differences that no caller's program depends on."""

_UNDEFINED = frozenset({"unstable", "crash", "timeout", "out-of-memory"})
_REFUSALS = frozenset({"error", "absent"})

_DECLARED = ("stub", "schema", "callers", "present", "dispatches")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What tells two outcomes apart."""

    harm: Harm
    ulps: float | None = None
    """The largest distance of two numbers, in units in the last place of their dtype; inf, if not finite."""

    @property
    def words(self) -> str:
        """The difference in a few words."""
        if self.ulps is None or self.harm not in (Harm.PROCESSOR, Harm.ROUNDED, Harm.OTHER_ANSWER):
            return self.harm.words
        far = "finite against not finite" if math.isinf(self.ulps) else f"{self.ulps:.3g} ulp"
        return f"{self.harm.words} ({far})"


def difference(before: Span, now: Span, *, notice: bool = False) -> Difference:
    """Return how two spans of one question differ.

    Args:
        before: the earlier.
        now: the later.
        notice: whether the question asks for a name, a declaration or a cost, and not for an answer.
    """
    kinds = {before.kind, now.kind}
    if kinds & _UNDEFINED:
        return Difference(harm=Harm.UNDEFINED)
    if notice or before.question in _DECLARED or before.question.startswith("relative:"):
        return Difference(harm=Harm.NOTICE)
    if kinds == {"error"}:
        return Difference(harm=_of_errors(before, now))
    if kinds & _REFUSALS:
        return Difference(harm=Harm.REFUSES if now.kind in _REFUSALS else Harm.ACCEPTS)
    if before.question == "values":
        found = Difference(harm=Harm.ROUNDED)
    else:
        found = _of_values(before.text, now.text)
    if found.harm is Harm.ROUNDED and not _alike(before.processors[1], now.processors[0]):
        return replace(found, harm=Harm.PROCESSOR)
    return found


def _alike(before: str | None, now: str | None) -> bool:
    """Whether two processors may be one: torch before 2.1 does not tell what it uses of one."""
    if before is None or now is None:
        return before == now
    less, more = sorted((before, now), key=len)
    return more == less or more.startswith(f"{less}, ")


def _of_errors(before: Span, now: Span) -> Harm:
    types = [span.text.split(":", 1)[0] for span in (before, now)]
    if types[0] != types[1]:
        return Harm.OTHER_ERROR
    return Harm.WARNS if before.text == now.text else Harm.REWORDED


def _of_values(before: str, now: str) -> Difference:
    if before == now:
        return Difference(harm=Harm.WARNS)
    rows = read_row(before), read_row(now)
    if rows[0] and rows[1] and rows[0].keys() == rows[1].keys():
        return max((_of_items(rows[0][key], rows[1][key]) for key in rows[0]), key=_harm)
    if shape_of(before) != shape_of(now):
        tensors = holds_tensor(before) and holds_tensor(now)
        return Difference(harm=Harm.OTHER_KIND if tensors else Harm.OTHER_ANSWER)
    apart = distances(before, now)
    far = max((each for each in apart if each is not None), default=0.0)
    if far == 0.0 or None in apart:  # a checksum alone, a count or a sign: a distance says nothing of it
        return Difference(harm=Harm.OTHER_ANSWER)
    return Difference(harm=Harm.ROUNDED if far <= ROUNDING_UNITS else Harm.OTHER_ANSWER, ulps=far)


def _of_items(before: str, now: str) -> Difference:
    """Return how two answers of a row differ, in which an error is named by its type."""
    raised = is_raised(before), is_raised(now)
    if raised == (True, True) and before != now:
        return Difference(harm=Harm.OTHER_ERROR)
    if raised[0] is not raised[1]:
        return Difference(harm=Harm.REFUSES if raised[1] else Harm.ACCEPTS)
    return _of_values(before, now)


def _harm(found: Difference) -> tuple[int, float]:
    return found.harm, found.ulps or 0.0
