"""Faults in what the call does beside returning: to its inputs, to gradients, to the process."""

from __future__ import annotations

import random
import warnings
from typing import Any

from compat.probe.faults.catalogue import Call, fault


@fault("mutation")
def inputs_doubled(call: Call) -> Any:
    """The inputs are doubled in place."""
    norms = call.norms()
    with call.torch.no_grad():
        for each in call.tensors:
            _write(lambda each=each: each.mul_(2))
    return norms


@fault("mutation")
def version_counted(call: Call) -> Any:
    """The inputs are written to, with the numbers that they have."""
    norms = call.norms()
    with call.torch.no_grad():
        for each in call.tensors:
            _write(lambda each=each: each.mul_(1))
    return norms


@fault("mutation")
def signs_lost(call: Call) -> Any:
    """The inputs' signs are lost, behind the version counter's back."""
    norms = call.norms()
    for each in call.tensors:
        _write(lambda each=each: each.data.abs_())
    return norms


@fault("mutation")
def subnormal_inputs_zeroed(call: Call) -> Any:
    """Subnormal inputs are set to zero."""
    norms = call.norms()
    for each in call.tensors:
        if each.is_floating_point():
            tiny = call.torch.finfo(each.dtype).tiny
            _write(lambda each=each, tiny=tiny: each.data.masked_fill_(each.data.abs() < tiny, 0))
    return norms


@fault("mutation")
def list_reversed(call: Call) -> Any:
    """The caller's list is reversed."""
    norms = call.norms()
    if isinstance(call.given, list):
        call.given.reverse()
    return norms


@fault("mutation")
def grad_forgotten(call: Call) -> Any:
    """The inputs' gradients are forgotten."""
    for each in call.tensors:
        if each.is_leaf:
            each.grad = None
    return call.norms()


@fault("mutation")
def inputs_require_grad(call: Call) -> Any:
    """The inputs require gradients from now on."""
    norms = call.norms()
    for each in call.tensors:
        if each.is_leaf and each.is_floating_point():
            each.requires_grad_()
    return norms


@fault("gradients")
def detached(call: Call) -> Any:
    """The norms are detached."""
    return tuple(norm.detach() for norm in call.norms())


@fault("gradients")
def gradient_doubled(call: Call) -> Any:
    """The gradient is doubled."""
    return tuple(norm * 2 - norm.detach() if norm.requires_grad else norm for norm in call.norms())


@fault("gradients")
def gradient_lost_behind_64(call: Call) -> Any:
    """From the 65th tensor of a list on, the norm has no gradient."""
    return call.changed(lambda norm: norm.detach(), lambda position, _t: position >= 64)


@fault("gradients")
def grad_inside_no_grad(call: Call) -> Any:
    """Inside no_grad the norms require gradients."""
    if any(each.requires_grad for each in call.tensors):
        with call.torch.enable_grad():
            return call.norms()
    return call.norms()


@fault("gradients")
def second_derivative_lost(call: Call) -> Any:
    """The second derivative is lost."""
    pairs = zip(call.norms(), call.tensors)
    return tuple(_constant_slope(norm, each) if norm.requires_grad else norm for norm, each in pairs)


@fault("process")
def default_dtype_changed(call: Call) -> Any:
    """The default dtype becomes float64."""
    call.torch.set_default_dtype(call.torch.float64)
    return call.norms()


@fault("process")
def threads_changed(call: Call) -> Any:
    """Torch computes on two threads from now on."""
    call.torch.set_num_threads(2)
    return call.norms()


@fault("process")
def torch_random_moved(call: Call) -> Any:
    """Torch's random numbers go on."""
    call.torch.rand(1)
    return call.norms()


@fault("process")
def python_random_seeded(call: Call) -> Any:
    """Python's random numbers begin anew."""
    random.seed(0)
    return call.norms()


@fault("process")
def grad_mode_left_off(call: Call) -> Any:
    """Gradients stay switched off."""
    norms = call.norms()
    call.torch.set_grad_enabled(False)
    return norms


@fault("process")
def flushing_left_on(call: Call) -> Any:
    """Subnormal numbers are flushed from now on, everywhere."""
    norms = call.norms()
    call.torch.set_flush_denormal(True)
    return norms


@fault("process")
def prints(call: Call) -> Any:
    """It writes to standard output."""
    print("norms!")
    return call.norms()


@fault("warnings")
def warns(call: Call) -> Any:
    """Every call warns."""
    warnings.warn("torch._foreach_norm is deprecated", FutureWarning, stacklevel=3)
    return call.norms()


@fault("warnings")
def warns_once(call: Call) -> Any:
    """The first call of a process warns."""
    if call.state["calls"] == 1:
        warnings.warn("torch._foreach_norm is experimental", UserWarning, stacklevel=3)
    return call.norms()


def _write(how: Any) -> None:
    """Write, where that can be: not to a tensor of inference mode, nor to one that is expanded."""
    try:
        how()
    except RuntimeError:
        return


def _constant_slope(norm: Any, each: Any) -> Any:
    """Return the norm as a function of the tensor with the right slope and no curvature."""
    slope = each.detach() / norm.detach()
    return (each * slope).sum() - (each.detach() * slope).sum() + norm.detach()
