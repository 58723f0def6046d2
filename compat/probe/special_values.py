"""Level 5: empty lists and tensors, odd dtypes and devices, overflow, NaN, infinities, every order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

from compat.probe import questions
from compat.probe.context import Context


def steps(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the questions of this level."""
    return questions.steps(context, "special values", {})
