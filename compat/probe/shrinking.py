"""What is the smallest list that still shows what a larger one showed?

Hypothesis shrinks what raises, within what a strategy can draw; what crashes or hangs takes Hypothesis along.
Here any list is made smaller: fewer tensors, then fewer elements, then plainer ones.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any, Callable

from compat.probe.cases import Case

#: A list that was neither judged nor fatal after this long counts as hanging.
TRY_SECONDS = 0.75

#: How often a running try is looked at.
LOOK_SECONDS = 0.002


def shrunk(case: Case, shows: Callable[[Case], bool], until: float) -> Case:
    """Return the smallest case found that still shows it; itself where even that does not, a second time.

    Args:
        case: what showed something once.
        shows: whether another case shows the same.
        until: when to be content with what was found, by the monotonic clock.
    """
    if not shows(case):
        return case
    smaller = True
    while smaller:
        smaller = False
        for candidate in candidates(case):
            if time.monotonic() >= until:
                return case
            if shows(candidate):
                case, smaller = candidate, True
                break
    return case


def is_fatal(case: Case, judge: Callable[[Case], Any]) -> bool:
    """Tell whether judging a case ends a process, or does not end: in one of its own, forked from this."""
    child = os.fork()
    if child == 0:
        try:
            judge(case)
        finally:
            os._exit(0)
    end = time.monotonic() + TRY_SECONDS
    while True:
        finished, status = os.waitpid(child, os.WNOHANG)
        if finished:
            return os.WIFSIGNALED(status) or os.WEXITSTATUS(status) != 0
        if time.monotonic() >= end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return True
        time.sleep(LOOK_SECONDS)


def candidates(case: Case) -> Iterator[Case]:
    """Yield cases that are simpler than this one, the boldest first."""
    listed = case["tensors"]
    for fewer in _shorter(listed):
        yield {**case, "tensors": fewer}
    for place, entry in enumerate(listed):
        for plainer in _plainer(entry):
            yield {**case, "tensors": [*listed[:place], plainer, *listed[place + 1 :]]}
    if case["ord"] != 2:  # noqa: PLR2004 - the order that callers pass
        yield {**case, "ord": 2}


def _shorter(listed: list[Any]) -> Iterator[list[Any]]:
    """Yield the list without a half of it, a quarter, and so on; nothing may refer to what is gone."""
    size = len(listed) // 2 or 1
    while size and listed:
        for start in range(0, len(listed), size):
            kept = [place for place in range(len(listed)) if not start <= place < start + size]
            places = {old: new for new, old in enumerate(kept)}
            shared = [listed[place] for place in kept if listed[place][0] in ("same", "tail")]
            if len(kept) < len(listed) and all(entry[1] in places for entry in shared):
                yield [
                    [listed[place][0], places[listed[place][1]]]
                    if listed[place][0] in ("same", "tail")
                    else listed[place]
                    for place in kept
                ]
        size //= 2


def _plainer(entry: list[Any]) -> Iterator[list[Any]]:
    if entry[0] in ("same", "tail"):
        return
    dtype, shape, layout, fill, seed = entry
    if len(shape) > 1:
        for place in range(len(shape)):
            yield [dtype, shape[:place] + shape[place + 1 :], layout, fill, seed]
    for place, size in enumerate(shape):
        for smaller in sorted({1, size // 2, size - 1}):
            if 0 < smaller < size:
                yield [dtype, [*shape[:place], smaller, *shape[place + 1 :]], layout, fill, seed]
    for plain in (
        [dtype, shape, "contiguous", fill, seed],
        [dtype, shape, layout, "unit", seed],
        [dtype, shape, layout, fill, 0],
    ):
        if plain != entry:
            yield plain
