"""Level 2: the ways in which callers write the call, each asked as they write it."""

from __future__ import annotations

from typing import Any, Callable

from compat.probe.context import Context


def steps(_context: Context) -> tuple[()]:
    """This level has nothing to measure but its questions."""
    return ()


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, function = context.torch, context.function

    def without_grad(call: Callable[[], Any]) -> Any:
        with torch.no_grad():
            return call()

    def total(tensors: Any) -> Any:
        return torch.stack(list(function(tensors))).norm()

    def clipped(clip: Callable[..., Any], gradients: list[list[float]], limit: float, **named: Any) -> Any:
        """What a clipping function returns, and the gradients that it leaves behind."""
        parameters = []
        for values in gradients:
            gradient = torch.tensor(values, device=context.device)
            parameters.append(torch.nn.Parameter(torch.zeros_like(gradient)))
            parameters[-1].grad = gradient
        return clip(parameters, limit, **named), [parameter.grad for parameter in parameters]

    return {"without_grad": without_grad, "total": total, "clipped": clipped}
