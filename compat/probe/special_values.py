"""Level 5: empty lists and tensors, odd dtypes and devices, overflow, NaN, infinities, every order."""

from __future__ import annotations

from typing import Any, Callable

from compat.probe.context import Context


def steps(_context: Context) -> tuple[()]:
    """This level has nothing to measure but its questions."""
    return ()


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    function = context.function

    def norms(tensors: list[Any], *arguments: Any) -> list[Any]:
        """The results as Python numbers, for rows of many of them."""
        return [result.item() for result in function(tensors, *arguments)]

    return {"norms": norms}
