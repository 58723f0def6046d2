"""How much of its bound does the error of a list's norms use, against an exact norm without torch?

Where the references are bit-identical, as in most releases, this is the only error there is to search for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Callable

from compat.probe import tolerances

#: What stands for this in place of a reference's name.
EXACT = "exact"

#: The exact norms by order, of finite numbers; each is within two units of roundoff of float64.
NORMS: dict[float, Callable[[Sequence[float]], float]] = {
    1: lambda values: math.fsum(map(abs, values)),
    2: lambda values: math.hypot(*values),
    math.inf: lambda values: max(map(abs, values)),
    -math.inf: lambda values: min(map(abs, values)),
}

#: Elements of a list that are looked at; the rest would only cost time.
MOST_ELEMENTS = 1 << 15


def largest(norms: Sequence[Any], tensors: Sequence[Any], order: float) -> dict[str, Any] | None:
    """Return the largest share of its bound that a norm's error uses, as `agreement.compare` does.

    Only finite norms of finite numbers count, where the accumulator holds what the bound presumes.
    """
    if order not in NORMS or len(norms) != len(tensors):
        return None
    worst: dict[str, Any] | None = None
    left = MOST_ELEMENTS
    for norm, tensor in zip(norms, tensors):
        elements = tensor.numel()
        left -= elements
        if not elements or left < 0 or norm.dim() or norm.dtype != tensor.dtype:
            continue
        dtype = str(norm.dtype).replace("torch.", "")
        share = _share(norm.item(), tensor.detach().double().reshape(-1).tolist(), dtype, order)
        if share is not None and (worst is None or share[0] > worst["bound_share"]):
            worst = {"against": EXACT, "dtype": dtype, "ulps": share[1], "bound_share": share[0]}
    return worst


def _share(got: float, values: Sequence[float], dtype: str, order: float) -> tuple[float, float] | None:
    """Return the share of the bound, and the distance in units of the last place."""
    absolute = [abs(value) for value in values if value]
    if not absolute or not all(map(math.isfinite, absolute)) or not math.isfinite(got):
        return None
    if not tolerances.squares_fit(dtype, len(values), min(absolute), max(absolute)):
        return None
    exact = NORMS[order](values)
    distance = abs(got - exact)
    bound = tolerances.allowed(got, exact, dtype, len(values), order)
    return round(distance / bound, 3), round(distance / tolerances.unit_in_last_place(exact, dtype), 1)
