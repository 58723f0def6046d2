"""Where in a file does a person write to others: in comments, docstrings, and in text that is no program?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.source.files import Source

_SILENT = frozenset({tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.COMMENT})
_MARKS = re.compile(r"^\s*(?:#[:!]?|//|\*|>|--|;|%)?\s?")


@dataclass(frozen=True, kw_only=True)
class Block:
    """Lines that belong together: of one comment, docstring or paragraph."""

    lines: tuple[tuple[int, str], ...]
    """Line number, from 1, and what stands there without the marks of a comment."""

    @property
    def first(self) -> int:
        """The number of the first line."""
        return self.lines[0][0]

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.lines[-1][0]

    @property
    def text(self) -> str:
        """All of it, line by line."""
        return "\n".join(text for _, text in self.lines)

    def line_at(self, offset: int) -> int:
        """Return the line number of a place in ``text``."""
        return self.lines[self.text.count("\n", 0, offset)][0]


def blocks_of(source: Source) -> Iterator[Block]:
    """Yield the blocks of a file; of a program that is broken, those before the break."""
    if source.is_python:
        yield from _of_python(source.text)
    else:
        yield from _paragraphs(source.text.splitlines(), first=1)


def _of_python(text: str) -> Iterator[Block]:
    comments: list[tuple[int, str]] = []
    at_start = True
    for token in _tokens(text):
        if token.type == tokenize.COMMENT:
            number = token.start[0]
            if comments and (number != comments[-1][0] + 1 or not _alone(token)):
                yield Block(lines=tuple(comments))
                comments = []
            comments.append((number, _MARKS.sub("", token.string)))
            continue
        if token.type == tokenize.STRING and at_start:
            yield from _docstring(token)
        if token.type not in _SILENT:
            at_start = token.type == tokenize.NEWLINE
    if comments:
        yield Block(lines=tuple(comments))


def _alone(token: tokenize.TokenInfo) -> bool:
    """Whether a comment has its line to itself; one behind code goes on nothing."""
    return token.line[: token.start[1]].strip() == ""


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):  # what came before the break was yielded
        return


def _docstring(token: tokenize.TokenInfo) -> Iterator[Block]:
    try:
        value = ast.literal_eval(token.string)
    except (ValueError, SyntaxError, MemoryError):
        return
    if not isinstance(value, str):
        return
    # escapes of line ends would move the lines; the source's own lines are what people see
    lines = re.sub(r'^[rRuUbBfF]*("""|\'\'\'|"|\')|("""|\'\'\'|"|\')$', "", token.string).splitlines()
    yield from _paragraphs(lines, first=token.start[0], marks=False)


def _paragraphs(lines: Sequence[str], *, first: int, marks: bool = True) -> Iterator[Block]:
    paragraph: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], start=first):
        text = _MARKS.sub("", line).strip() if marks else line.strip()
        if text:
            paragraph.append((number, text))
        elif paragraph:
            yield Block(lines=tuple(paragraph))
            paragraph = []
