"""What changed when, and how much does it hurt? Every change of every question, by release and by harm."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from compat.differences import Harm
from compat.releases import in_order
from compat.report.question_view import HARM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compat.differences import Difference
    from compat.report.marks import Mark
    from compat.report.question_view import QuestionRow, SpanRow


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one question gave before and gives now."""

    question: str
    asks: str
    before: str
    now: str
    mark: Mark
    call: str
    """The smallest example: what to evaluate on both sides to see it; empty where there is none."""
    relied: bool
    difference: Difference
    device: str
    until: str
    """The last measured release with the answer before."""
    since: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What changed with one release, as far as it is known that it was this one."""

    release: str
    date: str
    since: str
    device: str
    changes: tuple[Change, ...]


def turns(rows: Sequence[QuestionRow], dates: Mapping[str, str]) -> tuple[Turn, ...]:
    """Return every change, newest release first, the worst for callers first within a release."""
    found: dict[tuple[str, str, str], list[Change]] = {}
    for row in rows:
        for before, now in pairwise(row.spans):
            if now.change and (
                not {"absent", "unasked", "conflict"} & {before.kind, now.kind} or _is_presence(row.id)
            ):
                change = _change(row, before, now)
                found.setdefault((now.first, now.since, row.device), []).append(change)
    order = {release: place for place, release in enumerate(in_order(release for release, _, _ in found))}
    return tuple(
        Turn(
            release=release,
            date=dates.get(release, ""),
            since=since,
            device=device,
            changes=tuple(sorted(found[release, since, device], key=_harm)),
        )
        for release, since, device in sorted(found, key=lambda key: (-order[key[0]], key[2], key[1]))
    )


def by_harm(found: Sequence[Turn]) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """Return the changes of all releases under the words of their harm, the worst first.

    What callers rely on comes first within each; what is only declared otherwise is left to the timeline.
    """
    changes = [change for turn in found for change in turn.changes]
    return tuple(
        (harm.words, tuple(sorted(of_it, key=lambda change: not change.relied)))
        for harm in sorted(Harm, reverse=True)
        if harm is not Harm.NOTICE and (of_it := [each for each in changes if each.difference.harm is harm])
    )


def _change(row: QuestionRow, before: SpanRow, now: SpanRow) -> Change:
    if now.change is None:
        raise ValueError(row.id)
    return Change(
        question=row.id,
        asks=row.asks,
        before=before.outcome,
        now=now.outcome,
        mark=now.mark,
        call=row.call or "",
        relied=row.relied,
        difference=now.change,
        device=row.device,
        until=before.last,
        since=now.since,
    )


def _harm(change: Change) -> tuple[bool, int, int]:
    """Order the news that the function is there before all other, then what hurts most."""
    return change.question != "present", -change.difference.harm, HARM.index(change.mark)


def _is_presence(identity: str) -> bool:
    return identity == "present" or identity.startswith("relative:")
