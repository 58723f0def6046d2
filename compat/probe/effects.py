"""Level 6: what the call does beside returning: to its inputs, to memory, from run to run and thread.

What it does to autograd, tracers, compilers, sharded tensors and a device's queue has a module each.
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

from compat.probe import compiling, differentiation, distribution, endurance, launches, layouts, tracing
from compat.probe.cases import Materialiser, bytes_of
from compat.probe.context import Context
from compat.probe.silence import silence, silently

REPEATS = 20

#: How many threads call at once, or are given to one call.
CALLERS = 4
THREADS = (1, 2, 4)


def steps(_context: Context) -> tuple[()]:
    """This level has nothing to measure but its questions."""
    return ()


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, function = context.torch, context.function

    return {
        **_modes(torch),
        "silently": silently,
        "views": functools.partial(layouts.views, torch, context.device),
        **_memory(torch, function),
        **_repetition(torch, function, context.device),
        **endurance.helpers(context),
        **differentiation.helpers(context),
        **tracing.helpers(context),
        **compiling.helpers(context),
        **distribution.helpers(context),
        **launches.helpers(context),
    }


def _modes(torch: Any) -> dict[str, Callable[..., Any]]:
    def inside(mode: str, call: Callable[[], Any]) -> Any:
        with getattr(torch, mode)():
            return call()

    def inside_anomaly(call: Callable[[], Any]) -> Any:
        with silence(), torch.autograd.set_detect_anomaly(True):  # its warnings hold our call stack
            return call()

    def autocast(call: Callable[[], Any]) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return call()

    def deterministic(call: Callable[[], Any]) -> Any:
        before = torch.are_deterministic_algorithms_enabled()
        torch.use_deterministic_algorithms(True)  # noqa: FBT003 - torch's own signature
        try:
            return call()
        finally:
            torch.use_deterministic_algorithms(before)

    return {
        "inside": inside,
        "inside_anomaly": inside_anomaly,
        "autocast": autocast,
        "deterministic": deterministic,
    }


def _memory(torch: Any, function: Any) -> dict[str, Callable[..., Any]]:
    def inputs_unchanged(tensors: list[Any], order: float = 2) -> bool:
        """Whether the call leaves every byte, the strides and the version counter of its inputs alone."""
        before = [_state(tensor) for tensor in tensors]
        function(tensors, order)
        return before == [_state(tensor) for tensor in tensors]

    def list_unchanged(tensors: list[Any]) -> bool:
        """Whether the call leaves the list alone: the same objects in the same places."""
        before = list(map(id, tensors))
        function(tensors)
        return before == list(map(id, tensors))

    def results_independent(tensors: list[Any]) -> bool:
        """Whether writing to one result leaves the other results and the inputs alone."""
        results = function(tensors)
        inputs = [tensor.clone() for tensor in tensors]
        others = [result.clone() for result in results[1:]]
        results[0].fill_(-1.0)
        return all(torch.equal(a, b) for a, b in zip(results[1:], others)) and all(
            torch.equal(a, b) for a, b in zip(tensors, inputs)
        )

    def storages(tensors: list[Any]) -> int:
        """How many places in memory the results have, apart from those of the inputs."""
        results = function(tensors)
        places = {_place(result) for result in results}
        return len(places - {_place(tensor) for tensor in tensors})

    return {
        "inputs_unchanged": inputs_unchanged,
        "list_unchanged": list_unchanged,
        "results_independent": results_independent,
        "storages": storages,
    }


def _repetition(torch: Any, function: Any, device: str) -> dict[str, Callable[..., Any]]:
    materialiser = functools.cache(lambda: Materialiser(torch, device))

    def gradients(elements: int, length: int, dtype: str = "float32") -> list[Any]:
        make = materialiser().tensor
        return [make(dtype, [elements], "contiguous", "gradient", seed) for seed in range(length)]

    def bits(tensors: list[Any], order: float = 2) -> list[float]:
        return [result.item() for result in function(tensors, order)]

    def repeats_alike(elements: int, length: int, dtype: str = "float32", order: float = 2) -> bool:
        """Whether repeated calls on the same list give the same bits."""
        tensors = gradients(elements, length, dtype)
        first = bits(tensors, order)
        return all(bits(tensors, order) == first for _ in range(REPEATS))

    def callers_alike(elements: int, length: int) -> bool:
        """Whether calls from several Python threads at once give each the bits of a call alone."""
        lists = [gradients(elements, length)[place:] for place in range(CALLERS)]
        alone = [bits(tensors) for tensors in lists]
        with ThreadPoolExecutor(CALLERS) as pool:
            return all(list(pool.map(bits, lists)) == alone for _ in range(REPEATS))

    def threads_alike(elements: int, length: int) -> dict[int, bool]:
        """By the number of threads that torch may use, whether the bits are those of one thread."""
        tensors, before = gradients(elements, length), torch.get_num_threads()
        try:
            return {count: _with_threads(torch, count, bits, tensors) == bits(tensors) for count in THREADS}
        finally:
            torch.set_num_threads(before)

    return {"repeats_alike": repeats_alike, "callers_alike": callers_alike, "threads_alike": threads_alike}


def _with_threads(torch: Any, count: int, call: Callable[[Any], Any], argument: Any) -> Any:
    torch.set_num_threads(count)
    try:
        return call(argument)
    finally:
        torch.set_num_threads(1)


def _state(tensor: Any) -> tuple[Any, ...]:
    return bytes_of(tensor.cpu()), tensor._version, tensor.stride(), tensor.requires_grad


def _place(tensor: Any) -> int:
    storage = getattr(tensor, "untyped_storage", tensor.storage)
    place: int = storage().data_ptr()
    return place
