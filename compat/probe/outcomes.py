"""What came of a call: a value, an error, no memory for it, or an answer that is none as it does not stay.

An outcome is ``{"kind", "text"}`` and, only where some were given, ``"warnings"``; it is compared
between releases by equality, so nothing of the run is in it, and all of the behaviour.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

from compat.probe.description import describe
from compat.probe.messages import normalise

Outcome = dict[str, Any]

#: Longer texts keep their beginning. The answers of a row are read to the end, one by one, so they must fit.
TEXT_LIMIT = 500

EXHAUSTED = "out-of-memory"

#: How the allocators of torch and of its devices say that they have no more.
_NO_MEMORY = re.compile(
    r"(?:can't|cannot|failed to) allocate memory|out of memory|not enough memory|bad_alloc|ALLOC_FAILED",
    re.IGNORECASE,
)


def value(result: Any, home: str = "cpu") -> Outcome:
    """Return the outcome of a call that returned, on a device of type ``home``."""
    return {"kind": "value", "text": shortened(describe(result, home))}


def error(exception: BaseException) -> Outcome:
    """Return the outcome of a call that raised, with the message made comparable."""
    text = normalise(str(exception))
    name = type(exception).__name__
    kind = EXHAUSTED if _is_exhaustion(exception) else "error"
    return {"kind": kind, "text": f"{name}: {text}"[:TEXT_LIMIT] if text else name}


def settled(first: Outcome, second: Outcome) -> Outcome:
    """Return what two evaluations of one question say together.

    An answer that differs is ``unstable``, and never quietly one of the two; memory that gives out in
    one of them is no answer at all. A warning counts that either gave: what warns once in a process would
    differ else.
    """
    given = [*first.get("warnings", ()), *second.get("warnings", ())]
    if (first["kind"], first["text"]) == (second["kind"], second["text"]) or first["kind"] == EXHAUSTED:
        outcome = {"kind": first["kind"], "text": first["text"]}
    elif second["kind"] == EXHAUSTED:
        outcome = {"kind": EXHAUSTED, "text": second["text"]}
    else:
        half = (TEXT_LIMIT - len(" | ")) // 2
        outcome = {
            "kind": "unstable",
            "text": f"{shortened(first['text'], half)} | {shortened(second['text'], half)}",
        }
    return {**outcome, "warnings": list(dict.fromkeys(given))} if given else outcome


def shortened(text: str, limit: int = TEXT_LIMIT) -> str:
    """Cut a text that is too long, with a checksum of the whole: a difference behind the cut shows, too."""
    if len(text) <= limit:
        return text
    told = f" … {len(text)} characters, crc32 {zlib.crc32(text.encode()):08x}"
    return text[: limit - len(told)] + told


def _is_exhaustion(exception: BaseException) -> bool:
    if isinstance(exception, MemoryError) or "OutOfMemory" in type(exception).__name__:
        return True
    return isinstance(exception, RuntimeError) and bool(_NO_MEMORY.search(str(exception)))
