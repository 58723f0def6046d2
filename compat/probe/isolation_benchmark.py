"""What does isolation cost? Replays the corpus under the supervisor and in one bare process, in turn.

Run in an environment that has torch: ``python -m compat.probe.isolation_benchmark [--rounds N]``. It prints
the seconds from the first case to the last of each round, and the ratio of the medians; how long torch takes
to import counts in neither. On a machine with other work, the ratio is worth little.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from compat.probe import ROOT, digests
from compat.probe.context import Context, read_contract, resolve
from compat.probe.supervisor import Measurement, Supervisor, worker_command
from compat.probe.worker import THREADS, attempt, remaining

LEVEL = "agreement"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the rounds and the ratio."""
    parser = argparse.ArgumentParser(prog="python -m compat.probe.isolation_benchmark", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.bare:
        print(bare())
        return 0
    pairs = []
    for number in range(max(1, options.rounds)):
        sides = [isolated, alone] if number % 2 == 0 else [alone, isolated]
        taken = {side: side() for side in sides}
        pairs.append((taken[isolated], taken[alone]))
        print(f"round {number + 1}: isolated {taken[isolated]:.2f} s, one process {taken[alone]:.2f} s")
    apart, together = (statistics.median(side) for side in zip(*pairs))
    print(f"median: isolated {apart:.2f} s, one process {together:.2f} s, ratio {apart / together:.3f}")
    return 0


def isolated() -> float:
    """Return the seconds that a worker's journal spans, as it comes through the supervisor."""
    moments: list[float] = []
    measurement = Measurement()
    Supervisor(
        worker_command(digests.CONTRACT_FOLDER, "cpu", "quick"),
        started=lambda _level, _key: moments.append(time.perf_counter()),
    ).measure([LEVEL], measurement)
    if measurement.failure or not moments:
        raise SystemExit(f"nothing was replayed: {measurement.failure}")
    return measurement.ended - moments[0]


def alone() -> float:
    """Return the seconds of the same steps in a process of their own, told by itself."""
    command = [sys.executable, "-m", "compat.probe.isolation_benchmark", "--bare"]
    ran = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return float(ran.stdout)


def bare() -> float:
    """Take the steps one after the other, with nobody told of them."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(THREADS)
    contract = read_contract(digests.CONTRACT_FOLDER)
    function = resolve(torch, contract["api"])
    context = Context(torch, function, contract, digests.CONTRACT_FOLDER, "cpu", "quick")
    begin = None
    for _, _, step in remaining(context, [LEVEL], None):
        begin = begin or time.perf_counter()
        attempt(step)
    if begin is None:
        raise SystemExit("nothing was replayed: this torch has no such function")
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
