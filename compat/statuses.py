"""How does each planned release stand to the contract, on each device, and why?

A release is incompatible where an outcome that callers rely on is another one, or where a replay against
a relied-on reference disagrees silently, is unstable, crashes or hangs. A refusal that the reference does
not share is loud, and so a caveat, like any expected outcome that nobody relies on, any question whose
answer is unstable, a crash or a hang, a step that changed the process, what `oddities` finds, and evidence
that is thinner than it should be. What could not be measured is never compatible.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compat.evidence_gaps import HARNESS, doubts, missing
from compat.expectations import meets
from compat.oddities import oddities
from compat.outcomes import UNSTEADY, outcomes_by_release
from compat.record_format import DIFFERING, ExplorationFailure, Outcome, Record
from compat.releases import counted, listing
from compat.remembered import once

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from compat.contract import Contract, Question
    from compat.records import Ledger

BREAKING = frozenset("XU!T")
"""The codes of a replay that contradict a relied-on agreement."""

_MANY = 6

EXPLORED = "exploration:other"
"""The id of examples that exploring found against no reference of the contract."""

HARMFUL = frozenset({"unstable", "crash", "timeout", "out-of-memory"})
"""Outcomes that a caller must know of even where the contract expects nothing."""


class Status(enum.StrEnum):
    """How a release stands to the contract."""

    ABSENT = "absent"
    COMPATIBLE = "compatible"
    CAVEAT = "caveat"
    INCOMPATIBLE = "incompatible"
    CONFLICT = "conflict"
    NOT_MEASURED = "not-measured"


@dataclass(frozen=True, kw_only=True)
class ReleaseStatus:
    """One planned (torch, Python) on one device: its status, always with a reason."""

    torch: str
    python: str
    device: str
    status: Status
    why: str
    records: tuple[str, ...]
    then: str | None = None
    """Where it is not measured because its record is outdated: what that record said was broken."""


def judge_release(contract: Contract, ledger: Ledger, torch: str, python: str, device: str) -> ReleaseStatus:
    """Judge one row on one device by its own record and those of the same release and device."""
    status = ReleaseStatus(
        torch=torch, python=python, device=device, status=Status.NOT_MEASURED, why="", records=()
    )
    same = ledger.of_release(torch, device)
    record = next((each for each in same if each.python == python), None)
    if record is None:
        where = "" if device == "cpu" else f"{device.upper()} "
        return replace(status, why=f"no {where}record of torch {torch} with Python {python}")
    status = replace(status, records=(record.name,))
    if record.name in ledger.unusable:
        broken = contradictions(contract, record) if record.name in ledger.outdated else {}
        then = _told(broken) if broken else None
        why = ledger.unusable[record.name] + (f"; it said then: {then}" if then else "")
        return replace(status, why=why, then=then)
    usable = [each for each in same if each.name not in ledger.unusable]
    conflicts = conflicting(usable, device)
    if conflicts:
        why = f"records of the same release contradict each other on {listing(conflicts, many=_MANY)}"
        names = tuple(each.name for each in usable)
        return replace(status, status=Status.CONFLICT, why=why, records=names)
    if not record.present:
        return replace(status, status=Status.ABSENT, why=f"torch {torch} has no {contract.api}")
    verdict, why = _judge_present(contract, record)
    return replace(status, status=verdict, why=why)


def conflicting(records: Iterable[Record], device: str) -> list[str]:
    """Return the ids on which usable records of one release differ, if their machines do not explain it."""
    several = list(records)
    if len(several) < 2:  # noqa: PLR2004 - one alone contradicts nobody
        return []
    found = outcomes_by_release(several, device)
    return [
        identity
        for identity, by_release in found.items()
        if identity not in UNSTEADY
        and any(outcome is not None and outcome.kind == "conflict" for outcome in by_release.values())
    ]


@once
def caveats(contract: Contract, record: Record) -> dict[str, str]:
    """Return by question id or ``agreement:reference`` what a caller of this release must know of."""
    asked = _asked(contract, record)
    found = {
        q.id: f"{o.kind}: {o.text}" if o.kind in HARMFUL else f"gives {o.text}"
        for q, o in asked
        if not q.relied and _unmet(q, o)
    }
    found |= {q.id: f"{o.kind}: {o.text}" for q, o in asked if o.kind in HARMFUL and not q.expect}
    for question, outcome in asked:
        if outcome.warnings and not question.warns:
            found.setdefault(question.id, f"warns: {outcome.warnings[0]}")
    if record.left:
        found["state"] = listing([f"{each.key} changed {each.what}" for each in record.left], many=_MANY)
    for against in contract.compared:
        breaking = BREAKING if against in contract.relied_agreement else frozenset()
        words = _differences(record, against, set(DIFFERING) - breaking)
        if words:
            found[f"agreement:{against}"] = words
    strange = [each for each in _explored(record) if not set(each.codes) & set(contract.compared)]
    if strange:
        found[EXPLORED] = f"{counted(len(strange), 'example')} against what the contract does not compare"
    return found | oddities(contract, record)


@once
def contradictions(contract: Contract, record: Record) -> dict[str, str]:
    """Return by question id or ``agreement:reference`` which relied-on clauses this release breaks."""
    found = {
        q.id: f"expected {q.expect}, got {o.text}"
        for q, o in _asked(contract, record)
        if q.relied and _unmet(q, o)
    }
    for against in contract.relied_agreement:
        words = _differences(record, against, BREAKING)
        if words:
            found[f"agreement:{against}"] = words
    return found


def findings(contract: Contract, record: Record) -> dict[str, str]:
    """Return by id all that keeps a release from being compatible, the worst first."""
    unknown = dict.fromkeys(missing(contract, record), "not measured")
    known = {**caveats(contract, record), **doubts(contract, record)}
    return {**contradictions(contract, record), **unknown, **known}


def _judge_present(contract: Contract, record: Record) -> tuple[Status, str]:
    broken = contradictions(contract, record)
    if broken:
        return Status.INCOMPATIBLE, _told(broken)
    unknown = list(missing(contract, record))
    if unknown:
        return Status.NOT_MEASURED, f"not measured: {listing(unknown, many=_MANY)}"
    known = {**caveats(contract, record), **doubts(contract, record)}
    if known:
        return Status.CAVEAT, _told(known)
    cases = record.agreement.cases if record.agreement else 0
    corpus = record.digests.corpus.removeprefix("sha256:")[:8]
    asked = len(record.questions or {})
    return Status.COMPATIBLE, f"nothing else seen in {asked} questions and {cases} cases of corpus {corpus}"


def _explored(record: Record) -> tuple[ExplorationFailure, ...]:
    return record.exploration.failures if record.exploration else ()


def _asked(contract: Contract, record: Record) -> list[tuple[Question, Outcome]]:
    answers = record.questions or {}
    return [
        (question, outcome)
        for question in contract.questions
        if (outcome := answers.get(question.id)) is not None and outcome.kind != HARNESS
    ]


def _unmet(question: Question, outcome: Outcome) -> bool:
    if outcome.kind == "unasked" or question.expect is None:
        return False
    return not meets(outcome, question.expect)


def _differences(record: Record, against: str, wanted: AbstractSet[str]) -> str:
    """Say how often which of the wanted codes came up, in the replay and in exploring."""
    replayed = record.agreement.codes.get(against, "") if record.agreement else ""
    explored = record.exploration.against(against) if record.exploration else ()
    words = [
        f"{meaning} in {replayed.count(code)} of {len(replayed)} cases"
        for code, meaning in DIFFERING.items()
        if code in wanted and code in replayed
    ]
    found = sum(failure.codes[against] in wanted for failure in explored)
    words += [f"{counted(found, 'example')} found by exploring"] if found else []
    sizes = sum(codes.get(against) in wanted for codes in _unlike(record))
    words += [f"{counted(sizes, 'size')} of the accuracy level"] if sizes else []
    return f"{', '.join(words)} (against {against})" if words else ""


@once
def _unlike(record: Record) -> list[dict[str, str]]:
    """Return the codes of the sizes at which some reference gives other bits: of most, there are none."""
    return [point.codes for point in record.accuracy or () if point.codes]


def _told(findings: dict[str, str]) -> str:
    identity, text = next(iter(findings.items()))
    others = list(findings)[1:]
    return f"{identity}: {text}" + (f"; also {listing(others, many=_MANY)}" if others else "")
