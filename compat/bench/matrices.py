"""How long does the matrix take, against the same rows by virtual environments and pip?

Both begin with empty caches, and go a second time with what they then have: ours with ``--keep``, which
keeps no more than the last row's wheels, so that the disk never fills; pip with every file that it
downloaded. Two rows are enough: each further row costs both ways the same again. Measuring takes as long in
both, and ours downloads meanwhile; so the installing is told by itself as well.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from compat import paths
from compat.bench.lines import Line, at_least, not_measured, told
from compat.bench.row_loops import Loops, Taken
from compat.interpreters import expose
from compat.matrix import load_matrix
from compat.survey import load_survey
from compat.uv import find_uv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TORCHES = ("1.13.1", "2.2.2")
TIMES_FASTER = 5.0

ORDER = ("ours cold", "pip cold", "pip warm", "ours warm", "uv cold", "uv warm")
"""A B, B A; then what ours installs with, alone. So nothing needs more than 20 GB at any time."""

CACHES = {"cold": "from empty caches", "warm": "a second time"}


def matrix_lines(torches: Sequence[str] = TORCHES) -> Iterator[Line]:
    """Yield the lines of the comparison, or why there is none."""
    what = "matrix: against virtualenv and pip"
    uv = find_uv()
    if uv is None:
        yield not_measured(what, "no uv. Install it beside nox: pip install nox[uv]")
        return
    survey = load_survey(paths.SURVEY)
    rows = [row for row in load_matrix(paths.MATRIX, survey) if row.first and row.torch in torches]
    with tempfile.TemporaryDirectory(dir=_here()) as name:
        place = Path(name)
        path = expose([row.python for row in rows], place / "pythons", os.environ)
        loops = Loops(rows=rows, place=place, environment={**os.environ, "PATH": path}, uv=uv)
        try:
            taken = {way: loops.go(*way.split()) for way in ORDER}
        except subprocess.CalledProcessError as error:
            yield not_measured(what, f"{error.cmd[0]} ended with {error.returncode}; see above what it said")
            return
    yield from lines_of(taken, " and ".join(torches))


def lines_of(taken: Mapping[str, Taken], torches: str) -> Iterator[Line]:
    """Yield what the six ways say: with the measuring, and of the installing alone."""
    for cache, words in CACHES.items():
        ours, pip, uv = (taken[f"{way} {cache}"] for way in ("ours", "pip", "uv"))
        yield at_least(
            f"matrix: {torches} {words}, times as fast as pip", [pip.whole / ours.whole], TIMES_FASTER, "x"
        )
        yield at_least("  the installing alone", [pip.installing / uv.installing], TIMES_FASTER, "x")
        for what, ours_seconds, pip_seconds in (
            ("all, ours against pip's", ours.whole, pip.whole),
            ("the installing alone", uv.installing, pip.installing),
            ("waiting for the installing, within all", ours.installing, pip.installing),
        ):
            yield Line(
                what=f"  {what}", figure=f"{told([ours_seconds], ' s')} against {told([pip_seconds], ' s')}"
            )


def _here() -> Path:
    """Return a folder on the disk of the checkout, so that hard links work as they do there."""
    folder = paths.ROOT / ".nox"
    folder.mkdir(exist_ok=True)
    return folder
