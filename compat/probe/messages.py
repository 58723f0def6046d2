"""How is a message made comparable: without what differs from run to run or from machine to machine?

Numbers, names and words that say what torch thinks stay, so that a rewording shows.
"""

from __future__ import annotations

import re

_SOURCE = r"(?:cpp|cxx|cc|cu|cuh|c|hpp|h|inl|inc|pyx|py)"

_NO_MEMORY = r"can't allocate memory|[Oo]ut of memory|not enough memory"

#: What goes, in this order, and what stands in its place.
_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Where torch's own C++ raised or warned: it moves with every release and says nothing to a caller.
        (r"\s*\(?(?:Exception raised from|Triggered internally at) .*", ""),
        # How full the device was, and by whose fault.
        (rf"((?:{_NO_MEMORY}).*?\d[\d.]* ?(?:bytes|[KMGT]?i?B))\b.*", r"\1"),
        (r"0x[0-9a-fA-F]+", "0x…"),
        # Documentation is linked under the release's own number.
        (r"(https?://\S*?/)(?:v?\d+(?:\.\d+)+\w*|main|master|stable|nightly)(?=/)", r"\1…"),
        (r"(?<![\w:/])\.{0,2}(?:/[\w.+-]+)+/([\w.+-]+)", r"\1"),
        (rf"(?<![\w:/.])(?:[\w.+-]+/)+([\w.+-]+\.{_SOURCE})\b", r"\1"),
        (rf"(\.{_SOURCE}\"?(?::|, line ))\d+", r"\1…"),
        (r"\b(line )\d+", r"\1…"),
        # Which backends have a kernel grows with every release, whoever asks.
        (r"\b(backends?: )\[[^\]]*\]?", r"\1[…]"),
        (r"\b((?:pid|PID|process|thread|tid|id)(?: id| ID)?\b[ =:#]*)\d{2,}", r"\1…"),
        (r"\bThread-\d+(?: \([^)]*\))?", "Thread-…"),
        (r"\s+", " "),
    )
)

#: The failing operator's own words are the last line of a message of TorchScript's.
_TRACEBACK = "Traceback of TorchScript"


def normalise(message: str) -> str:
    """Return a message on one line, without addresses, folders, line numbers, process ids and the like.

    Kept is the first line; a line that ends with a colon announces the next, which is kept as well.
    """
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    kept = lines[:1]
    while len(kept) < len(lines) and kept[-1].endswith(":"):
        kept.append(lines[len(kept)])
    if any(line.startswith(_TRACEBACK) for line in lines):
        kept.append(lines[-1])
    return plain(" ".join(kept))


def plain(text: str) -> str:
    """Return a text, whole, without what differs from run to run or from machine to machine."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text.strip()
