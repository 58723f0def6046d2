"""Where wheels declare one thing and the torch in them does another, as rows and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.releases import ranges
from compat.report.text import counted

if TYPE_CHECKING:
    from compat.declared import Comparison


@dataclass(frozen=True, kw_only=True)
class MismatchRow:
    """One thing that is declared otherwise than it is."""

    what: str
    extent: str
    declared: str
    observed: str


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What was read from wheels without installing them, held against what was observed."""

    sentence: str
    rows: tuple[MismatchRow, ...]


def declared_view(found: Comparison) -> Declared:
    """Make a comparison ready to print."""
    return Declared(
        sentence=_sentence(found),
        rows=tuple(
            MismatchRow(
                what=each.what,
                extent=ranges(each.releases, found.releases),
                declared=each.declared,
                observed=each.observed,
            )
            for each in found.mismatches
        ),
    )


def _sentence(found: Comparison) -> str:
    if not found.releases:
        return "No wheel was read of a release that was measured, so nothing could be compared."
    differing = sum(len(each.releases) for each in found.mismatches)
    agree = f"{found.compared - differing} agree" if differing else "all agree"
    text = (
        f"Of {counted(len(found.releases), 'release')} both a wheel was read and a torch was measured: of "
        f"{counted(found.compared, 'fact')}, {agree}{f' and {differing} differ' if differing else ''}."
    )
    if found.unobserved:
        text += f" Declared, and not observed: {ranges(found.unobserved, found.unobserved)}."
    if found.unread:
        told = "; ".join(f"{torch} ({why})" for torch, why in found.unread)
        text += f" Observed, and not read: {told}."
    return text
