"""What is known of one question or one claim, told on a terminal; and which ones there are."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from compat.errors import ConfigurationError
from compat.report.terminal import grid, marked
from compat.report.text import printable, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compat.contract import Contract, Question
    from compat.report.question_view import QuestionRow
    from compat.report.view import ClaimRow, Page


def listing(contract: Contract, asked: Sequence[Question]) -> RenderableType:
    """List the claims of a contract and some of its questions, with what each asks."""
    claims = grid("claim", "says")
    for claim in contract.claims:
        claims.add_row(Text(claim.id), Text(printable(claim.claim)))
    questions = grid("question", "level", "relied on", "asks")
    for question in asked:
        relied = "yes" if question.relied else ""
        questions.add_row(
            Text(question.id), Text(question.level), Text(relied), Text(printable(question.asks))
        )
    return Group(claims, questions, Text("All that is known of one: python -m compat explain ID"))


def listing_json(contract: Contract, asked: Sequence[Question]) -> str:
    """Return the same for machines."""
    return json.dumps(
        {
            "api": contract.api,
            "claims": [{"id": each.id, "claim": each.claim, "rule": each.rule} for each in contract.claims],
            "questions": [
                {
                    "id": each.id,
                    "level": each.level,
                    "relied": each.relied,
                    "asks": each.asks,
                    "call": each.call,
                }
                for each in asked
            ],
        },
        indent=2,
    )


def explanation_json(page: Page, contract: Contract, identity: str) -> str:
    """Return all that is known of a claim or a question for machines; see ``explanation``."""
    question = contract.question(identity)
    claims = [each for each in page.claims if each.id == identity]
    rows = [row for row in page.questions if row.id == identity]
    if not claims and not rows and question is None:
        raise ConfigurationError(_unknown(page, contract, identity))
    return json.dumps(
        {
            "id": identity,
            "claims": [
                {
                    "claim": each.claim,
                    "verdict": each.mark.word,
                    "because": each.because,
                    "details": list(each.details),
                    "records": list(each.records),
                }
                for each in claims
            ],
            "question": {"asks": question.asks, "why": question.why, "call": question.call}
            if question
            else None,
            "answers": [
                {
                    "device": row.device,
                    "releases": span.extent,
                    "from": span.first,
                    "last": span.last,
                    "status": span.mark.word,
                    "since": span.since,
                    "outcome": span.outcome,
                }
                for row in rows
                for span in row.spans
            ],
        },
        indent=2,
    )


def explanation(page: Page, contract: Contract, identity: str) -> RenderableType:
    """Tell all that is known of a claim or a question; ConfigurationError for an id that is neither."""
    parts: list[RenderableType] = [_claim(each) for each in page.claims if each.id == identity]
    rows = [row for row in page.questions if row.id == identity]
    question = contract.question(identity)
    if rows:
        parts += [_question(rows[0]), *(_answers(row) for row in rows)]
    elif question is not None:
        parts += [_pairs([("question", question.id), ("asks", question.asks), ("call", question.call)])]
        parts += [Text("No usable record answers it.")]
    if not parts:
        raise ConfigurationError(_unknown(page, contract, identity))
    return Group(*parts)


def _claim(claim: ClaimRow) -> RenderableType:
    details = [("details" if not place else "", line) for place, line in enumerate(claim.details)]
    records = [("records" if not place else "", name) for place, name in enumerate(claim.records)]
    head = [("claim", claim.id), ("says", claim.claim)]
    return Group(
        _pairs([*head, ("verdict", marked(claim.mark)), ("because", sentence(claim.because))]),
        _pairs([*details, *records]),
    )


def _question(row: QuestionRow) -> RenderableType:
    known = [("question", row.id), ("level", row.level), ("asks", row.asks), ("why", row.why)]
    known += [("call", row.call)] if row.call else []
    known += [("relied on" if row.relied else "expected", row.expect)] if row.expect else []
    known += [("see", row.reference)] if row.reference else []
    return _pairs(known)


def _answers(row: QuestionRow) -> RenderableType:
    table = grid("releases", "device", "status", "since", "answer")
    for span in row.spans:
        table.add_row(
            Text(span.extent), Text(row.device), marked(span.mark), Text(span.since), Text(span.outcome)
        )
    return table


def _pairs(pairs: Iterable[tuple[str, str | Text]]) -> RenderableType:
    table = grid("", "")
    table.show_header = False
    for name, value in pairs:
        table.add_row(Text(name, style="dim"), value if isinstance(value, Text) else Text(printable(value)))
    return table


def _unknown(page: Page, contract: Contract, identity: str) -> str:
    ids = [[each.id for each in group] for group in (contract.claims, contract.questions, page.questions)]
    known = dict.fromkeys(identity for group in ids for identity in group)
    close = get_close_matches(identity, known, n=3)
    guess = f" Did you mean {' or '.join(close)}?" if close else ""
    return f"{identity}: neither a question nor a claim.{guess} All of them: python -m compat list"
