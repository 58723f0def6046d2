"""Which rows does this nox run measure after the present one?

Nobody but nox knows, so nox is asked, in public: the same command line with ``-l --json``.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from compat import paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.commands import Run
    from compat.matrix import Row

SESSION = "matrix"


def session_name(row: Row) -> str:
    """Return what nox calls the session of a row."""
    return f"{SESSION}({row.name})"


def selected_rows(rows: Sequence[Row], arguments: Sequence[str], run: Run) -> tuple[Row, ...]:
    """Return the rows that ``nox ARGUMENTS`` runs, in its order; none when nox cannot say."""
    answer = run(listing_command(arguments))
    if answer.code != 0:
        return ()
    return in_order(rows, read_listing(answer.output), arguments)


def listing_command(arguments: Sequence[str]) -> list[str]:
    """Return the command that lists what ``nox ARGUMENTS`` would run; arguments of sessions are left out."""
    own = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    # the noxfile again, because nox has left the folder that the given path may start from
    noxfile = ["-f", str(paths.ROOT / "noxfile.py")]
    return [sys.executable, "-m", "nox", "--script-mode", "none", *own, *noxfile, "-l", "--json"]


def read_listing(text: str) -> frozenset[str]:
    """Return the names of the sessions in a listing; other lines are log messages."""
    for line in text.splitlines():
        if line.startswith("["):
            try:
                return frozenset(entry["session"] for entry in json.loads(line))
            except (ValueError, TypeError, KeyError):
                continue
    return frozenset()


def in_order(rows: Sequence[Row], names: frozenset[str], arguments: Sequence[str]) -> tuple[Row, ...]:
    """Order the named rows as nox runs them: as on the command line, else as in the matrix."""
    given = {argument: place for place, argument in reversed(list(enumerate(arguments)))}
    selected = [row for row in rows if session_name(row) in names]
    return tuple(sorted(selected, key=lambda row: given.get(session_name(row), 0)))
