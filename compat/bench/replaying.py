"""How fast is the replay, what does it add to the calls that it makes, and what does isolating it cost?"""

from __future__ import annotations

import functools
import statistics
import subprocess
from typing import TYPE_CHECKING

from compat import paths
from compat.bench.lines import Line, at_least, at_most, in_turns, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS = 5
CASES_A_SECOND, TIMES_BARE = 1000.0, 1.5
WAYS = ("cases", "bare", "tensors", "isolated", "one process")


def replay_lines(python: Path, rounds: int = ROUNDS) -> Iterator[Line]:
    """Yield the lines of the replay, in the torch beside a Python; each way is a process of its own."""
    counts: dict[str, int] = {}

    def go(way: str) -> float:
        done = subprocess.run(
            [python, "-m", "compat.bench.beside", way],
            cwd=paths.ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        seconds, count = done.stdout.split()
        counts[way] = int(count)
        return float(seconds)

    taken = in_turns({way: functools.partial(go, way) for way in WAYS}, rounds)
    medians = {way: statistics.median(seconds) for way, seconds in taken.items()}
    yield at_least("replay: cases a second, on one core", counts["cases"] / medians["cases"], CASES_A_SECOND)
    yield at_most("replay: against the bare calls of torch", ratio(taken, "cases", "bare"), TIMES_BARE, "x")
    yield Line(
        what="  the bare calls alone, cases a second", figure=f"{counts['bare'] / medians['bare']:,.0f}"
    )
    yield Line(
        what="  making the tensors, as a part of the bare calls",
        figure=f"{100 * ratio(taken, 'tensors', 'bare'):.0f} %",
    )
    yield Line(
        what="isolation: against the same steps in one process",
        figure=f"{ratio(taken, 'isolated', 'one process'):.3g}x",
    )
