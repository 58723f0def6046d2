"""What differs between two releases on one device, as if no other had been measured?

The one place that compares two releases: for the gate, and for a caller who moves from one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from compat.differences import LESSER, difference
from compat.outcomes import all_spans, outcomes_by_release
from compat.statuses import BREAKING, contradictions, findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.accepted import Accepted
    from compat.contract import Contract
    from compat.differences import Difference
    from compat.record_format import Record
    from compat.records import Ledger

_AGREEMENT = "agreement:"


@dataclass(frozen=True, kw_only=True)
class Change:
    """A question with another outcome than before."""

    id: str
    asks: str
    relied: bool
    difference: Difference
    before: str
    now: str
    accepted: Accepted | None = None

    @property
    def lesser(self) -> bool:
        """Whether no caller's program depends on it."""
        return self.difference.harm in LESSER


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A relied-on clause, or a claim, that is newly contradicted."""

    id: str
    is_claim: bool
    why: str
    before: str
    accepted: Accepted | None = None


def newly_contradicted(
    contract: Contract, here: Sequence[Record], there: Sequence[Record]
) -> Iterator[Broken]:
    """Find the relied-on clauses that some record of the new release contradicts and none before did so."""
    gone = [each.torch for each in here if not each.present]
    if gone and any(each.present for each in there):
        yield Broken(
            id="present", is_claim=False, why=f"torch {gone[0]} has no {contract.api}", before="present"
        )
    was: dict[str, set[object]] = {}
    for record in there:
        for identity in contradictions(contract, record):
            was.setdefault(identity, set()).update(_how(identity, record))
    told: set[str] = set()
    for record in here:
        for identity, why in contradictions(contract, record).items():
            new = _how(identity, record) - was.get(identity, set())
            if identity not in told and (identity not in was or new):
                told.add(identity)
                before = "contradicted, otherwise" if identity in was else _stood(there)
                yield Broken(id=identity, is_claim=False, why=why, before=before)


def _stood(there: Sequence[Record]) -> str:
    return "not contradicted" if any(each.present for each in there) else "the function was absent"


def _how(identity: str, record: Record) -> set[object]:
    """Return what tells one contradiction of a clause from another: the outcome, or the cases that differ."""
    if not identity.startswith(_AGREEMENT):
        outcome = (record.questions or {}).get(identity)
        return {outcome.text} if outcome else set()
    codes = record.agreement.codes.get(identity.removeprefix(_AGREEMENT), "") if record.agreement else ""
    return {(place, code) for place, code in enumerate(codes) if code in BREAKING}


def changes_between(contract: Contract, ledger: Ledger, device: str, two: tuple[str, str]) -> list[Change]:
    """Compare the outcomes of two releases, the first as before and the second as now, whichever is older."""
    only = replace(ledger, records=tuple(each for each in ledger.records if each.torch in two))
    found: list[Change] = []
    spans = [each for each in all_spans(only, two) if each.device == device]
    for older, newer in pairwise(spans):
        before, now = (older, newer) if older.first == two[0] else (newer, older)
        question = contract.question(now.question)
        if before.question != now.question or {before.kind, now.kind} & _NO_ANSWER:
            continue
        notice = question is not None and question.notice
        found.append(
            Change(
                id=now.question,
                asks=question.asks if question else "",
                relied=question.relied if question else _relied(contract, now.question),
                difference=difference(before, now, notice=notice),
                before=before.outcome,
                now=now.outcome,
            )
        )
    return found


_NO_ANSWER = frozenset({"absent", "unasked", "conflict"})


def _relied(contract: Contract, identity: str) -> bool:
    return identity.removeprefix(_AGREEMENT) in contract.relied_agreement


def compared(ledger: Ledger, device: str, before: str, new: str) -> list[str]:
    """Return the ids that both releases have an outcome of."""
    found = outcomes_by_release([each for each in ledger.usable if each.torch in (before, new)], device)
    return [
        identity
        for identity, each in found.items()
        if each.get(before) is not None and each.get(new) is not None
    ]


def newly_to_mind(
    contract: Contract, here: Sequence[Record], there: Sequence[Record]
) -> Iterator[tuple[str, str]]:
    """Tell what keeps the new release from being compatible and did not keep the one before."""
    was = {identity for record in there for identity in findings(contract, record)}
    seen = set(was)
    for record in here:
        for identity, text in findings(contract, record).items() if record.present else ():
            if identity not in seen:
                seen.add(identity)
                yield identity, text
