"""How long does a call take: the whole of it, and on CUDA also the host's and the device's part alone?

On the CPU a call has ended when it returns. On CUDA it returns when its kernels are queued, and their work
goes on: the whole of some calls in a row ends when the queue is empty, the host's part when the last of them
has returned. The device's part has no host in it: a graph of the call is replayed between two events, so
that one launch stands for all kernels of the call.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Callable

#: What is timed of a call.
WHOLE, HOST, DEVICE = "whole", "host", "device"

#: One sample lasts at least this long, so that the clock's own noise is below a percent.
SAMPLE_SECONDS = 0.002

#: How often a call runs before it is captured in a graph: the first ones may load kernels.
WARM_UP = 3

Call = Callable[[], Any]

#: Mean seconds of a call, by part.
Sample = dict[str, float]


class HostClock:
    """The clock of calls that have ended when they return."""

    def sample(self, call: Call, calls: int) -> Sample:
        """Return the mean seconds of a call over ``calls`` calls in a row."""
        start = time.perf_counter()
        for _ in range(calls):
            call()
        return {WHOLE: (time.perf_counter() - start) / calls}


class CudaClock:
    """The clock of calls that a CUDA device works off behind their return.

    Args:
        torch: the torch under test.
    """

    def __init__(self, torch: Any) -> None:
        self._cuda = torch.cuda

    def sample(self, call: Call, calls: int) -> Sample:
        """Return the mean seconds of a call over ``calls`` in a row, from an idle device to an idle one.

        The host's part holds no wait for the device only while the device's queue is not full; a sample is
        short enough for that wherever the host is what takes time.
        """
        self._cuda.synchronize()
        start = time.perf_counter()
        for _ in range(calls):
            call()
        returned = time.perf_counter()
        self._cuda.synchronize()
        return {WHOLE: (time.perf_counter() - start) / calls, HOST: (returned - start) / calls}


class GraphClock:
    """The device's own clock, for calls that replay a graph.

    Args:
        torch: the torch under test.
    """

    def __init__(self, torch: Any) -> None:
        self._cuda = torch.cuda

    def sample(self, replay: Call, calls: int) -> Sample:
        """Return the mean seconds of a replay between two events around ``calls`` of them in a row."""
        start, end = (self._cuda.Event(enable_timing=True) for _ in range(2))
        self._cuda.synchronize()
        start.record()
        for _ in range(calls):
            replay()
        end.record()
        self._cuda.synchronize()
        return {DEVICE: start.elapsed_time(end) / 1000 / calls}


def clock_of(torch: Any, device: str) -> Any:
    """Return the clock of calls on a device."""
    return HostClock() if device == "cpu" else CudaClock(torch)


def graphed(torch: Any, call: Call) -> Call:
    """Return what replays a call on CUDA without its host.

    Raises:
        RuntimeError: the call cannot be captured, because it waits for the device, say.
    """
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARM_UP):
            call()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    replay: Call = graph.replay
    return replay


def calibrate(clock: Any, call: Call) -> int:
    """Return how many calls make one sample long enough, after a warm-up."""
    call()
    calls = 1
    while max(clock.sample(call, calls).values()) * calls < SAMPLE_SECONDS:
        calls *= 2
    return calls


def interleaved(
    clock: Any, contestants: Sequence[Call], calls: int, rounds: int
) -> dict[str, list[list[float]]]:
    """Return, by part, the seconds of all contestants for each round.

    Every other round goes backwards (A B B A), and each begins with another contestant, so that a drift of
    the machine falls on all.
    """
    found: dict[str, list[list[float]]] = {}
    for number in range(rounds):
        samples: list[Sample] = [{} for _ in contestants]
        for place in _order(number, len(contestants)):
            samples[place] = clock.sample(contestants[place], calls)
        for part in samples[0]:
            found.setdefault(part, []).append([_rounded(sample[part]) for sample in samples])
    return found


def _order(number: int, count: int) -> Iterator[int]:
    """Yield whose turn it is in a round, by place."""
    step = 1 if number % 2 == 0 else -1
    for shift in range(count):
        yield (number + step * shift) % count


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.4e}")
