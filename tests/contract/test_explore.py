"""Exploring finds lists on which the function and per-parameter norms disagree, and makes them small."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import faults, search
from compat.probe.agreement import Replay
from compat.probe.exploration import Exploration
from compat.probe.search import Search
from compat.probe.variety import size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compat.probe.context import Context

#: A few of each kind of list: these tests are for whoever works on the project, and take seconds.
FEW = {"ordinary": 30, "single": 40, "near": 40, "unseen": 20, "mixed": 20, "long": 4, "large": 4}


def looked(context: Context, function: Any = None, **options: Any) -> tuple[Search, list[dict[str, Any]]]:
    """Look through a round of each kind of list; return the search and what it found."""
    found: list[dict[str, Any]] = []
    searching = Search(
        Replay(context, function, exact=True).case,
        **{"seed": 1, "until": time.monotonic() + 60, "found": found.append, **options},
    )
    for name, examples in FEW.items():
        searching.round(name, 0, examples=examples)
    return searching, found


def test_every_kind_of_list_has_rounds() -> None:
    assert set(FEW) == set(search.ROUNDS)


def test_nothing_that_callers_rely_on_is_found(present: Context) -> None:
    relied = frozenset(present.contract["relied_agreement"])
    searching, found = looked(present, relevant=relied)
    assert found == []
    reached = searching.reached()
    assert reached["examples"] >= sum(FEW.values()) // 2
    assert reached["structures"] > 100
    assert {worst["dtype"] for worst in reached["largest"].values()} >= {"float32", "float64"}


def test_equal_seeds_explore_equal_cases(present: Context) -> None:
    relied = frozenset(present.contract["relied_agreement"])  # how far shrinking gets depends on the time

    def tried(seed: int) -> list[Any]:
        cases: list[Any] = []
        looked(present, begin=lambda name, case: cases.append((name, case)), seed=seed, relevant=relied)
        return cases

    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


def test_a_wrong_function_is_found_and_the_case_is_minimal(present: Context) -> None:
    def wrong(tensors: Any, order: float) -> Any:
        """Answer zero for the third of three or more tensors, where that is of two dimensions or more."""
        norms = list(present.function(tensors, order))
        if len(norms) > 2 and tensors[2].dim() > 1:
            norms[2] = norms[2] * 0 - 1
        return norms

    _, found = looked(present, wrong, relevant=frozenset({"vector_norm"}))
    smallest = min((each["case"] for each in found), key=size_of)
    assert len(smallest["tensors"]) == 3
    assert all(max(entry[1], default=1) <= 1 for entry in smallest["tensors"])
    assert len(smallest["tensors"][2][1]) > 1


@pytest.fixture
def plant() -> Iterator[Any]:
    """Have a fault planted into every process started from here."""
    yield faults.order
    faults.order(None)
    assert faults.PLANT not in os.environ


def explored(context: Context, folder: Path, seconds: float) -> dict[str, Any]:
    """Explore as the probe does: in a process beside."""
    exploring = Exploration(
        contract=context.folder,
        device="cpu",
        seconds=seconds,
        seed=1,
        lock=folder / "lock",
        references=["norm"],
    )
    exploring.wait()
    return exploring.result()


def test_a_crash_is_a_finding_with_its_smallest_case_and_exploring_goes_on(
    plant: Any, present: Context, tmp_path: Path
) -> None:
    plant("segfaults-on-five-dimensions")
    result = explored(present, tmp_path, 9.0)
    fatal = [each for each in result["failures"] if "!" in each["codes"].values()]
    assert fatal
    assert fatal[0]["codes"] == {"norm": "!", "monitor": "!"}
    assert "SIGSEGV" in fatal[0]["message"]
    assert [len(entry[1]) for entry in fatal[0]["case"]["tensors"]] == [5]
    assert result["rounds"] >= 1
    assert result["passed"] is False


def test_a_hang_is_a_finding(
    plant: Any, present: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compat.probe.budgets.EXAMPLE_SECONDS", 3.0)
    plant("hangs")
    result = explored(present, tmp_path, 3.0)
    fatal = [each for each in result["failures"] if "T" in each["codes"].values()]
    assert fatal
    assert fatal[0]["message"] == "no answer within 3 s"
    assert fatal[0]["codes"] == {"norm": "T", "monitor": "T"}
