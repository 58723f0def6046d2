"""Has anything in the named levels changed since the function first appeared?

Every span after the first is a change, the absence before the first release apart. Rewording an error,
warning otherwise or rounding otherwise is a lesser difference: it is told, but does not refute. Records
that contradict each other are no change, but leave the claim inconclusive.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.differences import LESSER, Difference, Harm, difference
from compat.releases import counted, listing
from compat.spans import spans_of

if TYPE_CHECKING:
    from compat.contract import Claim
    from compat.spans import Span

_SURFACE_IDS = ("present", "stub", "schema")
_LONG = 70
_MANY = 6
_ENOUGH = 2
"""Nothing can be seen to stay the same in fewer releases."""


class Stable(Parameters):
    """The levels whose questions must not change, and further ids such as ``agreement:norm``.

    A name, a declaration or a cost that became another one counts for ids that are named here.
    """

    levels: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Change:
    """Two spans that follow each other and differ."""

    before: Span
    now: Span
    notice: bool
    """Whether the question asks for a name, a declaration or a cost."""
    named: bool
    """Whether the claim is about this question by name, and so about a declaration, too."""

    @cached_property
    def difference(self) -> Difference:
        """How the two differ."""
        return difference(self.before, self.now, notice=self.notice)

    @property
    def lesser(self) -> bool:
        """Whether no caller's program depends on it; a declaration is what some claims are about."""
        harm = self.difference.harm
        return harm in LESSER and not (harm is Harm.NOTICE and self.named)


@dataclass(frozen=True, kw_only=True)
class _History:
    """What became of one question on one device since the function appeared."""

    question: str
    changes: tuple[_Change, ...]
    conflicts: tuple[str, ...]
    gap: bool
    """Whether a release that has the function was not measured, or only one was."""


def stable(parameters: Stable, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by the spans of every question of the levels."""
    devices = evidence.of_claim(claim)
    ids = _ids(parameters, evidence)
    named = (*_SURFACE_IDS, *parameters.also)
    measured = {device: len({each.torch for each in evidence.with_function(device)}) for device in devices}
    histories = [
        _history(identity, device, evidence, named=identity in named, releases=measured[device])
        for device in devices
        for identity in ids
        if measured[device] and _asked_on(device, identity, evidence)
    ]
    changes = [change for history in histories for change in history.changes]
    changes.sort(key=lambda change: -change.difference.harm)
    real = [change for change in changes if not change.lesser]
    lesser = [change for change in changes if change.lesser]
    conflicts = [each for history in histories for each in history.conflicts]
    gaps = [history.question for history in histories if history.gap]
    decision, because = _decide(real, conflicts, gaps if histories else ids, len(ids))
    words = Counter(change.difference.harm.words for change in lesser)
    told = ", ".join(f"{count} {each}" for each, count in words.items())
    also = f"; {counted(len(lesser), 'lesser difference')}: {told}" if lesser else ""
    return Finding(
        decision=decision,
        because=f"{because} {evidence.scope(devices)}{also}{evidence.unmeasured(devices)}",
        records=tuple(each for device in devices for each in evidence.with_function(device)),
        details=(
            *(_told(each, evidence) for each in real),
            *(f"lesser: {_told(each, evidence)}" for each in lesser),
            *(f"conflict: {each}" for each in conflicts),
        ),
    )


def _asked_on(device: str, identity: str, evidence: Evidence) -> bool:
    question = evidence.contract.question(identity)
    return question is None or question.device in (None, device)


def _history(identity: str, device: str, evidence: Evidence, *, named: bool, releases: int) -> _History:
    question = evidence.contract.question(identity)
    notice = question is not None and question.notice
    spans = _from_the_first(spans_of(evidence.spans, identity, device))
    settled = [span for span in spans if span.kind not in ("conflict", "unasked")]
    known = sum(span.measured for span in spans if span.kind != "absent")
    return _History(
        question=identity,
        changes=tuple(
            _Change(before=before, now=now, notice=notice, named=named)
            for before, now in pairwise(settled)
            if (before.kind, before.outcome) != (now.kind, now.outcome)
        ),
        conflicts=tuple(f"{identity} in {span.first}" for span in spans if span.kind == "conflict"),
        gap=known < max(releases, _ENOUGH),
    )


def _decide(real: list[_Change], conflicts: list[str], gaps: list[str], asked: int) -> tuple[Decision, str]:
    if real:
        names = list(dict.fromkeys(change.now.question for change in real))
        changed = f"{len(names)} of {counted(asked, 'question')} changed, {counted(len(real), 'time')} in all"
        return Decision.REFUTED, f"{changed} ({listing(names, many=_MANY)}),"
    if conflicts:
        return Decision.INCONCLUSIVE, f"records contradict each other ({listing(conflicts)}),"
    if gaps or not asked:
        missing = listing(gaps, many=_MANY) or "no question has these levels"
        return Decision.INCONCLUSIVE, f"not measured in every release, or in one alone ({missing}),"
    return Decision.SUPPORTED, f"no change seen in {counted(asked, 'question')}"


def _ids(parameters: Stable, evidence: Evidence) -> list[str]:
    surface = _SURFACE_IDS if "surface" in parameters.levels else ()
    questions = [each.id for each in evidence.contract.questions if each.level in parameters.levels]
    return list(dict.fromkeys([*surface, *questions, *parameters.also]))


def _from_the_first(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return spans[1:] if spans and spans[0].kind == "absent" else spans


def _told(change: _Change, evidence: Evidence) -> str:
    before, now = change.before, change.now
    date = evidence.releases.get(now.first)
    when = f"{now.since}{f', released {date}' if date else ''}"
    answers = f"{_short(before.outcome)} up to {before.last}; {_short(now.outcome)} {when}"
    return f"{now.question}, {change.difference.words}: {answers}"


def _short(text: str) -> str:
    return f"“{text}”" if len(text) <= _LONG else f"“{text[: _LONG - 1]}…”"
