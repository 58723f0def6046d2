"""A race: everybody once a round, in turn, warm, with garbage left alone; times are those of the clock."""

from __future__ import annotations

import gc
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import clocks
from compat.speed import race as racing

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeClock:
    """A clock by which each call takes as long as it says."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts or (clocks.WHOLE,)
        self.sampled: list[str] = []

    def sample(self, call: Callable[[], Any], calls: int) -> dict[str, float]:
        assert not gc.isenabled()
        name, seconds = call()
        self.sampled.append(f"{name} x {calls}")
        return dict.fromkeys(self.parts, seconds)


def contestants(**seconds: float) -> tuple[dict[str, Callable[[], Any]], Counter[str]]:
    called: Counter[str] = Counter()

    def make(name: str, taken: float) -> Callable[[], Any]:
        def call() -> Any:
            called[name] += 1
            return name, taken

        return call

    return {name: make(name, taken) for name, taken in seconds.items()}, called


def test_raw_seconds_are_kept_for_each_contestant_and_part() -> None:
    calls, _ = contestants(fast=0.001, slow=0.004)
    counts, found = racing.race(FakeClock("whole", "host"), calls, 1.0)
    assert counts == {"fast": 2, "slow": 1}  # so that a sample lasts for two milliseconds
    assert set(found) == {"whole", "host"}
    assert found["whole"]["fast"] == [0.001] * racing.MOST
    assert found["host"]["slow"] == [0.004] * racing.MOST


@pytest.mark.parametrize(
    ("seconds", "taken", "rounds"),
    [(1.0, 0.003, racing.MOST), (0.12, 0.003, 20), (0.001, 0.003, racing.FEWEST), (1.0, 2.0, racing.FEWEST)],
)
def test_rounds_are_as_many_as_fit(seconds: float, taken: float, rounds: int) -> None:
    calls, _ = contestants(one=taken)
    assert len(racing.race(FakeClock(), calls, seconds)[1]["whole"]["one"]) == rounds


@pytest.mark.parametrize(("taken", "warmed"), [(0.003, True), (0.06, False)])
def test_a_short_call_runs_once_before_its_sample(taken: float, warmed: bool) -> None:  # noqa: FBT001
    calls, called = contestants(one=taken)
    _, found = racing.race(FakeClock(), calls, 0.001)
    rounds = len(found["whole"]["one"])
    assert called["one"] >= rounds * (1 + warmed)
    assert (called["one"] >= 2 * rounds) == warmed


def test_garbage_is_collected_again_even_after_an_error() -> None:
    def broken() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - its type is all that it has
        racing.race(FakeClock(), {"one": broken}, 1.0)
    assert gc.isenabled()


def test_turns_begin_with_another_and_go_back_and_forth() -> None:
    assert [racing.turns(number, ["a", "b", "c"]) for number in range(4)] == [
        ["a", "b", "c"],
        ["b", "a", "c"],
        ["c", "a", "b"],
        ["a", "c", "b"],
    ]


def test_over_many_rounds_everybody_follows_everybody_as_often() -> None:
    names = ["a", "b", "c", "d"]
    after = Counter(
        (one, other)
        for number in range(8 * len(names))
        for one, other in zip(racing.turns(number, names), racing.turns(number, names)[1:], strict=False)
    )
    for one, other in (("a", "b"), ("b", "c"), ("a", "d")):
        assert after[one, other] == after[other, one]
