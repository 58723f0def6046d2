"""The consumer of ``torch._foreach_norm`` that is put to the test: the gradient health monitor.

The probe loads this file by its path; it knows the monitor, and the probe does not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Callable

from compat.probe import tolerances
from monitor import GradientHealthMonitor, Thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence

Finding = dict[str, Any]
Step = Callable[[], Any]

#: The monitor takes 2-norms and no other.
ORDER = 2

LEARNING_RATE = 1e-4

NARROW = ("float16", "bfloat16")


class Consumer:
    """Replays cases through the monitor and compares with per-parameter norms, one by one.

    The first half of a list is the host's gradients, the second half the seed's.

    Args:
        torch: the torch under test.
    """

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self._thresholds = Thresholds()
        self._monitor = GradientHealthMonitor(self._thresholds)

    def applies(self, order: float) -> bool:
        """Tell whether a case of this order can be put to the monitor."""
        return order == ORDER

    def check(self, gradients: Sequence[Any]) -> Finding | None:
        """Return None where norms, totals, ratio and counts are right, else what is wrong and where."""
        parameters = [self._parameter(gradient) for gradient in gradients]
        half = len(parameters) // 2
        self._monitor.register(parameters[:half], parameters[half:])
        health = self._monitor.compute_gradient_health()
        for side, named, part in (
            ("host", health.host_norms, gradients[:half]),
            ("seed", health.seed_norms, gradients[half:]),
        ):
            wrong = self._wrong_norm(named, part)
            if wrong:
                return wrong
            total = health.host_grad_norm if side == "host" else health.seed_grad_norm
            expected = total_of([norm for _, norm in named])
            if not tolerances.agrees(total, expected, "float64", max(1, len(named)), ORDER):
                return finding(f"{side} total", total, expected)
        return self._wrong_summary(health, [norm for _, norm in (*health.host_norms, *health.seed_norms)])

    def _parameter(self, gradient: Any) -> Any:
        parameter = self._torch.nn.Parameter(self._torch.empty_like(gradient))
        parameter.grad = gradient
        return parameter

    def _wrong_norm(self, named: Sequence[tuple[str, float]], gradients: Sequence[Any]) -> Finding | None:
        measured = [(str(index), gradient) for index, gradient in enumerate(gradients) if gradient.numel()]
        if [name for name, _ in named] != [name for name, _ in measured]:
            return finding("names", [name for name, _ in named], [name for name, _ in measured])
        for (name, got), (_, gradient) in zip(named, measured):
            dtype = str(gradient.dtype).replace("torch.", "")
            if dtype in NARROW:
                dtype, gradient = "float32", gradient.float()
            # Of one element it is the magnitude; releases up to 2.3.1 square it, and lose what is beyond.
            single = gradient.numel() == 1
            expected = (gradient.abs() if single else self._torch.linalg.vector_norm(gradient)).item()
            if not tolerances.agrees(got, expected, dtype, gradient.numel(), ORDER):
                return finding(name, got, expected)
        return None

    def _wrong_summary(self, health: Any, norms: list[float]) -> Finding | None:
        finite = [norm for norm in norms if math.isfinite(norm)]
        for what, got, expected in (
            ("non_finite", health.non_finite, len(norms) - len(finite)),
            ("vanishing", health.vanishing, sum(norm < self._thresholds.vanishing for norm in finite)),
            ("exploding", health.exploding, sum(norm > self._thresholds.exploding for norm in finite)),
            ("ratio", health.seed_gradient_ratio, ratio_of(health.seed_grad_norm, health.host_grad_norm)),
        ):
            if got != expected and not (math.isnan(got) and math.isnan(expected)):
                return finding(what, got, expected)
        return None


def finding(where: str, got: Any, expected: Any) -> Finding:
    """Return a disagreement of the monitor in the form that records keep."""
    return {"element": None, "got": f"{where}: {got!r}"[:200], "expected": repr(expected)[:200]}


def total_of(norms: Sequence[float]) -> float:
    """Return the norm over all norms, scaled by the largest so that no square overflows."""
    if any(math.isinf(norm) for norm in norms):
        return math.inf
    largest = max(norms, default=0.0)
    if any(math.isnan(norm) for norm in norms):
        return math.nan
    return largest * math.sqrt(math.fsum((norm / largest) ** 2 for norm in norms)) if largest else 0.0


def ratio_of(seed: float, host: float) -> float:
    """Return what the monitor documents for the ratio of two norms."""
    if not (math.isfinite(seed) and math.isfinite(host)):
        return math.nan
    if seed == 0:
        return 0.0
    return seed / host if host else math.inf


def training_steps(torch: Any, device: str = "cpu") -> tuple[Step, Step, Step]:
    """Return a training step alone, with the monitor behind it, and with per-parameter norms in its place."""
    plain, hosts, seeds = training_step(torch, device)
    monitor = GradientHealthMonitor()
    monitor.register(hosts, seeds)

    def with_private() -> Any:
        plain()
        return monitor.compute_gradient_health()

    def with_loop() -> Any:
        plain()
        return one_by_one(torch, hosts), one_by_one(torch, seeds)

    return plain, with_private, with_loop


def training_step(torch: Any, device: str) -> tuple[Callable[[], None], list[Any], list[Any]]:
    """Return a whole training step (forward, backward, SGD), and the host's and the seed's parameters.

    A small convolutional host with a seed of two 1x1 convolutions, and a batch of 8 images of 12x12.
    """
    torch.manual_seed(0)
    host, seed, head = (part.to(device) for part in network(torch))
    hosts, seeds = [*host.parameters(), *head.parameters()], list(seed.parameters())
    images, labels = torch.randn(8, 3, 12, 12).to(device), torch.arange(8, device=device) % 10

    def step() -> None:
        for parameter in (*hosts, *seeds):
            parameter.grad = None
        features = host(images)
        logits = head((features + seed(features)).mean(dim=(2, 3)))
        torch.nn.functional.cross_entropy(logits, labels).backward()
        # By hand: the first optimizer of a process loads torch's compiler, which takes seconds.
        with torch.no_grad():
            for parameter in (*hosts, *seeds):
                parameter.add_(parameter.grad, alpha=-LEARNING_RATE)

    return step, hosts, seeds


def network(torch: Any) -> tuple[Any, Any, Any]:
    """Return the host, the seed and the classifying head of the training step."""
    nn = torch.nn
    layers: list[Any] = []
    for inside, outside in ((3, 16), (16, 32), (32, 32), (32, 32), (32, 64)):
        layers += [nn.Conv2d(inside, outside, 3, padding=1), nn.GroupNorm(4, outside), nn.ReLU()]
    seed = nn.Sequential(nn.Conv2d(64, 8, 1), nn.ReLU(), nn.Conv2d(8, 64, 1))
    return nn.Sequential(*layers), seed, nn.Linear(64, 10)


def one_by_one(torch: Any, parameters: Sequence[Any]) -> float:
    """Return the total norm of some parameters' gradients, by the comment's own fallback."""
    norms = [parameter.grad.norm() for parameter in parameters]
    return float(torch.stack(norms).norm().item())
