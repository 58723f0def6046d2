"""What is timed of a call: until it returns, and on CUDA also until the device is idle."""

from __future__ import annotations

import time
from contextlib import nullcontext
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import clocks

if TYPE_CHECKING:
    from collections.abc import Callable

LAUNCHING, WORKING = 2.0, 5.0


class Cuda:
    """A device of which each call takes 2 seconds to launch and 5 to do, one behind the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.idle_at = 100.0
        self.done: list[str] = []
        monkeypatch.setattr(time, "perf_counter", lambda: self.now)

    def call(self) -> None:
        self.now += LAUNCHING
        self.idle_at = max(self.idle_at, self.now) + WORKING
        self.done.append("call")

    def synchronize(self) -> None:
        self.now = max(self.now, self.idle_at)
        self.done.append("wait")

    def Event(self, *, enable_timing: bool) -> Any:  # noqa: N802 - torch's own name
        assert enable_timing
        event = SimpleNamespace(at=0.0)
        event.record = lambda: setattr(event, "at", self.idle_at)
        event.elapsed_time = lambda end: 1000 * (end.at - event.at)
        return event


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> Cuda:
    """A device with work of another's still in its queue."""
    device = Cuda(monkeypatch)
    device.idle_at += 50
    return device


def test_on_the_cpu_a_call_ends_when_it_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([10.0, 16.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(ticks))
    calls: list[int] = []
    assert clocks.HostClock().sample(lambda: calls.append(1), 3) == {"whole": 2.0}
    assert len(calls) == 3


def test_on_cuda_the_host_returns_before_the_device_is_done(cuda: Cuda) -> None:
    sampled = clocks.CudaClock(SimpleNamespace(cuda=cuda)).sample(cuda.call, 4)
    assert sampled == {"whole": (LAUNCHING + 4 * WORKING) / 4, "host": LAUNCHING}
    assert cuda.done == ["wait", *["call"] * 4, "wait"]


def test_the_devices_own_clock_does_not_see_the_work_of_others(cuda: Cuda) -> None:
    def replay() -> None:
        cuda.idle_at += WORKING

    assert clocks.GraphClock(SimpleNamespace(cuda=cuda)).sample(replay, 4) == {"device": WORKING}


def test_each_device_has_its_clock() -> None:
    torch = SimpleNamespace(cuda=None)
    assert isinstance(clocks.clock_of(torch, "cpu"), clocks.HostClock)
    assert isinstance(clocks.clock_of(torch, "cuda"), clocks.CudaClock)


def test_a_call_is_warmed_up_beside_the_current_stream_before_it_is_captured() -> None:
    done: list[str] = []

    def stream(name: str) -> Any:
        return SimpleNamespace(
            wait_stream=lambda other: done.append(f"{name} waits for {other.name}"), name=name
        )

    current, side = stream("current"), stream("side")

    def capture(which: Any) -> Any:
        assert which is graph
        done.append("capture")
        return nullcontext()

    graph = SimpleNamespace(replay=lambda: done.append("replay"))
    cuda = SimpleNamespace(
        Stream=lambda: side,
        current_stream=lambda: current,
        stream=lambda _: nullcontext(),
        CUDAGraph=lambda: graph,
        graph=capture,
    )
    replay = clocks.graphed(SimpleNamespace(cuda=cuda), lambda: done.append("call"))
    replay()
    warm_up = ["call"] * clocks.WARM_UP
    assert done == [
        "side waits for current", *warm_up, "current waits for side", "capture", "call", "replay",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "calls"), [(1.0, 1), (0.002, 1), (0.0011, 2), (0.0005, 4), (0.000_002, 1024)]
)
def test_fast_calls_are_sampled_together(seconds: float, calls: int) -> None:
    clock = SimpleNamespace(sample=lambda _call, _calls: {"whole": seconds, "host": seconds / 2})
    assert clocks.calibrate(clock, lambda: None) == calls


def named(name: str) -> Callable[[], str]:
    return lambda: name


@pytest.mark.parametrize(
    ("names", "order"),
    [("ab", "ab ba ab ba"), ("abc", "abc bac cab acb bca cba")],
)
def test_contestants_take_turns_and_stay_in_their_places(names: str, order: str) -> None:
    sampled: list[str] = []

    def sample(call: clocks.Call, calls: int) -> clocks.Sample:
        assert calls == 7
        sampled.append(call())
        return {"whole": float(ord(sampled[-1])), "host": 1.000_04}

    rounds = len(order.split())
    clock = SimpleNamespace(sample=sample)
    found = clocks.interleaved(clock, [named(name) for name in names], 7, rounds)
    assert "".join(sampled) == order.replace(" ", "")
    assert found["whole"] == [[float(ord(name)) for name in names]] * rounds
    assert found["host"] == [[1.0] * len(names)] * rounds
