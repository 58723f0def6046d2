"""Beside the corpus: has Hypothesis look for new failing cases in this torch, for as long as was asked.

The explorer is a process of its own, like the worker, and owned in the same way: what it tried when it died
or hung is a finding, and another goes on behind it. Where Hypothesis is not there, the record says so.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from compat.probe import budgets
from compat.probe.agreement import CONSUMER
from compat.probe.supervisor import Measurement, Supervisor, worker_command
from compat.probe.variety import size_of

LEVEL = "exploration"


class Exploration:
    """One run of the explorer, started in the background.

    Args:
        contract: the contract's folder.
        device: the device to put tensors on.
        seconds: how long to explore.
        seed: Hypothesis's seed; recorded, so that the run can be repeated.
        lock: path of the quiet lock, held shared while it explores so that no timing starts.
        references: the names that a case which ends the process is a finding against.
    """

    def __init__(
        self,
        *,
        contract: Path,
        device: str,
        seconds: float,
        seed: int,
        lock: Path,
        references: Sequence[str] = (),
    ) -> None:
        self._contract, self._device, self._seconds, self._seed = contract, device, seconds, seed
        self._references = (*references, CONSUMER)
        self._missing = missing()
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._begun = 0
        self._overdue = False
        if self._missing:
            return
        self._folder = tempfile.TemporaryDirectory()
        self._report = Path(self._folder.name) / "report.jsonl"
        self._measurement = Measurement()
        self._supervisor = Supervisor(
            self._command(), step_seconds=budgets.EXAMPLE_SECONDS, started=self._count
        )
        self._lock: TextIO = lock.open("a", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait for the explorer to end, as timings do."""
        if self._thread is not None:
            self._thread.join()
            if self._error is not None:
                raise self._error

    def stop(self) -> None:
        """End the explorer and all that it started."""
        if self._thread is not None:
            self._supervisor.stop()
            self._thread.join()

    def result(self) -> dict[str, Any]:
        """Return the record's part: how much was tried, how far it got, what failed; or why there is none."""
        if self._missing or self._thread is None:
            return {"not_run": self._missing}
        entries = read(self._report)
        self._folder.cleanup()
        failures = [*fatal(self._measurement, entries, self._references), *smallest(entries)]
        if self._begun == 0:
            return {"not_run": f"nothing was explored: {self._stopped() or 'it ended at once'}"}
        return {
            "seed": self._seed,
            "seconds": self._seconds,
            "examples": self._begun,
            "hypothesis": next((entry["hypothesis"] for entry in entries if "hypothesis" in entry), None),
            "failures": failures,
            "passed": not failures,
            "rounds": sum("round" in entry for entry in entries),
            "largest": largest(entries),
            "structures": max((entry["structures"] for entry in entries if "structures" in entry), default=0),
            "stopped": self._stopped() or harness(entries),
        }

    def _run(self) -> None:
        overdue = threading.Timer(self._seconds + budgets.GRACE_SECONDS, self._end_overdue)
        overdue.daemon = True
        overdue.start()
        try:
            self._supervisor.measure([LEVEL], self._measurement)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            self._error = error
        finally:
            overdue.cancel()
            self._lock.close()

    def _end_overdue(self) -> None:
        self._overdue = True
        self._supervisor.stop()

    def _count(self, _level: str, _key: str) -> None:
        self._begun += 1

    def _stopped(self) -> str | None:
        """Return why not all of the time was explored, or None."""
        if self._overdue:
            return f"it did not end in {self._seconds + budgets.GRACE_SECONDS:g} s"
        if self._measurement.failure:
            return self._measurement.failure["message"]
        return next((each["why"] for each in self._measurement.given_up), None)

    def _command(self) -> list[str]:
        return [
            *worker_command(self._contract, self._device, "quick", module="compat.probe.explorer"),
            *("--seed", str(self._seed), "--seconds", repr(self._seconds)),
            *("--report", str(self._report)),
        ]


def missing() -> str | None:
    """Return what exploring lacks here, or None where it lacks nothing."""
    return None if importlib.util.find_spec("hypothesis") else "hypothesis is not installed beside this torch"


def read(report: Path) -> list[dict[str, Any]]:
    """Return a report's entries; the last line of an explorer that was killed may be cut, and is none."""
    if not report.is_file():
        return []
    lines = report.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def smallest(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the smallest failing case of each kind, in the order in which the kinds were found."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if "kind" in entry:
            known = found.get(entry["kind"])
            if known is None or size_of(entry["case"]) <= size_of(known["case"]):
                found[entry["kind"]] = entry
    return [{key: entry[key] for key in ("case", "codes", "message")} for entry in found.values()]


def fatal(
    measurement: Measurement, entries: Sequence[dict[str, Any]], references: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield the cases that ended a process, made smaller where that could be done."""
    smaller = {json.dumps(entry["culprit"]): entry["smaller"] for entry in entries if "culprit" in entry}
    told = set()
    for key, result in measurement.results.get(LEVEL, {}).items():
        for how, code in (("crash", "!"), ("timeout", "T")):
            if how in result:
                culprit = json.loads(key.partition(": ")[2])
                case = smaller.get(json.dumps(culprit), culprit)
                known = f"{code} {json.dumps(case)}"
                if known not in told:
                    yield {
                        "case": case,
                        "codes": dict.fromkeys(references, code),
                        "message": f"the process ended: {result[how]}" if how == "crash" else result[how],
                    }
                told.add(known)


def largest(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return by dtype and reference the largest share of a bound that was seen, with its case."""
    worst: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for key, seen in entry.get("largest", {}).items():
            if key not in worst or seen["bound_share"] > worst[key]["bound_share"]:
                worst[key] = seen
    return [worst[key] for key in sorted(worst)]


def harness(entries: Sequence[dict[str, Any]]) -> str | None:
    """Return the first mistake of ours, with how many there were, or None."""
    mistakes = [entry["harness"] for entry in entries if "harness" in entry]
    return f"{len(mistakes)} examples could not be judged, the first: {mistakes[0]}" if mistakes else None
