"""What does all the evidence say: of each release, of each claim, and in one sentence?"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compat.claims import ClaimVerdict
    from compat.contract import Contract
    from compat.errors import ExitCode
    from compat.measurements import Accuracy, Speed
    from compat.records import Ledger
    from compat.spans import Span

DEVICES = ("cpu", "cuda")


class Status(enum.StrEnum):
    """How a release stands to the contract, worst news last but one."""

    ABSENT = "absent"
    COMPATIBLE = "compatible"
    CAVEAT = "caveat"
    INCOMPATIBLE = "incompatible"
    CONFLICT = "conflict"
    NOT_MEASURED = "not-measured"


@dataclass(frozen=True, kw_only=True)
class ReleaseStatus:
    """One planned (torch, Python) on one device: its status, always with a reason."""

    torch: str
    python: str
    device: str
    status: Status
    why: str
    records: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Everything a report shows."""

    api: str
    releases: tuple[ReleaseStatus, ...]
    spans: tuple[Span, ...]
    claims: tuple[ClaimVerdict, ...]
    speed: tuple[Speed, ...]
    accuracy: tuple[Accuracy, ...]
    sentence: str
    exit_code: ExitCode
    note_before: str
    note: str
    evidence_date: str | None
    """Day of the newest usable record, YYYY-MM-DD."""
    evidence_digest: str


def judge_all(
    contract: Contract,
    ledger: Ledger,
    planned: Sequence[tuple[str, str]],
    releases: Mapping[str, str],
    devices: Sequence[str] = DEVICES,
) -> Verdict:
    """Judge every planned (torch, Python); ``releases`` maps each version on the index to its date."""
    raise NotImplementedError
