"""The search draws the same from the same seed, finds each kind once, gets far, and ends in time."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any

from compat.probe import search
from compat.probe.cases import FIELDS
from compat.probe.search import ROUNDS, Search, rounds, seed_of

if TYPE_CHECKING:
    import pytest

    from compat.probe.cases import Case


WORST = {"worst": [{"against": "norm", "dtype": "float32", "ulps": 1.0, "bound_share": 0.5}]}


def fine(_case: Case) -> dict[str, Any]:
    return {"codes": {"norm": "="}}


def wrong(case: Case, finding: dict[str, Any] | None) -> dict[str, Any]:
    if finding is None:
        return fine(case)
    return {"codes": {"norm": "X"}, "disagreements": [{"against": "norm", "element": 0, **finding}]}


def searching(judge: Any = fine, seconds: float = 60.0, **options: Any) -> Search:
    return Search(judge, **{"seed": 1, "until": time.monotonic() + seconds, **options})


def tried(seed: int) -> list[Any]:
    cases: list[Any] = []
    looking = searching(seed=seed, begin=lambda name, case: cases.append((name, case)))
    for name in ROUNDS:
        looking.round(name, 0, examples=8)
    return cases


def test_equal_seeds_try_equal_cases() -> None:
    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


def test_a_round_is_told_before_it_is_tried() -> None:
    assert {name for name, _ in tried(1)} == {f"{name} 0" for name in ROUNDS}


def test_out_of_time_nothing_is_tried() -> None:
    looking = searching(seconds=-1.0)
    looking.round("ordinary", 0)
    assert looking.reached()["examples"] == 0


def test_time_ends_a_round_in_the_middle() -> None:
    def slow(case: Case) -> dict[str, Any]:
        time.sleep(0.02)
        return fine(case)

    begin = time.monotonic()
    looking = searching(slow, seconds=0.5)
    looking.round("single", 0)
    assert time.monotonic() - begin < 10
    assert 0 < looking.reached()["examples"] < ROUNDS["single"]


def test_a_finding_is_made_small_and_then_no_longer_looked_for() -> None:
    found: list[dict[str, Any]] = []

    def judge(case: Case) -> dict[str, Any]:
        long = len(case["tensors"]) >= 3 and any(
            entry[0] in FIELDS and len(entry[1]) > 1 for entry in case["tensors"]
        )
        return wrong(case, {"got": "1.0", "expected": "2.0"} if long else None)

    looking = searching(judge, found=found.append)
    looking.round("mixed", 0)
    first = len(found)
    assert found[-1]["codes"] == {"norm": "X"}
    smallest = min(len(each["case"]["tensors"]) for each in found)
    assert smallest == 3
    # mixed lists differ in the dtype of their first tensor, which is a kind of its own
    kinds = {each["kind"] for each in found}
    for number in range(1, 4):
        looking.round("mixed", number)
    assert not kinds & {each["kind"] for each in found[first:]}


def test_shrinking_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SHRINKING_SECONDS", 0.3)

    def judge(case: Case) -> dict[str, Any]:
        time.sleep(0.01)
        return wrong(case, {"got": "1.0", "expected": "2.0"})

    begin = time.monotonic()
    searching(judge).round("ordinary", 0)
    assert time.monotonic() - begin < 8


def test_what_is_drawn_next_does_not_depend_on_how_far_shrinking_got(monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(case: Case) -> dict[str, Any]:
        return {
            **wrong(case, {"got": "1.0", "expected": "2.0"} if len(case["tensors"]) > 2 else None),
            **WORST,
        }

    drawn: list[list[Any]] = []
    for seconds in (5.0, 0.0):
        monkeypatch.setattr(search, "SHRINKING_SECONDS", seconds)
        cases: list[Any] = []
        looking = searching(judge, begin=lambda name, case, to=cases: to.append((name, case)))
        for name in ("ordinary", "near", "unseen"):
            looking.round(name, 0, examples=20)
        looking.round("ordinary", 1, examples=20)
        drawn.append([case for name, case in cases if name == "ordinary 1"])
        assert {name for name, _ in cases} == {"ordinary 0", "near 0", "unseen 0", "ordinary 1"}
    shorter = min(map(len, drawn))  # up to the next finding, whose shrinking depends on the time again
    assert shorter > 0
    assert drawn[0][:shorter] == drawn[1][:shorter]


def test_only_what_is_relevant_is_a_finding() -> None:
    found: list[Any] = []
    judge = {"codes": {"other": "X", "norm": "="}, "disagreements": []}
    looking = searching(lambda _: judge, found=found.append, relevant=frozenset({"norm"}))
    looking.round("ordinary", 0, examples=5)
    assert found == []


def test_a_finding_that_does_not_come_again_is_kept() -> None:
    found: list[Any] = []
    calls = itertools.count()

    def judge(case: Case) -> dict[str, Any]:
        return wrong(case, {"got": "1.0", "expected": "2.0"} if next(calls) == 7 else None)

    searching(judge, found=found.append).round("ordinary", 0)
    assert len(found) == 1


#: Hypothesis tries the numbers that it finds in the sources: one that is written out would be met at once.
SUMMIT = int("4987")


def landscape(case: Case) -> dict[str, Any]:
    """Tell of an error that grows with the size of a tensor, up to a summit."""
    size = max(
        (entry[1][0] for entry in case["tensors"] if entry[0] in FIELDS and len(entry[1]) == 1), default=0
    )
    share = round(1 / (1 + abs(size - SUMMIT) / 50), 3)
    return {
        "codes": {"norm": "~"},
        "worst": [{"against": "norm", "dtype": "float32", "ulps": 1.0, "bound_share": share}],
    }


def test_the_search_climbs_to_the_largest_error() -> None:
    looking = searching(landscape)
    looking.round("single", 0)
    alone = looking.largest["float32 norm"]["bound_share"]
    for number in range(4):
        looking.round("near", number)
    climbed = looking.largest["float32 norm"]
    assert climbed["bound_share"] > max(alone, 0.9)
    assert climbed["case"]["tensors"]


def test_what_was_reached_is_told_once() -> None:
    looking = searching(landscape)
    looking.round("single", 0, examples=20)
    assert list(looking.reached()["largest"]) == ["float32 norm"]
    assert looking.reached()["largest"] == {}


def test_kinds_not_seen_yet_are_sought() -> None:
    plain, seeking = searching(), searching()
    plain.round("ordinary", 0, examples=40)
    for name in ("ordinary", "unseen"):
        seeking.round(name, 0, examples=20)
    assert seeking.reached()["structures"] > 1.3 * plain.reached()["structures"]


def test_rounds_go_on_behind_the_one_that_ended() -> None:
    first = list(itertools.islice(rounds(), 2 * len(ROUNDS)))
    assert [name for name, _ in first] == [*ROUNDS, *ROUNDS]
    assert [number for _, number in first] == [0] * len(ROUNDS) + [1] * len(ROUNDS)
    name, number = first[4]
    assert list(itertools.islice(rounds(after=f"{name} {number}"), 3)) == first[5:8]


def test_every_round_has_a_seed_of_its_own() -> None:
    seeds = {seed_of(seed, name, number) for seed in (1, 2) for name in ROUNDS for number in range(3)}
    assert len(seeds) == 2 * len(ROUNDS) * 3
    assert seed_of(1, "ordinary", 0) == seed_of(1, "ordinary", 0)
