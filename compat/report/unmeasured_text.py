"""The releases without an up-to-date record, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from compat.report.terminal import grid
from compat.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.survey import Survey
    from compat.unmeasured import Unmeasured


def table(found: Sequence[Unmeasured], survey: Survey) -> RenderableType:
    """Lay out what is to be measured, and how."""
    of_all = f"of {counted(len(survey.releases), 'release')} on the index ({survey.date})"
    if not found:
        return Text(f"every one {of_all} has an up-to-date record")
    rows = grid("release", "released", "Python", "why it is to be measured")
    for each in found:
        marks = [word for word, holds in (("pre-release", each.pre), ("yanked", each.yanked)) if holds]
        rows.add_row(
            Text(each.torch), Text(each.date), Text(each.python), Text(", ".join([*marks, each.why]))
        )
    releases = len({each.torch for each in found})
    told = f"{releases} {of_all} {'has' if releases == 1 else 'have'} no up-to-date record."
    return Group(rows, Text(), Text(told), *[Text(line) for line in _next(found)])


def _next(found: Sequence[Unmeasured]) -> list[str]:
    lines = []
    if any(each.row is None and not each.pre and not each.yanked for each in found):
        lines.append("Give them rows: python -m compat survey, then python -m compat matrix --refresh")
    rows = [each.row for each in found if each.row]
    if len(rows) == 1:
        lines.append(f'Measure it: nox -s "matrix({rows[0]})"')
    elif rows:
        lines.append("Measure them: nox -t every (what is up to date is not measured again)")
    return lines
