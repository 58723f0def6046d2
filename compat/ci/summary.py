"""How is a text shown in a place that takes so many bytes and not one more, such as the page of a run?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_BYTES = 1024 * 1024
"""GitHub's own limit on the summary of one step; a larger one is dropped whole."""
KEPT = MOST_BYTES - 4096
"""What we use of it, so that the note of the cut and another line of the step's still fit."""

_FENCE = re.compile(r"(`{3,})([^`]*)$")
_FOLDED, _UNFOLDED = "<details>", "</details>"


def cut(text: str, where: str, limit: int = KEPT) -> str:
    """Return the text, or its whole lines up to ``limit`` bytes and how many more there are.

    What the cut leaves open is closed, so that the sentence about it is neither code nor folded away.

    Args:
        text: Markdown.
        where: where all of it can be read.
        limit: in bytes of UTF-8.

    """
    if len(text.encode()) <= limit:
        return text
    kept, size = [], 0
    lines = text.splitlines(keepends=True)
    for line in lines:
        size += len(line.encode())
        if size > limit:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    told = f"**Cut here: {left:,} of {len(lines):,} lines are not shown. All of it: {where}.**"
    return f"{''.join(kept)}{_ends(kept)}\n{told}\n"


def _ends(lines: Iterable[str]) -> str:
    """Return what closes the block of code and the folded parts that are still open behind these lines."""
    fence, folded = "", 0
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and len(found[1]) >= len(fence) and not found[2].strip():
            fence = ""
        elif not fence:
            folded += line.startswith(_FOLDED) - line.startswith(_UNFOLDED)
    return (f"{fence}\n" if fence else "") + f"\n{_UNFOLDED}\n" * folded
