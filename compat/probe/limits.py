"""How much memory may a worker take, and what becomes of processes that it left behind?

A call without end to its appetite must fail in its own process, with an outcome, before the machine's own
defence picks some other process to kill. Linux only; elsewhere nothing is limited.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

#: What a worker may take beyond what it has when it begins, unless half of the machine's memory is less.
MOST_GROWTH = 8 << 30

#: The number of prctl's option by which a process becomes the parent of its descendants' orphans.
PR_SET_CHILD_SUBREAPER = 36

#: The system's sysconf names of the machine's memory, in pages.
_PAGES, _PAGE_SIZE = "SC_PHYS_PAGES", "SC_PAGE_SIZE"


def limit_memory(most: int = MOST_GROWTH) -> None:
    """Let private memory of this process grow by so many bytes and no further."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        allowed = min(most, os.sysconf(_PAGES) * os.sysconf(_PAGE_SIZE) // 2)
        status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        kibibytes = next(int(line.split()[1]) for line in status if line.startswith("VmData:"))
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = (kibibytes << 10) + allowed
        if hard == resource.RLIM_INFINITY or wanted < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


def adopt_orphans() -> None:
    """Make this process the parent of whatever its descendants leave behind."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_children() -> int:
    """Kill all children of this process, and theirs as they are handed down; return how many there were."""
    ended = 0
    while children := _children():
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
            ended += 1
    return ended


def _children() -> list[int]:
    try:
        tasks = list(Path("/proc/self/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
