"""Which releases on the index have no up-to-date record, and why not?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from packaging.version import Version

from compat.matrix_plan import python_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compat.matrix import Row
    from compat.survey import Survey

FORMAT = 1

NO_ROW = "no row in the matrix"


@dataclass(frozen=True, kw_only=True)
class Unmeasured:
    """A release that somebody should measure, with the Python to do it with."""

    torch: str
    python: str
    date: str
    row: str | None
    """The row's name; None where the matrix has none."""
    why: str
    pre: bool
    """Whether it is a pre-release, which never gets a row."""
    yanked: bool


def unmeasured(
    survey: Survey, rows: Sequence[Row], why_measure: Callable[[Row], str | None]
) -> tuple[Unmeasured, ...]:
    """Return what is to be measured, oldest first: rows without a good record, and releases without a row.

    Args:
        survey: what the index offers.
        rows: those of the matrix.
        why_measure: says why a row's record does not answer, or None where it does.

    """
    return tuple(_each(survey, rows, why_measure))


def _each(
    survey: Survey, rows: Sequence[Row], why_measure: Callable[[Row], str | None]
) -> Iterator[Unmeasured]:
    before: str | None = None
    for release in survey.releases:
        pre = Version(release.torch).is_prerelease
        planned: list[tuple[str, str | None, str | None]] = [
            (row.python, row.name, why_measure(row)) for row in rows if row.torch == release.torch
        ]
        planned = planned or [(python_for(release, before), None, NO_ROW)]
        for python, row, why in planned:
            if why is not None:
                yield Unmeasured(
                    torch=release.torch,
                    python=python,
                    date=release.date,
                    row=row,
                    why=why,
                    pre=pre,
                    yanked=release.yanked,
                )
        before = before if pre else planned[0][0]


def as_json(found: Sequence[Unmeasured], survey: Survey) -> str:
    """Return the list for machines: ``format``, the ``date`` of what is known, and ``releases``."""
    content = {"format": FORMAT, "date": survey.date, "releases": [asdict(each) for each in found]}
    return json.dumps(content, indent=2)
