"""The report as Markdown for code hosts: short, with the tables that matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compat.report.templating import environment
from compat.report.text import shortened

if TYPE_CHECKING:
    from compat.report.view import View

FILE = "compatibility.md"

_LONG = 400
_LONG_CODE = 140
_LONG_ANSWER = 90
_MOST, _TABLES = 10, 4
"""So many changes of a kind, and so many kinds with a table: what hurts most; the page has them all."""
_SPECIAL = re.compile(r"[\\`*{}\[\]<>#|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|://|@")

_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "@": "&#64;", "://": ":&#47;/"}


def render(view: View) -> str:
    """Write the page; text from outside cannot end a cell, open a tag or start a block."""
    template = environment(prose=prose, code=code, block=block).get_template("compatibility.md.jinja")
    return template.render(page=view.page, MOST=_MOST, TABLES=_TABLES, LONG=_LONG_ANSWER)


def prose(text: str, limit: int = _LONG) -> str:
    """Make text stand for itself within a line or a table's cell."""
    return _SPECIAL.sub(_escaped, shortened(text, limit))


def code(text: str, limit: int = _LONG_CODE) -> str:
    """Make text a code span; one with a bar in it an element, for hosts differ on bars in cells."""
    line = shortened(text, limit)
    if not line:
        return "(nothing)"
    if "|" in line:
        return f"<code>{prose(line, limit)}</code>"
    fence = _fence(line, 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def block(text: str, language: str = "python") -> str:
    """Make text a fenced block of code, whatever fences it has itself."""
    fence = _fence(text, 3)
    return f"{fence}{language}\n{text}\n{fence}"


def _escaped(match: re.Match[str]) -> str:
    return _ENTITIES.get(match.group()) or f"\\{match.group()}"


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)
