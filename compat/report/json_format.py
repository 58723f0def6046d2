"""The report for machines. Keys are stable: they may be added to, and are never renamed."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compat.report.turn_view import Change
    from compat.report.view import View
    from compat.spans import Span

FILE = "compatibility.json"
FORMAT = 1


def render(view: View) -> str:
    """Write the verdict, in ASCII alone: what is not, such as a terminal escape, travels escaped."""
    return json.dumps(content(view), indent=2, allow_nan=False) + "\n"


def content(view: View) -> dict[str, Any]:
    """Return what the file says, before it is text."""
    verdict = view.verdict
    return {
        "format": FORMAT,
        "api": verdict.api,
        "sentence": verdict.sentence,
        "exit_code": int(verdict.exit_code),
        "evidence": {"digest": verdict.evidence_digest, "date": verdict.evidence_date},
        "releases": [asdict(each) for each in verdict.releases],
        "spans": [_span(each) for each in verdict.spans],
        "changes": [_change(each) for _, changes in view.page.harms for each in changes],
        "claims": [asdict(each) for each in verdict.claims],
        "speed": [asdict(each) for each in verdict.speed],
        "accuracy": [asdict(each) for each in verdict.accuracy],
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
