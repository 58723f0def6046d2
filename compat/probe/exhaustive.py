"""Is it right at every length, size, rank and offset, and not only at those that a drawing happened to meet?

Each helper goes through all of them with numbers whose norms are known without a computation, and returns
what is wrong: the first few places, or an empty list.
"""

from __future__ import annotations

import math
from typing import Any, Callable

from compat.probe import tolerances
from compat.probe.context import Context

#: How many wrong places are told.
TOLD = 3

ORDER = 2


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, function, device = context.torch, context.function, context.device

    def wrong_lengths(longest: int) -> list[int]:
        """The list lengths at which a norm is not that of its tensor, or is at another place."""
        tensors = [torch.full((1,), float(number), device=device) for number in range(1, longest + 1)]
        norms = torch.arange(1, longest + 1, dtype=torch.float32, device=device)
        lengths = range(1, longest + 1)
        return _first(
            length
            for length in lengths
            if not torch.equal(torch.stack(tuple(function(tensors[:length]))), norms[:length])
        )

    def wrong_sizes(sizes: list[int], dtype: Any, order: float = ORDER) -> list[int]:
        """The element counts at which the norm of ones is not their root, for order 2, or their number."""
        data = torch.ones(max(sizes), dtype=dtype, device=device)
        norms = function([data[:size] for size in sizes], order)
        return _first(size for size, norm in zip(sizes, norms) if not _is_close(norm.item(), size, order))

    def wrong_ranks(highest: int) -> list[int]:
        """The ranks at which the norm of ones, two along each of up to 12 dimensions, is not their root."""
        shapes = [[2] * min(rank, 12) + [1] * (rank - 12) for rank in range(highest + 1)]
        norms = function([torch.ones(shape, device=device) for shape in shapes])
        return _first(
            len(shape)
            for shape, norm in zip(shapes, norms)
            if not _is_close(norm.item(), 2 ** min(len(shape), 12), ORDER)
        )

    def wrong_offsets(most: int, elements: int) -> list[int]:
        """The storage offsets at which the norm of a part is not that of its copy."""
        data = torch.arange(most + elements, dtype=torch.float32, device=device)
        parts = [data[offset : offset + elements] for offset in range(most)]
        norms, copies = function(parts), function([part.clone() for part in parts])
        bound = tolerances.relative_bound("float32", elements, ORDER)
        return _first(
            offset
            for offset, (norm, copy) in enumerate(zip(norms, copies))
            if abs(norm.item() - copy.item()) > bound * copy.item()
        )

    def wrong_calls(calls: int) -> list[int]:
        """The calls, of many with one list, at which a norm is another one."""
        tensors = [torch.full((2,), float(number), device=device) for number in range(3)]
        first = torch.stack(tuple(function(tensors)))
        return _first(
            number for number in range(calls) if not torch.equal(torch.stack(tuple(function(tensors))), first)
        )

    return {
        "wrong_lengths": wrong_lengths,
        "wrong_sizes": wrong_sizes,
        "wrong_ranks": wrong_ranks,
        "wrong_offsets": wrong_offsets,
        "wrong_calls": wrong_calls,
    }


def _is_close(norm: float, ones: int, order: float) -> bool:
    """Tell whether this is the norm of so many ones: sums of ones are exact, and a root rounds once."""
    expected = math.sqrt(ones) if order == ORDER else float(ones)
    return abs(norm - expected) <= 2 * tolerances.ROUNDOFF["float32"] * expected


def _first(places: Any) -> list[int]:
    found = []
    for place in places:
        found.append(place)
        if len(found) == TOLD:
            break
    return found
