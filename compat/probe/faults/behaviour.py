"""Faults of the run: now and then, from the second call on, never to return, dead, hungry or slow."""

from __future__ import annotations

import ctypes
import os
import random
import threading
import time
from typing import Any

from compat.probe.faults.catalogue import FACTOR, Call, fault

#: Its own, so that planting does not move the numbers that others draw.
_CHANCE = random.Random()  # noqa: S311 - not a secret

_LEAKED: list[bytearray] = []


@fault("non-determinism")
def wrong_1_in_200(call: Call) -> Any:
    """One call in 200 gives wrong norms."""
    return _sometimes_wrong(call, 200)


@fault("non-determinism")
def wrong_1_in_1000(call: Call) -> Any:
    """One call in 1,000 gives wrong norms."""
    return _sometimes_wrong(call, 1_000)


@fault("non-determinism")
def wrong_1_in_5000(call: Call) -> Any:
    """One call in 5,000 gives wrong norms."""
    return _sometimes_wrong(call, 5_000)


@fault("non-determinism")
def wrong_from_call_20000(call: Call) -> Any:
    """From the 20,000th call of a process on, norms are wrong."""
    return call.wrong(lambda _p, _t: call.state["calls"] >= 20_000)


@fault("non-determinism")
def raises_1_in_500(call: Call) -> Any:
    """One call in 500 raises."""
    if _CHANCE.random() < 1 / 500:
        raise RuntimeError("resource temporarily unavailable")
    return call.norms()


@fault("non-determinism")
def first_call_wrong(call: Call) -> Any:
    """The first call of a process gives wrong norms."""
    return call.wrong(lambda _p, _t: call.state["calls"] == 1)


@fault("non-determinism")
def remembered_by_address(call: Call) -> Any:
    """Norms are remembered by the address of the tensor."""
    norms = []
    for norm, each in zip(call.norms(), call.tensors):
        if not each.numel() or each.is_sparse or each.is_meta or norm.requires_grad:
            norms.append(norm)
            continue
        key = (each.data_ptr(), each.dtype, tuple(each.shape), call.order)
        norms.append(call.state.setdefault(key, norm.clone()).clone())
    return tuple(norms)


@fault("threads")
def main_thread_only(call: Call) -> Any:
    """Outside the main thread the norms are wrong."""
    return call.wrong(lambda _p, _t: threading.current_thread() is not threading.main_thread())


@fault("threads")
def not_reentrant(call: Call) -> Any:
    """Two calls at once give each other's norms."""
    norms = tuple(call.norms())
    call.state["last"] = norms
    time.sleep(0)  # another thread may run here, as it may between two kernels
    last = call.state["last"]
    return last if len(last) == len(norms) else norms


@fault("death")
def aborts(call: Call) -> Any:
    """Every call aborts the process."""
    os.abort()
    return call


@fault("death")
def aborts_on_empty_between(call: Call) -> Any:
    """An empty tensor between others aborts the process."""
    if any(not each.numel() for each in call.tensors[1:-1]):
        os.abort()
    return call.norms()


@fault("death")
def segfaults_on_five_dimensions(call: Call) -> Any:
    """A tensor of five dimensions is a segmentation fault."""
    if any(each.dim() == 5 for each in call.tensors):
        ctypes.string_at(0)
    return call.norms()


@fault("death")
def exits_on_nan(call: Call) -> Any:
    """A NaN ends the process as if all were well."""
    norms = call.norms()
    if any(bool(norm.isnan()) for norm in norms if not norm.is_meta):
        os._exit(0)
    return norms


@fault("death")
def system_exit_on_complex(call: Call) -> Any:
    """A complex tensor raises SystemExit."""
    if any(each.is_complex() for each in call.tensors):
        raise SystemExit(0)
    return call.norms()


@fault("hanging")
def hangs(call: Call) -> Any:
    """No call ever returns."""
    time.sleep(1e6)
    return call


@fault("hanging")
def hangs_on_two_empty(call: Call) -> Any:
    """A list of exactly two empty tensors never returns."""
    if [each.numel() for each in call.tensors] == [0, 0]:
        time.sleep(1e6)
    return call.norms()


@fault("memory")
def leaks_megabyte(call: Call) -> Any:
    """Each call keeps a megabyte for good."""
    _LEAKED.append(bytearray(os.urandom(1 << 10) * (1 << 10)))
    return call.norms()


@fault("memory")
def keeps_inputs(call: Call) -> Any:
    """Each call keeps its list alive."""
    call.state.setdefault("kept", []).append(call.tensors)
    return call.norms()


@fault("slowness")
def sleeps(call: Call) -> Any:
    """Each call takes 20 milliseconds more."""
    time.sleep(0.02)
    return call.norms()


@fault("slowness")
def quadratic(call: Call) -> Any:
    """Time and operators grow with the square of the list's length."""
    norms = call.norms()
    for _ in range(len(call.tensors) ** 2 // 50):
        norms[0].detach()
    return norms


def _sometimes_wrong(call: Call, calls: int) -> Any:
    unlucky = _CHANCE.random() < 1 / calls
    return tuple(norm * FACTOR for norm in call.norms()) if unlucky else call.norms()
