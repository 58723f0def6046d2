"""Which sentences of a block are about the API, and not about something else that it mentions?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.source.blocks import Block

_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)(?<!\bapprox)[.!?;](?=\s|$)|\n\s*\n|\n(?=[-*•]\s)"
)
_NAME = re.compile(r"`[^`\n]+`|\b[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+\b|\b\w*_\w+\b(?=\()?|\b[A-Za-z]\w*(?=\()")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, and the line that it begins on."""

    text: str
    line: int


def sentences_of(block: Block) -> Iterator[Sentence]:
    """Cut a block into sentences; a number such as 1.9 ends none."""
    text, start = block.text, 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        said = " ".join(piece.split())
        if said:
            yield Sentence(text=said, line=block.line_at(start + len(piece) - len(piece.lstrip())))
        start = end


def is_about(sentence: str, name: str, related: frozenset[str], *, tied: bool) -> bool:
    """Whether a sentence is about the function: it names it, or follows without naming anything else.

    Args:
        sentence: its words.
        name: the last part of the API's name.
        related: names of what is spoken of together with it: who calls it, and what stands in for it.
        tied: whether the block that it stands in names or precedes the function.

    """
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence):
        return True
    if not tied:
        return False
    others = {word for match in _NAME.finditer(sentence) for word in _WORDS.findall(match.group())}
    return not {other for other in others if other.lower() not in related and not other.isdigit()}
