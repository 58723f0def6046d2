"""What differs on CUDA, with a clock, graphs and a trace that are made up: there is no GPU in tests."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import clocks, cost
from compat.speed import cells, lengths, peak, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class FakeClock:
    def __init__(self, **parts: float) -> None:
        self.parts = parts

    def sample(self, call: Callable[[], Any], _calls: int) -> dict[str, float]:
        call()
        return self.parts


def graphed(_torch: Any, call: Callable[[], Any]) -> Callable[[], Any]:
    """Refuse to capture what waits for the device."""
    if call() == "waits":
        raise RuntimeError("operation not permitted when stream is capturing")
    return call


def test_the_whole_the_host_and_the_device_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "clock_of", lambda _torch, _device: FakeClock(whole=0.004, host=0.003))
    monkeypatch.setattr(clocks, "GraphClock", lambda _torch: FakeClock(device=0.002))
    monkeypatch.setattr(clocks, "graphed", graphed)
    calls: dict[str, Callable[[], Any]] = {
        "ours": lambda: "runs",
        "moves": lambda: "waits",
        "other": lambda: "runs",
    }
    out: list[dict[str, str]] = []
    timed = list(cells.timings(SimpleNamespace(), "cuda", calls, 0.01, out))
    assert {(each["id"], each["part"]) for each in timed} == {
        *((name, part) for name in calls for part in ("whole", "host")),
        ("ours", "device"),
        ("other", "device"),
    }
    assert {each["part"]: each["seconds"][0] for each in timed} == {
        "whole": 0.004,
        "host": 0.003,
        "device": 0.002,
    }
    assert out == [
        {"id": "moves", "why": "the device's part: operation not permitted when stream is capturing"}
    ]


def test_on_a_cpu_nothing_is_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "clock_of", lambda _torch, _device: FakeClock(whole=0.004))
    monkeypatch.setattr(clocks, "graphed", None)
    timed = list(cells.timings(SimpleNamespace(), "cpu", {"ours": lambda: 1}, 0.01, []))
    assert [each["part"] for each in timed] == ["whole"]


TRACE = [
    "aten::_foreach_norm",
    "aten::empty",
    *["cudaLaunchKernel"] * 3,
    "cudaMemcpyAsync",
    "cudaStreamSynchronize",
]


@pytest.mark.parametrize(
    ("device", "told"),
    [
        ("cpu", {"operators": 2}),
        ("cuda", {"operators": 2, "launches": 3, "copies": 1, "waits": 1}),
    ],
)
def test_launches_copies_and_waits_are_counted(
    monkeypatch: pytest.MonkeyPatch, device: str, told: dict[str, int]
) -> None:
    events = [SimpleNamespace(name=lambda name=name: name) for name in TRACE]
    profile = SimpleNamespace(kineto_results=SimpleNamespace(events=lambda: events))

    @contextlib.contextmanager
    def profiling(_context: Any) -> Iterator[Any]:
        yield profile

    waits = []
    torch = SimpleNamespace(cuda=SimpleNamespace(synchronize=lambda: waits.append(1)))
    monkeypatch.setattr(cost, "profiler", profiling)
    assert lengths.counted(torch, device, lambda: None) == told
    assert bool(waits) == (device == "cuda")


def test_a_device_s_memory_is_asked_of_torch() -> None:
    held = [100, 700]
    cuda = SimpleNamespace(
        synchronize=lambda: None,
        reset_peak_memory_stats=lambda: None,
        memory_allocated=lambda: held[0],
        max_memory_allocated=lambda: held[1],
        mem_get_info=lambda: (5, 9),
    )
    torch = SimpleNamespace(cuda=cuda)
    assert peak.peak(torch, "cuda", lambda: None) == 600
    assert reading.free_bytes(torch, "cuda") == 5
