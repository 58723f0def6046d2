"""What changed when? Every change of every question, by the release that brought it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from compat.releases import in_order
from compat.report.question_view import HARM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compat.report.marks import Mark
    from compat.report.question_view import QuestionRow


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one question gave before and gives now."""

    question: str
    asks: str
    before: str
    now: str
    mark: Mark


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
            if not {"absent", "unasked"} & {before.kind, now.kind} or _is_presence(row.id):
                change = Change(
                    question=row.id, asks=row.asks, before=before.outcome, now=now.outcome, mark=now.mark
                )
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


def _harm(change: Change) -> tuple[bool, int]:
    """Order the news that the function is there before all other, then what hurts most."""
    return change.question != "present", HARM.index(change.mark)


def _is_presence(identity: str) -> bool:
    return identity == "present" or identity.startswith("relative:")
