"""What does a rule get to see, and in what form does it answer?"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compat.contract import Contract
    from compat.records import Ledger
    from compat.spans import Span


class Decision(enum.StrEnum):
    """What the records say of a claim; anything unknown is inconclusive, never supported."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


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
class Evidence:
    """Everything on file: the contract, the records, the releases on the index with their dates."""

    contract: Contract
    ledger: Ledger
    releases: Mapping[str, str]
    """Version to date (YYYY-MM-DD) of every release on the index."""
    spans: tuple[Span, ...]
