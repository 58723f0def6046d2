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

    return {"without_grad": without_grad, "total": total}
