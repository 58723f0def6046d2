"""Are the first norms of a process right? Asked in a process of its own, where nothing was called before.

A worker's own first calls are not all held against a value, and a library may well be another one until
its kernels are chosen and its caches filled.

``python -m compat.probe.fresh DEVICE API`` prints which norms were not what they have to be, as JSON.
"""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from compat.probe import ROOT, faults
from compat.probe.context import resolve

#: How long the process may take to import torch and to call; one that hangs is a finding.
SECONDS = 100

#: What is asked for the first time in the life of a process: the dtypes of gradients, by the orders in use.
DTYPES = ("float32", "bfloat16", "float16", "float64")
NORMS = {2: 13.0, 1: 19.0, math.inf: 12.0}

#: Elements whose norms every one of these dtypes holds exactly.
ELEMENTS = [-3.0, 4.0, 12.0]


def first_norms(device: str, api: str) -> Any:
    """Return what `wrong` finds in a process that has not called the function yet, or how it ended."""
    try:
        told = subprocess.run(
            [sys.executable, "-m", "compat.probe.fresh", device, api],
            cwd=str(ROOT),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {SECONDS} s"
    if told.returncode:
        return f"the process ended with status {told.returncode}"
    lines = told.stdout.splitlines()
    return json.loads(lines[-1]) if lines else "the process said nothing"


def wrong(torch: Any, function: Any, device: str) -> dict[str, Any]:
    """Return, by dtype and order, what is no norm of its elements: a list of results, or the error's name."""
    return {what: given for what, given, right in _asked(torch, function, device) if given != right}


def _asked(torch: Any, function: Any, device: str) -> Iterator[tuple[str, Any, list[float]]]:
    for dtype in DTYPES:
        tensors = [torch.tensor(ELEMENTS, dtype=getattr(torch, dtype), device=device)] * 2
        for order, norm in NORMS.items():
            try:
                given = [result.item() for result in function(tensors, order)]
            except Exception as exception:  # noqa: BLE001 - whatever the measured torch raises is the answer
                given = [type(exception).__name__]
            yield f"{dtype} of order {order:g}", given, [norm, norm]


def main(arguments: Sequence[str] | None = None) -> int:
    """Call the function for the first time and print what was wrong."""
    device, api = sys.argv[1:] if arguments is None else arguments
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    faults.plant_ordered(torch, api)
    print(json.dumps(wrong(torch, resolve(torch, api), device)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
