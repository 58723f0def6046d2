"""Level 6: what the call does beside returning: to its inputs, to memory, to autograd, from run to run."""

from __future__ import annotations

from typing import Any, Callable

from compat.probe.cases import Materialiser, bytes_of
from compat.probe.context import Context

REPEATS = 20


def steps(_context: Context) -> tuple[()]:
    """This level has nothing to measure but its questions."""
    return ()


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, function = context.torch, context.function

    def inputs_unchanged(tensors: list[Any], order: float = 2) -> bool:
        """Whether the call leaves every byte and the version counter of its inputs alone."""
        before = [(bytes_of(tensor.cpu()), tensor._version) for tensor in tensors]
        function(tensors, order)
        return before == [(bytes_of(tensor.cpu()), tensor._version) for tensor in tensors]

    def results_independent(tensors: list[Any]) -> bool:
        """Whether writing to one result leaves the other results and the inputs alone."""
        results = function(tensors)
        inputs = [tensor.clone() for tensor in tensors]
        others = [result.clone() for result in results[1:]]
        results[0].fill_(-1.0)
        return all(torch.equal(a, b) for a, b in zip(results[1:], others)) and all(
            torch.equal(a, b) for a, b in zip(tensors, inputs)
        )

    def repeats_alike(elements: int, length: int) -> bool:
        """Whether repeated calls on the same list give the same bits."""
        make = Materialiser(torch, context.device).tensor
        tensors = [make("float32", [elements], "contiguous", "gradient", seed) for seed in range(length)]
        first = [result.item() for result in function(tensors)]
        return all([result.item() for result in function(tensors)] == first for _ in range(REPEATS))

    def gradient(values: list[float], order: float = 2) -> Any:
        """The gradient of the norm with respect to the input."""
        leaf = torch.tensor(values, device=context.device, requires_grad=True)
        function([leaf], order)[0].backward()
        return leaf.grad

    def inside(mode: str, call: Callable[[], Any]) -> Any:
        with getattr(torch, mode)():
            return call()

    return {
        "inputs_unchanged": inputs_unchanged,
        "results_independent": results_independent,
        "repeats_alike": repeats_alike,
        "gradient": gradient,
        "inside": inside,
    }
