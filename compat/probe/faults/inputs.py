"""Faults that depend on the tensors: strides, storage, empty ones, their size, and how many there are."""

from __future__ import annotations

from typing import Any

from compat.probe.faults.catalogue import FACTOR, Call, fault


@fault("strides")
def strides_ignored(call: Call) -> Any:
    """Elements are read in storage order, whatever the strides say."""
    return call.of([_reread(each, each.storage_offset()) for each in call.tensors])


@fault("strides")
def offset_ignored(call: Call) -> Any:
    """The storage offset is ignored."""
    return call.of(
        [
            each if each.storage_offset() == 0 else each.as_strided(each.shape, each.stride(), 0)
            for each in call.tensors
        ]
    )


@fault("strides")
def odd_offset_wrong(call: Call) -> Any:
    """At a storage offset of 13 the norm is wrong."""
    return call.wrong(lambda _p, each: each.storage_offset() == 13)


@fault("strides")
def expanded_once(call: Call) -> Any:
    """Expanded dimensions count once."""

    def narrowed(each: Any) -> Any:
        for dimension, stride in enumerate(each.stride()):
            if stride == 0 and each.shape[dimension] > 1:
                each = each.narrow(dimension, 0, 1)
        return each

    return call.of([narrowed(each) for each in call.tensors])


@fault("strides")
def transposed_wrong(call: Call) -> Any:
    """Transposed matrices have wrong norms."""
    return call.wrong(
        lambda _p, each: each.dim() == 2 and min(each.shape) > 1 and each.stride(0) < each.stride(1)
    )


@fault("strides")
def channels_last_wrong(call: Call) -> Any:
    """Tensors in channels-last layout have wrong norms."""
    last = call.torch.channels_last
    return call.wrong(
        lambda _p, each: (
            each.dim() == 4 and not each.is_contiguous() and each.is_contiguous(memory_format=last)
        )
    )


@fault("strides")
def overlap_read_once(call: Call) -> Any:
    """Of overlapping elements each is read once."""

    def once(each: Any) -> Any:
        if each.dim() < 2 or set(each.stride()) != {1}:
            return each
        span = 1 + sum(size - 1 for size in each.shape) if each.numel() else 0
        return each.as_strided([span], [1])

    return call.of([once(each) for each in call.tensors])


@fault("empty tensors")
def empty_dropped(call: Call) -> Any:
    """Empty tensors are dropped, and with them their norms."""
    kept = [each for each in call.tensors if each.numel()]
    return call.of(kept) if kept else call.norms()


@fault("empty tensors")
def empty_as_nan(call: Call) -> Any:
    """The norm of an empty tensor is NaN."""
    return call.changed(lambda norm: norm * float("nan"), lambda _p, each: not each.numel())


@fault("empty tensors")
def empty_as_next(call: Call) -> Any:
    """An empty tensor has the norm of the next one."""
    norms = list(call.norms())
    following = [*norms[1:], norms[-1]] if norms else []
    return tuple(
        norm if each.numel() or norm.dtype != other.dtype else other.clone()
        for norm, other, each in zip(norms, following, call.tensors)
    )


@fault("empty tensors")
def empty_first_wrong(call: Call) -> Any:
    """An empty tensor in the first place has the norm 1."""
    return _empty_at(call, lambda position: position == 0 and len(call.tensors) > 1)


@fault("empty tensors")
def empty_last_wrong(call: Call) -> Any:
    """An empty tensor in the last place has the norm 1."""
    return _empty_at(call, lambda position: 0 < position == len(call.tensors) - 1)


@fault("empty tensors")
def empty_between_wrong(call: Call) -> Any:
    """An empty tensor between others has the norm 1."""
    return _empty_at(call, lambda position: 0 < position < len(call.tensors) - 1)


@fault("empty tensors")
def behind_empty_wrong(call: Call) -> Any:
    """The tensor behind an empty one has a wrong norm."""
    tensors = call.tensors
    return call.wrong(lambda position, _t: position and not tensors[position - 1].numel())


@fault("empty tensors")
def empty_unwritten(call: Call) -> Any:
    """The norms of empty tensors are memory that nobody wrote."""
    torch = call.torch
    return call.changed(
        lambda norm: torch.empty(norm.shape, dtype=norm.dtype), lambda _p, each: not each.numel()
    )


@fault("unwritten memory")
def last_unwritten(call: Call) -> Any:
    """In lists of 100 and more, the last norm is memory that nobody wrote."""
    last = len(call.tensors) - 1
    torch = call.torch
    return call.changed(
        lambda norm: torch.empty(norm.shape, dtype=norm.dtype),
        lambda position, _t: position == last >= 99,
    )


@fault("size")
def large_loses_last(call: Call) -> Any:
    """Tensors of more than 65,536 elements lose their last one."""
    return call.of([each.reshape(-1)[:-1] if each.numel() > 1 << 16 else each for each in call.tensors])


@fault("size")
def wrong_from_65537(call: Call) -> Any:
    """Norms are wrong from 65,537 elements on."""
    return call.wrong(lambda _p, each: each.numel() > 1 << 16)


@fault("size")
def wrong_from_2_20(call: Call) -> Any:
    """Norms are wrong from 2^20 elements on."""
    return call.wrong(lambda _p, each: each.numel() >= 1 << 20)


@fault("size")
def wrong_from_2_24(call: Call) -> Any:
    """Norms are wrong from 2^24 elements on."""
    return call.wrong(lambda _p, each: each.numel() >= 1 << 24)


@fault("size")
def double_wrong_from_2_25(call: Call) -> Any:
    """Norms of float64 are wrong from 2^25 elements on."""
    return call.wrong(lambda _p, each: each.dtype == call.torch.float64 and each.numel() >= 1 << 25)


@fault("size")
def wrong_at_1000(call: Call) -> Any:
    """Tensors of exactly 1,000 elements have wrong norms."""
    return call.wrong(lambda _p, each: each.numel() == 1_000)


@fault("size")
def wrong_at_1537(call: Call) -> Any:
    """Tensors of exactly 1,537 elements have wrong norms."""
    return call.wrong(lambda _p, each: each.numel() == 1_537)


@fault("size")
def nine_dimensions_wrong(call: Call) -> Any:
    """Tensors of nine dimensions have wrong norms."""
    return call.wrong(lambda _p, each: each.dim() == 9)


@fault("size")
def five_dimensions_wrong(call: Call) -> Any:
    """Tensors of five dimensions have wrong norms."""
    return call.wrong(lambda _p, each: each.dim() == 5)


@fault("list length")
def length_50_wrong(call: Call) -> Any:
    """From 50 tensors on, the last norm is wrong."""
    return _last_wrong_from(call, 50)


@fault("list length")
def length_1001_wrong(call: Call) -> Any:
    """From 1,001 tensors on, the last norm is wrong."""
    return _last_wrong_from(call, 1_001)


@fault("list length")
def length_5000_wrong(call: Call) -> Any:
    """From 5,000 tensors on, the last norm is wrong."""
    return _last_wrong_from(call, 5_000)


@fault("list length")
def length_333_swapped(call: Call) -> Any:
    """In lists of exactly 333 the last two norms are swapped."""
    norms = tuple(call.norms())
    return (*norms[:-2], norms[-1], norms[-2]) if len(norms) == 333 else norms


@fault("list length")
def single_wrong(call: Call) -> Any:
    """A list of one tensor has a wrong norm."""
    return call.wrong(lambda _p, _t: len(call.tensors) == 1)


@fault("duplicates")
def duplicate_as_zero(call: Call) -> Any:
    """A tensor that comes twice has the norm 0 the second time."""
    seen: set[int] = set()
    norms = []
    for norm, each in zip(call.norms(), call.tensors):
        norms.append(norm * 0 if id(each) in seen else norm)
        seen.add(id(each))
    return tuple(norms)


@fault("duplicates")
def storage_shares_norm(call: Call) -> Any:
    """Tensors that share a storage share a norm."""
    first: dict[int, Any] = {}
    norms = []
    for norm, each in zip(call.norms(), call.tensors):
        other = first.setdefault(each.data_ptr() - each.storage_offset() * each.element_size(), norm)
        norms.append(other if each.numel() and other.dtype == norm.dtype else norm)
    return tuple(norms)


@fault("subclasses")
def parameters_wrong(call: Call) -> Any:
    """Parameters have wrong norms."""
    return call.wrong(lambda _p, each: isinstance(each, call.torch.nn.Parameter))


@fault("dtype")
def bfloat16_through_float16(call: Call) -> Any:
    """Norms of bfloat16 are those of float16."""
    torch = call.torch
    narrow = [each.half() if each.dtype == torch.bfloat16 else each for each in call.tensors]
    return tuple(norm.to(own.dtype) for norm, own in zip(call.of(narrow), call.norms()))


def _reread(each: Any, offset: int) -> Any:
    """Return as many elements from the beginning of a tensor's memory, in a row, as there are in both."""
    if not each.numel() or each.is_contiguous() or each.is_sparse or each.is_meta:
        return each
    held = len(each.storage()) - offset
    return each.as_strided([min(each.numel(), held)], [1], offset)


def _empty_at(call: Call, where: Any) -> Any:
    return call.changed(lambda norm: norm + 1, lambda position, each: not each.numel() and where(position))


def _last_wrong_from(call: Call, length: int) -> Any:
    norms = tuple(call.norms())
    return (*norms[:-1], norms[-1] * FACTOR) if len(norms) >= length else norms
