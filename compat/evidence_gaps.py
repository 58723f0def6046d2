"""What of the evidence that a judgement needs is not in a record, or is thinner than it should be?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.record_format import AGREEING, DIFFERING, UNASKED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.contract import Contract, Question
    from compat.record_format import Record

HARNESS = "harness-error"

EXPLORING, COST = "exploration", "cost"
"""The ids of what is wanting of exploring and of the cost."""


def missing(contract: Contract, record: Record) -> Iterator[str]:
    """Name what a judgement needs and the record lacks: nothing is compatible without it."""
    yield from (f"{each.level} behind {each.behind} ({each.why})" for each in record.given_up)
    yield from (each.id for each in contract.questions if _is_unanswered(each, record))
    codes = record.agreement.codes if record.agreement else {}
    answered = set(AGREEING) | set(DIFFERING)
    for against in contract.relied_agreement:
        if not answered & set(codes.get(against, "")):
            yield f"agreement with {against}"
        elif "H" in codes[against]:
            yield f"{codes[against].count('H')} cases of {against} ({UNASKED['H']})"
    unrelied = set(contract.compared) - set(contract.relied_agreement)
    yield from (f"comparison with {each}" for each in contract.compared if each in unrelied - set(codes))
    if not record.accuracy:
        yield "accuracy"
    if record.cost is None:
        yield "cost"


def _is_unanswered(question: Question, record: Record) -> bool:
    """Tell whether a question of this device has no answer that the contract could be judged by.

    Only what needs something of torch can have gone unasked; only what is relied on must have been asked,
    but a record that says nothing at all of a question has lost it.
    """
    if question.device not in (None, record.device):
        return False
    outcome = (record.questions or {}).get(question.id)
    if outcome is None:
        return True
    if outcome.kind == "unasked":
        return question.needs is None
    return outcome.kind == HARNESS and question.relied


def doubts(contract: Contract, record: Record) -> dict[str, str]:
    """Return by id what makes the evidence thinner than it should be; no fault of the function's.

    That nobody explored, that no cost was measured, and what the harness failed to ask of what no caller
    relies on.
    """
    explored = record.exploration
    why = explored.doubt if explored else "nothing is recorded of it"
    found = {EXPLORING: f"no fresh examples beside the corpus: {why}"} if why else {}
    if explored and not why and explored.stopped:
        found[EXPLORING] = f"not all of the time was explored: {explored.stopped}"
    if record.cost and record.cost.not_run:
        found[COST] = f"not all of it was measured: {record.cost.not_run}"
    answers = record.questions or {}
    found |= {
        each.id: f"could not be asked: {answers[each.id].text}"
        for each in contract.questions
        if not each.relied and each.id in answers and answers[each.id].kind == HARNESS
    }
    for against in contract.compared:
        codes = record.agreement.codes.get(against, "") if record.agreement else ""
        if "H" in codes and against not in contract.relied_agreement:
            found[f"unasked:{against}"] = f"{codes.count('H')} cases of {against} ({UNASKED['H']})"
    return found
