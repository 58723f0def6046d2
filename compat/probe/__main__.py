"""``python -m compat.probe --out FILE``: measure the torch of this interpreter and write one record."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compat.probe import accuracy, agreement, cost, digests, exploration, provenance, questions, record
from compat.probe.context import read_contract
from compat.probe.supervisor import Measurement, Supervisor, worker_command

LEVELS = ["surface", "call shapes", "agreement", "accuracy", "special values", "effects", "cost"]
QUESTION_LEVELS = ("call shapes", "special values", "effects")

HOLDS, USAGE, INCONCLUSIVE, INTERRUPTED = 0, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the record, say where it lies; exit code 0 when measured, 3 when torch could not be."""
    options = parse(arguments)
    try:
        written = probe(options)
    except KeyboardInterrupt:
        print("interrupted; no record was written", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return USAGE
    failure = written["failure"]
    if failure:
        print(f"{written['status']}: {failure['message'].splitlines()[-1]}", file=sys.stderr)
    print(f"{options.out}: torch {written['torch']} on {written['device']}, {written['status']}")
    return HOLDS if written["status"] == "measured" else INCONCLUSIVE


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; bad ones end with exit code 2 and the usage line."""
    parser = argparse.ArgumentParser(prog="python -m compat.probe", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the record to write")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--profile", choices=("quick", "full"), default="quick")
    parser.add_argument(
        "--wheels", choices=("cpu", "index", "unknown"), default="unknown", help="where torch came from"
    )
    parser.add_argument(
        "--seed", type=int, default=None, help="Hypothesis's seed for exploring (default: a fresh one)"
    )
    parser.add_argument(
        "--contract", type=Path, default=digests.CONTRACT_FOLDER, help="the contract's folder"
    )
    return parser.parse_args(arguments)


def probe(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the torch of this interpreter, write its record and return it."""
    started, host = record.now(), provenance.of_host()
    contract = read_contract(options.contract)
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    measurement = Measurement()
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(os.environ.setdefault(cost.QUIET_LOCK, str(Path(folder) / "quiet.lock")))
        explored = measure(options, measurement, seed=seed, lock=lock)
    written = assemble(options, contract, measurement, explored)
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


def measure(
    options: argparse.Namespace, into: Measurement, *, seed: int, lock: Path
) -> dict[str, Any] | None:
    """Take the worker through all levels while the exploration runs beside it; return what was explored."""
    exploring = exploration.Exploration(device=options.device, profile=options.profile, seed=seed, lock=lock)
    begin = time.perf_counter()
    worker = Supervisor(
        worker_command(options.contract, options.device, options.profile), started=_Progress()
    )
    waiter = _Background(exploring.wait)
    try:
        worker.measure(LEVELS, into)
    except BaseException:
        exploring.stop()
        raise
    waiter.join()
    into.seconds["all"] = time.perf_counter() - begin
    return exploring.result()


def assemble(
    options: argparse.Namespace,
    contract: dict[str, Any],
    measurement: Measurement,
    explored: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return the record, but for its provenance, of what was measured."""
    results = measurement.results
    surface = (results.get("surface", {}).get("surface") or {}).get("ok")
    failure = measurement.failure
    if failure is None and surface is None:
        failure = {"phase": "probe", "message": f"level surface gave no answer: {results.get('surface')}"}
    version = measurement.provenance.get("torch_version") or _installed_torch()
    written = record.skeleton(
        api=contract["api"],
        torch=version.split("+")[0],
        python="{}.{}".format(*sys.version_info[:2]),
        device=options.device,
        profile=options.profile,
        status="measured" if failure is None else record.status_of(failure["phase"]),
        failure=failure and {**failure, "message": failure["message"][-record.MESSAGE_LIMIT :]},
        digests=digests.current(options.contract),
    )
    if failure is not None or surface is None:
        return written
    written["canaries"] = {"absent name": surface.pop("canary_absent")}
    written["surface"] = surface
    if not surface["present"]:
        written["questions"] = {
            entry["id"]: {"kind": "absent", "text": "absent"} for entry in contract["questions"]
        }
        return written
    asked: dict[str, Any] = {}
    for level in QUESTION_LEVELS:
        asked.update(questions.gather(results.get(level, {})))
    replayed = results.get("agreement", {})
    written["questions"] = asked
    written["agreement"] = {
        **agreement.gather(replayed, [reference["id"] for reference in contract["references"]]),
        "seconds": round(measurement.seconds.get("agreement", 0.0), 2),
    }
    for key, result in replayed.items():
        if key.startswith("planted: "):
            written["canaries"][key] = result.get("ok") is True
    written["exploration"] = explored
    written["accuracy"] = accuracy.gather(results.get("accuracy", {}))
    written["cost"] = cost.gather(results.get("cost", {}))
    return written


def _installed_torch() -> str:
    return provenance.packages().get("torch", "unknown")


class _Background:
    """A thread that carries its exception home."""

    def __init__(self, work: Any) -> None:
        self._error: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        if self._error:
            raise self._error[0]

    def _run(self, work: Any) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the joining thread
            self._error.append(error)


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
