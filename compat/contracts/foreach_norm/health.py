"""Ways to a gradient health: the monitor's, the same by public means alone, and what the ticket describes.

Each gives Python numbers, so each waits for its device. Also the public way to norms that the monitor takes
for small gradients on a CPU, for those who need the norms themselves.
"""

from __future__ import annotations

import importlib.util
import math
from typing import TYPE_CHECKING, Any, Callable

from compat.contracts.foreach_norm.consumer import training_step
from monitor import GradientHealthMonitor, Thresholds
from monitor.gradients import gather_gradients
from monitor.health import judge_norms
from monitor.monitor import PendingGradientHealth
from monitor.norms import measure
from monitor.registration import read_registration

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["contestants", "stacked", "stacked_total", "totals_of", "training_step"]

Totals = tuple[float, float]
Norms = Callable[[list[Any]], list[Any]]

#: What others lack of the monitor's answer.
CHECKS = "gradients that are missing, frozen, empty or sparse"
PARTS = "norms of parameters, and counts"


def contestants(torch: Any, host: Sequence[Any], seed: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the contestants, the monitor first.

    Args:
        torch: the torch under test.
        host: parameters with gradients.
        seed: the same.

    Returns:
        Of each its id, what it lacks of the monitor's answer, its call, and how to read both totals.
    """
    monitor = GradientHealthMonitor()
    monitor.register(host, seed)
    wide = _wide(torch, [each.grad for each in (*host, *seed)])
    norms: dict[str, Norms] = {
        "vector_norm": lambda gradients: [torch.linalg.vector_norm(each, dtype=wide) for each in gradients],
        "norm": lambda gradients: [each.norm(dtype=wide) for each in gradients],
    }
    if importlib.util.find_spec("torch.foreach") is not None:  # a module of its own since 2.15
        norms["torch.foreach.norm"] = lambda gradients: list(torch.foreach.norm(gradients, dtype=wide))
    found = [_entry("monitor", "", monitor.compute_gradient_health)]
    for name, way in norms.items():
        found.append(_entry(f"monitor with {name}", "", _monitored(torch, monitor, host, seed, way)))
        found.append(_entry(name, CHECKS, _judged(torch, host, seed, way)))
    found.append(_entry("ticket", PARTS, lambda: ticket(torch, host, seed)))
    total = getattr(torch.nn.utils, "get_total_norm", None)
    if total is not None:

        def by_two_calls() -> Totals:
            of_host, of_seed = (total([each.grad for each in side]).item() for side in (host, seed))
            return of_host, of_seed

        found.append(_entry("two of get_total_norm", PARTS, by_two_calls))
    return found


def ticket(torch: Any, host: Sequence[Any], seed: Sequence[Any]) -> Totals:
    """Return both totals as the code that the ticket is about takes them.

    Two separate calls, each norm moved by itself, then stacked, squared and summed.
    """

    def side(parameters: Sequence[Any]) -> float:
        norms = torch._foreach_norm([each.grad for each in parameters])  # noqa: SLF001 - what is measured
        moved = [norm.cpu() for norm in norms]
        return math.sqrt((torch.stack(moved) ** 2).sum().item())

    return side(host), side(seed)


def totals_of(answer: Any) -> Totals:
    """Return the host's and the seed's total of any contestant's answer."""
    if isinstance(answer, tuple):
        return answer
    return answer.host_grad_norm, answer.seed_grad_norm


def stacked_total(torch: Any, tensors: Sequence[Any]) -> Any:
    """Return the norm over all tensors, by the norms of stacks and of what is not stacked."""
    return torch.linalg.vector_norm(_stacks(torch, tensors).norms)


def stacked(torch: Any, tensors: Sequence[Any]) -> list[Any]:
    """Return the norms of tensors of one dtype on one device, those of small ones shape by shape."""
    found = _stacks(torch, tensors)
    norms: list[Any] = [None] * len(tensors)
    for position, norm in zip(found.positions, found.norms.unbind()):
        norms[position] = norm
    return norms


def _stacks(torch: Any, tensors: Sequence[Any]) -> Any:
    sizes = [each.numel() for each in tensors]
    one_by_one = _vector(torch, lambda rest: _one_by_one(torch, rest))
    return measure(range(len(tensors)), list(tensors), sizes, one_by_one)


def _one_by_one(torch: Any, tensors: Sequence[Any]) -> list[Any]:
    return [torch.linalg.vector_norm(each) for each in tensors]


def _wide(torch: Any, gradients: Sequence[Any]) -> Any:
    """Return the dtype in which others are as accurate as the monitor, which widens narrow gradients."""
    narrow = any(each.dtype in (torch.float16, torch.bfloat16) for each in gradients)
    return torch.float32 if narrow else None


def _vector(torch: Any, norms: Norms) -> Callable[[list[Any]], Any]:
    return lambda gradients: torch.stack(norms(gradients))


def _monitored(
    torch: Any, monitor: GradientHealthMonitor, host: Sequence[Any], seed: Sequence[Any], norms: Norms
) -> Callable[[], Any]:
    """Return what the monitor does, but for the private call."""
    registration, together = read_registration(host, seed), _vector(torch, norms)

    def call() -> Any:
        with torch.no_grad():
            devices = tuple(measure(*batch, together) for batch in gather_gradients(registration).values())
        return monitor.materialize_gradient_stats(
            PendingGradientHealth(layout=registration.layout, devices=devices)
        )

    return call


def _entry(identity: str, lacks: str, call: Callable[[], Any]) -> dict[str, Any]:
    return {"id": identity, "lacks": lacks, "call": call}


def _judged(torch: Any, host: Sequence[Any], seed: Sequence[Any], norms: Norms) -> Callable[[], Any]:
    """Return what takes norms without a look at the gradients, and judges them as the monitor does."""
    registration, thresholds = read_registration(host, seed), Thresholds()

    def call() -> Any:
        with torch.no_grad():
            gradients = [each.grad for each in registration.parameters]
            moved = torch.stack(norms(gradients)).cpu().tolist()
        return judge_norms(registration.layout, moved, thresholds)

    return call
