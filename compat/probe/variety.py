"""What kinds of tensors are in a list, and are two findings the same finding?"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from compat.probe.cases import FIELDS, FILLS, LAYOUTS, Case

_NUMBERS = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")


#: A tensor's dtype, layout, fill and rank, and whether it is empty.
Kind = tuple[str, str, str, int, bool]

#: Every kind there is, but of tensors that share memory with another.
KINDS: tuple[Kind, ...] = tuple(
    (dtype, layout, fill, rank, empty)
    for dtype in FIELDS
    for layout in LAYOUTS
    for fill in FILLS
    for rank in range(6)
    for empty in (False, True)
    if rank or not empty
)


def kinds_in(case: Case) -> set[Kind]:
    """Return the kinds of the tensors in a list; one that shares memory is of the kind of the other."""
    return {
        (dtype, layout, fill, len(shape), 0 in shape)
        for dtype, shape, layout, fill, _ in (entry for entry in case["tensors"] if entry[0] in FIELDS)
    }


def kind_of(case: Case, result: Mapping[str, Any], wrong: Mapping[str, str]) -> str:
    """Return what tells a finding from others: its codes, the dtype and natures of the numbers, the error.

    Two findings of one kind are taken for one: the smaller case is kept.

    Args:
        case: the list that it was found on.
        result: what came of it, as `agreement.Replay.case` tells.
        wrong: by reference, the codes that make it a finding.
    """
    differing = {
        (each["against"], _dtype(case, each["element"]), _nature(each["got"]), _nature(each["expected"]))
        for each in result.get("disagreements", ())
        if each["against"] in wrong
    }
    error = _NUMBERS.sub("#", result["error"]) if "f" in wrong.values() else None
    return json.dumps([sorted(wrong.items()), sorted(differing), error])


def size_of(case: Case) -> tuple[int, int, int, str]:
    """Return how large a case is, to compare with another's: tensors first, then elements, then words."""
    elements = sum(math.prod(entry[1]) for entry in case["tensors"] if entry[0] not in ("same", "tail"))
    text = json.dumps(case)
    return len(case["tensors"]), elements, len(text), text


def _dtype(case: Case, place: int | None) -> str:
    if place is None or place >= len(case["tensors"]):
        return "all"
    entry = case["tensors"][place]
    return _dtype(case, entry[1]) if entry[0] in ("same", "tail") else str(entry[0])


def _nature(text: str) -> str:
    """Return what a told number is like; of what is none, the text without its numbers."""
    try:
        number = float(text)
    except ValueError:
        return _NUMBERS.sub("#", text)
    return str(number) if math.isnan(number) or math.isinf(number) else "finite"
