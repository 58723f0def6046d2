"""How long do rows take, one behind the other: by nox as here, by virtualenv and pip, by uv alone?"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat import installs, paths
from compat.phases import read
from compat.uv import cache_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from compat.matrix import Row


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Seconds of one way: of the whole, and of those in which it waited for the installing."""

    whole: float
    installing: float


@dataclass(frozen=True, kw_only=True)
class Loops:
    """Goes through ``rows`` below ``place``; ``go`` says how, and whether the caches are emptied before."""

    rows: Sequence[Row]
    place: Path
    environment: Mapping[str, str]
    uv: str
    clock: Callable[[], float] = time.perf_counter

    def go(self, way: str, cache: str) -> Taken:
        """Go once in one way: ``ours``, ``pip`` or ``uv``; ``cold`` or ``warm``.

        Raises:
            CalledProcessError: something could not be installed or measured.

        """
        ways = {"ours": self._by_nox, "pip": self._by_pip, "uv": self._by_uv}
        kept = self.place / f"{way}-cache"
        if cache == "cold":
            shutil.rmtree(kept, ignore_errors=True)
        taken = ways[way](kept)
        if cache == "warm":
            shutil.rmtree(kept, ignore_errors=True)  # it was the last that needs it
        return taken

    def _by_nox(self, kept: Path) -> Taken:
        """Measure as the tool does, in a copy of the checkout, whose ``.nox`` is what is kept of it."""
        if not kept.exists():
            self._run(["git", "clone", "-q", str(paths.ROOT), str(kept)])
        work = kept / ".nox"
        before = len(read(work / "phases.jsonl"))
        begin = self.clock()
        sessions = [f"matrix({row.name})" for row in self.rows]
        self._run([sys.executable, "-m", "nox", "-s", *sessions, "--", "--again", "--keep"], folder=kept)
        for environment in work.glob("matrix-*"):
            shutil.rmtree(environment)
        whole = self.clock() - begin
        phases = read(work / "phases.jsonl")[before:]
        return Taken(whole=whole, installing=sum(each.install for each in phases))

    def _by_pip(self, kept: Path) -> Taken:
        """Make an environment for each row, let pip install, measure, and remove it."""
        begin, installing = self.clock(), 0.0
        for row in self.rows:
            started, folder = self.clock(), self.place / f"pip-{row.name}"
            self._run([sys.executable, "-m", "virtualenv", "-q", "-p", f"python{row.python}", str(folder)])
            python = str(folder / "bin" / "python")
            self._run([python, "-m", "pip", "install", "-q", "--cache-dir", str(kept), *_wanted(row)])
            installing += self.clock() - started
            record = str(self.place / f"{row.name}.json")
            self._run([python, "-m", "compat.probe", "--out", record])
            shutil.rmtree(folder)
        return Taken(whole=self.clock() - begin, installing=installing)

    def _by_uv(self, kept: Path) -> Taken:
        """Only install, each row behind the other, with nothing downloaded ahead."""
        cached = {**self.environment, **cache_environment(kept)}
        begin = self.clock()
        for row in self.rows:
            folder = self.place / f"uv-{row.name}"
            self._run([self.uv, "venv", "-q", "-p", row.python, str(folder)], environment=cached)
            python = str(folder / "bin" / "python")
            command = [self.uv, "pip", "install", "-q", "--python", python, *_wanted(row)]
            self._run(command, environment=cached)
            shutil.rmtree(folder)
        taken = self.clock() - begin
        return Taken(whole=taken, installing=taken)

    def _run(
        self, command: list[str], *, folder: Path = paths.ROOT, environment: Mapping[str, str] | None = None
    ) -> None:
        """Run a command to its end; what it prints goes where complaints go, for the table is printed."""
        subprocess.run(
            command, cwd=folder, env=dict(environment or self.environment), check=True, stdout=sys.stderr
        )


def _wanted(row: Row) -> tuple[str, ...]:
    return installs.requirements(row, paths.ROOT / "pyproject.toml")
