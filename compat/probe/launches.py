"""Does a long list come out right, whatever the launches that it takes, and the queue that they wait in?

On CUDA a list is cut into launches of some tensors each, and a tensor into chunks; an empty tensor has no
chunk. The lists are built so that each border has an empty tensor before, on and behind it. On the CPU there
are no launches, and the lists come out right all the same.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any, Callable

from compat.probe.context import Context

#: After so many tensors multi_tensor_apply and the kernels behind it have begun another launch.
BORDERS = (30, 36, 48, 64, 110, 320, 512)


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what calls about launches and queues may use."""
    torch, function, device = context.torch, context.function, context.device

    def numbered(length: int, empty: Callable[[int], bool]) -> tuple[list[Any], list[float]]:
        """A list of one-element tensors that hold their place, some of them empty, and the norms of it."""
        values = [0.0 if empty(place) else 1.0 + place % 100 for place in range(length)]
        return [torch.tensor([value] if value else [], device=device) for value in values], values

    def misplaced(length: int, empty: Callable[[int], bool], order: float = 2) -> list[int]:
        """The places of the norms that are wrong where some tensors are empty; none is right."""
        tensors, values = numbered(length, empty)
        given = torch.stack(list(function(tensors, order))).tolist()
        return [place for place, pair in enumerate(zip(given, values)) if pair[0] != pair[1]]

    def misplaced_beside_one(length: int) -> list[int]:
        """The places at which one empty tensor makes any norm of the list wrong."""
        tensors, values = numbered(length, lambda _: False)
        nothing = torch.zeros(0, device=device)
        wrong = []
        for place in borders(length):
            listed = [*tensors[:place], nothing, *tensors[place + 1 :]]
            expected = [*values[:place], 0.0, *values[place + 1 :]]
            if torch.stack(list(function(listed))).tolist() != expected:
                wrong.append(place)
        return wrong

    def chunked(elements: list[int]) -> list[float]:
        """The norms of tensors of so many ones, squared."""
        made = [torch.ones(count, dtype=torch.float64, device=device) for count in elements]
        return [float(round(norm.item() ** 2)) for norm in function(made)]

    return {
        "borders": borders,
        "misplaced": misplaced,
        "misplaced_beside_one": misplaced_beside_one,
        "chunked": chunked,
        **_queues(torch),
    }


def borders(length: int) -> list[int]:
    """Return the places of a list around which a launch may end, its first and its last among them."""
    multiples = (border * number for border in BORDERS for number in range(1, length // border + 1))
    near = {edge + step for edge in multiples for step in (-1, 0, 1)}
    return sorted(place for place in {0, length - 1, *near} if 0 <= place < length)


def _queues(torch: Any) -> dict[str, Callable[..., Any]]:
    def without_waiting(call: Callable[[], Any]) -> Any:
        """What a call gives where every wait of the host for the device is an error."""
        with _errors_for_waiting(torch):
            return call()

    def on_side_stream(call: Callable[[], Any]) -> Any:
        """What a call gives on another stream than the default one, which is waited for."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            given = call()
        torch.cuda.current_stream().wait_stream(stream)
        torch.cuda.synchronize()
        return given

    def replayed(call: Callable[[Any], Any], tensors: list[Any], *others: list[Any]) -> list[list[float]]:
        """The norms of other lists by the graph that a call was captured in, which has memory of its own.

        The first call warms up, on a side stream, as capturing requires.
        """
        on_side_stream(lambda: call(tensors))
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            given = call(tensors)
        replays = []
        for other in others:
            for tensor, values in zip(tensors, other):
                tensor.copy_(values)
            graph.replay()
            torch.cuda.synchronize()
            replays.append([norm.item() for norm in given])
        return replays

    return {"without_waiting": without_waiting, "on_side_stream": on_side_stream, "replayed": replayed}


@contextlib.contextmanager
def _errors_for_waiting(torch: Any) -> Iterator[None]:
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.synchronize()
    _have_waits_told(torch, "error")
    try:
        yield
    finally:
        _have_waits_told(torch, before)


def _have_waits_told(torch: Any, mode: Any) -> None:
    """Set what becomes of a wait, without torch's warning that not every wait is seen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.cuda.set_sync_debug_mode(mode)
