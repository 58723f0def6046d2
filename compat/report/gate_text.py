"""What a gate says: on a terminal, as Markdown for a job's summary or an issue, and as JSON."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from compat.gate import summary, told_against
from compat.report.markdown import block, prose
from compat.report.marks import EXITS, STATUSES
from compat.report.templating import environment
from compat.report.terminal import grid
from compat.report.text import cleaned, counted, sentence, shortened

if TYPE_CHECKING:
    from compat.accepted import Accepted
    from compat.gate import Gate

FORMAT = 1
_LONG = 90


def gate_screen(gate: Gate) -> RenderableType:
    """Lay out what is newly contradicted, what changed, the note, and last the answer with its exit code."""
    gate = cleaned(gate)
    parts: list[RenderableType] = [Text(f"Held against {told_against(gate)}: {_statuses(gate)}."), Text()]
    if gate.broken:
        table = grid("newly contradicted", "was", "accepted", "because")
        for broken in gate.broken:
            kind = "claim " if broken.is_claim else ""
            table.add_row(
                Text(f"{kind}{broken.id}"),
                Text(broken.before),
                Text(_who(broken.accepted)),
                Text(sentence(shortened(broken.why, 2 * _LONG))),
            )
        parts += [table, Text()]
    for relied, title in ((True, "callers rely on it"), (False, "not relied on")):
        table = grid(title, "harm", "before", "now")
        for change in gate.changes:
            if change.relied is relied and not change.lesser:
                name = f"{change.id} (accepted)" if change.accepted else change.id
                table.add_row(
                    Text(name),
                    Text(change.difference.words),
                    Text(shortened(change.before, _LONG)),
                    Text(shortened(change.now, _LONG)),
                )
        parts += [table, Text()] if table.row_count else []
    parts += [Text(compared(gate)), Text()]
    if gate.mind:
        table = grid("new to mind", "what")
        for identity, text in gate.mind:
            table.add_row(Text(identity), Text(shortened(text, 2 * _LONG)))
        parts += [table, Text()]
    changed = note_diff(gate)
    parts += [Text("The note would become:"), *[Text(line) for line in changed], Text()] if changed else []
    parts += [Text(sentence(each)) for each in gate.remarks]
    return Group(
        *parts,
        Text(sentence(summary(gate))),
        Text(f"Exit code {int(gate.exit_code)}: {gate.exit_code.meaning}."),
    )


def gate_markdown(gate: Gate) -> str:
    """Return the same as Markdown."""
    gate = cleaned(gate)
    return (
        environment(prose=prose, block=block)
        .get_template("gate.md.jinja")
        .render(
            gate=gate,
            summary=sentence(summary(gate)),
            against=told_against(gate),
            statuses=_statuses(gate),
            compared=compared(gate),
            who=_who,
            note=note_diff(gate),
            mark=EXITS[gate.exit_code],
        )
    )


def gate_json(gate: Gate) -> str:
    """Return the same for machines; keys are added, never renamed."""
    content = {
        "format": FORMAT,
        "api": gate.api,
        "new": gate.new,
        "against": gate.against,
        "device": gate.device,
        "exit_code": int(gate.exit_code),
        "summary": summary(gate),
        "status": gate.status.value,
        "status_before": gate.status_before.value if gate.status_before else None,
        "why": gate.why,
        "open": list(gate.open),
        "broken": [
            {
                "id": each.id,
                "claim": each.is_claim,
                "was": each.before,
                "because": each.why,
                "accepted": _entry(each.accepted),
            }
            for each in gate.broken
        ],
        "changes": [
            {
                "question": each.id,
                "relied": each.relied,
                "harm": each.difference.harm.words,
                "lesser": each.lesser,
                "before": each.before,
                "now": each.now,
                "accepted": _entry(each.accepted),
            }
            for each in gate.changes
        ],
        "mind": [{"id": identity, "what": text} for identity, text in gate.mind],
        "compared": gate.compared,
        "note_before": gate.note_before,
        "note": gate.note,
        "remarks": list(gate.remarks),
        "records": list(gate.records),
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def compared(gate: Gate) -> str:
    """Count what was compared, and what of it changed without hurting anybody."""
    lesser = sum(each.lesser for each in gate.changes)
    rest = len(gate.changes) - lesser
    return (
        f"{counted(gate.compared, 'outcome')} compared: {rest or 'none'} changed"
        f"{f', and {lesser} in ways that no program depends on' if lesser else ''}."
    )


def note_diff(gate: Gate) -> list[str]:
    """Return the lines of the note that go and come, but for the line of the evidence, which always does."""
    before, now = (
        [line for line in each.splitlines() if not line.startswith("# Evidence:")]
        for each in (gate.note_before, gate.note)
    )
    if not before:
        return []
    return [line for line in difflib.ndiff(before, now) if line[0] in "+-"]


def _statuses(gate: Gate) -> str:
    now = STATUSES[gate.status].word
    if gate.status_before is None:
        return f"{gate.new} is {now}"
    return f"{gate.against} was {STATUSES[gate.status_before].word}, {gate.new} is {now}"


def _who(accepted: Accepted | None) -> str:
    return f"by {accepted.reviewer} until {accepted.expires}: {accepted.reason}" if accepted else "no"


def _entry(accepted: Accepted | None) -> dict[str, Any] | None:
    return accepted.model_dump(mode="json", exclude_none=True) if accepted else None
