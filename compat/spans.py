"""From which release to which does an outcome hold, and how exactly is that known?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from compat.releases import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compat.record_format import Outcome


@dataclass(frozen=True, kw_only=True)
class Span:
    """A range of releases over which an outcome stays the same, with its uncertainty."""

    question: str
    device: str
    kind: str
    outcome: str
    """The outcome as a person reads it: its text, and the warnings that came with it."""
    text: str
    """The outcome without its warnings."""
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
    processors: tuple[str | None, str | None] = (None, None)
    """What ``first`` and ``last`` were measured on, where that is known."""

    @property
    def since(self) -> str:
        """When it began, no more exactly than it is known."""
        if self.after is None:
            return f"from {self.first}" if self.exact else f"by {self.first}, the oldest measured"
        if self.exact:
            return f"from {self.first} (exact: {self.after} and {self.first} are neighbours on the index)"
        return f"after {self.after}, by {self.first}"


def infer_spans(
    outcomes: Mapping[str, Outcome | None],
    all_releases: Iterable[str],
    *,
    question: str,
    device: str,
    processors: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Span, ...]:
    """Infer the spans of one question on one device, oldest first.

    Args:
        outcomes: by release; None, like a release left out, is not measured.
        all_releases: every release on the index, in any order.
        question: the id that the spans carry.
        device: the device that they carry.
        processors: by release, what it was measured on.

    """
    index = in_order([*all_releases, *outcomes])
    place = {release: number for number, release in enumerate(index)}
    known = [(each, outcome) for each in index if (outcome := outcomes.get(each)) is not None]
    spans: list[Span] = []
    for _, group in groupby(known, key=lambda each: (each[1].kind, each[1].text, each[1].warnings)):
        alike = list(group)
        outcome = alike[0][1]
        members = [release for release, _ in alike]
        first, last = members[0], members[-1]
        after = spans[-1].last if spans else None
        spans.append(
            Span(
                question=question,
                device=device,
                kind=outcome.kind,
                outcome=outcome.told,
                text=outcome.text,
                first=first,
                after=after,
                last=last,
                to=None if last == known[-1][0] else last,
                exact=place[first] == (0 if after is None else place[after] + 1),
                measured=len(members),
                unmeasured=place[last] - place[first] + 1 - len(members),
                processors=(processors.get(first), processors.get(last)),
            )
        )
    return tuple(spans)


def spans_of(spans: Iterable[Span], question: str, device: str | None = None) -> tuple[Span, ...]:
    """Pick the spans of one question, on one device or on all."""
    return tuple(
        span for span in spans if span.question == question and (device is None or span.device == device)
    )
