"""``compat matrix``: what the survey knows and the matrix does not, shown as a diff or written."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.errors import CompatError
from compat.matrix import load_matrix, read_matrix
from compat.matrix_plan import plan
from compat.matrix_text import apply
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from compat.matrix_plan import Plan
    from compat.survey import Survey


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """A matrix as it is and as it should be."""

    path: Path
    plan: Plan
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The difference as ``diff -u`` writes it; nothing where there is none."""
        before, after = self.before.splitlines(keepends=True), self.after.splitlines(keepends=True)
        name = self.path.name
        return "".join(difflib.unified_diff(before, after, f"{name} (as it is)", f"{name} (refreshed)"))

    def write(self) -> None:
        """Put the refreshed matrix in the place of the one that is there, whole or not at all."""
        write_whole(self.path, self.after)


def refreshed(path: Path, survey: Survey) -> Refresh:
    """Work out what a refresh changes.

    Raises:
        ConfigurationError: the matrix has mistakes, a row whose release has gone from the index among them.
        CompatError: the refreshed text would have some, because its rows are written in a way that is not
            understood here.

    """
    rows = load_matrix(path, survey)
    planned = plan(rows, survey)
    before = path.read_text(encoding="utf-8")
    after = apply(before, planned)
    try:
        now = read_matrix(after, path, survey)
    except CompatError as error:
        message = f"{path}: the new rows cannot be written into it; nothing was changed. {error}"
        raise CompatError(message) from error
    if missing := {row.torch for row in planned.rows} - {row.torch for row in now}:
        message = f"{path}: no place was found for {', '.join(sorted(missing))}; nothing was changed."
        raise CompatError(message)
    return Refresh(path=path, plan=planned, before=before, after=after)
