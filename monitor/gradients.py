"""Which tensors does the norm function get? The gradients of this moment, by device, made safe to measure.

Nothing here waits for a device: shapes, dtypes and layouts are known to the host, values are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from monitor.errors import UnsupportedLayoutError

if TYPE_CHECKING:
    from monitor.registration import Registration

# For each device, the positions of its parameters and their gradients.
Batches = dict[Any, tuple[list[int], list[Any]]]

_SAFE_DTYPES = frozenset({torch.float32, torch.float64, torch.complex64, torch.complex128})


def gather_gradients(registration: Registration) -> Batches:
    """Collect the gradients to measure, by the device on which each lies.

    Left out are parameters without a gradient, frozen ones (an old gradient that still hangs on one
    is not of this step) and gradients of no elements (there is nothing to vanish or explode, and
    a kernel over many tensors may skip them). Dense float32, float64, complex64 and complex128
    gradients are taken as they are, others as `widen` and `sum_duplicates` say.

    Raises UnsupportedLayoutError for a layout other than dense and sparse COO.
    """
    batches: Batches = {}
    strided = torch.strided
    for position, parameter in enumerate(registration.parameters):
        gradient = parameter.grad
        if gradient is None or not parameter.requires_grad or not gradient.numel():
            continue
        if gradient.layout is not strided or gradient.dtype not in _SAFE_DTYPES:
            gradient = _make_safe(gradient, registration, position)
        batch = batches.get(gradient.device)
        if batch is None:
            batch = batches[gradient.device] = ([], [])
        batch[0].append(position)
        batch[1].append(gradient)
    return batches


def _make_safe(gradient: Any, registration: Registration, position: int) -> Any:
    if gradient.layout is torch.sparse_coo:
        return sum_duplicates(gradient)
    if gradient.layout is torch.strided:
        return widen(gradient)
    raise UnsupportedLayoutError(registration.layout.name_of(position), gradient.layout)


def widen(gradient: Any) -> Any:
    """Copy a gradient of a narrow dtype to float32 (complex64 if complex); return others unchanged.

    The norm's dtype is the gradient's, so a float16 norm beyond 65504 is infinite on every release, and
    torch 1.11 to 1.13 also add up the squares in the narrow dtype on a CPU. The price is a copy of every
    narrow gradient, four bytes an element, for as long as the call lasts; its ``dtype`` argument
    would spare that but appeared years after the function.
    """
    if gradient.dtype in _SAFE_DTYPES:
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
