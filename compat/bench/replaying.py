"""How fast is the corpus replayed, against the bare calls of torch, and what does isolating it cost?

The replay and the bare calls make the same tensors. What both do alike flatters a ratio, so it is told
without them as well.
"""

from __future__ import annotations

import functools
import subprocess
from typing import TYPE_CHECKING

from compat import paths
from compat.bench.lines import Line, at_least, at_most, in_turns, ratios, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS = 5
CASES_A_SECOND, TIMES_BARE = 1000.0, 1.5
WAYS = ("cases", "bare", "bare once", "isolated", "one process")


def replay_lines(python: Path, rounds: int = ROUNDS) -> Iterator[Line]:
    """Yield the lines of the replay, in the torch beside a Python; each way is a process of its own."""
    making: dict[str, list[float]] = {way: [] for way in WAYS}
    counts: dict[str, int] = {}

    def go(way: str) -> float:
        done = subprocess.run(
            [python, "-m", "compat.bench.beside", way],
            cwd=paths.ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        seconds, tensors, count = done.stdout.split()
        making[way].append(float(tensors))
        counts[way] = int(count)
        return float(seconds)

    taken = in_turns({way: functools.partial(go, way) for way in WAYS}, rounds)
    rates = {way: [counts[way] / seconds for seconds in taken[way]] for way in WAYS}
    without = {
        way: [a - b for a, b in zip(taken[way], making[way], strict=True)] for way in ("cases", "bare")
    }
    yield at_least("replay: cases a second, on one core", rates["cases"], CASES_A_SECOND)
    yield at_most("replay: against the bare calls of torch", ratios(taken, "cases", "bare"), TIMES_BARE, "x")
    yield Line(
        what="  the same, with the tensors made beforehand",
        figure=told(ratios(without, "cases", "bare"), "x"),
    )
    yield Line(
        what="  against the bare calls, the function once and not twice",
        figure=told(ratios(taken, "cases", "bare once"), "x"),
    )
    yield Line(what="  the bare calls alone, cases a second", figure=told(rates["bare"]))
    yield Line(
        what="isolation: against the same steps in one process",
        figure=told(ratios(taken, "isolated", "one process"), "x"),
    )
