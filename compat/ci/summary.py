"""How is a text shown in a place that takes so many bytes and not one more, such as the page of a run?"""

from __future__ import annotations

MOST_BYTES = 1024 * 1024
"""GitHub's own limit on the summary of one step; a larger one is dropped whole."""
KEPT = MOST_BYTES - 4096
"""What we use of it, so that the note of the cut and another line of the step's still fit."""


def cut(text: str, where: str, limit: int = KEPT) -> str:
    """Return the text, or its whole lines up to ``limit`` bytes and how many more there are.

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
    return f"{''.join(kept)}\n{told}\n"
