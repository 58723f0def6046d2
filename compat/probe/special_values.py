"""Level 5: empty lists and tensors, odd dtypes and devices, overflow, NaN, infinities, every order."""

from __future__ import annotations

from typing import Any, Callable

from compat.probe.context import Context


def steps(_context: Context) -> tuple[()]:
    """This level has nothing to measure but its questions."""
    return ()


def helpers(_context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    return {}
