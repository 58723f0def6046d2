"""The report for machines. Keys are stable: they may be added to, and are never renamed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from compat.probe.record import dumps
from compat.report.accuracy_rules_view import remedy_sentence

if TYPE_CHECKING:
    from compat.accuracy_remedies import Remedy
    from compat.accuracy_rules import Rule
    from compat.report.turn_view import Change
    from compat.report.view import View
    from compat.spans import Span
    from compat.verdict import Verdict

FILE = "compatibility.json"
FORMAT = 1
SCHEMA = "compatibility.schema.json"


def render(view: View) -> str:
    """Write the verdict, a line for each entry, in ASCII alone: a terminal escape travels escaped."""
    return dumps(content(view))


def verdict_json(verdict: Verdict) -> str:
    """Write what one screen shows: the answer, how each release stands, the claims, the note."""
    return dumps(
        {
            "format": FORMAT,
            "api": verdict.api,
            "sentence": verdict.sentence,
            "exit_code": int(verdict.exit_code),
            "evidence": {"digest": verdict.evidence_digest, "date": verdict.evidence_date},
            "releases": [asdict(each) for each in verdict.releases],
            "claims": [asdict(each) for each in verdict.claims],
            "note": verdict.note,
        }
    )


def content(view: View) -> dict[str, Any]:
    """Return what the file says, before it is text."""
    verdict = view.verdict
    return {
        "$schema": SCHEMA,
        "format": FORMAT,
        "api": verdict.api,
        "sentence": verdict.sentence,
        "exit_code": int(verdict.exit_code),
        "evidence": {"digest": verdict.evidence_digest, "date": verdict.evidence_date},
        "releases": [asdict(each) for each in verdict.releases],
        "spans": [_span(each) for each in verdict.spans],
        "changes": [_change(each) for _, changes in view.page.harms for each in changes],
        "claims": [asdict(each) for each in verdict.claims],
        "speed": [dict(vars(each)) for each in verdict.speed],
        "models": [dict(vars(each)) for each in view.standings],
        "training": [dict(vars(each)) for each in view.shares],
        "accuracy": [dict(vars(each)) for each in verdict.accuracy],
        "accuracy_rules": [
            _rule(rule, row.sentence)
            for rule, row in zip(verdict.accuracy_rules, view.page.accuracy_rules, strict=True)
        ],
        "accuracy_remedies": [_remedy(each) for each in verdict.accuracy_remedies],
        "declared": asdict(view.comparison),
        "not_measured": [asdict(each) for each in view.page.gaps],
        "note_before": verdict.note_before,
        "note": verdict.note,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "harm": change.difference.harm.words,
        "ulps": _finite(change.difference.ulps),
        "question": change.question,
        "device": change.device,
        "relied": change.relied,
        "call": change.call or None,
        "before": change.before,
        "now": change.now,
        "until": change.until,
        "since": change.since,
    }


def _finite(ulps: float | None) -> float | str | None:
    return "inf" if ulps == float("inf") else ulps


def _rule(rule: Rule, sentence: str) -> dict[str, Any]:
    return {
        "device": rule.device,
        "dtype": rule.dtype,
        **_extent(rule.span),
        "bounds": [asdict(each) for each in rule.bounds],
        "worst": asdict(rule.worst),
        "values": asdict(rule.values) if rule.values else None,
        "sizes": list(rule.sizes),
        "patterns": dict(rule.patterns),
        "sentence": sentence,
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "device": remedy.device,
        "dtype": remedy.dtype,
        "result_dtype": remedy.result,
        "spans": [_extent(each) for each in remedy.spans],
        "convert_to": remedy.conversion,
        "sentence": remedy_sentence(remedy),
    }


def _extent(span: Span) -> dict[str, Any]:
    return {"from": span.first, "after": span.after, "to": span.to, "exact": span.exact, "last": span.last}


def _span(span: Span) -> dict[str, Any]:
    return {
        "question": span.question,
        "device": span.device,
        "outcome": span.outcome,
        "kind": span.kind,
        "from": span.first,
        "after": span.after,
        "to": span.to,
        "exact": span.exact,
        "last": span.last,
        "measured": span.measured,
        "unmeasured": span.unmeasured,
    }
