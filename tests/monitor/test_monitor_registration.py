"""What may be registered, and what is said of anything else? A table of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from monitor import GradientHealthMonitor, NothingRegisteredError
from tests.monitor.gradient_cases import needs_function, parameter, parameters

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = needs_function


def linear() -> Any:
    module = torch.nn.Linear(2, 2)
    for made in module.parameters():
        made.grad = torch.ones_like(made)
    return module


SIDES: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "module": (linear, ["weight", "bias"]),
    "named_parameters": (lambda: linear().named_parameters(), ["weight", "bias"]),
    "parameters": (lambda: linear().parameters(), ["0", "1"]),
    "list of tensors": (lambda: list(linear().parameters()), ["0", "1"]),
    "items of a dict": (lambda: dict(linear().named_parameters()).items(), ["weight", "bias"]),
}


@pytest.mark.parametrize("side", SIDES)
def test_a_side_is_a_module_or_an_iterable(side: str) -> None:
    build, names = SIDES[side]
    monitor = GradientHealthMonitor()
    monitor.register(build(), parameters(torch.tensor([1.0])))
    norms = monitor.compute_gradient_health().host_norms
    assert [name for name, _ in norms] == names
    assert [norm for _, norm in norms] == pytest.approx([2.0, 2**0.5])


MISTAKES: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "a tensor": (lambda: torch.ones(2, requires_grad=True), TypeError, "host is a single tensor"),
    "a dict": (lambda: {"weight": parameter(torch.ones(2))}, TypeError, "host, item 0: .* found str"),
    "a module in a list": (lambda: [linear()], TypeError, "host, item 0: .* found Linear"),
    "not a leaf": (lambda: [parameter(torch.ones(2)) * 2], ValueError, "host '0' is not a leaf"),
    "two of one name": (
        lambda: [("w", parameter(torch.ones(2))), ("w", parameter(torch.ones(2)))],
        ValueError,
        "two parameters named 'w'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_and_changes_nothing(mistake: str) -> None:
    build, error, message = MISTAKES[mistake]
    monitor = GradientHealthMonitor()
    monitor.register(parameters(torch.tensor([3.0])), [])
    with pytest.raises(error, match=message):
        monitor.register(build(), [])
    assert monitor.compute_gradient_health().host_grad_norm == 3.0


def test_a_tensor_that_retains_its_gradient_may_be_registered() -> None:
    leaf = torch.ones(2, requires_grad=True)
    inner = leaf * 3
    inner.retain_grad()
    monitor = GradientHealthMonitor()
    monitor.register([leaf], [inner])
    inner.sum().backward()
    assert monitor.compute_gradient_health().seed_gradient_ratio == pytest.approx(1 / 3)


def test_registering_again_replaces() -> None:
    monitor = GradientHealthMonitor()
    monitor.register(parameters(torch.tensor([3.0])), [])
    monitor.register([], parameters(torch.tensor([4.0])))
    health = monitor.compute_gradient_health()
    assert (health.host_norms, health.seed_norms) == ((), (("0", 4.0),))


def test_nothing_registered_is_an_error() -> None:
    monitor = GradientHealthMonitor()
    with pytest.raises(NothingRegisteredError, match=r"register\(host, seed\)"):
        monitor.compute_gradient_health()
    monitor.register([], [])
    assert monitor.compute_gradient_health().host_grad_norm == 0.0
    monitor.reset()
    with pytest.raises(NothingRegisteredError):
        monitor.compute_gradient_health_async()
