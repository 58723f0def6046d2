"""What should a project that calls the function pin, by the records?

Two lower ends, each with its scope: from where on the function is there and nothing that callers rely on was
seen broken in any later measured release; and from where on there is nothing to mind that the newest release
does not have as well. Releases that were not measured are no reason to pin, and are named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.releases import in_order
from compat.statuses import Status, caveats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compat.contract import Contract
    from compat.records import Ledger
    from compat.statuses import ReleaseStatus


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A lower end for one device, and what holds from there on."""

    device: str
    release: str
    newest: str
    """The newest that was measured: what comes later is not known."""
    measured: int
    """How many releases from the one to the other were measured."""
    calm: str | None
    """From where on nothing must be minded but what must with the newest; None where that is the release."""
    left: tuple[str, ...]
    """What must be minded with the newest: ids."""


def pins(contract: Contract, ledger: Ledger, statuses: Sequence[ReleaseStatus]) -> tuple[Pin, ...]:
    """Return a pin for each device on which the newest measured release is fit to use."""
    devices = dict.fromkeys(each.device for each in statuses)
    found = (
        _pin(contract, ledger, [each for each in statuses if each.device == device]) for device in devices
    )
    return tuple(each for each in found if each is not None)


def _pin(contract: Contract, ledger: Ledger, statuses: Sequence[ReleaseStatus]) -> Pin | None:
    known = [each for each in statuses if each.status is not Status.NOT_MEASURED]
    unfit = {each.torch for each in known if each.status not in (Status.COMPATIBLE, Status.CAVEAT)}
    fit = {torch: torch not in unfit for torch in in_order(each.torch for each in known)}
    run = _last_run(list(fit), lambda torch: fit[torch])
    if not run:
        return None
    minded = {torch: _minded(contract, ledger, torch, known[0].device) for torch in run}
    newest = minded[run[-1]]
    calm = _last_run(run, lambda torch: minded[torch] <= newest)[0]
    return Pin(
        device=known[0].device,
        release=run[0],
        newest=run[-1],
        measured=len(run),
        calm=calm if calm != run[0] else None,
        left=tuple(sorted(newest)),
    )


def _last_run(releases: Sequence[str], holds: Callable[[str], bool]) -> list[str]:
    """Return the newest releases of which all hold, oldest first."""
    run: list[str] = []
    for release in reversed(releases):
        if not holds(release):
            break
        run.insert(0, release)
    return run


def _minded(contract: Contract, ledger: Ledger, torch: str, device: str) -> frozenset[str]:
    records = [each for each in ledger.of_release(torch, device) if each.name not in ledger.unusable]
    return frozenset(identity for record in records for identity in caveats(contract, record))
