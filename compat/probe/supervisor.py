"""Runs the worker and owns its fate: what it was trying when it died or hung is the outcome of that step.

The supervisor never imports torch. It reads the worker's journal from a pipe, kills the whole process
group of a worker that is silent for too long, and starts a new worker behind the step that did it.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Callable

from compat.probe import ROOT

Results = dict[str, dict[str, dict[str, Any]]]

#: How often the worker may be ended by one level, by hanging or in any way, before the rest of the level
#: is given up; and how often it may hang in all, before all the rest is.
MOST_HANGS_OF_A_LEVEL = 2
MOST_ENDS_OF_A_LEVEL = 12
MOST_HANGS = 5

#: How often steps of one level may leave the process changed, and so need another: what does it three times
#: in a level does it at each call, and every new process costs the seconds of an import.
MOST_CHANGES_OF_A_LEVEL = 3

#: How long one step may take: a case of the corpus is quick, a question may compile or count ten thousand.
STEP_SECONDS = {"agreement": 30.0, "effects": 120.0, "cost": 120.0}
OTHER_STEP_SECONDS = 60.0

#: The longest wait between two steps: for the first import of a large torch from a cold disk, and for
#: the quiet before timings. A single step is quicker.
PATIENCE_SECONDS = 400.0

#: How often a silent worker is looked at: something that it started may keep its journal open.
LOOK_SECONDS = 0.5

#: How long a worker that has said its last word may take to leave, and one told to end to do so.
LEAVING_SECONDS = 10.0
ENDING_SECONDS = 2.0

STDERR_KEPT = 2000


@dataclass
class Measurement:
    """What came through the journal: results by level and key, in order, and what torch said of itself.

    Attributes:
        left: the steps that changed the process, with how they did.
        given_up: the levels whose rest was not measured, behind which step, and why.
        ended: when the last step ended, by the performance counter.
    """

    results: Results = field(default_factory=dict)
    left: list[dict[str, str]] = field(default_factory=list)
    given_up: list[dict[str, str]] = field(default_factory=list)
    provenance: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failure: dict[str, str] | None = None
    ended: float = 0.0


class Supervisor:
    """Takes a worker through the levels.

    Args:
        command: the worker's command line, without the pipe, the levels and the place to resume.
        environment: variables that the worker finds beside those of this process.
        step_seconds: how long one step may take before the worker is killed; by level, or for all.
        started: called with (level, key) before each step; shows progress.
    """

    def __init__(
        self,
        command: list[str],
        *,
        environment: dict[str, str] | None = None,
        step_seconds: Mapping[str, float] | float = MappingProxyType(STEP_SECONDS),
        started: Callable[[str, str], None] | None = None,
    ) -> None:
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._step_seconds = step_seconds
        self._started = started or (lambda _level, _key: None)
        self.stopped = False

    def stop(self) -> None:
        """Have the worker ended and no other started, soon: from another thread than the measuring one."""
        self.stopped = True

    def measure(self, levels: list[str], into: Measurement) -> None:
        """Run the levels in workers, one after the other, and add what they tell to ``into``."""
        after: tuple[str, str] | None = None
        ends: Counter[str] = Counter()
        hangs: Counter[str] = Counter()
        changes: Counter[str] = Counter()
        while levels:
            run = _Run(self, levels, after, into)
            run.follow()
            if run.finished or into.failure or self.stopped:
                return
            place = run.open or run.left_behind
            if place is None:
                phase = "probe" if into.provenance else "import"
                into.failure = {"phase": phase, "message": f"the worker ended between steps: {run.fate()}"}
                return
            level, key = after = place
            if run.open:
                result = into.results.setdefault(level, {})[key] = run.outcome()
                hangs[level] += "timeout" in result
            ends[level] += 1
            changes[level] += not run.open
            rest = levels[levels.index(level) :]
            why = _enough(ends[level], hangs[level], changes[level])
            given_up = rest[:1] if why else []
            if sum(hangs.values()) >= MOST_HANGS:
                why, given_up = f"steps hung {MOST_HANGS} times", rest
            into.given_up += [{"level": each, "behind": key, "why": why} for each in given_up]
            if given_up:
                levels, after = rest[len(given_up) :], None

    def seconds_of(self, level: str) -> float:
        """Return how long a step of a level may take."""
        if isinstance(self._step_seconds, Mapping):
            return self._step_seconds.get(level, OTHER_STEP_SECONDS)
        return self._step_seconds


def _enough(ends: int, hangs: int, changes: int) -> str:
    """Return why a level is given up, or nothing."""
    if hangs >= MOST_HANGS_OF_A_LEVEL:
        return f"{hangs} of its steps hung"
    if changes >= MOST_CHANGES_OF_A_LEVEL:
        return f"{changes} of its steps changed the process"
    return f"{ends} of its steps ended the worker" if ends >= MOST_ENDS_OF_A_LEVEL else ""


class _Run:
    """One worker process, from its start to its end."""

    def __init__(
        self, owner: Supervisor, levels: list[str], after: tuple[str, str] | None, into: Measurement
    ) -> None:
        self.open: tuple[str, str] | None = None
        self.left_behind: tuple[str, str] | None = None
        self.finished = False
        self._owner, self._into = owner, into
        self._timed_out = False
        self._garbage: bytes | None = None
        self._last_words = ""
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed where the run is over
        # A file of its own, whose size tells the worker whether a call printed: libraries log to the other.
        printed = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
        read, write = os.pipe()
        resume = ["--after", json.dumps(after)] if after else []
        self._pipe = read
        self._process = subprocess.Popen(
            [*owner._command, "--pipe", str(write), "--levels", json.dumps(levels), *resume],
            pass_fds=(write,),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=self._output,
            cwd=str(ROOT),
            env=owner._environment,
            start_new_session=True,
        )
        os.close(write)
        printed.close()

    def follow(self) -> None:
        """Read the journal until the worker ends, is silent for too long, or we are interrupted."""
        patient = False
        try:
            self._read()
            patient = not self.open and not self._timed_out and self._garbage is None
            patient = patient and not self._owner.stopped
        finally:
            os.close(self._pipe)
            try:
                self._end(patient=patient)
            except BaseException:
                self._end(patient=False)  # interrupted once more: at once, then
                raise
            finally:
                self._last_words = _last_words(self._output)

    def outcome(self) -> dict[str, Any]:
        """Return the outcome of the step that was open when the worker ended."""
        if self._timed_out:
            return {"timeout": self.fate()}
        if self._garbage is not None:
            return {"harness-error": self.fate()}
        return {"crash": self.fate()}

    def fate(self) -> str:
        """Return how the worker ended: why we ended it, the signal's name, or exit code and last words."""
        if self._timed_out:
            return f"no answer within {self._limit():g} s"
        if self._garbage is not None:
            return f"the journal holds a line that is no entry: {self._garbage[:80]!r}"
        code = self._process.returncode
        if code is not None and code < 0:
            return signal.Signals(-code).name
        return f"exit code {code}: {self._last_words}" if self._last_words else f"exit code {code}"

    def _limit(self) -> float:
        return self._owner.seconds_of(self.open[0]) if self.open else PATIENCE_SECONDS

    def _read(self) -> None:
        buffer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            while not self.finished and self._readable(selector):
                chunk = os.read(self._pipe, 1 << 16)
                if not chunk:
                    return
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    entry = _entry(line)
                    if entry is None:
                        self._garbage = line
                        return
                    self._take(entry)

    def _readable(self, selector: selectors.BaseSelector) -> bool:
        """Wait for the worker's next words; false when it is dead or was silent for too long."""
        deadline = time.monotonic() + self._limit()
        while True:
            alive = self._process.poll() is None
            if self._owner.stopped:
                return False
            if selector.select(timeout=LOOK_SECONDS if alive else 0):
                return True
            if not alive:
                return False
            if time.monotonic() >= deadline:
                self._timed_out = True
                return False

    def _take(self, entry: dict[str, Any]) -> None:
        into = self._into
        if "begin" in entry:
            level, key = entry["begin"]
            self.open = (level, key)
            self._began = time.perf_counter()
            self._owner._started(level, key)
        elif "end" in entry:
            level, key = entry["end"]
            into.results.setdefault(level, {})[key] = entry["result"]
            into.ended = time.perf_counter()
            into.seconds[level] = into.seconds.get(level, 0.0) + into.ended - self._began
            self.open = None
            if entry.get("left"):
                self.left_behind = (level, key)
                into.left.append({"level": level, "key": key, "what": "; ".join(entry["left"])})
        elif "provenance" in entry:
            into.provenance.update(entry["provenance"])
        elif "done" in entry:
            self.finished = True
        elif "import_failed" in entry:
            into.failure = {"phase": "import", "message": entry["import_failed"]}
        elif "device_missing" in entry:
            into.failure = {"phase": "device", "message": entry["device_missing"]}

    def _end(self, *, patient: bool) -> None:
        """Let a patient end come by itself; then end the worker and everything that it started."""
        if patient:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=LEAVING_SECONDS)
        for signum in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, signum)
            except ProcessLookupError:
                break
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=ENDING_SECONDS)
        self._process.wait()


def _last_words(output: IO[bytes]) -> str:
    """Close what a worker wrote to its terminal, and return the end of it."""
    with output:
        output.seek(max(0, output.seek(0, os.SEEK_END) - STDERR_KEPT))
        return output.read().decode("utf-8", errors="replace").strip()


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return the journal's entry on this line, or None where something else wrote into the journal."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def worker_command(
    contract: Path, device: str, profile: str, module: str = "compat.probe.worker"
) -> list[str]:
    """Return the command line of a worker, of this module's kind, in the interpreter that runs this."""
    return [
        sys.executable,
        "-m",
        module,
        "--contract",
        str(contract.resolve()),
        "--device",
        device,
        "--profile",
        profile,
    ]
