"""What does autograd make of the norms: backwards, forwards, twice, and over a batch?"""

from __future__ import annotations

from typing import Any, Callable

from compat.probe.context import Context


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what calls about derivatives may use."""
    torch, function = context.torch, context.function

    def leaf(values: Any, dtype: Any = None) -> Any:
        """A tensor whose gradient is recorded."""
        return torch.tensor(values, dtype=dtype, device=context.device, requires_grad=True)

    def gradient(values: Any, order: float = 2, dtype: Any = None) -> Any:
        """The gradient of the norm with respect to the input."""
        tensor = leaf(values, dtype)
        function([tensor], order)[0].backward()
        return tensor.grad

    def gradients(lists: list[Any], order: float = 2) -> list[Any]:
        """The gradients of the sum of all norms with respect to each input."""
        leaves = [leaf(values) for values in lists]
        torch.stack(list(function(leaves, order))).sum().backward()
        return [each.grad for each in leaves]

    def gradients_alike(views: list[Callable[[Any], Any]]) -> bool:
        """Whether the gradient through views of one matrix, in one list, is that of per-parameter norms."""
        matrix = leaf([[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0], [7.0, -8.0, 9.0], [10.0, 11.0, -12.0]])
        weights = [float(1 + place % 5) for place in range(len(views))]

        def gradient_of(norms: Any) -> Any:
            return torch.autograd.grad(sum(weight * norm for weight, norm in zip(weights, norms)), matrix)[0]

        expected = gradient_of([torch.linalg.vector_norm(view(matrix)) for view in views])
        return bool(torch.allclose(gradient_of(function([view(matrix) for view in views])), expected))

    def second_gradient(values: Any, order: float = 2) -> Any:
        """The gradient of the sum of the gradient's elements."""
        tensor = leaf(values)
        (first,) = torch.autograd.grad(function([tensor], order)[0], tensor, create_graph=True)
        (second,) = torch.autograd.grad(first.sum(), tensor)
        return second + torch.zeros_like(first)  # where it is zero, autograd's tensor has no numbers to read

    def checked(order: float, *, twice: bool = False) -> bool:
        """Whether the gradient is that of finite differences, on two tensors of float64."""
        leaves = [leaf([3.0, -4.0, 1.5], torch.float64), leaf([[0.5], [-2.5]], torch.float64)]
        check = torch.autograd.gradgradcheck if twice else torch.autograd.gradcheck
        with torch.random.fork_rng(devices=[]):  # directions are drawn
            return bool(check(lambda *tensors: function(list(tensors), order), leaves))

    def tangent(values: list[float], direction: list[float], order: float = 2) -> Any:
        """The norm and its derivative along a direction, by forward mode."""
        forward = torch.autograd.forward_ad
        with forward.dual_level():
            dual = forward.make_dual(
                torch.tensor(values, device=context.device), torch.tensor(direction, device=context.device)
            )
            return tuple(forward.unpack_dual(function([dual], order)[0]))

    return {
        "leaf": leaf,
        "gradient": gradient,
        "gradients": gradients,
        "gradients_alike": gradients_alike,
        "second_gradient": second_gradient,
        "checked": checked,
        "tangent": tangent,
        "after": after,
    }


def after(value: Any, *changes: Callable[[Any], Any]) -> Any:
    """Return a value after changes were made to it, one behind the other: for calls in several steps."""
    for change in changes:
        change(value)
    return value
