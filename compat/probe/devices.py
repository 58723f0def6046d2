"""On which devices can this torch make a tensor, with no hardware for them?"""

from __future__ import annotations

import functools
from typing import Any

from compat.probe.context import resolve


@functools.cache
def _start_lazy(torch: Any) -> None:
    """Start the backend that runs lazy tensors by TorchScript, once in a process: a second time aborts."""
    resolve(torch, "torch._lazy.ts_backend").init()


def lazy(torch: Any, values: list[float]) -> Any:
    """Return a tensor of the lazy device."""
    _start_lazy(torch)
    return torch.tensor(values).to("lazy")
