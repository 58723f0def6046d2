"""Does a step leave the process as it found it? Reads what torch keeps for the whole of it.

A call that changes the default dtype, say, changes what every later call answers: the change is a
finding about that call, and the worker is no longer fit to ask another.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import zlib
from typing import Any, Callable

from compat.probe.cases import bytes_of
from compat.probe.context import resolve

Readers = dict[str, Callable[[], Any]]


class State:
    """What is kept of a process's state, and how it changes.

    Args:
        torch: the torch under test.
        api: the name of the function under test.
    """

    def __init__(self, torch: Any, api: str) -> None:
        readers = {**_readers(torch), api: lambda: id(resolve(torch, api))}
        self._readers: Readers = {name: reader for name, reader in readers.items() if _works(reader)}
        self._known = self._read()

    def changes(self) -> list[str]:
        """Return what has changed since this was asked last, each as ``name: before -> now``."""
        before, self._known = self._known, self._read()
        return [
            f"{name}: {before[name]} -> {now}" for name, now in self._known.items() if now != before[name]
        ]

    def _read(self) -> dict[str, str]:
        return {name: str(reader()) for name, reader in self._readers.items()}


def _readers(torch: Any) -> Readers:
    """Return how each part of the state is read; one that this torch does not have is left out by trying."""
    one_by_one = torch.ones(1, 1, dtype=torch.float32)
    return {
        "default dtype": lambda: torch.get_default_dtype(),  # noqa: PLW0108
        "threads": lambda: torch.get_num_threads(),  # noqa: PLW0108
        "gradients recorded": lambda: torch.is_grad_enabled(),  # noqa: PLW0108
        "inference mode": lambda: torch.is_inference_mode_enabled(),  # noqa: PLW0108
        "anomaly detection": lambda: torch.is_anomaly_enabled(),  # noqa: PLW0108
        "deterministic algorithms": lambda: torch.are_deterministic_algorithms_enabled(),  # noqa: PLW0108
        "default device": lambda: torch.get_default_device(),  # noqa: PLW0108
        "random numbers": lambda: f"{zlib.crc32(bytes_of(torch.get_rng_state())):08x}",
        "subnormal numbers": lambda: bool((torch.tensor(1e-310, dtype=torch.float64) * 1).item()),
        "autocast": lambda: torch.mm(one_by_one, one_by_one).dtype,
        "matrix products": lambda: torch.get_float32_matmul_precision(),  # noqa: PLW0108
        "Python's random numbers": lambda: f"{zlib.crc32(repr(random.getstate()[1][-8:]).encode()):08x}",
        "rounding": lambda: [one + half for one, half in ((1.0, 2.0**-53), (-1.0, -(2.0**-53)))],
        "garbage collector": lambda: (gc.isenabled(), gc.get_threshold()),
        "recursion limit": lambda: sys.getrecursionlimit(),  # noqa: PLW0108
        "folder": os.getcwd,
        "standard output": _printed,
    }


def _printed() -> str:
    """Return how much this process has printed: a worker's standard output is a file that nobody else has."""
    sys.stdout.flush()
    return f"{os.fstat(1).st_size} bytes"


def _works(reader: Callable[[], Any]) -> bool:
    try:
        reader()
    except Exception:  # noqa: BLE001 - this torch keeps no such state, or none that can be read
        return False
    return True
