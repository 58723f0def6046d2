"""What share of a whole training step does looking at its gradients cost, by each way to do so?"""

from __future__ import annotations

from typing import Any

from compat.probe import clocks
from compat.speed.cells import entries
from compat.speed.race import race

#: The step alone, and the same again as a control.
ALONE, CONTROL = "nothing", "nothing again"


def training(torch: Any, device: str, health: Any, seconds: float) -> dict[str, Any]:
    """Return the seconds of a step alone and with each of the contract's ways to the consumer's answer."""
    with torch.random.fork_rng():  # the network's weights are drawn
        step, host, seed = health.training_step(torch, device)
        step()
    ways = {ALONE: step, CONTROL: step}
    lacks = {}
    for each in health.contestants(torch, host, seed):
        ways[each["id"]] = _both(step, each["call"])
        lacks[each["id"]] = each["lacks"]
    counts, parts = race(clocks.clock_of(torch, device), ways, seconds)
    return {
        "tensors": len(host) + len(seed),
        "lacks": lacks,
        "timed": list(entries(counts, parts)),
    }


def _both(step: Any, call: Any) -> Any:
    def both() -> Any:
        step()
        return call()

    return both
