"""Which of several ways is faster? All in interleaved rounds, each sample long enough for the clock.

A round asks everybody once; every other one goes backwards (A B B A), and each begins with another, so that a
drift of the machine falls on all. Before each sample its call runs once, not timed, because it matters a lot
whose data the caches hold. Python collects no garbage meanwhile. Raw seconds are kept, and judged upstairs.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any, Callable

from compat.probe import clocks

#: How many rounds at least and at most: below, an interval is too wide to tell; beyond, little is gained.
FEWEST, MOST = 8, 40

#: A call that takes longer than this does not depend on what the caches held before it.
LONG_SECONDS = 0.05

Call = Callable[[], Any]


def race(
    clock: Any, contestants: Mapping[str, Call], seconds: float
) -> tuple[dict[str, int], dict[str, dict[str, list[float]]]]:
    """Return how many calls a sample has, by contestant, and by part of a call the seconds of each round.

    Args:
        clock: one of the probe's clocks.
        contestants: what to call, by name.
        seconds: about how long the rounds may take; few and slow calls take longer.
    """
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        return _race(clock, contestants, seconds)
    finally:
        if collecting:
            gc.enable()


def turns(number: int, names: list[str]) -> list[str]:
    """Return whose turn it is in a round, in order."""
    first = number % len(names)
    forward = names[first:] + names[:first]
    return forward if number % 2 == 0 else forward[:1] + forward[:0:-1]


def _race(
    clock: Any, contestants: Mapping[str, Call], seconds: float
) -> tuple[dict[str, int], dict[str, dict[str, list[float]]]]:
    calls = {name: clocks.calibrate(clock, call) for name, call in contestants.items()}
    each = {name: max(clock.sample(call, calls[name]).values()) for name, call in contestants.items()}
    warm = {name for name, taken in each.items() if taken < LONG_SECONDS}
    taken = sum(each[name] * (calls[name] + (name in warm)) for name in contestants)
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(max(FEWEST, min(MOST, int(seconds / taken)))):
        for name in turns(number, list(contestants)):
            if name in warm:
                contestants[name]()
            for part, sample in clock.sample(contestants[name], calls[name]).items():
                found.setdefault(part, {}).setdefault(name, []).append(float(f"{sample:.4e}"))
    return calls, found
