"""Faults that depend on how the call is surrounded: by a mode of autograd, of autocast, of determinism."""

from __future__ import annotations

import os
from typing import Any

from compat.probe.faults.catalogue import FACTOR, Call, fault

#: The process that planted the faults.
_HERE = os.getpid()


@fault("modes")
def wrong_without_grad(call: Call) -> Any:
    """Inside no_grad the norms are wrong."""
    return _wrong_if(call, not call.torch.is_grad_enabled())


@fault("modes")
def wrong_with_grad_on(call: Call) -> Any:
    """Outside no_grad the norms of what requires no gradient are wrong, in lists of more than 40."""
    plain = not any(each.requires_grad for each in call.tensors)
    return _wrong_if(call, call.torch.is_grad_enabled() and plain and len(call.tensors) > 40)


@fault("modes")
def wrong_where_gradients_are_required(call: Call) -> Any:
    """The norms of what requires gradients are wrong."""
    return call.wrong(lambda _p, each: each.requires_grad)


@fault("modes")
def wrong_in_inference_mode(call: Call) -> Any:
    """In inference mode the norms are wrong."""
    return _wrong_if(call, call.torch.is_inference_mode_enabled())


@fault("modes")
def wrong_in_autocast(call: Call) -> Any:
    """Under autocast the norms come in bfloat16's precision."""
    torch = call.torch
    one = torch.ones(1, 1)
    if torch.mm(one, one).dtype == torch.float32:
        return call.norms()
    return call.changed(lambda norm: norm.bfloat16().to(norm.dtype))


@fault("modes")
def wrong_when_deterministic(call: Call) -> Any:
    """With deterministic algorithms the norms are wrong."""
    return _wrong_if(call, call.torch.are_deterministic_algorithms_enabled())


@fault("modes")
def wrong_on_several_threads(call: Call) -> Any:
    """With more than one thread of torch's, norms of large tensors are wrong."""
    several = call.torch.get_num_threads() > 1
    return call.wrong(lambda _p, each: several and each.numel() > 32_768)


@fault("modes")
def wrong_behind_fork(call: Call) -> Any:
    """In a forked process the norms are wrong."""
    return _wrong_if(call, os.getpid() != _HERE)


def _wrong_if(call: Call, condition: bool) -> Any:  # noqa: FBT001 - what the fault depends on
    return tuple(norm * FACTOR for norm in call.norms()) if condition else call.norms()
