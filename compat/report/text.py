"""How is text that somebody else wrote shown without it taking over the page or the terminal?

Error messages and type stubs come from whatever was measured: they may hold terminal escapes,
direction overrides or thousands of characters. Markup is the business of each format.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import Any

_SPACES = "\n\t "
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: str) -> str:
    r"""Write every character that cannot be seen as its escape, such as ``\x1b``; keep line ends."""
    if text.isprintable():  # most is, and so need not be looked at character by character
        return text
    return "".join(each if _visible(each) else each.encode("unicode_escape").decode() for each in text)


def one_line(text: str) -> str:
    """Fold every run of white space, line ends included, into one space."""
    return " ".join(text.split())


def shortened(text: str, limit: int) -> str:
    """Cut to at most ``limit`` characters on one line, with an ellipsis where something was cut."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    words = kept.rpartition(" ")[0]
    # A word is given up to end at a space, unless it is most of what there is.
    return (words if len(words) > limit // 2 else kept).rstrip(" ,;:") + " …"[len(words) <= limit // 2 :]


def counted(number: int, noun: str) -> str:
    """Return "1 record", "2 records"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, so that a reason can stand alone."""
    line = text.strip()
    return capital(line) + ("" if line[-1:] in ("", ".", "!", "?", "…") else ".")


def capital(text: str) -> str:
    """Begin with a capital, unless the first word is a name such as ``torch.nn`` or ``empty-list``."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].rstrip(",;:").isalpha() else text


def cleaned(value: Any) -> Any:
    """Make every text inside frozen dataclasses, tuples and lists printable."""
    if isinstance(value, str):
        # An enum that is a str holds our own words, and must stay what it is.
        return printable(value) if type(value) is str else value
    if isinstance(value, tuple):
        return tuple(cleaned(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {each.name: cleaned(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return dataclasses.replace(value, **changes)
    return value


def _visible(character: str) -> bool:
    return character in _SPACES or unicodedata.category(character) not in _INVISIBLE
