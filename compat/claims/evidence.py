"""What does a rule get to see, and in what form does it answer?"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

from compat.releases import counted, in_order, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compat.contract import Claim, Contract
    from compat.record_format import Record
    from compat.records import Ledger
    from compat.spans import Span
    from compat.speed_format import SpeedRecord


class Decision(enum.StrEnum):
    """What the records say of a claim; anything unknown is inconclusive, never supported."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Parameters(BaseModel):
    """The data of a claim that its rule reads; each rule has its own."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    @classmethod
    def read(cls, parameters: Mapping[str, Any]) -> Self:
        """Validate a claim's data; as JSON, in which a list is as good as a tuple."""
        return cls.model_validate_json(json.dumps(dict(parameters), default=str))


@dataclass(frozen=True, kw_only=True)
class ClaimVerdict:
    """A claim decided: always with its reason and the names of the records behind it."""

    id: str
    claim: str
    verdict: Decision
    because: str
    records: tuple[str, ...]
    details: tuple[str, ...] = ()
    """Further lines worth showing: each change found, each lesser difference."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule returns: the decision, the reason, and the records it was made from."""

    decision: Decision
    because: str
    records: tuple[Record, ...] = ()
    details: tuple[str, ...] = ()
    speed_records: tuple[str, ...] = ()
    """The names of those that it was made from as well."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything on file: the contract, the records, the releases on the index with their dates."""

    contract: Contract
    ledger: Ledger
    releases: Mapping[str, str]
    """Version to date (YYYY-MM-DD) of every release on the index."""
    spans: tuple[Span, ...]
    devices: tuple[str, ...]
    """The devices that the verdict is about, measured or not."""
    timed: tuple[SpeedRecord, ...] = ()
    """The speed records: timings on the gradients of models."""

    def records(self, device: str | None = None) -> tuple[Record, ...]:
        """Return the usable records, of one device or of all."""
        return self.ledger.usable if device is None else self._by_device.get(device, ())

    def with_function(self, device: str | None = None) -> tuple[Record, ...]:
        """Return the usable records of torches that have the function."""
        return self._with_function[None] if device is None else self._with_function.get(device, ())

    @cached_property
    def _by_device(self) -> dict[str, tuple[Record, ...]]:
        usable = self.ledger.usable
        return {
            device: tuple(each for each in usable if each.device == device) for device in self.ledger.devices
        }

    @cached_property
    def _with_function(self) -> dict[str | None, tuple[Record, ...]]:
        known: dict[str | None, tuple[Record, ...]] = {None: self.ledger.usable}
        known.update(self._by_device)
        return {device: tuple(each for each in of_it if each.present) for device, of_it in known.items()}

    def of_claim(self, claim: Claim) -> tuple[str, ...]:
        """Return the devices that a claim is about: its own, or all where it names none."""
        return (claim.device,) if claim.device else self.devices

    def unmeasured(self, devices: Iterable[str]) -> str:
        """Return the words, to be added to a sentence, that say where nothing was measured."""
        missing = [each.upper() for each in devices if not self.with_function(each)]
        return f"; {listing(missing)} not measured" if missing else ""

    def scope(self, devices: Iterable[str]) -> str:
        """Return which releases, on which devices, a negative answer is about."""
        by_releases: dict[tuple[str, ...], list[str]] = {}
        for device in devices:
            releases = in_order(each.torch for each in self.with_function(device))
            if releases:
                by_releases.setdefault(releases, []).append(device.upper())
        told = [
            f"on {listing(names)}, in {counted(len(releases), 'release')} ({_ends(releases)})"
            for releases, names in by_releases.items()
        ]
        return " and ".join(told) or "on no device, in 0 releases (none)"


Rule = Callable[[Any, "Claim", Evidence], Finding]
"""A rule takes its own parameters, the claim and the evidence."""


def _ends(releases: tuple[str, ...]) -> str:
    return releases[0] if len(releases) == 1 else f"{releases[0]} to {releases[-1]}"
