"""How long does the matrix take, against the same rows by virtual environments and pip?

Both start from empty caches. Two rows are enough: each row costs both ways the same again. Measuring takes
as long in both; so the installing is told by itself as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compat import paths
from compat.bench.lines import Line, at_least, not_measured
from compat.interpreters import expose
from compat.matrix import load_matrix
from compat.matrix_run import MatrixRun
from compat.survey import load_survey
from compat.uv import find_uv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.matrix import Row

TORCHES = ("1.13.1", "2.2.2")
TIMES_FASTER = 5.0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Seconds of one way: of the whole, and of installing alone."""

    whole: float
    installing: float


def matrix_lines(torches: Sequence[str] = TORCHES) -> Iterator[Line]:
    """Yield the lines of the comparison, or why there is none."""
    rows = [
        row
        for row in load_matrix(paths.MATRIX, load_survey(paths.SURVEY))
        if row.first and row.torch in torches
    ]
    uv = find_uv()
    if uv is None:
        yield not_measured("matrix: against virtualenv and pip", "no uv")
        return
    with tempfile.TemporaryDirectory(dir=_here()) as name:
        place = Path(name)
        environment = {
            **os.environ,
            "PATH": expose([row.python for row in rows], place / "pythons", os.environ),
        }
        try:
            ours = Taken(
                whole=_by_nox(rows, place, environment), installing=_by_uv(rows, uv, place, environment)
            )
            theirs = _by_pip(rows, place, environment)
        except subprocess.CalledProcessError as error:
            yield not_measured(
                "matrix: against virtualenv and pip", f"{error.cmd[0]} ended with {error.returncode}"
            )
            return
    told = " and ".join(torches)
    yield at_least(
        f"matrix: {told} installed, times as fast as pip",
        theirs.installing / ours.installing,
        TIMES_FASTER,
        "x",
    )
    yield at_least("  with the measuring, which both wait for", theirs.whole / ours.whole, TIMES_FASTER, "x")
    yield Line(
        what="  ours and pip's: installing, then all",
        figure=f"{ours.installing:.0f}/{theirs.installing:.0f} s, {ours.whole:.0f}/{theirs.whole:.0f} s",
    )


def _here() -> Path:
    """Return a folder on the disk of the checkout, so that hard links work as they do there."""
    folder = paths.ROOT / ".nox"
    folder.mkdir(exist_ok=True)
    return folder


def _by_nox(rows: Sequence[Row], place: Path, environment: dict[str, str]) -> float:
    """Measure the rows as the tool does, in a copy of the checkout with nothing cached."""
    copy = place / "copy"
    subprocess.run(["git", "clone", "-q", str(paths.ROOT), str(copy)], check=True)  # noqa: S607 - as typed
    sessions = [f"matrix({row.name})" for row in rows]
    begin = time.perf_counter()
    command = [sys.executable, "-m", "nox", "-s", *sessions, "--", "--again"]
    subprocess.run(command, cwd=copy, env=environment, check=True, stdout=sys.stderr)
    taken = time.perf_counter() - begin
    shutil.rmtree(copy)
    return taken


def _by_uv(rows: Sequence[Row], uv: str, place: Path, environment: dict[str, str]) -> float:
    """Install the rows one behind the other as the tool does, without what it downloads ahead meanwhile."""
    cached = {**environment, "UV_CACHE_DIR": str(place / "uv"), "UV_LINK_MODE": "hardlink"}
    begin = time.perf_counter()
    for row in rows:
        folder = place / row.name
        subprocess.run([uv, "venv", "-q", "-p", row.python, str(folder)], env=cached, check=True)
        python = str(folder / "bin" / "python")
        command = [uv, "pip", "install", "-q", "--python", python, *_requirements(row)]
        subprocess.run(command, env=cached, check=True)
        shutil.rmtree(folder)
    taken = time.perf_counter() - begin
    shutil.rmtree(place / "uv", ignore_errors=True)
    return taken


def _by_pip(rows: Sequence[Row], place: Path, environment: dict[str, str]) -> Taken:
    """Do the same with a virtual environment and pip for each row."""
    begin, installing = time.perf_counter(), 0.0
    for row in rows:
        folder, started = place / f"pip-{row.name}", time.perf_counter()
        interpreter = shutil.which(f"python{row.python}", path=environment["PATH"]) or f"python{row.python}"
        subprocess.run([interpreter, "-m", "venv", str(folder)], env=environment, check=True)
        python = str(folder / "bin" / "python")
        command = [python, "-m", "pip", "install", "-q", "--no-cache-dir", *_requirements(row)]
        subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
        installing += time.perf_counter() - started
        record = str(place / f"{row.name}.json")
        subprocess.run(
            [python, "-m", "compat.probe", "--out", record],
            cwd=paths.ROOT,
            env=environment,
            check=True,
            stdout=sys.stderr,
        )
        shutil.rmtree(folder)
    return Taken(whole=time.perf_counter() - begin, installing=installing)


def _requirements(row: Row) -> list[str]:
    return list(MatrixRun(rows=[row], arguments=[], work=_here(), say=lambda _: None).requirements(row))
