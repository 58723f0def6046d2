"""How did a command end? What it printed comes back with its exit code, for messages and records."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finished:
    """How a command ended: its exit code (negative: a signal), all it printed, and its time."""

    code: int
    output: str
    seconds: float
    paused_seconds: float = 0.0


Run = Callable[[Sequence[str]], Finished]
"""Something that runs a command to its end."""


def run_quietly(command: Sequence[str], environment: Mapping[str, str]) -> Finished:
    """Run a command and keep what it prints; ``environment`` is added to ours."""
    start = time.monotonic()
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Finished(code=done.returncode, output=done.stdout, seconds=time.monotonic() - start)
