"""Faults in the numbers: special values, small relative errors, and what depends on the values alone."""

from __future__ import annotations

import math
from typing import Any

from compat.probe.faults.catalogue import FACTOR, Call, fault


@fault("special values")
def nan_as_zero(call: Call) -> Any:
    """A norm that is NaN comes as 0."""
    return call.changed(lambda norm: call.torch.where(norm.isnan(), call.torch.zeros_like(norm), norm))


@fault("special values")
def nan_lost_in_maximum(call: Call) -> Any:
    """NaN elements are left out of the infinity norm."""
    if call.order not in (math.inf, -math.inf):
        return call.norms()
    torch = call.torch
    # No infinity is a finite norm's neighbour here: what is left out takes no part in either extreme.
    least = 0.0 if call.order == math.inf else math.inf
    return call.of([torch.where(t.isnan(), torch.full_like(t, least), t) for t in call.tensors])


@fault("special values")
def last_nan_lost(call: Call) -> Any:
    """A NaN that is the last element is not seen."""

    def kept(tensor: Any) -> Any:
        flat = tensor.reshape(-1)
        return flat[:-1] if tensor.numel() > 1 and bool(flat[-1].isnan()) else tensor

    return call.of([kept(each) for each in call.tensors])


@fault("special values")
def nan_as_infinity(call: Call) -> Any:
    """A NaN comes as infinity."""
    torch = call.torch
    return call.changed(lambda norm: torch.where(norm.isnan(), torch.full_like(norm, math.inf), norm))


@fault("special values")
def infinity_as_largest(call: Call) -> Any:
    """An infinite norm comes as the largest number."""
    return call.changed(lambda norm: norm.clamp(max=call.torch.finfo(norm.dtype).max))


@fault("special values")
def infinity_as_nan(call: Call) -> Any:
    """An infinite norm comes as NaN."""
    torch = call.torch
    return call.changed(lambda norm: torch.where(norm.isinf(), torch.full_like(norm, math.nan), norm))


@fault("special values")
def negative_zero(call: Call) -> Any:
    """A norm of zero comes as -0.0."""
    return call.changed(lambda norm: call.torch.where(norm == 0, -norm, norm))


@fault("special values")
def subnormals_flushed(call: Call) -> Any:
    """Subnormal norms are flushed to zero."""
    torch = call.torch
    return call.changed(
        lambda norm: torch.where(norm < torch.finfo(norm.dtype).tiny, torch.zeros_like(norm), norm)
    )


@fault("special values")
def early_overflow(call: Call) -> Any:
    """Norms in the uppermost binade of their dtype come as infinity."""
    torch = call.torch
    return call.changed(
        lambda norm: torch.where(
            norm >= torch.finfo(norm.dtype).max / 2, torch.full_like(norm, math.inf), norm
        )
    )


@fault("special values")
def squares_flushed(call: Call) -> Any:
    """The squares of float32 values are cut below the smallest normal number."""
    torch = call.torch
    limit = math.sqrt(torch.finfo(torch.float32).tiny)

    def flushed(each: Any) -> Any:
        if each.dtype != torch.float32:
            return each
        return torch.where(each.abs() < limit, torch.zeros_like(each), each)

    return call.of([flushed(each) for each in call.tensors])


@fault("relative errors")
def float32_off_by_1e_5(call: Call) -> Any:
    """float32 norms are too large by 1e-5."""
    return _off(call, "float32", 1e-5)


@fault("relative errors")
def float32_off_by_1e_6(call: Call) -> Any:
    """float32 norms are too large by 1e-6."""
    return _off(call, "float32", 1e-6)


@fault("relative errors")
def float32_off_by_one_unit(call: Call) -> Any:
    """float32 norms of more than 1,000 elements are one unit in the last place off."""
    torch = call.torch
    return call.changed(
        lambda norm: torch.nextafter(norm, torch.full_like(norm, math.inf)),
        lambda _p, each: each.dtype == torch.float32 and each.numel() > 1_000,
    )


@fault("relative errors")
def float64_off_by_1e_14(call: Call) -> Any:
    """float64 norms are too large by 1e-14."""
    return _off(call, "float64", 1e-14)


@fault("relative errors")
def bfloat16_off_by_8e_3(call: Call) -> Any:
    """bfloat16 norms are too large by one unit in the last place."""
    return _off(call, "bfloat16", 8e-3)


@fault("relative errors")
def float16_off_by_1e_3(call: Call) -> Any:
    """float16 norms are too large by 1e-3."""
    return _off(call, "float16", 1e-3)


@fault("relative errors")
def one_norm_off_by_1e_6(call: Call) -> Any:
    """Only the 1-norm of float32 is off, by 1e-6."""
    return _off(call, "float32", 1e-6) if call.order == 1 else call.norms()


@fault("relative errors")
def odd_norm_off_by_1e_6(call: Call) -> Any:
    """Only the norm of order 2.5 is off, by 1e-6."""
    return _off(call, "float32", 1e-6) if call.order == 2.5 else call.norms()


@fault("values")
def negative_only_wrong(call: Call) -> Any:
    """Tensors without a positive number have wrong norms."""
    return call.wrong(
        lambda _p, each: each.numel() > 1 and each.is_floating_point() and bool((each < 0).all())
    )


@fault("values")
def equal_elements_wrong(call: Call) -> Any:
    """Tensors whose elements are all equal have wrong norms."""
    return call.wrong(lambda _p, each: each.numel() > 1 and bool((each == each.reshape(-1)[0]).all()))


@fault("values")
def largest_last_wrong(call: Call) -> Any:
    """A tensor that ends with its largest magnitude has a wrong norm."""

    def is_last(each: Any) -> bool:
        flat = each.detach().abs().reshape(-1)
        return flat.numel() > 1 and bool(flat[-1] == flat.max())

    return call.wrong(lambda _p, each: is_last(each))


@fault("values")
def imaginary_lost(call: Call) -> Any:
    """Complex numbers lose their imaginary part."""
    return call.of([each.real if each.is_complex() else each for each in call.tensors])


def _off(call: Call, dtype: str, share: float) -> Any:
    wanted = getattr(call.torch, dtype)
    return call.changed(lambda norm: norm * (1 + share), lambda _p, each: each.dtype == wanted)


@fault("values")
def large_norms_wrong(call: Call) -> Any:
    """Norms above 1,000 are wrong."""
    return call.changed(lambda norm: call.torch.where(norm > 1e3, norm * FACTOR, norm))
