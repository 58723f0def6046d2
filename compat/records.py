"""Which records are there, can they be read, and are they still worth anything?

A record that cannot be trusted is never dropped: the ledger keeps it and says why it does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.record_format import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Ledger", "Record", "is_up_to_date", "read_record", "why_stale"]


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All records, oldest torch first; ``unusable`` says by record name why one does not count."""

    records: tuple[Record, ...]
    unusable: Mapping[str, str]
    digest: str
    """Digest of all the records' bytes, so that a report can name the evidence it was made from."""

    @classmethod
    def read(cls, folder: Path, *, digests: Mapping[str, str] | None = None) -> Ledger:
        """Read every record of a folder; ``digests`` are today's (contract, corpus, probe)."""
        raise NotImplementedError

    @classmethod
    def read_files(cls, paths: Iterable[Path], *, digests: Mapping[str, str] | None = None) -> Ledger:
        """Read these records alone."""
        raise NotImplementedError

    @property
    def usable(self) -> tuple[Record, ...]:
        """The records that count: measured, fresh, canaries alive, the torch that was asked for."""
        return tuple(record for record in self.records if record.name not in self.unusable)


def read_record(path: Path) -> Record:
    """Read one record; ConfigurationError names the file and every wrong key."""
    raise NotImplementedError


def why_stale(path: Path, *, torch: str, python: str, device: str, digests: Mapping[str, str]) -> str | None:
    """Why this row must be measured again, or None while its record is up to date."""
    raise NotImplementedError


def is_up_to_date(path: Path, *, torch: str, python: str, device: str, digests: Mapping[str, str]) -> bool:
    """Whether the record at ``path`` answers for this row, measured with today's digests."""
    return why_stale(path, torch=torch, python=python, device=device, digests=digests) is None
