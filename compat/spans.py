"""From which release to which does an outcome hold, and how exactly is that known?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compat.record_format import Outcome


@dataclass(frozen=True, kw_only=True)
class Span:
    """A range of releases over which an outcome stays the same, with its uncertainty."""

    question: str
    device: str
    kind: str
    outcome: str
    first: str
    """The first measured release with this outcome ("from" in the JSON)."""
    after: str | None
    """The nearest lower measured release, which had another outcome; None if there is none."""
    last: str
    """The last measured release with this outcome."""
    to: str | None
    """``last``, or None while the outcome holds at the newest measured release."""
    exact: bool
    """Whether ``first`` is known to be the very release of the change."""
    measured: int
    """How many releases from ``first`` to ``last`` were measured."""
    unmeasured: int
    """How many releases on the index between ``first`` and ``last`` were not."""


def infer_spans(
    outcomes: Mapping[str, Outcome | None], all_releases: Sequence[str], *, question: str, device: str
) -> tuple[Span, ...]:
    """Spans of one question on one device, oldest first; a release mapped to None is not measured."""
    raise NotImplementedError
