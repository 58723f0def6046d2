"""How are this project's other commands, git and gh called? As lists of arguments, through one seam.

Nothing here goes through a shell, and a text that came from elsewhere travels on standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from compat.errors import CompatError, ExitCode
from compat.report.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONG = 2000


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended: its exit code, and what it printed."""

    code: int
    output: str
    errors: str


class Call(Protocol):
    """Runs a command to its end."""

    def __call__(self, command: Sequence[str], *, folder: Path, text: str = "") -> Done:
        """Run it in a folder, with a text on standard input; CompatError where it cannot be started."""
        ...


def call(command: Sequence[str], *, folder: Path, text: str = "") -> Done:
    """Run a command and keep what it prints; CompatError where there is none of this name."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise CompatError(f"{command[0]}: not found. Install it, and start again.") from error
    return Done(code=done.returncode, output=done.stdout, errors=done.stderr)


def expect(command: Sequence[str], done: Done, codes: Sequence[int] = (0,)) -> Done:
    """Return how a command ended, if it ended as it may; CompatError with its last words otherwise."""
    if done.code not in codes:
        words = printable((done.errors.strip() or done.output.strip())[-_LONG:]) or "nothing"
        said = " ".join(command[:4])
        raise CompatError(f"{printable(said)} …: exit code {done.code}. It said: {words}")
    return done


@dataclass(frozen=True, kw_only=True)
class Tools:
    """This project's own commands, in one checkout."""

    folder: Path
    call: Call = call

    def renew(self) -> None:
        """Ask the index what is released, and add the rows of what is new to the matrix."""
        # 3 where a wheel could not be read: which releases there are is known all the same
        self._compat("survey", codes=(ExitCode.HOLDS, ExitCode.INCONCLUSIVE))
        self._compat("matrix", "--refresh")

    def without_record(self) -> Any:
        """Return what ``compat releases --json`` prints: which releases have no up-to-date record."""
        done = self._compat("releases", "--json")
        try:
            return json.loads(done.output)
        except (ValueError, RecursionError) as error:
            raise CompatError(f"compat releases --json printed no JSON ({error}).") from error

    def gate(self, new: str, against: str) -> tuple[int, str]:
        """Compare a release with an accepted one; return the exit code and the text for people."""
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder, "gate.md")
            arguments = ("--new", new, "--against", against, "--markdown", str(text), "--json")
            done = self._compat(
                "gate", *arguments, codes=(ExitCode.HOLDS, ExitCode.CONTRADICTED, ExitCode.INCONCLUSIVE)
            )
            return done.code, text.read_text(encoding="utf-8") if text.is_file() else done.errors

    def report(self) -> None:
        """Write the reports anew."""
        self._compat("report")

    def _compat(self, *arguments: str, codes: Sequence[int] = (0,)) -> Done:
        command = [sys.executable, "-m", "compat", *arguments]
        return expect(["compat", *arguments], self.call(command, folder=self.folder), codes)
