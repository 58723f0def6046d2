"""``python -m compat.probe --out FILE``: measure the torch of this interpreter and write one record."""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compat.probe import ROOT, budgets, cost, digests, exploration, faults, limits, provenance, record
from compat.probe.assembly import assemble
from compat.probe.context import LEVELS, read_contract
from compat.probe.corpus import DRAWN, read_corpus
from compat.probe.supervisor import Measurement, Supervisor, worker_command

HOLDS, USAGE, INCONCLUSIVE, INTERNAL, INTERRUPTED = 0, 2, 3, 4, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the record, say where it lies; exit code 0 when measured, 3 when torch could not be."""
    options = parse(arguments)
    # A polite kill and a closed terminal end like Ctrl-C: our children have sessions of their own.
    for signum in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(signum) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signum, signal.default_int_handler)
    try:
        written = probe(options)
    except KeyboardInterrupt:
        print("interrupted; no record was written", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return USAGE
    except Exception as error:  # noqa: BLE001 - whatever it is, exit code 1 would say that the contract fails
        print(f"internal error: {type(error).__name__}: {error}; no record was written", file=sys.stderr)
        traceback.print_exc()
        return INTERNAL
    failure = written["failure"]
    if failure:
        print(f"{written['status']}: {failure['message'].splitlines()[-1]}", file=sys.stderr)
    print(f"{options.out}: torch {written['torch']} on {written['device']}, {written['status']}")
    if written["status"] != "measured":
        return INCONCLUSIVE
    return time_everything(options) if options.speed is not None else HOLDS


def time_everything(options: argparse.Namespace) -> int:
    """Write the speed record as well, in a process of its own; return its exit code."""
    command = [sys.executable, "-m", "compat.speed", "--out", str(options.speed.resolve())]
    command += ["--device", options.device, "--contract", str(options.contract.resolve())]
    return subprocess.run(command, cwd=str(ROOT), check=False).returncode


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; bad ones end with exit code 2 and the usage line."""
    parser = argparse.ArgumentParser(prog="python -m compat.probe", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the record to write")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--profile", choices=budgets.PROFILES, default="quick")
    parser.add_argument(
        "--seconds", type=float, default=None, help="how long to explore (soak needs it; quick 20, full 90)"
    )
    parser.add_argument(
        "--speed", type=Path, metavar="FILE", help="then time everything (minutes), into this speed record"
    )
    parser.add_argument(
        "--wheels", choices=("cpu", "index", "unknown"), default="unknown", help="where torch came from"
    )
    parser.add_argument(
        "--seed", type=int, default=None, help="Hypothesis's seed for exploring (default: a fresh one)"
    )
    parser.add_argument(
        "--contract", type=Path, default=digests.CONTRACT_FOLDER, help="the contract's folder"
    )
    parser.add_argument("--plant", choices=(faults.HARMLESS, *faults.FAULTS), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    wrong = budgets.mistake(options.profile, options.seconds)
    if wrong:
        parser.error(wrong)
    return options


def probe(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the torch of this interpreter, write its record and return it.

    Raises:
        OSError: the contract or its corpus cannot be read, there is no torch, or the record's place
            cannot be written to; all but the last moment's are found before the measurement.
    """
    started, host = record.now(), provenance.of_host()
    contract = read_contract(options.contract)
    read_corpus(options.contract / DRAWN)
    of_what = digests.current(options.contract)
    installed = host["packages"].get("torch")
    if installed is None and importlib.util.find_spec("torch") is None:
        message = f"no torch is installed beside {sys.executable}; install one, or run the Python that has it"
        raise FileNotFoundError(message)
    record.check_place(options.out)
    faults.order(options.plant)
    measurement = Measurement()
    explored = measure(options, measurement)
    version = measurement.provenance.get("torch_version") or installed or "0"
    identity = {
        "api": contract["api"],
        "torch": version.split("+")[0],
        "python": "{}.{}".format(*sys.version_info[:2]),
        "device": options.device,
        "profile": options.profile,
        "digests": of_what,
        "planted": options.plant,
    }
    written = assemble(identity, contract, measurement, explored)
    written["provenance"] = {
        **host,
        **measurement.provenance,
        "wheels": options.wheels,
        "started": started,
        "finished": record.now(),
        "seconds": {level: round(seconds, 2) for level, seconds in measurement.seconds.items()},
    }
    record.write(options.out, written)
    return written


def measure(options: argparse.Namespace, into: Measurement) -> dict[str, Any] | None:
    """Take the worker through all levels while the exploration runs beside it; return what was explored."""
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    begin = time.perf_counter()
    limits.adopt_orphans()
    with tempfile.TemporaryDirectory() as folder:
        lock = os.environ.get(cost.QUIET_LOCK) or str(Path(folder) / "quiet.lock")
        worker = Supervisor(
            worker_command(options.contract, options.device, budgets.depth(options.profile)),
            environment={cost.QUIET_LOCK: lock},
            started=_Progress(),
        )
        exploring = exploration.Exploration(
            contract=options.contract,
            device=options.device,
            seconds=budgets.budget(options.profile, options.seconds),
            seed=seed,
            lock=Path(lock),
            references=[each["id"] for each in read_contract(options.contract)["references"]],
        )
        try:
            worker.measure([*LEVELS], into)
            if has_function(into):
                exploring.wait()
        finally:
            exploring.stop()
            limits.end_children()
        into.seconds["all"] = time.perf_counter() - begin
        return exploring.result()


def has_function(measurement: Measurement) -> bool:
    """Tell whether the function was found; where it was not, there is nothing to explore."""
    surface = measurement.results.get("surface", {}).get("surface", {}).get("ok")
    return bool(surface and surface["present"])


class _Progress:
    """Says on the terminal which level has begun: one line a level."""

    def __init__(self) -> None:
        self._level = ""

    def __call__(self, level: str, _key: str) -> None:
        if level != self._level:
            self._level = level
            print(f"  {level}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
