"""Faults in what the function makes of its arguments: order, keywords, containers, and what it refuses."""

from __future__ import annotations

import math
from typing import Any

from compat.probe.faults.catalogue import FACTOR, Call, fault


@fault("order")
def order_ignored(call: Call) -> Any:
    """The order is ignored: every norm is the 2-norm."""
    return call.of(call.tensors, 2)


@fault("order")
def order_off_by_one(call: Call) -> Any:
    """A finite order counts as the next one."""
    return call.of(call.tensors, call.order + 1 if math.isfinite(_number(call)) else call.order)


@fault("order")
def order_infinity_as_64(call: Call) -> Any:
    """Infinity is taken for the large number 64."""
    return call.of(call.tensors, 64.0 if _number(call) == math.inf else call.order)


@fault("order")
def order_minus_infinity_as_infinity(call: Call) -> Any:
    """Minus infinity is taken for infinity."""
    return call.of(call.tensors, math.inf if _number(call) == -math.inf else call.order)


@fault("order")
def order_default_one(call: Call) -> Any:
    """Without an order, the 1-norm is taken."""
    given = len(call.args) > 1 or "ord" in call.kwargs
    return call.norms() if given else call.of(call.tensors, 1)


@fault("order")
def order_zero_as_default(call: Call) -> Any:
    """Order 0 is taken for no order: the 2-norm."""
    return call.of(call.tensors, call.order or 2)


@fault("order")
def order_truncated(call: Call) -> Any:
    """A fraction as an order is cut to a whole number."""
    whole = int(_number(call)) if math.isfinite(_number(call)) else call.order
    return call.of(call.tensors, whole)


@fault("order")
def order_sign_lost(call: Call) -> Any:
    """A negative finite order loses its sign."""
    return call.of(call.tensors, abs(call.order) if -math.inf < _number(call) < 0 else call.order)


@fault("order")
def order_two_as_float(call: Call) -> Any:
    """The order 2.0, as a float, gives another norm than 2."""
    return call.wrong(lambda _p, _t: isinstance(call.order, float) and call.order == 2)


@fault("order")
def order_keyword_ignored(call: Call) -> Any:
    """An order given by keyword is ignored."""
    return call.of(call.tensors, 2) if "ord" in call.kwargs else call.norms()


@fault("keywords")
def keywords_refused(call: Call) -> Any:
    """Keywords are refused."""
    if call.kwargs:
        raise TypeError("_foreach_norm() takes no keyword arguments")
    return call.norms()


@fault("keywords")
def keyword_renamed(call: Call) -> Any:
    """The order's keyword has become `order`."""
    if "ord" in call.kwargs:
        raise TypeError("_foreach_norm() got an unexpected keyword argument 'ord'")
    return call.norms()


@fault("keywords")
def keyword_path_wrong(call: Call) -> Any:
    """A call with keywords gives other norms."""
    return call.wrong(lambda _p, _t: call.kwargs)


@fault("dtype")
def dtype_keyword_ignored(call: Call) -> Any:
    """dtype= is ignored."""
    return call.real(call.tensors, call.order)


@fault("dtype")
def dtype_keyword_too_late(call: Call) -> Any:
    """dtype= only converts the result; the norm is computed as without it."""
    wanted = call.rest.get("dtype")
    norms = call.real(call.tensors, call.order)
    return norms if wanted is None else tuple(norm.to(wanted) for norm in norms)


@fault("container")
def tuple_path_wrong(call: Call) -> Any:
    """A tuple of tensors gives other norms than a list."""
    return call.wrong(lambda _p, _t: isinstance(call.given, tuple))


@fault("container")
def tuple_refused(call: Call) -> Any:
    """A tuple of tensors is refused."""
    if isinstance(call.given, tuple):
        raise TypeError("_foreach_norm(): argument 'self' must be a list of Tensors, not tuple")
    return call.norms()


@fault("errors")
def empty_list_other_way(call: Call) -> Any:
    """An empty list gives an empty tuple where it gave an error, or an error where it gave none."""
    if call.given:
        return call.norms()
    try:
        call.norms()
    except RuntimeError:
        return ()
    raise RuntimeError("Tensor list must have at least one tensor.")


@fault("errors")
def empty_list_other_error(call: Call) -> Any:
    """An empty list raises another type of error."""
    if not call.given:
        raise IndexError("list index out of range")
    return call.norms()


@fault("errors")
def mixed_dtypes_refused(call: Call) -> Any:
    """Mixed dtypes are refused."""
    if len({each.dtype for each in call.tensors}) > 1:
        raise RuntimeError("All tensors in the tensor list must have the same dtype.")
    return call.norms()


@fault("errors")
def errors_swallowed(call: Call) -> Any:
    """What the real function refuses gives zeros."""
    try:
        return call.norms()
    except Exception:  # noqa: BLE001 - this is the fault
        return tuple(call.torch.zeros(()) for _ in call.tensors)


@fault("errors")
def integers_accepted(call: Call) -> Any:
    """Integers are accepted, and their norm cut to an integer."""
    if call.tensors and not any(each.is_floating_point() or each.is_complex() for each in call.tensors):
        return tuple(
            norm.to(each.dtype)
            for norm, each in zip(call.of([t.double() for t in call.tensors]), call.tensors)
        )
    return call.norms()


@fault("mixed dtypes")
def mixed_dtypes_as_first(call: Call) -> Any:
    """In a list of mixed dtypes all norms have the first one's dtype."""
    return tuple(norm.to(call.tensors[0].dtype) for norm in call.norms())


@fault("mixed dtypes")
def mixed_dtypes_wrong(call: Call) -> Any:
    """Where dtypes are mixed, norms of the second dtype are wrong."""
    return call.wrong(lambda _p, each: each.dtype != call.tensors[0].dtype)


@fault("order")
def order_true_wrong(call: Call) -> Any:
    """True as an order gives another norm than 1, also where torch refuses it."""
    if call.order is True:
        return tuple(each.abs().sum() * FACTOR for each in call.tensors)
    return call.norms()


def _number(call: Call) -> float:
    """The order as a number; NaN, which equals nothing, where it is none."""
    return float(call.order) if isinstance(call.order, (int, float)) else math.nan
