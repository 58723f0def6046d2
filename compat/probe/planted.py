"""Would the comparison notice? Wrong functions, planted beside the real one on every run, each to be caught.

A comparison that finds nothing is worth something only where it finds what was put there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable

from compat.probe.cases import Case
from compat.probe.context import Context, Function

#: Puts one case through a function and tells what came of it, as `agreement.Replay.case` does.
Judge = Callable[[Case], dict[str, Any]]


def planted_faults(context: Context) -> dict[str, Function]:
    """Return wrong functions, each of which the comparison must catch on the corpus."""
    real, torch = context.function, context.torch
    return {
        "last norm dropped": lambda tensors, order: list(real(tensors, order))[:-1],
        "neighbours swapped": lambda tensors, order: list(real(tensors, order))[::-1],
        "always order 2": lambda tensors, _: real(tensors, 2),
        "off by 1e-5": lambda tensors, order: [norm * (1 + 1e-5) for norm in real(tensors, order)],
        "result in float64": lambda tensors, order: [norm.double() for norm in real(tensors, order)],
        "NaN as zero": lambda tensors, order: [
            torch.where(torch.isnan(norm), torch.zeros_like(norm), norm) for norm in real(tensors, order)
        ],
        "extra dimension": lambda tensors, order: [norm.reshape(1) for norm in real(tensors, order)],
    }


def is_caught(faulty: Judge, real: Judge, corpus: Sequence[Case]) -> bool:
    """Tell whether some case shows the planted fault as a disagreement that the real function has not.

    Every fault is built on the real function: where that is wrong itself, the fault is not what is seen.
    """
    for case in corpus:
        seen = _disagreeing(faulty(case))
        if seen and seen - _disagreeing(real(case)):
            return True
    return False


def _disagreeing(result: dict[str, Any]) -> set[str]:
    return {reference for reference, code in result["codes"].items() if code == "X"}
