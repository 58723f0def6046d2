"""How is the marked block of a source file replaced by today's note, and nothing else of it?

The block is what lies between two comments of their own lines, at any indentation::

    # compat: note begin
    # compat: note end
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from compat.errors import ConfigurationError

BEGIN, END = "# compat: note begin", "# compat: note end"
_MARK = re.compile(r"[ \t]*# compat: note (begin|end)[ \t]*")


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A marked block: the lines of its marks, from 1, what stands between them, and its indentation."""

    begin: int
    end: int
    inside: tuple[str, ...]
    indent: str


def marked_blocks(text: str, name: str) -> tuple[Marked, ...]:
    """Return the marked blocks of a text, in order.

    Raises:
        ConfigurationError: a mark has no counterpart, or one block begins within another.

    """
    lines = _lines(text)
    found: list[Marked] = []
    begun: int | None = None
    for number, line in enumerate(lines, start=1):
        mark = _MARK.fullmatch(line.rstrip("\r\n"))
        if mark is None:
            continue
        if (mark.group(1) == "begin") == (begun is not None):
            what = "begins again before it ends" if begun is not None else "ends, and never began"
            message = f"{name}:{number}: a marked note {what}. Set a pair of lines: {BEGIN} and {END}"
            raise ConfigurationError(message)
        if begun is None:
            begun = number
        else:
            inside = tuple(each.rstrip("\r\n") for each in lines[begun : number - 1])
            indent = lines[begun - 1][: len(lines[begun - 1]) - len(lines[begun - 1].lstrip(" \t"))]
            found.append(Marked(begin=begun, end=number, inside=inside, indent=indent))
            begun = None
    if begun is not None:
        message = f"{name}:{begun}: a marked note begins here and never ends. Close it with: {END}"
        raise ConfigurationError(message)
    return tuple(found)


def with_note(text: str, note: str, name: str) -> str:
    """Return a text with today's note between its marks, everything else byte for byte as it was.

    Raises:
        ConfigurationError: there is no marked block, or the marks do not pair.

    """
    blocks = marked_blocks(text, name)
    if not blocks:
        message = f"{name}: no marked note. Put these two lines where it shall stand: {BEGIN} and {END}"
        raise ConfigurationError(message)
    lines = _lines(text)
    for block in reversed(blocks):
        mark = lines[block.begin - 1]
        ending = mark[len(mark.rstrip("\r\n")) :]
        lines[block.begin : block.end - 1] = [f"{each}{ending}" for each in indented(note, block.indent)]
    return "".join(lines)


def indented(note: str, indent: str) -> tuple[str, ...]:
    """Return the lines of a note as they stand in a block of this indentation."""
    return tuple(f"{indent}{line}".rstrip() for line in note.strip("\n").splitlines())


def _lines(text: str) -> list[str]:
    """Cut at line ends alone; splitlines would cut at form feeds as well, which are no lines to Python."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
