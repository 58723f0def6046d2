"""Level 2: the ways in which callers write the call, each asked as they write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable

from compat.probe import questions
from compat.probe.context import Context


def steps(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the questions of this level."""
    torch, function = context.torch, context.function

    def without_grad(call: Callable[[], Any]) -> Any:
        with torch.no_grad():
            return call()

    def total(tensors: Any) -> Any:
        return torch.stack(list(function(tensors))).norm()

    return questions.steps(context, "call shapes", {"without_grad": without_grad, "total": total})
