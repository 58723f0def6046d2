"""Beside the corpus: lets Hypothesis look for new failing cases in this torch, through pytest.

The tests in ``tests/contract/`` do the looking; they append what they found to a report file that
this module reads. Where pytest, Hypothesis or the tests are not there, the record says so.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, TextIO

from compat.probe import ROOT

TESTS = ROOT / "tests" / "contract"

#: Where the tests report to, with how many examples they look, on which device and at which contract.
REPORT = "COMPAT_EXPLORATION_REPORT"
EXAMPLES = "COMPAT_EXPLORATION_EXAMPLES"
DEVICE = "COMPAT_EXPLORATION_DEVICE"
CONTRACT = "COMPAT_EXPLORATION_CONTRACT"

EXAMPLES_BY_PROFILE = {"quick": 50, "full": 1000}
LIMIT_SECONDS = 300.0


class Exploration:
    """One run of the exploring tests, started in the background.

    Args:
        contract: the contract's folder.
        device: the device to put tensors on.
        profile: quick or full, the number of examples.
        seed: Hypothesis's seed; recorded, so that the run can be repeated.
        lock: path of the quiet lock, held shared while the tests run so that no timing starts.
    """

    def __init__(self, *, contract: Path, device: str, profile: str, seed: int, lock: Path) -> None:
        self._seed = seed
        self._missing = missing()
        self._process: subprocess.Popen[bytes] | None = None
        self._timed_out = False
        if self._missing:
            return
        self._folder = tempfile.TemporaryDirectory()
        self._report = Path(self._folder.name) / "report.jsonl"
        self._output = Path(self._folder.name) / "output.txt"
        self._lock: TextIO = lock.open("a", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                self._command(),
                cwd=str(ROOT),
                env={
                    **os.environ,
                    REPORT: str(self._report),
                    EXAMPLES: str(EXAMPLES_BY_PROFILE[profile]),
                    DEVICE: device,
                    CONTRACT: str(contract.resolve()),
                    "PYTEST_ADDOPTS": "",  # what a person adds to their own test runs is not for ours
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait for the tests to end, and let timings begin."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._timed_out = True
            self.stop()
        finally:
            self._lock.close()

    def stop(self) -> None:
        """End the tests and all that they started."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def result(self) -> dict[str, Any]:
        """Return the record's part: seed, number of examples, failing cases; or why there is none."""
        if self._missing or self._process is None:
            return {"not_run": self._missing}
        entries = _read(self._report)
        code = self._process.returncode
        output = self._output.read_bytes()[-1500:].decode("utf-8", errors="replace")
        self._folder.cleanup()
        examples = sum(entry.get("examples", 0) for entry in entries)
        if examples == 0 or code not in (0, 1):
            ended = f"did not end in {LIMIT_SECONDS:g} s" if self._timed_out else f"ended with code {code}"
            return {"not_run": f"the exploring tests {ended}, after {examples} examples: {output}"}
        return {
            "seed": self._seed,
            "examples": examples,
            "hypothesis": next((entry["hypothesis"] for entry in entries if "hypothesis" in entry), None),
            "failures": _smallest(entries),
            "passed": code == 0,
        }

    def _command(self) -> list[str]:
        # A warning of torch's must not pass for an error of the function's, as it would in our own tests.
        options = ["-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore"]
        options.append(f"--hypothesis-seed={self._seed}")
        return [sys.executable, "-m", "pytest", *options, str(TESTS / "test_explore.py")]


def missing() -> str | None:
    """Return what exploring lacks here, or None where it lacks nothing."""
    for module in ("pytest", "hypothesis"):
        if importlib.util.find_spec(module) is None:
            return f"{module} is not installed beside this torch"
    return None if TESTS.is_dir() else "tests/contract is not in this checkout"


def _read(report: Path) -> list[dict[str, Any]]:
    """Return the report's entries; the last line of tests that were killed may be cut, and is none."""
    if not report.is_file():
        return []
    lines = report.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _smallest(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the last failing case of each test and kind of difference: Hypothesis ends with the smallest."""
    found = {(entry["test"], *sorted(entry["codes"].items())): entry for entry in entries if "case" in entry}
    return [{key: entry[key] for key in ("case", "codes", "message")} for entry in found.values()]
