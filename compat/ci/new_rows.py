"""How does another machine come to the rows that the watch found? As files that add rows and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from compat.ci.watching import LOOKED, MATRIX, SURVEY, Look, read
from compat.errors import ConfigurationError
from compat.matrix import load_matrix
from compat.releases import listing
from compat.survey import load_survey

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def adopt(folder: Path, root: Path) -> tuple[str, ...]:
    """Put the matrix and the survey that were handed over into the checkout at ``root``.

    Args:
        folder: what the watch's first step wrote.
        root: the checkout.

    Returns:
        The releases that are new.

    Raises:
        ConfigurationError: the files are not what that step writes.

    """
    found = read(Look, folder / LOOKED)
    check(folder, root, set(found.new))
    for name in (MATRIX, SURVEY):
        shutil.copyfile(folder / name, root / name)
    return found.new


def check(folder: Path, root: Path, new: Collection[str]) -> None:
    """Refuse a matrix that does more than add rows of new releases."""
    for name in (MATRIX, SURVEY):
        if (folder / name).is_symlink() or not (folder / name).is_file():
            raise ConfigurationError(f"{folder / name}: no plain file. Nothing was done.")
    ours = load_matrix(root / MATRIX, load_survey(root / SURVEY))
    theirs = load_matrix(folder / MATRIX, load_survey(folder / SURVEY))
    added = [each for each in theirs if replace(each, tags=()) not in {replace(row, tags=()) for row in ours}]
    foreign = sorted({each.torch for each in added} - set(new))
    gone = sorted({each.torch for each in ours} - {each.torch for each in theirs})
    if foreign or gone:
        what = listing([*foreign, *gone])
        raise ConfigurationError(f"{folder / MATRIX}: rows of {what} differ from ours. Nothing was done.")
