"""In which release did an outcome first become another one? The search alone; somebody else measures.

Ends first, then halves. What is known already costs nothing, and a release that cannot be measured is
gone around, as ``git bisect skip`` does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat.spans import Span, infer_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from compat.record_format import Outcome


@dataclass(frozen=True, kw_only=True)
class Change:
    """Between which two releases the outcome of the older end ended."""

    until: str
    """The last release that has it."""
    since: str
    """The first that has not."""
    between: tuple[str, ...]
    """What lies between and could not be measured; none where the two are neighbours."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a search came to."""

    change: Change | None
    outcomes: Mapping[str, Outcome]
    """All that is known within the ends, oldest first, whether measured for this or before."""
    measured: tuple[str, ...]
    """What was measured for this, in this order."""
    failed: tuple[str, ...]
    """What could not be."""

    def spans(self, releases: Sequence[str], question: str, device: str) -> tuple[Span, ...]:
        """Return what is known from the older end to the newer; more than two mean more than one change."""
        within = list(self.outcomes)
        if not within:
            return ()
        index = releases[releases.index(within[0]) : releases.index(within[-1]) + 1]
        return infer_spans(self.outcomes, index, question=question, device=device)


def most_measurements(releases: int) -> int:
    """Return how many of so many releases a search measures at most, if each can be measured."""
    return min(releases, math.ceil(math.log2(releases)) + 2)


def first_change(
    releases: Sequence[str],
    measure: Callable[[str], Outcome | None],
    known: Mapping[str, Outcome],
) -> Finding:
    """Find where the outcome of the oldest release ends.

    Args:
        releases: oldest first, both ends included; at least two.
        measure: returns what a release gives, or None where that could not be found out.
        known: what need not be measured.

    """
    search = _Search(releases=releases, measure=measure, outcomes=dict(known))
    search.run()
    return search.finding()


@dataclass(kw_only=True)
class _Search:
    releases: Sequence[str]
    measure: Callable[[str], Outcome | None]
    outcomes: dict[str, Outcome]
    measured: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    change: tuple[int, int] | None = None

    def run(self) -> None:
        """Measure both ends, then halve what lies between the last known good and the first other."""
        ends = [self._outcome(place) for place in (0, len(self.releases) - 1)]
        if None in ends:
            return
        while (pair := self._nearest()) and (middle := self._middle(*pair)) is not None:
            self._outcome(middle)
        self.change = pair

    def finding(self) -> Finding:
        """Return what is known now."""
        change = None
        if self.change:
            low, high = self.change
            between = tuple(self.releases[low + 1 : high])
            change = Change(until=self.releases[low], since=self.releases[high], between=between)
        return Finding(
            change=change,
            outcomes={each: self.outcomes[each] for each in self.releases if each in self.outcomes},
            measured=tuple(self.measured),
            failed=tuple(self.failed),
        )

    def _nearest(self) -> tuple[int, int] | None:
        """Return the last place before the first other outcome, and that one's; None where all are alike."""
        low = 0
        for place, release in enumerate(self.releases):
            outcome = self.outcomes.get(release)
            if outcome is not None and outcome != self.outcomes[self.releases[0]]:
                return low, place
            low = place if outcome is not None else low
        return None

    def _middle(self, low: int, high: int) -> int | None:
        """Return the place between two that halves best and was not tried."""
        untried = [place for place in range(low + 1, high) if self.releases[place] not in self.failed]
        return min(untried, key=lambda place: abs(2 * place - low - high), default=None)

    def _outcome(self, place: int) -> Outcome | None:
        release = self.releases[place]
        if release not in self.outcomes and release not in self.failed:
            outcome = self.measure(release)
            self.measured.append(release)
            if outcome is None:
                self.failed.append(release)
            else:
                self.outcomes[release] = outcome
        return self.outcomes.get(release)
