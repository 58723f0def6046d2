"""Has anything in the named levels changed since the function first appeared?

Every span after the first is a change, the absence before the first release apart. An error whose
message was reworded while its type stayed is a lesser difference: it is told, but does not refute.
Records that contradict each other are no change, but leave the claim inconclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.releases import counted, listing
from compat.spans import spans_of

if TYPE_CHECKING:
    from compat.contract import Claim
    from compat.spans import Span

_SURFACE_IDS = ("present", "stub", "schema")
_LONG = 70
_MANY = 6


class Stable(Parameters):
    """The levels whose questions must not change, and further ids such as ``agreement:norm``."""

    levels: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Change:
    """Two spans that follow each other and differ."""

    before: Span
    now: Span

    @property
    def lesser(self) -> bool:
        """Whether only the wording of an error changed."""
        return self.before.kind == self.now.kind == "error" and _type_of(self.before) == _type_of(self.now)


def stable(parameters: Stable, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by the spans of every question of the levels."""
    devices = evidence.of_claim(claim)
    ids = _ids(parameters, evidence)
    changes, conflicts, unknown = [], [], []
    for device in devices:
        for identity in ids if evidence.with_function(device) else ():
            spans = _from_the_first(spans_of(evidence.spans, identity, device))
            settled = [span for span in spans if span.kind != "conflict"]
            conflicts += [f"{identity} in {span.first}" for span in spans if span.kind == "conflict"]
            changes += [
                _Change(before=before, now=now)
                for before, now in pairwise(settled)
                if (before.kind, before.outcome) != (now.kind, now.outcome)
            ]
            unknown += [] if settled else [identity]
    real = [change for change in changes if not change.lesser]
    lesser = [change for change in changes if change.lesser]
    details = tuple(_told(each, evidence) for each in real)
    details += tuple(f"lesser: {_told(each, evidence)}" for each in lesser)
    details += tuple(f"conflict: {each}" for each in conflicts)
    decision, because = _decide(real, conflicts, unknown, len(ids))
    if decision is not Decision.INCONCLUSIVE or real or conflicts:
        because = f"{because} {evidence.scope(devices)}"
    because += f"; {counted(len(lesser), 'error')} reworded, type unchanged" if lesser else ""
    records = tuple(each for device in devices for each in evidence.with_function(device))
    because += evidence.unmeasured(devices)
    return Finding(decision=decision, because=because, records=records, details=details)


def _decide(
    real: list[_Change], conflicts: list[str], unknown: list[str], asked: int
) -> tuple[Decision, str]:
    if real:
        names = list(dict.fromkeys(change.now.question for change in real))
        changed = f"{len(names)} of {asked} changed, {counted(len(real), 'time')} in all"
        return Decision.REFUTED, f"{changed}: {listing(names, many=_MANY)};"
    if conflicts:
        return Decision.INCONCLUSIVE, f"records contradict each other: {listing(conflicts)};"
    if unknown or not asked:
        return Decision.INCONCLUSIVE, f"not measured: {listing(unknown) or 'no question has these levels'}"
    return Decision.SUPPORTED, f"no change seen in {counted(asked, 'question')}"


def _ids(parameters: Stable, evidence: Evidence) -> list[str]:
    surface = _SURFACE_IDS if "surface" in parameters.levels else ()
    questions = [each.id for each in evidence.contract.questions if each.level in parameters.levels]
    return list(dict.fromkeys([*surface, *questions, *parameters.also]))


def _from_the_first(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return spans[1:] if spans and spans[0].kind == "absent" else spans


def _type_of(span: Span) -> str:
    return span.outcome.split(":", 1)[0]


def _told(change: _Change, evidence: Evidence) -> str:
    before, now = change.before, change.now
    date = evidence.releases.get(now.first)
    when = f"{now.since}{f', released {date}' if date else ''}"
    return f"{now.question}: {_short(before.outcome)} up to {before.last}; {_short(now.outcome)} {when}"


def _short(text: str) -> str:
    return f"“{text}”" if len(text) <= _LONG else f"“{text[: _LONG - 1]}…”"
