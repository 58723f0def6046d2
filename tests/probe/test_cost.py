"""Timing is fair and quiet: contestants alternate, and nobody else runs."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import time
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import cost
from tests.probe import fakes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compat.probe.context import Context

RANDOM = SimpleNamespace(fork_rng=contextlib.nullcontext)
TORCH = SimpleNamespace(
    no_grad=contextlib.nullcontext, get_num_threads=lambda: 1, one=lambda _: "one", random=RANDOM
)


def function(_tensors: Any) -> str:
    return "private"


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Surroundings in which tensors cost nothing and nobody waits for quiet."""
    monkeypatch.setattr(cost, "workload_tensors", lambda _context, _workload: [1, 2])
    monkeypatch.setattr(cost, "hold_quiet", lambda: None)
    return fakes.context(tmp_path, function, torch=TORCH)


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The order in which contestants are sampled; the private function takes 1 second, others 2."""
    order: list[str] = []

    def sample(call: cost.Contestant, _calls: int) -> float:
        order.append(str(call()))
        return 1.0 if order[-1] == "private" else 2.0

    monkeypatch.setattr(cost, "sample", sample)
    monkeypatch.setattr(cost, "calibrate", lambda _: 8)
    return order


def test_contestants_alternate_and_every_pair_is_the_private_one_first(
    context: Context, sampled: list[str]
) -> None:
    timed = cost.timing(context, fakes.CONTRACT["workloads"][0], "loop")
    warm_up, rounds = sampled[0], sampled[1:]
    first, second = "private", "['one', 'one']"
    assert warm_up == second
    assert rounds[:4] == [first, second, second, first]
    assert len(rounds) == 2 * cost.ROUNDS["quick"]
    assert timed["pairs"] == [[1.0, 2.0]] * cost.ROUNDS["quick"]
    assert {key: timed[key] for key in ("workload", "against", "unit", "threads", "calls")} == {
        "workload": "few",
        "against": "loop",
        "unit": "s",
        "threads": 1,
        "calls": 8,
    }


def test_the_three_steps_take_turns(context: Context, sampled: list[str]) -> None:
    steps = tuple(lambda name=name: name for name in ("private", "b", "c"))
    consumer = SimpleNamespace(training_steps=lambda _torch: steps)
    surroundings: Any = SimpleNamespace(torch=TORCH, consumer=lambda: consumer, profile=context.profile)
    measured = cost.overhead(surroundings)
    assert measured["triples"] == [[1.0, 2.0, 2.0]] * cost.ROUNDS["quick"]
    places = [sampled[start : start + 3] for start in range(0, len(sampled), 3)]
    assert all(sorted(place) == ["b", "c", "private"] for place in places)
    assert len({tuple(place) for place in places}) == 6
    for position in range(3):
        turns = Counter(place[position] for place in places)
        assert max(turns.values()) - min(turns.values()) <= 2


def test_a_sample_is_the_mean_of_its_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([10.0, 16.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    calls: list[int] = []
    assert cost.sample(lambda: calls.append(1), 3) == 2.0
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("seconds", "calls"), [(1.0, 1), (0.002, 1), (0.0011, 2), (0.0005, 4), (0.000_002, 1024)]
)
def test_fast_calls_are_sampled_together(seconds: float, calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "sample", lambda _call, _calls: seconds)
    assert cost.calibrate(lambda: None) == calls


@pytest.mark.parametrize(
    ("torch", "names"),
    [
        (SimpleNamespace(), ["itself", "loop"]),
        (SimpleNamespace(public=len), ["itself", "loop", "torch.public"]),
    ],
)
def test_alternatives_are_itself_what_is_timed_and_a_successor_that_is_there(
    torch: Any, names: list[str], tmp_path: Path
) -> None:
    assert cost.alternatives(fakes.context(tmp_path, function, torch=torch)) == names


def test_contestants_are_what_they_are_called(tmp_path: Path) -> None:
    torch = SimpleNamespace(one=lambda tensor: tensor * 2, public=lambda tensors: ["public", *tensors])
    context = fakes.context(tmp_path, lambda tensors: ["private", *tensors], torch=torch)
    assert cost.contestant(context, "itself", [1])() == ["private", 1]
    assert cost.contestant(context, "loop", [1])() == [2]
    assert cost.contestant(context, "torch.public", [1])() == ["public", 1]


def keys(context: Context) -> list[str]:
    return [key for key, _ in cost.steps(context)]


def test_steps_are_dispatches_then_every_pair_then_the_overhead(context: Context) -> None:
    assert keys(context) == [
        *(f"dispatches/{length}" for length in cost.LENGTHS),
        *(f"timing/{workload}/{against}" for workload in ("few", "many") for against in ("itself", "loop")),
        "overhead",
    ]


def test_only_dispatches_are_counted_on_another_device(tmp_path: Path) -> None:
    assert {key.split("/")[0] for key in keys(fakes.context(tmp_path, function, device="cuda"))} == {
        "dispatches"
    }
    assert keys(fakes.context(tmp_path)) == []


def test_the_wait_for_quiet_is_no_steps_own_time(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []
    monkeypatch.setattr(cost, "hold_quiet", lambda: waited.append("waited"))
    steps = cost.steps(context)
    for key, _ in itertools.islice(steps, len(cost.LENGTHS)):
        assert not waited, key
    key, step = next(steps)
    assert (key, waited) == ("timing/few/itself", ["waited"])
    step()
    assert waited == ["waited"]


@pytest.fixture
def unheld() -> Iterator[None]:
    """Let the quiet lock be taken anew."""
    cost.hold_quiet.cache_clear()
    yield
    held = cost.hold_quiet()
    if held:
        held.close()
    cost.hold_quiet.cache_clear()


@pytest.mark.usefixtures("unheld")
def test_the_quiet_lock_is_held_until_the_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "quiet.lock"
    monkeypatch.setenv(cost.QUIET_LOCK, str(lock))
    monkeypatch.setattr(cost, "SETTLING_SECONDS", 0)
    assert cost.hold_quiet() is cost.hold_quiet()
    with lock.open("a", encoding="utf-8") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)


@pytest.mark.usefixtures("unheld")
def test_without_a_lock_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(cost.QUIET_LOCK, raising=False)
    assert cost.hold_quiet() is None


TIMED: dict[str, Any] = {"timing/few/loop": {"ok": {"workload": "few"}}}


@pytest.mark.parametrize(
    ("results", "not_run"),
    [
        (TIMED, None),
        ({}, cost.UNTIMED),
        ({"dispatches/1": {"ok": {"length": 1}}}, cost.UNTIMED),
        ({**TIMED, "overhead": {"crash": "SIGKILL"}}, "overhead: {'crash': 'SIGKILL'}"),
        ({"timing/few/loop": {"timeout": "no answer"}}, "timing/few/loop: {'timeout': 'no answer'}"),
    ],
)
def test_what_was_not_run_is_named(results: dict[str, Any], not_run: str | None) -> None:
    assert cost.gather(results)["not_run"] == not_run


def test_gather_sorts_results_by_what_they_are() -> None:
    results: dict[str, Any] = {
        **TIMED,
        "dispatches/1": {"ok": {"length": 1}},
        "overhead": {"ok": {"triples": []}},
    }
    assert cost.gather(results) == {
        "dispatches": [{"length": 1}],
        "timings": [{"workload": "few"}],
        "overhead": {"triples": []},
        "not_run": None,
    }


class Event:
    def __init__(self, name: str, count: int = 1) -> None:
        self.key, self.count = name, count

    def name(self) -> str:
        return self.key


def test_events_are_counted_as_they_were_recorded() -> None:
    recorded = SimpleNamespace(events=lambda: [Event("aten::abs"), Event("aten::abs"), Event("aten::sum")])
    profile = SimpleNamespace(kineto_results=recorded, key_averages=lambda: [Event("aten::abs", 1)])
    assert cost.counted(profile) == {"aten::abs": 2, "aten::sum": 1}


def test_a_profiler_that_shows_no_record_is_asked_for_its_list() -> None:
    assert cost.counted(SimpleNamespace(key_averages=lambda: [Event("aten::abs", 3)])) == {"aten::abs": 3}
