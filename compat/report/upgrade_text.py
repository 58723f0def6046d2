"""What a caller is told who moves from one release to another: on a terminal, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from compat.errors import ExitCode
from compat.report.terminal import grid
from compat.report.text import cleaned, counted, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.comparison import Change
    from compat.upgrade import Upgrade

FORMAT = 1
_LONG, _MANY = 60, 12


def upgrade_screen(upgrade: Upgrade, *, everything: bool = False) -> RenderableType:
    """Lay out what breaks, what changes and what to mind, and last the answer with its exit code.

    Args:
        upgrade: what differs.
        everything: every change; else the worst dozen, and how many more there are.

    """
    upgrade = cleaned(upgrade)
    head = f"torch {upgrade.old} to {upgrade.new} on {upgrade.device.upper()}"
    parts: list[RenderableType] = [Text(f"{head}{f', within {upgrade.pin}' if upgrade.pin else ''}"), Text()]
    if upgrade.unfit:
        table = grid("the pin admits", "in which")
        for release, why in upgrade.unfit:
            table.add_row(Text(release), Text(shortened(why, 2 * _LONG)))
        parts += [table, Text()]
    if upgrade.broken:
        table = grid("newly contradicted", "was", "because")
        for each in upgrade.broken:
            table.add_row(Text(each.id), Text(each.before), Text(shortened(each.why, 2 * _LONG)))
        parts += [table, Text()]
    shown = [each for each in upgrade.changes if not each.lesser]
    parts += _changes(shown if everything else shown[:_MANY])
    if len(shown) > _MANY and not everything:
        parts += [Text(f"and {counted(len(shown) - _MANY, 'more change')}: --all"), Text()]
    if upgrade.mind:
        table = grid("new to mind", "what")
        for identity, text in upgrade.mind if everything else upgrade.mind[:_MANY]:
            table.add_row(Text(identity), Text(shortened(text, 2 * _LONG)))
        parts += [table, Text()]
    if upgrade.gone:
        parts += [Text(shortened(f"No longer to mind: {', '.join(upgrade.gone)}.", 4 * _LONG)), Text()]
    parts += [Text(line) for line in _told(upgrade)]
    return Group(*parts)


def upgrade_json(upgrade: Upgrade) -> str:
    """Return the same for machines, every change of it; keys are added, never renamed."""
    content = {
        "format": FORMAT,
        "api": upgrade.api,
        "from": upgrade.old,
        "to": upgrade.new,
        "device": upgrade.device,
        "exit_code": int(upgrade.exit_code),
        "open": list(upgrade.open),
        "broken": [{"id": each.id, "was": each.before, "because": each.why} for each in upgrade.broken],
        "changes": [
            {
                "question": each.id,
                "asks": each.asks,
                "relied": each.relied,
                "harm": each.difference.harm.words,
                "lesser": each.lesser,
                "before": each.before,
                "now": each.now,
            }
            for each in upgrade.changes
        ],
        "mind": [{"id": identity, "what": text} for identity, text in upgrade.mind],
        "gone": list(upgrade.gone),
        "compared": upgrade.compared,
        "presence": upgrade.presence or None,
        "not_measured_between": list(upgrade.between),
        "pin": upgrade.pin or None,
        "unfit": [{"torch": release, "why": why} for release, why in upgrade.unfit],
    }
    return json.dumps(content, indent=2)


def _changes(changes: Sequence[Change]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for relied, title in ((True, "callers rely on it"), (False, "not relied on")):
        table = grid(title, "harm", "before", "now")
        for change in changes:
            if change.relied is relied:
                table.add_row(
                    Text(change.id),
                    Text(change.difference.words),
                    Text(shortened(change.before, _LONG)),
                    Text(shortened(change.now, _LONG)),
                )
        parts += [table, Text()] if table.row_count else []
    return parts


def _told(upgrade: Upgrade) -> list[str]:
    lines = [upgrade.presence] if upgrade.presence else []
    if upgrade.open:
        lines += [f"Open: {'; '.join(upgrade.open)}."]
    else:
        lesser = sum(each.lesser for each in upgrade.changes)
        lines.append(
            f"{counted(upgrade.compared, 'outcome')} compared: {len(upgrade.changes) - lesser} changed, and "
            f"{lesser} in ways that no program depends on."
        )
    if upgrade.between:
        lines.append(
            f"Not measured in between: {', '.join(upgrade.between)}; what came and went there is not seen."
        )
    answer = {
        ExitCode.HOLDS: "Nothing that callers rely on is worse.",
        ExitCode.CONTRADICTED: "What callers rely on is worse.",
        ExitCode.INCONCLUSIVE: "Whether what callers rely on is worse is open.",
    }[upgrade.exit_code]
    return [*lines, f"{answer} Exit code {int(upgrade.exit_code)}: {upgrade.exit_code.meaning}."]
