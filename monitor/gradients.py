"""Which tensors does the norm function get? The gradients of this moment, by device, made safe to measure.

Nothing here waits for a device: shapes, dtypes and layouts are known to the host, values are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import torch

from monitor.errors import UnsupportedLayoutError

if TYPE_CHECKING:
    from monitor.registration import Registration

# For each device, the positions of its parameters, their gradients, and how many elements each of these has.
Batches = dict[Any, tuple[Sequence[int], list[Any], list[int]]]

WIDE = frozenset({torch.float32, torch.float64, torch.complex64, torch.complex128})
NARROW = frozenset({torch.float16, torch.bfloat16})

# As functions that run over a list without Python in between: there are thousands of gradients, each step.
_GRADIENT, _TRAINED, _DTYPE, _LAYOUT, _DEVICE = map(
    attrgetter, ("grad", "requires_grad", "dtype", "layout", "device")
)
_SIZE = torch.Tensor.numel


def gather_gradients(registration: Registration) -> Batches:
    """Collect the gradients to measure, by the device on which each lies.

    Left out are parameters without a gradient, frozen ones (an old gradient that still hangs on one
    is not of this step) and gradients of no elements (there is nothing to vanish or explode, and
    a kernel over many tensors may skip them). Dense gradients are taken as they are, sparse ones as
    `sum_duplicates` says.

    Raises UnsupportedLayoutError for a layout other than dense and sparse COO.
    """
    gradients = list(map(_GRADIENT, registration.parameters))
    if _need_no_choice(registration.parameters, gradients):
        sizes = list(map(_SIZE, gradients))
        if all(sizes):
            return {gradients[0].device: (range(len(gradients)), gradients, sizes)}
    batches: dict[Any, tuple[list[int], list[Any], list[int]]] = {}
    for position, (parameter, gradient) in enumerate(zip(registration.parameters, gradients)):
        if gradient is None or not parameter.requires_grad or not gradient.numel():
            continue
        positions, of_device, sizes = batches.setdefault(gradient.device, ([], [], []))
        positions.append(position)
        of_device.append(_dense(gradient, registration, position))
        sizes.append(of_device[-1].numel())
    return dict(batches)


def _need_no_choice(parameters: Sequence[Any], gradients: list[Any]) -> bool:
    """Whether all are to be measured as they are, on one device, as in nearly every step of training."""
    try:
        return (
            len(set(map(_DEVICE, gradients))) == 1
            and set(map(_LAYOUT, gradients)) == {torch.strided}
            and all(map(_TRAINED, parameters))
        )
    except (AttributeError, TypeError):  # some have none
        return False


def _dense(gradient: Any, registration: Registration, position: int) -> Any:
    if gradient.layout is torch.strided:
        return gradient
    if gradient.layout is torch.sparse_coo:
        return sum_duplicates(gradient)
    raise UnsupportedLayoutError(registration.layout.name_of(position), gradient.layout)


def dtypes_of(gradients: list[Any]) -> set[Any]:
    """Return the dtypes that there are."""
    return set(map(_DTYPE, gradients))


def widen(gradient: Any) -> Any:
    """Copy a gradient of a narrow dtype to float32 (complex64 if complex); return others unchanged.

    The norm's dtype is the gradient's, so a float16 norm beyond 65504 is infinite on every release, and
    torch 1.11 to 1.13 also add up the squares in the narrow dtype on a CPU. The price is a copy of a
    narrow gradient, four bytes an element, for as long as the call lasts.
    """
    if gradient.dtype in WIDE:
        return gradient
    return gradient.to(torch.complex64 if gradient.dtype.is_complex else torch.float32)


def sum_duplicates(gradient: Any) -> Any:
    """Return dense values with the norm of a sparse COO gradient, whose repeated indices add up.

    ``coalesce`` must know how many distinct indices there are, so it waits for the device. Here the
    sums go to as many rows as there are stored values, and the rows left over stay zero. A gradient that
    stores nothing is a zero gradient, not an absent one.
    """
    values = widen(gradient._values())  # noqa: SLF001 (values() insists on a coalesced tensor)
    if not values.numel():
        return values.new_zeros(())
    if gradient.is_coalesced():
        return values
    indices = gradient._indices()  # noqa: SLF001 (as above)
    flat = torch.zeros_like(indices[0])
    for size, index in zip(gradient.shape, indices):
        flat = flat * size + index
    ordered, order = torch.sort(flat)
    row = torch.zeros_like(ordered)
    row[1:] = ordered[1:] != ordered[:-1]
    return torch.zeros_like(values).index_add_(0, row.cumsum(0), values.index_select(0, order))
