"""What do many calls leave behind? Do calls hold where programs put them: first of all, forked, at once?"""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable

from compat.probe import fresh, tolerances
from compat.probe.cases import Materialiser
from compat.probe.context import Context

#: Calls before memory is looked at, so that what is kept once for all is there, and calls between looks.
WARM_UP, CALLS = 200, 2000

#: Allocators keep some pages, and threads come and go; five kilobytes, or a tenth of a file, a call is more.
GROWTH_BYTES, GROWTH_RESOURCES = 8 << 20, CALLS // 10

#: How often the process is given the chance to show that it does not grow.
ATTEMPTS = 3

#: Threads that call at once with lists of their own, how often, and how soon one gives way to the next.
CALLERS, ROUNDS, SWITCH_SECONDS = 4, 60, 1e-6

#: How long a forked child may take; one that hangs is a finding.
CHILD_SECONDS = 20

#: How many threads of torch's a large reduction is split over.
THREADS = 4


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, function = context.torch, context.function

    def memory_steady() -> bool:
        """Whether many calls leave the memory of the process, its threads and its open files as they were.

        What keeps something of each call does so every time; what else goes on in a process does not.
        """
        tensors = [torch.ones(3, device=context.device) for _ in range(3)]
        for _ in range(WARM_UP):
            function(tensors)
        return any(_is_steady(lambda: function(tensors)) for _ in range(ATTEMPTS))

    def callers_apart() -> bool:
        """Whether threads that call at once, with lists of one length, get each its own norms."""
        lists = [[torch.full((2,), float(place + 1), device=context.device)] * 8 for place in range(CALLERS)]
        alone = [[norm.item() for norm in function(each)] for each in lists]

        def repeated(place: int) -> bool:
            return all(
                [norm.item() for norm in function(lists[place])] == alone[place] for _ in range(ROUNDS)
            )

        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        try:
            with ThreadPoolExecutor(CALLERS) as pool:
                return all(pool.map(repeated, range(CALLERS)))
        finally:
            sys.setswitchinterval(before)

    def threads_close(elements: int) -> dict[str, bool]:
        """By dtype, whether a norm split over several threads agrees with that of one within the bound."""
        make, before = Materialiser(torch, context.device).tensor, torch.get_num_threads()

        def close(dtype: str) -> bool:
            tensor = make(dtype, [elements], "contiguous", "gradient", 1)
            torch.set_num_threads(1)
            alone = function([tensor])[0].item()
            torch.set_num_threads(THREADS)
            return tolerances.agrees(function([tensor])[0].item(), alone, dtype, elements, 2)

        try:
            return {dtype: close(dtype) for dtype in ("float32", "float64")}
        finally:
            torch.set_num_threads(before)

    def in_child(call: Callable[[], Any]) -> str:
        """What a call gives in a forked child, or how the child ended."""
        return _in_child(lambda: repr([norm.item() for norm in call()]))

    def first_norms() -> Any:
        """By dtype and order, which of the first norms of a new process are wrong; none is right."""
        return fresh.first_norms(context.device, context.contract["api"])

    return {
        "memory_steady": memory_steady,
        "callers_apart": callers_apart,
        "threads_close": threads_close,
        "in_child": in_child,
        "first_norms": first_norms,
    }


def _in_child(call: Callable[[], str]) -> str:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(write, call().encode())
        finally:
            os._exit(0)
    os.close(write)
    # The child may hang, as one does that waits for a lock of a thread that it has not got.
    timer = threading.Timer(CHILD_SECONDS, os.kill, (child, 9))
    timer.start()
    try:
        with os.fdopen(read, "rb") as pipe:
            text = pipe.read().decode()
        _, status = os.waitpid(child, 0)
    finally:
        timer.cancel()
        timer.join()
    return text or f"the child ended with status {status}"


def _is_steady(call: Callable[[], Any]) -> bool:
    resources, memory = _resources(), _resident()
    for _ in range(CALLS):
        call()
    return _resources() - resources < GROWTH_RESOURCES and _resident() - memory < GROWTH_BYTES


def _resources() -> int:
    """Return the number of threads and of open files of this process."""
    return len(list(Path("/proc/self/task").iterdir())) + len(list(Path("/proc/self/fd").iterdir()))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
