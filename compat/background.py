"""How does work go on behind a measurement without disturbing it?

A command runs in a process group of its own, which is stopped while somebody holds the quiet lock:
the probe takes it while it times. Its priority is not lowered: the longest wheel of a torch unpacks on
one core, which had better happen beside a measurement than after it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.commands import Finished

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence
    from pathlib import Path

POLL_SECONDS = 0.2
STOPPED = -int(signal.SIGKILL)


@dataclass(frozen=True, kw_only=True)
class Background:
    """Runs commands, one at a time, until ``stop`` is set; each pauses while ``lock`` is held."""

    lock: Path
    stop: threading.Event
    environment: Mapping[str, str]
    log: Path

    def run(self, command: Sequence[str]) -> Finished:
        """Run a command to its end, its output in ``log``; no process outlives the call."""
        start = time.monotonic()
        if self.stop.is_set():
            return Finished(code=STOPPED, output="", seconds=0.0)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            # A group, but no session of its own: when nox is killed outright, the kernel wakes and
            # hangs up a stopped group that lost its parent, so that nothing sleeps for ever.
            process = subprocess.Popen(
                command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
            try:
                paused = self._attend(process)
            finally:
                _signal(process, signal.SIGKILL)
                process.wait()
        output = self.log.read_text(encoding="utf-8", errors="replace")
        seconds = time.monotonic() - start
        return Finished(code=process.returncode, output=output, seconds=seconds, paused_seconds=paused)

    def _attend(self, process: subprocess.Popen[bytes]) -> float:
        """Wait for the process, stopping and waking it with the lock; return the seconds stopped."""
        paused = 0.0
        since: float | None = None
        while process.poll() is None and not self.stop.is_set():
            held = is_held(self.lock)
            if held and since is None:
                _signal(process, signal.SIGSTOP)
                since = time.monotonic()
            elif not held and since is not None:
                _signal(process, signal.SIGCONT)
                paused += time.monotonic() - since
                since = None
            # a shorter wait than POLL_SECONDS when the process ends in between
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(POLL_SECONDS)
        return paused


def is_held(lock: Path) -> bool:
    """Whether somebody holds the exclusive lock on this file at the moment."""
    try:
        with lock.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:  # once reaped, the number may name somebody else's group
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
