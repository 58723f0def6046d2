"""What changes for a caller who moves from one release to another, or within a project's own pin?"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from compat.comparison import Broken, Change, changes_between, compared, newly_contradicted, newly_to_mind
from compat.errors import ConfigurationError, ExitCode
from compat.releases import in_order
from compat.statuses import Status, findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packaging.specifiers import SpecifierSet

    from compat.contract import Contract
    from compat.record_format import Record
    from compat.records import Ledger
    from compat.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """All that differs between two releases on one device, the worst first."""

    api: str
    old: str
    new: str
    device: str
    open: tuple[str, ...]
    """Why nothing is decided; nothing where it is."""
    broken: tuple[Broken, ...] = ()
    changes: tuple[Change, ...] = ()
    mind: tuple[tuple[str, str], ...] = ()
    """What a caller must know of now and did not have to before: id and text."""
    gone: tuple[str, ...] = ()
    """What a caller had to know of before, and no longer must."""
    compared: int = 0
    presence: str = ""
    """Where the function is in one of the two alone: in which."""
    between: tuple[str, ...] = ()
    """The releases in between that were not measured."""
    pin: str = ""
    """The requirement whose ends these are, where they are."""
    unfit: tuple[tuple[str, str], ...] = ()
    """What the pin admits and the function is missing or broken in: the release, and why."""

    @property
    def exit_code(self) -> ExitCode:
        """Whether what callers rely on is worse, cannot be told, or is not."""
        if self.broken or self.unfit:
            return ExitCode.CONTRADICTED
        return ExitCode.INCONCLUSIVE if self.open else ExitCode.HOLDS


def compare_releases(
    contract: Contract, ledger: Ledger, releases: Iterable[str], old: str, new: str, device: str
) -> Upgrade:
    """Compare two releases, whichever is older.

    Raises:
        ConfigurationError: one is no version, no release, or both are one.

    """
    ledger = ledger.about(contract.api)
    index = in_order([*releases, *(each.torch for each in ledger.records)])
    for version in (old, new):
        _check(version, index)
    if old == new:
        message = f"{old} is one release; name two."
        raise ConfigurationError(message)
    there, here = (_usable(ledger, version, device) for version in (old, new))
    upgrade = Upgrade(
        api=contract.api,
        old=old,
        new=new,
        device=device,
        open=tuple(
            f"torch {version} was not measured on {device.upper()}: {_why(ledger, version, device)}"
            for version, records in ((old, there), (new, here))
            if not records
        ),
        between=_unmeasured(ledger, index, old, new, device),
    )
    return upgrade if upgrade.open else _filled(upgrade, contract, ledger, there, here)


def within_pin(
    contract: Contract, ledger: Ledger, verdict: Verdict, pin: SpecifierSet, text: str, device: str
) -> Upgrade:
    """Compare the oldest and the newest measured release that a pin admits, and name those that do not fit.

    Raises:
        ConfigurationError: it admits fewer than two that were measured.

    """
    rows = [each for each in verdict.releases if each.device == device and pin.contains(each.torch)]
    measured = in_order(each.torch for each in rows if each.status is not Status.NOT_MEASURED)
    present = in_order(each.torch for each in rows if each.status not in (Status.NOT_MEASURED, Status.ABSENT))
    if len(measured) < 2:  # noqa: PLR2004 - said in the docstring
        message = (
            f"{text}: admits {len(measured)} measured release on {device.upper()}, so nothing is to compare."
        )
        raise ConfigurationError(message)
    ends = (present[0], present[-1]) if len(present) > 1 else (measured[0], measured[-1])
    upgrade = compare_releases(contract, ledger, measured, *ends, device)
    unfit = [
        (each.torch, each.why)
        for each in rows
        if each.status in (Status.ABSENT, Status.INCOMPATIBLE, Status.CONFLICT)
    ]
    return _replaced(upgrade, pin=text, unfit=tuple(unfit))


def _filled(
    upgrade: Upgrade, contract: Contract, ledger: Ledger, there: Sequence[Record], here: Sequence[Record]
) -> Upgrade:
    two = (upgrade.old, upgrade.new)
    changes = changes_between(contract, ledger, upgrade.device, two)
    known = {identity for record in here for identity in findings(contract, record)}
    had = {identity: None for record in there if record.present for identity in findings(contract, record)}
    present = [any(each.present for each in records) for records in (there, here)]
    only = {(False, True): upgrade.new, (True, False): upgrade.old}.get((present[0], present[1]))
    return _replaced(
        upgrade,
        presence=f"{contract.api} is in {only} alone." if only else "",
        broken=tuple(newly_contradicted(contract, here, there)),
        changes=tuple(sorted(changes, key=lambda each: (not each.relied, -each.difference.harm, each.id))),
        mind=tuple(newly_to_mind(contract, here, there)),
        gone=tuple(identity for identity in had if identity not in known),
        compared=len(compared(ledger, upgrade.device, *two)),
    )


def _replaced(upgrade: Upgrade, **changes: object) -> Upgrade:
    return Upgrade(**{**vars(upgrade), **changes})


def _usable(ledger: Ledger, version: str, device: str) -> list[Record]:
    return [each for each in ledger.usable if (each.torch, each.device) == (version, device)]


def _why(ledger: Ledger, version: str, device: str) -> str:
    same = ledger.of_release(version, device)
    return ledger.unusable[same[0].name] if same else "it has no record"


def _unmeasured(ledger: Ledger, index: Sequence[str], old: str, new: str, device: str) -> tuple[str, ...]:
    low, high = sorted((index.index(old), index.index(new)))
    measured = {each.torch for each in ledger.usable if each.device == device}
    return tuple(each for each in index[low + 1 : high] if each not in measured)


def _check(version: str, index: Sequence[str]) -> None:
    if version in index:
        return
    try:
        Version(version)
    except InvalidVersion:
        message = f"{version!r} is no version. Name a release such as {index[-1] if index else '2.6.0'}."
        raise ConfigurationError(message) from None
    close = get_close_matches(version, index, n=3) or list(index[-1:])
    message = f"{version}: no release on the index, nor a record of one. There is {', '.join(close)}."
    raise ConfigurationError(message)
