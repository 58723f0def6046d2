"""What does a call cost by the length of its list and the size of its tensors: operators, launches, time?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from compat.probe import clocks, cost
from compat.probe.silence import silence
from compat.speed.cells import CONTROL, entries, written
from compat.speed.race import race

LENGTHS = (1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10_000)
ELEMENTS = 64
POWERS = (0, 5, 10, 15, 20, 25)


def by_length(
    torch: Any, device: str, setting: Mapping[str, Any], seconds: float
) -> Iterator[dict[str, Any]]:
    """Yield, for each length of a list of small tensors, what every way to its norms costs."""
    for length in LENGTHS:
        tensors = [torch.full((ELEMENTS,), 0.5, device=device) for _ in range(length)]
        calls, _ = written(torch, "norms", setting, tensors, [])
        with torch.no_grad():
            counts, parts = race(
                clocks.clock_of(torch, device), {**calls, CONTROL: calls["foreach_norm"]}, seconds
            )
            told = {name: counted(torch, device, call) for name, call in calls.items()}
        yield {
            "length": length,
            "told": told,
            "timed": list(entries(counts, parts)),
        }


def by_size(torch: Any, device: str, setting: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield, for tensors of each size, what a list of ten of them has dispatched and launched."""
    for power in POWERS:
        tensors = [torch.full((1 << power,), 0.5, device=device)] * 10
        calls, _ = written(torch, "norms", setting, tensors, [])
        with torch.no_grad():
            yield {
                "elements": 1 << power,
                "told": {name: counted(torch, device, call) for name, call in calls.items()},
            }


def counted(torch: Any, device: str, call: Any) -> dict[str, int]:
    """Return how many operators a call dispatches; on CUDA also launches, copies and waits."""
    call()
    with silence(), cost.profiler(SimpleNamespace(torch=torch, device=device)) as profile:  # type: ignore[arg-type]
        call()
        if device == "cuda":
            torch.cuda.synchronize()
    events = cost.counted(profile)
    told = {"operators": sum(n for name, n in events.items() if name.startswith("aten::"))}
    if device == "cuda":
        for what, starts in cost.TOLD.items():
            told[what] = sum(n for name, n in events.items() if name.startswith(starts))
    return told
