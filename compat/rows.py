"""What are the answers of a row, as a question that asks the same of many things writes them down?

``each`` (``compat/probe/questions.py``) gives ``{0: list(2.0), inf: 'RuntimeError'}``: by item the answer, or
in quotes the type of what was raised.
"""

from __future__ import annotations

import re

_RAISED = re.compile(r"'[A-Za-z]\w*(?:Error|Exception|Failed)'")
_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "'\""


def read_row(text: str) -> dict[str, str] | None:
    """Return the answers by item; None where the text is no row, or was cut."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    parts = [part.partition(": ") for part in _parts(text[1:-1])]
    row = {item: answer for item, colon, answer in parts if colon}
    return row if len(row) == len(parts) > 0 else None


def is_raised(answer: str) -> bool:
    """Whether an answer of a row names what was raised."""
    return _RAISED.fullmatch(answer) is not None


def _parts(text: str) -> list[str]:
    """Split at the commas that stand in no bracket and in no quotes."""
    parts, start, depth, quote = [], 0, 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]
