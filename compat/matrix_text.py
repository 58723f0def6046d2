"""Changes the text of a matrix and nothing else of it: comments, pins and order are people's."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from compat.toml_lines import Lines

if TYPE_CHECKING:
    from compat.matrix_plan import NewRow, Plan

_ARRAY = "row"


def apply(text: str, plan: Plan) -> str:
    """Return the text with the plan's rows written at their places, and a tag taken from one."""
    if plan.no_longer_quick:
        text = _without_tag(text, plan.no_longer_quick, "quick")
    for row in plan.rows:
        text = _with_row(text, row)
    return text


def _with_row(text: str, row: NewRow) -> str:
    lines = text.splitlines()
    blocks = _Blocks(text)
    constraints = blocks.key(blocks.rows_of(row.after)[0], "constraints") if row.after else []
    tags = ", ".join(f'"{tag}"' for tag in row.tags)
    new = [
        "[[row]]",
        f'torch = "{row.torch}"',
        f'python = "{row.python}"',
        *constraints,
        f"tags = [{tags}]",
    ]
    if row.after is None:
        place = blocks.starts[0]
        lines[place:place] = [*new, ""]
    else:
        place = blocks.end(blocks.rows_of(row.after)[-1])
        lines[place:place] = ["", *new]
    return "\n".join(lines) + "\n"


def _without_tag(text: str, torch: str, tag: str) -> str:
    """Take a tag from every row of a release."""
    blocks = _Blocks(text)
    lines = text.splitlines()
    for number, values in enumerate(blocks.tables):
        if values["torch"] == torch and tag in values["tags"]:
            first, last = blocks.span(number, "tags")
            written = "\n".join(lines[first:last])
            shorter = re.sub(rf"""(["']){re.escape(tag)}\1\s*,?[^\S\n]*""", "", written, count=1)
            lines[first:last] = re.sub(r",\s*\]", "]", shorter).split("\n")
            return _without_tag("\n".join(lines) + "\n", torch, tag)
    return text


class _Blocks:
    """Where the rows stand in a text that is a sound matrix; lines are counted from 0."""

    def __init__(self, text: str) -> None:
        self.tables = tomllib.loads(text)[_ARRAY]
        self._lines = text.splitlines()
        self._known = Lines.read(text, _ARRAY)
        self.starts = [self._known.of(number, "") - 1 for number in range(len(self.tables))]

    def rows_of(self, torch: str) -> list[int]:
        """Return the numbers of a release's rows."""
        return [number for number, values in enumerate(self.tables) if values["torch"] == torch]

    def end(self, number: int) -> int:
        """Return the line behind a row; comments above the next row are that one's."""
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self._lines)
        while not self._lines[stop - 1].partition("#")[0].strip():
            stop -= 1
        return stop

    def span(self, number: int, key: str) -> tuple[int, int]:
        """Return the first line of a key's value and the line behind it."""
        first = self._known.of(number, key) - 1
        others = [self._known.of(number, other) - 1 for other in self.tables[number]]
        return first, min((line for line in others if line > first), default=self.end(number))

    def key(self, number: int, key: str) -> list[str]:
        """Return the lines of a key as they are written, its comments among them; none where it is not."""
        if key not in self.tables[number]:
            return []
        first, last = self.span(number, key)
        return self._lines[first:last]
