"""Which rows should a matrix have that it does not have yet, by what the index offers?

A new release gets a row at its place, with its predecessor's Python and constraints, because what made that
one work makes this one work, until somebody measures otherwise. Of the tags, ``quick`` moves on to the newest
release; all else that a person wrote stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.matrix import Row
    from compat.survey import Release, Survey

QUICK, FULL, EVERY = "quick", "full", "every"


@dataclass(frozen=True, kw_only=True)
class NewRow:
    """A row to be written behind that of ``after``, whose constraints it takes over."""

    torch: str
    python: str
    tags: tuple[str, ...]
    after: str | None
    """The release behind whose last row it stands; None at the beginning of the file."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a refresh changes, and what it only tells."""

    rows: tuple[NewRow, ...]
    no_longer_quick: str | None
    """The release that was the newest, and so in the main job."""
    remarks: tuple[str, ...]

    @property
    def changes(self) -> tuple[str, ...]:
        """What is changed, a sentence each."""
        told = [f"torch {row.torch} with Python {row.python} ({', '.join(row.tags)})" for row in self.rows]
        moved = f"{QUICK} moves on from torch {self.no_longer_quick}"
        return (*told, *([moved] if self.no_longer_quick else []))


def plan(rows: Sequence[Row], survey: Survey) -> Plan:
    """Compare the rows with what the index offers.

    Args:
        rows: those of the matrix, of which there is at least one.
        survey: what the index offers, oldest release first.

    """
    planned = {row.torch for row in rows}
    missing = [each for each in survey.releases if each.torch not in planned]
    offered = [each for each in missing if not each.yanked]
    newest = max((*planned, *(each.torch for each in offered)), key=Version)
    before = max(planned, key=Version)
    tagged = {row.torch for row in rows if QUICK in row.tags}
    return Plan(
        rows=tuple(_rows(rows, offered, survey, newest)),
        no_longer_quick=before if newest != before and before in tagged else None,
        remarks=(
            *(
                f"torch {each.torch} is yanked from the index, and gets no row"
                for each in missing
                if each.yanked
            ),
            *(
                f"torch {each.torch} has a row and is yanked from the index; decide whether it stays"
                for each in survey.releases
                if each.yanked and each.torch in planned
            ),
        ),
    )


def _rows(rows: Sequence[Row], offered: Sequence[Release], survey: Survey, newest: str) -> list[NewRow]:
    pythons = {row.torch: row.python for row in rows if row.first}
    found: list[NewRow] = []
    for release in offered:
        older = [each for each in pythons if Version(each) < Version(release.torch)]
        after = max(older, key=Version, default=None)
        pythons[release.torch] = python_for(release, pythons[after] if after else None)
        tags = (QUICK, FULL, EVERY) if release.torch == newest else _tags(release, survey)
        found.append(NewRow(torch=release.torch, python=pythons[release.torch], tags=tags, after=after))
    return found


def python_for(release: Release, before: str | None) -> str:
    """Choose the predecessor's Python, else the next newer one, else the newest that has a wheel."""
    known = sorted(release.pythons, key=Version)
    return next((each for each in known if before and Version(each) >= Version(before)), known[-1])


def _tags(release: Release, survey: Survey) -> tuple[str, ...]:
    """Tag the newest patch of a minor as the header of the file says."""
    minors = [(Version(each.torch).release[:2], each.torch) for each in survey.releases if not each.yanked]
    last = {one[1] for one, other in pairwise([*minors, (None, "")]) if one[0] != other[0]}
    return (FULL, EVERY) if release.torch in last else (EVERY,)
