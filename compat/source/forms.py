"""In which forms do people write of a function what could be measured? A table, and nothing else.

Each form names the rule of the contract's claims that decides it, so that another contract needs no other
forms. Versions are those of the library; the name of it may be left out where a form cannot mean another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = r"v?(?P<version>\d+\.\d+(?:\.\d+)?)"
_LIBRARY = r"(?:(?:py)?torch(?:'s)?\s*)"
_SINCE = (
    r"(?:since|from|as of|starting (?:with|in|from)|introduced in|added in|available (?:since|in|from)|in)"
)
_TIMES = r"(?:[x\u00d7]|times|-?fold)"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A way to write something: the pattern, in which case does not matter, and the rule that decides it."""

    kind: str
    """The rule of a claim, or ``public`` and ``successor``, which the contract itself decides."""
    pattern: str
    why: str
    """What is meant, for people."""


FORMS = (
    Form(
        kind="stable",
        pattern=r"(?<!un)(?<!not )\bstable\b|\bunchanged\b"
        r"|\b(?:has|have|did|does)(?:n't| not| never) change\w*|\bnever (?:been )?changed\b"
        r"|\bbackwards?[- ]compatible\b",
        why="it has not changed",
    ),
    Form(
        kind="present-since",
        pattern=rf"\b{_SINCE}\s+{_LIBRARY}?{_VERSION}",
        why="it is there from a release on",
    ),
    Form(
        kind="present-since",
        pattern=rf"{_LIBRARY}(?:>=?\s*|version\s*)?{_VERSION}\s*"
        r"(?:\+|or (?:newer|later|above|higher)|and (?:up|later|newer|above))",
        why="it is there from a release on",
    ),
    Form(
        kind="present-since",
        pattern=rf"{_LIBRARY}>=\s*{_VERSION}",
        why="it is there from a release on",
    ),
    Form(
        kind="called-by",
        pattern=r"\bused\b[^.]*\bby\b|\bcalled\b[^.]*\bby\b|\b(?:internally )?(?:uses|calls|relies on)\b",
        why="the library itself calls it",
    ),
    Form(
        kind="constant-cost",
        pattern=r"\bO\(1\)|\b(?:a )?(?:single|one) (?:fused )?(?:kernel|launch|cuda call)|\bone launch\b"
        r"|\bconstant (?:number of )?(?:kernel )?launch\w*|\bfused\b",
        why="it launches as much for a long list as for a short one",
    ),
    Form(
        kind="speedup",
        pattern=rf"(?P<low>\d+(?:\.\d+)?)\s*{_TIMES}?\s*(?:-|\u2013|to)\s*\d+(?:\.\d+)?\s*{_TIMES}",
        why="it is so many times faster",
    ),
    Form(
        kind="speedup",
        pattern=rf"(?<![\d.-])(?P<low>\d+(?:\.\d+)?)\s*{_TIMES}\s+(?:as fast|faster|speed[- ]?up|quicker)",
        why="it is so many times faster",
    ),
    Form(
        kind="speedup",
        pattern=r"(?:faster|speed[- ]?up|quicker)\s*(?:by|of)?\s*(?:a factor of\s*)?(?P<low>\d+(?:\.\d+)?)"
        rf"\s*{_TIMES}",
        why="it is so many times faster",
    ),
    Form(
        kind="speedup",
        pattern=r"\b(?:an )?orders? of magnitude (?:faster|quicker|less)|\borders? of magnitude speed",
        why="it is ten times faster, or more",
    ),
    Form(
        kind="agreement",
        pattern=r"\b(?:same|equal|equivalent|identical|equals|matches)\b[^.]*(?:norm|loop|fallback)"
        r"|\b(?:drop-in|fall ?back)\b[^.]*(?:norm|loop)",
        why="norms taken one by one are the same",
    ),
    Form(
        kind="overhead",
        pattern=r"\bmeasurabl\w+|\bnoticeabl\w+ slow\w*|\bsignificant(?:ly)? (?:slow\w*|overhead|cost)",
        why="doing without it costs a training step measurably",
    ),
    Form(
        kind="public",
        pattern=r"\bpublic(?:ly)?\b(?! successor| equivalent| alternative)"
        r"|\bofficial(?:ly)? (?:api|supported)",
        why="it is public",
    ),
    Form(
        kind="successor",
        pattern=r"\bno (?:public|official|other) (?:equivalent|alternative|successor|api|counterpart)",
        why="nothing public does the same",
    ),
)

_NEGATED = re.compile(r"\b(?:not|never|isn't|no longer|non-?|without)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_COMPILED = tuple((form, re.compile(form.pattern, re.IGNORECASE)) for form in FORMS)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a sentence says: the kind of thing, and the version or the range in it."""

    kind: str
    words: str
    version: str | None = None
    low: float | None = None


def said_in(sentence: str) -> Iterator[Said]:
    """Yield what a sentence says, each kind once; a version that belongs to another kind counts there."""
    found: dict[str, Said] = {}
    for form, pattern in _COMPILED:
        for match in pattern.finditer(sentence):
            if _NEGATED.search(sentence[: match.start()]) and form.kind != "successor":
                continue
            groups = match.groupdict()
            low = groups.get("low") or ("10" if "magnitude" in match.group().lower() else None)
            found.setdefault(
                form.kind,
                Said(
                    kind=form.kind,
                    words=match.group().strip(),
                    version=groups.get("version"),
                    low=float(low) if low else None,
                ),
            )
    since = found.get("present-since")
    if since is not None:
        for kind in ("stable", "called-by"):
            if kind in found:
                found[kind] = Said(kind=kind, words=found[kind].words, version=since.version)
    yield from found.values()
