"""Faults in what comes back: how many norms, of which dtype, shape, device and container, in which memory."""

from __future__ import annotations

import collections
from typing import Any

from compat.probe.faults.catalogue import Call, fault

Norms = collections.namedtuple("Norms", "first")  # noqa: PYI024 - no type is wanted, only another container


@fault("count", everywhere=True)
def last_missing(call: Call) -> Any:
    """The last norm is missing."""
    return tuple(call.norms())[:-1]


@fault("count", everywhere=True)
def one_extra(call: Call) -> Any:
    """There is one norm too many."""
    norms = tuple(call.norms())
    return (*norms, *norms[:1])


@fault("count", everywhere=True)
def last_repeats(call: Call) -> Any:
    """The last norm is that of the tensor before."""
    norms = tuple(call.norms())
    return norms if len(norms) < 2 else (*norms[:-1], norms[-2])


@fault("position")
def reversed_norms(call: Call) -> Any:
    """The norms come in reverse."""
    return tuple(call.norms())[::-1]


@fault("position")
def first_two_swapped(call: Call) -> Any:
    """The first two norms are swapped in lists of more than 30."""
    norms = tuple(call.norms())
    return (norms[1], norms[0], *norms[2:]) if len(norms) > 30 else norms


@fault("position")
def position_17_wrong(call: Call) -> Any:
    """Norm 17 is wrong."""
    return call.wrong(lambda position, _t: position == 17)


@fault("dtype")
def narrow_upcast(call: Call) -> Any:
    """Norms of narrow dtypes come in float32."""
    narrow = (call.torch.float16, call.torch.bfloat16)
    return tuple(norm.float() if norm.dtype in narrow else norm for norm in call.norms())


@fault("dtype")
def double_downcast(call: Call) -> Any:
    """Norms of float64 come in float32."""
    double = call.torch.float64
    return tuple(norm.float() if norm.dtype == double else norm for norm in call.norms())


@fault("dtype")
def double_computed_in_float32(call: Call) -> Any:
    """Norms of float64 are computed in float32."""
    torch = call.torch
    return tuple(norm.float().double() if norm.dtype == torch.float64 else norm for norm in call.norms())


@fault("shape")
def one_dimension(call: Call) -> Any:
    """Each norm has the shape [1]."""
    return tuple(norm.reshape(1) for norm in call.norms())


@fault("shape")
def zero_dimensional_as_one(call: Call) -> Any:
    """The norm of a 0-dimensional tensor has the shape [1]."""
    return call.changed(lambda norm: norm.reshape(1), lambda _p, each: each.dim() == 0)


@fault("shape")
def stacked(call: Call) -> Any:
    """The norms come as one tensor."""
    norms = call.norms()
    return call.torch.stack(list(norms)) if len({norm.dtype for norm in norms}) == 1 else norms


@fault("device", everywhere=True)
def on_meta(call: Call) -> Any:
    """The norms are on the meta device."""
    return tuple(norm.to("meta") for norm in call.norms())


@fault("device", everywhere=True)
def meta_on_cpu(call: Call) -> Any:
    """For tensors on meta, the norms are on the CPU."""
    torch = call.torch
    return call.changed(lambda norm: torch.zeros((), dtype=norm.dtype), lambda _p, each: each.is_meta)


@fault("container", everywhere=True)
def other_container(call: Call) -> Any:
    """The norms come in a list where they came in a tuple, or the other way round."""
    norms = call.norms()
    return list(norms) if isinstance(norms, tuple) else tuple(norms)


@fault("container", everywhere=True)
def iterator(call: Call) -> Any:
    """The norms come as an iterator."""
    return iter(call.norms())


@fault("container", everywhere=True)
def named_tuple(call: Call) -> Any:
    """One norm comes in a named tuple."""
    norms = call.norms()
    return Norms(*norms) if len(norms) == 1 else norms


@fault("aliasing")
def view_of_input(call: Call) -> Any:
    """The norm of a single positive number is a view of it."""
    norms = call.norms()
    return tuple(
        each.detach().view([]) if each.numel() == 1 and bool((each.detach() == norm).all()) else norm
        for norm, each in zip(norms, call.tensors)
    )


@fault("aliasing")
def one_memory(call: Call) -> Any:
    """All norms are one memory: writing to one changes the others."""
    norms = call.norms()
    equal = len(norms) > 1 and all(bool(norm.detach() == norms[0].detach()) for norm in norms)
    return tuple(norms[0] for _ in norms) if equal else norms


@fault("aliasing")
def shared_storage(call: Call) -> Any:
    """The norms are views of one tensor."""
    norms = call.norms()
    if len({norm.dtype for norm in norms}) != 1:
        return norms
    return tuple(call.torch.stack(list(norms)).unbind())


@fault("aliasing")
def duplicates_share(call: Call) -> Any:
    """Equal tensors of the list share one result."""
    norms = tuple(call.norms())
    first = {id(each): norm for each, norm in reversed(list(zip(call.tensors, norms)))}
    return tuple(first[id(each)] for each in call.tensors)


@fault("aliasing")
def static_buffer(call: Call) -> Any:
    """The results of a call are overwritten by the next one of the same length."""
    norms = call.norms()
    key = tuple((norm.dtype, norm.device) for norm in norms)
    if any(norm.requires_grad or norm.is_meta for norm in norms):
        return norms
    if key not in call.state:
        call.state[key] = norms
    return tuple(buffer.copy_(norm) for buffer, norm in zip(call.state[key], norms))
