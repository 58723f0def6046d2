"""How do the releases stand, told as few rows as the truth allows?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from compat.releases import in_order
from compat.report.marks import STATUSES, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compat.statuses import ReleaseStatus


@dataclass(frozen=True, kw_only=True)
class ReleaseRow:
    """One planned (torch, Python) on one device."""

    torch: str
    python: str
    label: str
    """The version, with the Python where the same torch was planned with more than one."""
    device: str
    date: str
    mark: Mark
    why: str
    records: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseGroup:
    """Neighbouring rows of one device that stand alike for the same reason."""

    device: str
    extent: str
    count: int
    mark: Mark
    why: str
    rows: tuple[ReleaseRow, ...]


def release_rows(statuses: Sequence[ReleaseStatus], dates: Mapping[str, str]) -> tuple[ReleaseRow, ...]:
    """Return every planned row, in the verdict's order."""
    labels = {
        device: label_rows((each.torch, each.python) for each in statuses if each.device == device)
        for device in {each.device for each in statuses}
    }
    return tuple(
        ReleaseRow(
            torch=each.torch,
            python=each.python,
            label=labels[each.device][each.torch, each.python],
            device=each.device,
            date=dates.get(each.torch, ""),
            mark=STATUSES[each.status],
            why=each.why,
            records=each.records,
        )
        for each in statuses
    )


def label_rows(rows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name each (torch, Python), no longer than it must be to tell it from the others."""
    known = set(rows)
    pythons = Counter(torch for torch, _ in known)
    return {
        (torch, python): torch if pythons[torch] == 1 else f"{torch} (Python {python})"
        for torch, python in known
    }


def group_rows(rows: Sequence[ReleaseRow]) -> tuple[ReleaseGroup, ...]:
    """Merge neighbours whose status and reason differ in nothing but the row's own name."""
    groups = []
    for device in dict.fromkeys(row.device for row in rows):
        of_it = [row for row in rows if row.device == device]
        for (mark, why), members in groupby(of_it, key=lambda row: (row.mark, _generic(row))):
            group = tuple(members)
            groups.append(
                ReleaseGroup(
                    device=device,
                    extent=extent([row.label for row in group]),
                    count=len(in_order(row.torch for row in group)),
                    mark=mark,
                    why=why if len({row.torch for row in group}) > 1 else group[0].why,
                    rows=group,
                )
            )
    return tuple(groups)


def extent(labels: Sequence[str]) -> str:
    """Name a run of releases by its ends."""
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"


def _generic(row: ReleaseRow) -> str:
    """Say a reason so that it is true of every row that shares it."""
    why = row.why.replace(f"torch {row.torch}", "this torch")
    return why.replace(f"Python {row.python}", "this Python")
