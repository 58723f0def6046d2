"""Which ways of being wrong does the probe have to notice? Faults to plant into the function under test.

A fault wraps the real function of a real torch, so that everything but the fault stays as it is. The
probe plants one when it is told to (``--plant NAME``); its record says so and is never evidence.
"""

from __future__ import annotations

import functools
import os
from typing import Any

from compat.probe.faults import arguments, behaviour, effects, inputs, modes, numbers, results
from compat.probe.faults.catalogue import Call, Fault, faults_of

#: The environment variable that tells every process of a probe which fault to plant.
PLANT = "COMPAT_PLANT"

#: The wrapper alone: what is seen of it is no finding about a fault.
HARMLESS = "harmless"


def _harmless(call: Call) -> Any:
    return call.norms()


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for module in (arguments, results, numbers, inputs, effects, modes, behaviour)
    for fault in faults_of(module)
}


def order(name: str | None) -> None:
    """Have this fault, or none, planted by every process that this one starts."""
    os.environ.pop(PLANT, None)  # none that is left over: its record would not say so
    if name is not None:
        os.environ[PLANT] = name


def plant_ordered(torch: Any, api: str) -> None:
    """Plant the fault that was ordered, if one was."""
    name = os.environ.get(PLANT)
    if name:
        plant(torch, api, name)


def plant(torch: Any, api: str, name: str) -> None:
    """Put a fault in the function's place in this process, before anything has looked it up.

    Raises:
        LookupError: there is no such fault, or no such function here to plant it into.
    """
    if name != HARMLESS and name not in FAULTS:
        message = f"no fault {name!r}; there is {', '.join([HARMLESS, *FAULTS])}"
        raise LookupError(message)
    *path, attribute = api.split(".")[1:]
    owner = functools.reduce(getattr, path, torch)
    if not hasattr(owner, attribute):
        message = f"torch {torch.__version__} has no {api} to plant {name!r} into"
        raise LookupError(message)
    wrong = _harmless if name == HARMLESS else FAULTS[name]
    setattr(owner, attribute, wrapped(torch, getattr(owner, attribute), wrong))


def wrapped(torch: Any, real: Any, wrong: Any) -> Any:
    """Return a function that answers in place of the real one as a fault does."""
    state: dict[Any, Any] = {"calls": 0}

    @functools.wraps(real, assigned=("__name__", "__doc__"), updated=())
    def planted(*args: Any, **kwargs: Any) -> Any:
        state["calls"] += 1
        return wrong(Call(torch, real, args, kwargs, state))

    return planted
