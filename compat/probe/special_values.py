"""Level 5: empty lists and tensors, odd dtypes and devices, overflow, NaN, infinities, every order."""

from __future__ import annotations

import functools
from typing import Any, Callable

from compat.probe import devices, exhaustive, layouts, subclasses
from compat.probe.context import Context
from compat.probe.silence import silently


def steps(_context: Context) -> tuple[()]:
    """This level has nothing to measure but its questions."""
    return ()


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, function = context.torch, context.function

    def norms(tensors: list[Any], *arguments: Any) -> list[Any]:
        """The results as Python numbers, for rows of many of them."""
        return [result.item() for result in function(tensors, *arguments)]

    return {
        "norms": norms,
        **exhaustive.helpers(context),
        "silently": silently,
        "views": functools.partial(layouts.views, torch, context.device),
        "lazy": functools.partial(devices.lazy, torch),
        "classes": functools.partial(subclasses.classes, torch),
        "dispatched": functools.partial(subclasses.dispatched, torch, function),
    }
