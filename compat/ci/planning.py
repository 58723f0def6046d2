"""Which rows does a run on many machines fan out over? nox's own listing, as GitHub's ``strategy.matrix``.

A row's values reach a command line and a file name on other machines, so each is checked against the
narrow shape it must have; a listing that somebody has tampered with plans nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from compat import paths
from compat.errors import CompatError, ConfigurationError
from compat.probe.record import file_name
from compat.releases import listing
from compat.report.text import printable, shortened
from compat.upcoming import SESSION
from compat.verdict import CUDA, HOST

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_JOBS = 256
"""GitHub's own limit on the jobs of one matrix."""

_ROW = re.compile(r"torch-(?P<torch>\d+(?:\.\d+){1,3}(?:(?:a|b|rc)\d+)?)(?:-py\d+\.\d+)?", re.ASCII)
_PYTHON = re.compile(r"\d+\.\d+", re.ASCII)
_LONG = 80


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job of the fan-out: a row of the matrix, and the record that it leaves."""

    name: str
    torch: str
    python: str
    session: str
    device: str
    record: str


def list_sessions() -> str:
    """Return what ``nox -l --json`` prints, of all sessions; CompatError when nox cannot say."""
    noxfile = str(paths.ROOT / "noxfile.py")
    # every tag, because without any the noxfile's default selection would be listed alone
    command = [
        sys.executable,
        "-m",
        "nox",
        "--script-mode",
        "none",
        "-f",
        noxfile,
        "-t",
        "every",
        "-l",
        "--json",
    ]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip()[-1000:] or "nothing"
        raise CompatError(f"nox could not list its sessions (exit code {done.returncode}). It said: {said}")
    return done.stdout


def plan(
    text: str, *, tag: str | None = None, releases: Sequence[str] = (), cuda: str | None = None
) -> tuple[Job, ...]:
    """Return the jobs for a listing of nox.

    Args:
        text: what ``nox -l --json`` printed; lines that are no JSON list are log messages.
        tag: only rows with this tag.
        releases: only rows of these releases; each must have one.
        cuda: of the rows chosen so far, those with this tag are measured on CUDA as well.

    Raises:
        ConfigurationError: the text is no listing, nothing or too much is selected, or a value is misshapen.

    """
    rows = [each for each in _sessions(text) if each.get("name") == SESSION]
    jobs = [_job(each, HOST) for each in rows if _has(each, tag)]
    jobs += [_job(each, CUDA) for each in rows if _has(each, tag) and cuda and _has(each, cuda)]
    if releases:
        missing = [each for each in releases if each not in {job.torch for job in jobs}]
        if missing:
            message = (
                f"{printable(listing(missing))}: no row of the matrix{_tagged(tag)}. "
                "Add it: python -m compat matrix --refresh"
            )
            raise ConfigurationError(message)
        jobs = [job for job in jobs if job.torch in releases]
    if not jobs:
        raise ConfigurationError(f"nox lists no row of the matrix{_tagged(tag)}; nothing would be measured.")
    if len(jobs) > MOST_JOBS:
        message = (
            f"{len(jobs)} rows, and a matrix of jobs may have {MOST_JOBS}. "
            "Plan fewer with --tag or --release, in several runs; their records merge."
        )
        raise ConfigurationError(message)
    return tuple(jobs)


def as_matrix(jobs: Sequence[Job]) -> str:
    """Return the jobs as one line of JSON, as ``strategy.matrix`` wants them."""
    return json.dumps({"include": [asdict(job) for job in jobs]}, separators=(",", ":"))


def _sessions(text: str) -> list[dict[str, Any]]:
    for line in text.splitlines():
        if not line.startswith("["):
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if all(isinstance(each, dict) for each in found):
            return list(found)
    raise ConfigurationError("no listing of nox: give what  nox -t every -l --json  prints.")


def _has(session: dict[str, Any], tag: str | None) -> bool:
    return tag is None or tag in session.get("tags", ())


def _job(session: dict[str, Any], device: str) -> Job:
    specification = session.get("call_spec")
    row = specification.get("row") if isinstance(specification, dict) else None
    python = session.get("python")
    shape = _ROW.fullmatch(row) if isinstance(row, str) else None
    if (
        shape is None
        or not isinstance(python, str)
        or not _PYTHON.fullmatch(python)
        or session.get("session") != f"{SESSION}({row})"
    ):
        told = shortened(printable(json.dumps(session)), _LONG)
        raise ConfigurationError(f"not a row of the matrix, by its session, Python or release: {told}")
    torch = shape["torch"]
    return Job(
        name=shape.string,
        torch=torch,
        python=python,
        session=f"{SESSION}({row})",
        device=device,
        record=file_name(torch, python, device),
    )


def _tagged(tag: str | None) -> str:
    return f" with the tag {printable(tag)}" if tag else ""
