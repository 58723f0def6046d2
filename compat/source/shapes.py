"""Which shapes of a call did the contract measure, and what came of each?

The questions of the level *call shapes* are calls of ``f``: their shapes are those that were measured.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

from compat.source.calls import Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compat.contract import Contract

FUNCTION, LEVEL = "f", "call shapes"


def measured_shapes(contract: Contract) -> Mapping[Shape, tuple[str, ...]]:
    """Return by shape the ids of the questions that ask for it, those that callers rely on first."""
    found: dict[Shape, list[str]] = defaultdict(list)
    for question in sorted(contract.questions, key=lambda each: not each.relied):
        if question.level != LEVEL:
            continue
        for node in ast.walk(ast.parse(question.call, mode="eval")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == FUNCTION:
                found[shape_of(node)].append(question.id)
    return {shape: tuple(dict.fromkeys(ids)) for shape, ids in found.items()}
