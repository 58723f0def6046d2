"""How long does the replay of the corpus take, by itself and against the torch calls that it makes?

Run beside a torch: ``python -m compat.bench.beside WHAT`` prints the seconds of one go, from the first case
to the last; how long torch takes to import counts in none. The names of ``WAYS`` are what it can do.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from compat.probe import digests
from compat.probe.agreement import Replay
from compat.probe.cases import Case, Materialiser, order_of
from compat.probe.context import Context, read_contract, resolve
from compat.probe.references import references
from compat.probe.supervisor import Measurement, Supervisor, worker_command
from compat.probe.worker import THREADS, attempt, remaining

LEVEL = "agreement"


class Go(NamedTuple):
    """One go: its seconds, how many of them made tensors (0 where nobody looked), and its cases."""

    seconds: float
    making: float
    cases: int


class Watched(Materialiser):
    """Makes tensors, and keeps how long that takes, so that a figure can be told with it and without."""

    seconds = 0.0

    def tensors(self, case: Case) -> list[Any]:
        """Return the list of tensors of a case."""
        begin = time.perf_counter()
        try:
            return super().tensors(case)
        finally:
            self.seconds += time.perf_counter() - begin


def main(arguments: Sequence[str]) -> int:
    """Print the seconds of one way, those of them that made tensors, and how many cases there were."""
    print(*WAYS[arguments[0]]())
    return 0


def isolated() -> Go:
    """Take the level in a worker, as the probe does: planted faults, and a journal through a pipe."""
    moments: list[float] = []
    measurement = Measurement()
    Supervisor(
        worker_command(digests.CONTRACT_FOLDER, "cpu", "quick"),
        started=lambda _level, _key: moments.append(time.perf_counter()),
    ).measure([LEVEL], measurement)
    if measurement.failure or not moments:
        raise SystemExit(f"nothing was replayed: {measurement.failure}")
    return Go(measurement.ended - moments[0], 0.0, len(moments))


def one_process() -> Go:
    """Take the same steps one behind the other, with nobody told of them."""
    steps = [step for _, _, step in remaining(_context(), [LEVEL], None)]
    begin = time.perf_counter()
    for step in steps:
        attempt(step)
    return Go(time.perf_counter() - begin, 0.0, len(steps))


def cases_alone() -> Go:
    """Put the cases through the replay, without the planted faults."""
    context = _context()
    make = Watched(context.torch)
    replay, cases = Replay(context, materialiser=make), context.corpus()
    begin = time.perf_counter()
    for case in cases:
        attempt(functools.partial(replay.case, case))
    return Go(time.perf_counter() - begin, make.seconds, len(cases))


def bare(times: int) -> Go:
    """Make the same tensors and the same calls of torch, and look at none of the answers.

    Args:
        times: how often to call the function for each case: the replay does it twice, to see the same again.
    """
    context = _context()
    make, others, cases = Watched(context.torch), references(context), context.corpus()
    begin = time.perf_counter()
    for case in cases:
        tensors, order = make.tensors(case), order_of(case)
        for call in (*[context.function] * times, *_taking(others, case)):
            _try(call, tensors, order)
    return Go(time.perf_counter() - begin, make.seconds, len(cases))


WAYS: dict[str, Callable[[], Go]] = {
    "isolated": isolated,
    "one process": one_process,
    "cases": cases_alone,
    "bare": functools.partial(bare, 2),
    "bare once": functools.partial(bare, 1),
}


def _context() -> Context:
    torch = importlib.import_module("torch")
    torch.set_num_threads(THREADS)
    contract = read_contract(digests.CONTRACT_FOLDER)
    function = resolve(torch, contract["api"])
    if function is None:
        raise SystemExit(f"torch {torch.__version__} has no {contract['api']} to replay")
    return Context(torch, function, contract, digests.CONTRACT_FOLDER, "cpu", "quick")


def _taking(others: Any, case: Case) -> list[Any]:
    return [each.call for each in others if each.takes(case)]


def _try(call: Any, tensors: list[Any], order: float) -> None:
    with contextlib.suppress(Exception):  # a refusal is a call as well
        call(tensors, order)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
