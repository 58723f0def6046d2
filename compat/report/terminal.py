"""The verdict on one screen of a terminal, and plain lines everywhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from compat.report.marks import Mark, Tone
from compat.report.text import sentence, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from compat.report.view import Page

_STYLES = {
    Tone.GOOD: "green",
    Tone.WARNING: "yellow",
    Tone.BAD: "bold red",
    Tone.MUTED: "dim",
    Tone.UNKNOWN: "magenta",
}
_LONG = 115
_PLAIN_WIDTH = 110


def console_for(stream: TextIO) -> Console:
    """Return a console over a stream: in colour and as wide as the terminal, if it is one."""
    wide = None if stream.isatty() or "COLUMNS" in os.environ else _PLAIN_WIDTH
    return Console(file=stream, width=wide, highlight=False, markup=False, emoji=False)


def screen(page: Page, reports: Sequence[str] | None = None) -> RenderableType:
    """Lay out releases, claims, where the reports lie, and last the verdict with its exit code.

    Args:
        page: what to show.
        reports: the files that were written of it; None where there is nothing to say about files.

    """
    lie = f"Reports: {', '.join(reports)}" if reports else "No report is written yet: python -m compat report"
    where = [] if reports is None else [Text(lie), Text()]
    code = f"Exit code {page.exit_code}: {page.mark.meaning}."
    return Group(
        _releases(page),
        Text(),
        _claims(page),
        Text(),
        *where,
        Text(page.sentence, style=_STYLES[page.mark.tone]),
        Text(code),
    )


def marked(mark: Mark) -> Text:
    """Return a status as symbol and word, in its colour."""
    return Text(f"{mark.symbol} {mark.word}", style=_STYLES[mark.tone])


def grid(*titles: str) -> Table:
    """Return a table whose last column takes what room the others leave, and folds."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=False)
    for title in titles[:-1]:
        table.add_column(title, overflow="fold", no_wrap=False)
    table.add_column(titles[-1], overflow="fold", ratio=1)
    return table


def _line(text: str) -> Text:
    """Return text that is cut at the end of its line: a screen has few."""
    return Text(text, no_wrap=True, overflow="ellipsis")


def _releases(page: Page) -> RenderableType:
    table = grid("releases", "device", "status", "why")
    for group in page.groups:
        count = f" ({group.count})" if group.count > 1 else ""
        table.add_row(
            Text(group.extent + count),
            Text(group.device),
            marked(group.mark),
            _line(shortened(group.why, _LONG)),
        )
    return table


def _claims(page: Page) -> RenderableType:
    table = grid("claim", "verdict", "because")
    for claim in page.claims:
        table.add_row(Text(claim.id), marked(claim.mark), _line(sentence(shortened(claim.because, _LONG))))
    return table
