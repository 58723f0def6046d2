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
from typing import Any

from compat.probe import digests
from compat.probe.agreement import Replay
from compat.probe.cases import Case, Materialiser, order_of
from compat.probe.context import Context, read_contract, resolve
from compat.probe.references import references
from compat.probe.supervisor import Measurement, Supervisor, worker_command
from compat.probe.worker import THREADS, attempt, remaining

LEVEL = "agreement"


def main(arguments: Sequence[str]) -> int:
    """Print the seconds of one way, and how many cases there were."""
    seconds, cases = WAYS[arguments[0]]()
    print(seconds, cases)
    return 0


def isolated() -> tuple[float, int]:
    """Take the level in a worker, as the probe does: planted faults, and a journal through a pipe."""
    moments: list[float] = []
    measurement = Measurement()
    Supervisor(
        worker_command(digests.CONTRACT_FOLDER, "cpu", "quick"),
        started=lambda _level, _key: moments.append(time.perf_counter()),
    ).measure([LEVEL], measurement)
    if measurement.failure or not moments:
        raise SystemExit(f"nothing was replayed: {measurement.failure}")
    return measurement.ended - moments[0], len(moments)


def one_process() -> tuple[float, int]:
    """Take the same steps one behind the other, with nobody told of them."""
    steps = [step for _, _, step in remaining(_context(), [LEVEL], None)]
    begin = time.perf_counter()
    for step in steps:
        attempt(step)
    return time.perf_counter() - begin, len(steps)


def cases_alone() -> tuple[float, int]:
    """Put the cases through the replay, without the planted faults."""
    context = _context()
    replay, cases = Replay(context), context.corpus()
    begin = time.perf_counter()
    for case in cases:
        attempt(functools.partial(replay.case, case))
    return time.perf_counter() - begin, len(cases)


def bare() -> tuple[float, int]:
    """Make the same tensors and the same calls of torch, and look at none of the answers.

    The function is called twice, as by the replay, which wants to see the same answer again.
    """
    context = _context()
    make, others, cases = Materialiser(context.torch), references(context), context.corpus()
    begin = time.perf_counter()
    for case in cases:
        tensors, order = make.tensors(case), order_of(case)
        for call in (context.function, context.function, *_taking(others, case)):
            _try(call, tensors, order)
    return time.perf_counter() - begin, len(cases)


def tensors_alone() -> tuple[float, int]:
    """Make the tensors, and do nothing with them."""
    context = _context()
    make, cases = Materialiser(context.torch), context.corpus()
    begin = time.perf_counter()
    for case in cases:
        make.tensors(case)
    return time.perf_counter() - begin, len(cases)


WAYS: dict[str, Callable[[], tuple[float, int]]] = {
    "isolated": isolated,
    "one process": one_process,
    "cases": cases_alone,
    "bare": bare,
    "tensors": tensors_alone,
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
