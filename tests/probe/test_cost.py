"""Timing is fair and quiet: contestants alternate, and nobody else runs."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import clocks, cost
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


class Taking:
    """A clock by which the private function takes 1 second and others 2; notes whom it sampled."""

    def __init__(self, *parts: str) -> None:
        self.parts, self.order = parts, list[str]()

    def sample(self, call: clocks.Call, _calls: int) -> clocks.Sample:
        self.order.append(str(call()))
        seconds = 1.0 if self.order[-1] == "private" else 2.0
        return dict.fromkeys(self.parts, seconds)


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The order in which contestants are sampled on the CPU."""
    clock = Taking(clocks.WHOLE)
    monkeypatch.setattr(clocks, "clock_of", lambda *_: clock)
    monkeypatch.setattr(clocks, "calibrate", lambda *_: 8)
    return clock.order


def test_contestants_alternate_and_every_pair_is_the_private_one_first(
    context: Context, sampled: list[str]
) -> None:
    timed = cost.timing(context, fakes.CONTRACT["workloads"][0], "loop")
    warm_up, rounds = sampled[0], sampled[1:]
    first, second = "private", "['one', 'one']"
    assert warm_up == second
    assert rounds[:4] == [first, second, second, first]
    assert len(rounds) == 2 * cost.ROUNDS["quick"]
    pairs = [[1.0, 2.0]] * cost.ROUNDS["quick"]
    about = {"workload": "few", "against": "loop", "unit": "s", "threads": 1, "calls": 8}
    assert timed == {"timings": [{**about, "part": "whole", "pairs": pairs}], "lost": None}


def refusing(_torch: Any, _call: clocks.Call) -> clocks.Call:
    raise RuntimeError("operation not permitted " + 200 * "!")


@pytest.mark.parametrize(
    ("graphed", "parts", "lost"),
    [
        (lambda _torch, call: call, ["whole", "host", "device"], None),
        (refusing, ["whole", "host"], "the device's part: operation not permitted " + 76 * "!"),
    ],
)
def test_on_cuda_the_parts_of_a_call_are_timed_apart(
    graphed: Any, parts: list[str], lost: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = fakes.context(tmp_path, function, torch=TORCH, device="cuda")
    monkeypatch.setattr(cost, "workload_tensors", lambda _context, _workload: [1, 2])
    monkeypatch.setattr(clocks, "calibrate", lambda *_: 8)
    monkeypatch.setattr(clocks, "graphed", graphed)
    monkeypatch.setattr(clocks, "CudaClock", lambda _torch: Taking("whole", "host"))
    monkeypatch.setattr(clocks, "GraphClock", lambda _torch: Taking("device"))
    timed = cost.timing(context, fakes.CONTRACT["workloads"][0], "loop")
    assert [each["part"] for each in timed["timings"]] == parts
    assert all(each["pairs"] == [[1.0, 2.0]] * cost.ROUNDS["quick"] for each in timed["timings"])
    assert timed["lost"] == lost


def test_the_three_steps_take_turns(context: Context, sampled: list[str]) -> None:
    steps = tuple(lambda name=name: name for name in ("private", "b", "c"))
    asked: list[str] = []

    def training_steps(_torch: Any, device: str) -> Any:
        asked.append(device)
        return steps

    consumer = SimpleNamespace(training_steps=training_steps)
    surroundings: Any = SimpleNamespace(
        torch=TORCH, device="cpu", consumer=lambda: consumer, profile=context.profile
    )
    measured = cost.overhead(surroundings)
    assert asked == ["cpu"]
    assert measured["triples"] == [[1.0, 2.0, 2.0]] * cost.ROUNDS["quick"]
    places = [sampled[start : start + 3] for start in range(0, len(sampled), 3)]
    assert all(sorted(place) == ["b", "c", "private"] for place in places)
    assert len({tuple(place) for place in places}) == 6
    for position in range(3):
        turns = Counter(place[position] for place in places)
        assert max(turns.values()) - min(turns.values()) <= 2


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


def test_what_is_not_there_has_no_cost(tmp_path: Path) -> None:
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


TIMED: dict[str, Any] = {"timing/few/loop": {"ok": {"timings": [{"workload": "few"}], "lost": None}}}


@pytest.mark.parametrize(
    ("results", "not_run"),
    [
        (TIMED, None),
        ({"timing/few/loop": {"ok": {"timings": [], "lost": "a part"}}}, "timing/few/loop: a part"),
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
