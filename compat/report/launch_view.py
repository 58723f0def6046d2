"""How many operators or launches does one call take, by the length of its list, release by release?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from compat.growth import growth
from compat.releases import in_order
from compat.report.release_view import extent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.contract import Contract
    from compat.record_format import Record
    from compat.records import Ledger

HOST = "cpu"
_RULE = "constant-cost"


@dataclass(frozen=True, kw_only=True)
class LaunchCurve:
    """Neighbouring releases that take the same numbers: the numbers, and how they grow."""

    extent: str
    growth: str
    kind: str
    points: tuple[tuple[int, int], ...]
    """Length of the list, and what was counted."""


@dataclass(frozen=True, kw_only=True)
class LaunchPanel:
    """All releases on one device."""

    device: str
    counted: str
    curves: tuple[LaunchCurve, ...]
    seen: str


def launch_panels(ledger: Ledger, contract: Contract) -> tuple[LaunchPanel, ...]:
    """Return a panel for each device with counts; the contract's claims say which events are launches."""
    names = frozenset(
        name for each in contract.claims if each.rule == _RULE for name in each.parameters["launches"]
    )
    panels = (_panel(ledger, device, None if device == HOST else names) for device in ledger.devices)
    return tuple(panel for panel in panels if panel is not None)


def _panel(ledger: Ledger, device: str, names: frozenset[str] | None) -> LaunchPanel | None:
    of_it = {each.torch: each for each in ledger.usable if each.device == device and each.present}
    found = [
        (torch, _points(of_it[torch], names), grown)
        for torch in in_order(of_it)
        if (cost := of_it[torch].cost) and (grown := growth(cost.dispatches, names))
    ]
    if not found:
        return None
    what = "operators" if names is None else "launches"
    curves = tuple(
        LaunchCurve(
            extent=extent([torch for torch, _, _ in members]),
            growth=members[0][2].told(what, "tensors"),
            kind=members[0][2].kind,
            points=points,
        )
        for points, group in groupby(found, key=lambda each: each[1])
        if (members := list(group))
    )
    return LaunchPanel(device=device, counted=what, curves=curves, seen=_seen(curves))


def _points(record: Record, names: frozenset[str] | None) -> tuple[tuple[int, int], ...]:
    return tuple(
        (each.length, sum(n for name, n in each.operators.items() if names is None or name in names))
        for each in (record.cost.dispatches if record.cost else ())
        if each.length > 0
    )


def _seen(curves: Sequence[LaunchCurve]) -> str:
    newest = curves[-1]
    constant = [each.extent for each in curves if each.kind == "constant"]
    always = "; the same for every length" + (
        f" in {', '.join(constant)}" if len(constant) < len(curves) else ""
    )
    return f"In {newest.extent}: {newest.growth}{always if constant else '; constant in no release'}."
