"""What are the norms of the gradients on one device? By the fused call, or by what is faster there."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from monitor.gradients import NARROW, WIDE, dtypes_of, widen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# On a CPU nothing is fused: each gradient costs a microsecond of dispatching, whatever its size. Stacked ones
# cost it once, and a copy, which is cheaper up to some thousand elements and from some dozen gradients on.
SMALL, MANY = 4096, 24

# Of how many elements are the pieces in which a larger narrow gradient is widened on a CPU: half a megabyte
# of float32, which stays in the caches.
PIECE = 1 << 17

_IS_SMALL = SMALL.__ge__


@dataclass(frozen=True, eq=False)
class DeviceNorms:
    """The norms measured on one device: a vector there, and the parameter position of each element."""

    positions: Sequence[int]
    norms: Any


def measure(
    positions: Sequence[int],
    gradients: list[Any],
    sizes: list[int],
    together: Callable[[list[Any]], Any] | None = None,
) -> DeviceNorms:
    """Take the norms of dense gradients that lie on one device, of no matter which shapes and dtypes.

    ``torch._foreach_norm`` takes them in one call, but for two kinds. The norm of a single element is its
    magnitude, without a square that overflows or vanishes, as that of the fused kernel does. On a CPU, small
    gradients of one shape are stacked, and their norms taken along the stack by a public function.

    Args:
        positions: of the gradients' parameters.
        gradients: at least one, none without elements.
        sizes: how many elements each has.
        together: takes the rest's norms in place of ``torch._foreach_norm``, as a vector; for comparisons.
    """
    together = together or _together
    stacks = gradients[0].device.type == "cpu" and sum(map(_IS_SMALL, sizes)) >= MANY
    if not stacks and 1 not in sizes:
        return DeviceNorms(positions=positions, norms=together(gradients))
    alike, rest = _sorted_out(gradients, sizes, SMALL if stacks else 1)
    ordered: list[int] = []
    parts: list[Any] = []
    for places in alike:
        stacked = widen(torch.stack([gradients[place] for place in places]))
        flat = stacked.flatten(1) if stacked.dim() > 1 else stacked.unsqueeze(1)
        parts.append(flat[:, 0].abs() if flat.shape[1] == 1 else torch.linalg.vector_norm(flat, dim=1))
        ordered += places
    if rest:
        parts.append(together([gradients[place] for place in rest]))
        ordered += rest
    norms = parts[0] if len(parts) == 1 else torch.cat(parts)
    return DeviceNorms(positions=[positions[place] for place in ordered], norms=norms)


def _sorted_out(gradients: list[Any], sizes: list[int], small: int) -> tuple[list[list[int]], list[int]]:
    """Return the places of gradients to be stacked, shape by shape, and of all others."""
    by_shape: dict[Any, list[int]] = {}
    rest: list[int] = []
    for place, size in enumerate(sizes):
        if size <= small:
            by_shape.setdefault(gradients[place].shape, []).append(place)
        else:
            rest.append(place)
    alike = []
    for places in by_shape.values():
        if len(places) >= MANY or sizes[places[0]] == 1:
            alike.append(places)
        else:
            rest += places
    return alike, rest


def _together(gradients: list[Any]) -> Any:
    dtypes = dtypes_of(gradients)
    if dtypes <= WIDE:
        # Positional, because the parameter was renamed on the way (`tensors`, later `self`); never an empty
        # list, which raises. Stacking copies, and takes the widest of the norms' dtypes.
        return torch.stack(torch._foreach_norm(gradients))  # noqa: SLF001 (what this project measures)
    norms: list[Any] = [None] * len(gradients)
    if gradients[0].device.type == "cpu":
        norms = in_pieces(gradients)
    rest = [each for each, norm in zip(gradients, norms) if norm is None]
    if not rest:
        return torch.stack(norms)
    if dtypes <= {torch.float32, *NARROW} and takes_dtype():
        found = iter(torch._foreach_norm(rest, 2, dtype=torch.float32))  # noqa: SLF001 (the same)
    else:
        found = iter(torch._foreach_norm([widen(each) for each in rest]))  # noqa: SLF001 (the same)
    return torch.stack([next(found) if norm is None else norm for norm in norms])


def in_pieces(gradients: list[Any]) -> list[Any]:
    """Return the norms of large narrow gradients on a CPU, widened piece by piece; None for all others.

    Widened as a whole, each needs fresh memory of twice its size at every step, and the system clears that
    page by page, for several times what the norm takes. One buffer for all pieces is written again and again.
    """
    norms: list[Any] = [None] * len(gradients)
    buffer: Any = None
    for place, gradient in enumerate(gradients):
        if gradient.dtype not in NARROW or gradient.numel() <= PIECE:
            continue
        buffer = torch.empty(PIECE, dtype=torch.float32) if buffer is None else buffer
        found = []
        for piece in gradient.reshape(-1).split(PIECE):
            wide = buffer[: piece.numel()]
            wide.copy_(piece)
            found.append(torch.linalg.vector_norm(wide))
        norms[place] = torch.linalg.vector_norm(torch.stack(found))
    return norms


@functools.cache
def takes_dtype() -> bool:
    """Whether this torch's function widens by itself, which spares the copies: releases since 2.4.0 do."""
    try:
        torch._foreach_norm([torch.ones(2)], 2, dtype=torch.float32)  # noqa: SLF001 (asks whether it can)
    except TypeError:
        return False
    return True
