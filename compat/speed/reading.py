"""How fast can this device's memory be read at all, and how much of it is free?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compat.probe import clocks

ROUNDS = 10


def read_seconds(torch: Any, device: str, tensors: Sequence[Any]) -> float:
    """Return the seconds of the fastest plain read of as many bytes, in one piece, of ten.

    It sums the bytes as float32 numbers, the least that can be done with them.
    """
    total = sum(each.numel() * each.element_size() for each in tensors)
    flat = torch.ones(max(1, total // 4), dtype=torch.float32, device=device)
    clock = clocks.clock_of(torch, device)
    with torch.no_grad():
        calls = clocks.calibrate(clock, flat.sum)
        samples = [clock.sample(flat.sum, calls)[clocks.WHOLE] for _ in range(ROUNDS)]
    return float(f"{min(samples):.4e}")


def free_bytes(torch: Any, device: str) -> float:
    """Return the memory that is free on a device; no end of it where the system does not tell."""
    if device == "cuda":
        return float(torch.cuda.mem_get_info()[0])
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return float("inf")
    found = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    return float(found[1]) * 1024 if found else float("inf")
