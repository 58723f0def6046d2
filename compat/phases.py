"""How long did each phase of each row take, and how many bytes? One line a row, in the run's own folder."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_DOWNLOADING = re.compile(r"^\s*Downloading \S+ \(([\d.]+)([KMG])iB\)", re.MULTILINE)
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}
_GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Phases:
    """Seconds and bytes of one row. ``prefetch`` went on behind the row before it."""

    run: str
    row: str
    wheels: str
    prefetch: float
    paused: float
    install: float
    probe: float
    downloaded: int
    environment: int
    """Bytes of the environment, links to the cache included."""
    disk: int
    """Bytes of the run's folder while environment and the next row's wheels both lay there."""


def append(phases: Phases, path: Path) -> None:
    """Add a row's line to the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(phases)) + "\n")


def read(path: Path, run: str | None = None) -> tuple[Phases, ...]:
    """Return the rows of one run, or of all; lines of another format are left out."""
    if not path.exists():
        return ()
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            phases = Phases(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found += [phases] if run in (None, phases.run) else []
    return tuple(found)


def summarise(rows: Sequence[Phases]) -> str:
    """Say in one line what the rows cost."""
    if not rows:
        return "No row was measured in this run."
    count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return (
        f"{count} measured: {minutes(sum(row.install for row in rows))} installing, "
        f"{minutes(sum(row.prefetch for row in rows))} prefetching behind the measurements, "
        f"{minutes(sum(row.probe for row in rows))} measuring; "
        f"{_gib(sum(row.downloaded for row in rows))} downloaded, "
        f"at most {_gib(max(row.disk for row in rows))} of disk in use."
    )


def downloaded(output: str) -> int:
    """Return the bytes that uv says it downloaded; it leaves out what is smaller than a megabyte."""
    return sum(round(float(size) * _UNITS[unit]) for size, unit in _DOWNLOADING.findall(output))


def occupied(folder: Path) -> int:
    """Return the bytes that a folder takes on disk, a file with several names counted once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                entry = os.lstat(os.path.join(root, name))  # noqa: PTH118 - 30,000 files
            except FileNotFoundError:
                continue  # a download behind us moves files about
            if (entry.st_dev, entry.st_ino) not in seen:
                seen.add((entry.st_dev, entry.st_ino))
                total += entry.st_blocks * 512
    return total


def minutes(seconds: float) -> str:
    """Write a time as a person says it: in seconds, then in minutes."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"  # noqa: PLR2004


def _gib(count: int) -> str:
    return f"{count / _GIB:.1f} GiB"
