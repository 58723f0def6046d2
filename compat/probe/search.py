"""On which fresh lists do the function and its references disagree? Hypothesis looks, round after round.

A round draws lists of one kind from a seed of its own: at random, near the cases whose error used the largest
share of its bound so far, or of kinds of tensors that were not seen yet. What disagrees is shrunk, and
afterwards no longer looked for: the next round finds something else.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from compat.probe import strategies
from compat.probe.budgets import SHRINKING_SECONDS
from compat.probe.cases import Case
from compat.probe.shrinking import shrunk
from compat.probe.variety import KINDS, Kind, kind_of, kinds_in, size_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

#: Which kinds of lists are drawn in turn, and how many of each in one round: about a second's worth.
ROUNDS = {"ordinary": 100, "single": 150, "near": 100, "unseen": 60, "mixed": 60, "long": 16, "large": 12}

#: Rounds in which Hypothesis climbs towards the largest share of a bound: few choices, and finite numbers.
CLIMBING = ("single", "near")

#: Codes by which a case contradicts agreement.
WRONG = frozenset("XfrU")

EXAMPLES = settings(
    derandomize=False,  # Hypothesis would, on a CI machine, and the recorded seed would say nothing
    database=None,
    deadline=None,
    print_blob=False,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.target, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)

#: Puts one case through a function and tells what came of it, as `agreement.Replay.case` does.
Judge = Callable[[Case], "dict[str, Any]"]


class OutOfTime(BaseException):  # no Exception: Hypothesis must let it pass
    """The budget is used up, in the middle of a round."""


class Finding(Exception):  # noqa: N818 - a finding that travels
    """A list on which the function and a reference disagree."""


@dataclass
class Shrinking:
    """A kind of finding that is being shrunk, until when, and its smallest case so far."""

    kind: str
    until: float
    smallest: Case

    def take(self, case: Case) -> None:
        """Remember a case that is smaller."""
        self.smallest = min(self.smallest, case, key=size_of)


class Search:
    """Looks for disagreements until a point in time.

    Args:
        judge: what tells of a case.
        seed: decides, with the round, what is drawn.
        until: when to end, by the monotonic clock; shrinking what was found late may take a little longer.
        begin: called with the name of the round and the case before each example.
        found: called with each finding, and again with each smaller case of the same kind.
        known: the kinds of findings that need not be found again; grows.
        relevant: the references whose disagreement is a finding; all where it is None.
    """

    def __init__(
        self,
        judge: Judge,
        *,
        seed: int,
        until: float,
        begin: Callable[[str, Case], None] = lambda _name, _case: None,
        found: Callable[[dict[str, Any]], None] = lambda _entry: None,
        known: set[str] | None = None,
        relevant: frozenset[str] | None = None,
    ) -> None:
        self._judge, self._seed, self._until = judge, seed, until
        self._begin, self._found = begin, found
        self._known = set() if known is None else known
        self._relevant = relevant
        self._shrinking: Shrinking | None = None
        self._seen: set[Kind] = set()
        self._fresh: set[str] = set()
        self.examples = 0
        self.largest: dict[str, dict[str, Any]] = {}

    def reached(self) -> dict[str, Any]:
        """Return how far it got: examples, kinds of tensors, and the largest shares since this was asked."""
        fresh, self._fresh = sorted(self._fresh), set()
        return {
            "examples": self.examples,
            "largest": {key: self.largest[key] for key in fresh},
            "structures": len(self._seen),
        }

    def round(self, name: str, number: int, *, examples: int | None = None) -> None:
        """Look through one round of lists of one kind, or through a part of it where time is up."""

        @hypothesis.seed(seed_of(self._seed, name, number))
        @settings(EXAMPLES, max_examples=examples or ROUNDS[name])
        @given(self._strategy(name))
        def look(case: Any) -> None:
            self._look(name, number, case)

        try:
            look()
        except OutOfTime:
            pass
        except (Finding, hypothesis.errors.Flaky):
            pass  # told already; one that does not come again is a finding all the more
        if self._shrinking:
            self._make_smaller(f"{name} {number}", self._shrinking)
        self._shrinking = None

    def _strategy(self, name: str) -> SearchStrategy[Case]:
        """Return what draws lists of a kind; two kinds are drawn by what was seen before."""
        if name == "near":
            cases = [self.largest[key]["case"] for key in sorted(self.largest)]
            cases = [case for case in cases if case["tensors"]]
            return strategies.near(cases) if cases else strategies.single()
        if name == "unseen":
            kinds = [kind for kind in KINDS if kind not in self._seen]
            return strategies.unseen(kinds or KINDS)
        strategy: SearchStrategy[Case] = getattr(strategies, name)()
        return strategy

    def _look(self, name: str, number: int, case: Case) -> None:
        end = self._shrinking.until if self._shrinking else self._until
        if time.monotonic() >= end:
            raise OutOfTime
        self._begin(f"{name} {number}", case)
        self.examples += 1
        result = self._judge(case)
        finding = self._finding(case, result)
        if finding and (self._shrinking is None or finding["kind"] == self._shrinking.kind):
            self._shrinking = self._shrinking or Shrinking(
                finding["kind"], time.monotonic() + SHRINKING_SECONDS / 2, case
            )
            self._shrinking.take(case)
            self._found(finding)
            raise Finding(finding["kind"])
        if self._shrinking:
            return  # how far shrinking gets depends on the time; what is drawn next must not
        share = self._note(case, result)
        if name in CLIMBING:
            hypothesis.target(share, label="largest share of a bound")

    def _finding(self, case: Case, result: dict[str, Any]) -> dict[str, Any] | None:
        """Return what is wrong with what came of a case, unless it is known."""
        wrong = {
            against: code
            for against, code in result["codes"].items()
            if code in WRONG and (self._relevant is None or against in self._relevant)
        }
        kind = kind_of(case, result, wrong) if wrong else None
        if kind is None or kind in self._known:
            return None
        message = str(result.get("disagreements") or result.get("error"))
        return {"kind": kind, "case": case, "codes": wrong, "message": message}

    def _make_smaller(self, name: str, found: Shrinking) -> None:
        """Go on where Hypothesis ended, for the other half of the time: a strategy has a shortest list."""

        def shows(case: Case) -> bool:
            self._begin(name, case)
            finding = self._finding(case, self._judge(case))
            if finding is None or finding["kind"] != found.kind:
                return False
            self._found(finding)
            return True

        shrunk(found.smallest, shows, time.monotonic() + SHRINKING_SECONDS / 2)
        self._known.add(found.kind)

    def _note(self, case: Case, result: dict[str, Any]) -> float:
        """Remember how far it got; return the largest share of a bound that the case uses."""
        self._seen |= kinds_in(case)
        shares = [*result.get("worst", ()), *filter(None, [result.get("exact")])]
        for worst in shares:
            key = f"{worst['dtype']} {worst['against']}"
            if key not in self.largest or worst["bound_share"] > self.largest[key]["bound_share"]:
                self.largest[key] = {**worst, "case": case}
                self._fresh.add(key)
        return max((worst["bound_share"] for worst in shares), default=0.0)


def seed_of(seed: int, name: str, number: int) -> int:
    """Return the seed of a round: the same in every run that was given the same seed."""
    return int.from_bytes(hashlib.sha256(f"{seed} {name} {number}".encode()).digest()[:8], "big")


def rounds(after: str | None = None) -> Iterator[tuple[str, int]]:
    """Yield kind and number of the rounds, without end: from the first, or behind the one named."""
    sequence = ((name, number) for number in itertools.count() for name in ROUNDS)
    if after is None:
        return sequence
    return itertools.islice(
        itertools.dropwhile(lambda each: "{} {}".format(*each) != after, sequence), 1, None
    )
