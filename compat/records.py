"""Which records are there, can they be read, and are they still worth anything?

A record that cannot be trusted is never dropped: the ledger keeps it and says why it does not count.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from packaging.version import InvalidVersion, Version
from pydantic import ValidationError

from compat.coherence import why_incoherent
from compat.errors import ConfigurationError
from compat.peers import why_set_apart
from compat.probe.record import seal_of
from compat.record_format import FORMAT, READABLE, SEALED, Record
from compat.releases import same_release

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Ledger", "Record", "is_up_to_date", "parse_record", "read_record", "why_stale", "why_unusable"]

_DIGESTS = ("contract", "corpus", "probe")
_SHORT = 8
_STALE = "stale"

PLANTED = "planted"
"""How the canaries begin that are wrong functions; the other is a name that no release has."""


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """All records, oldest torch first; ``unusable`` says by record name why one does not count."""

    records: tuple[Record, ...]
    unusable: Mapping[str, str]
    digest: str
    """Digest of all the records' bytes, so that a report can name the evidence it was made from."""
    outdated: frozenset[str] = frozenset()
    """Those of the unusable ones with which nothing is wrong but that something has changed since."""

    @classmethod
    def read(cls, folder: Path, *, digests: Mapping[str, str] | None = None) -> Self:
        """Read every record of a folder, which need not exist yet.

        Args:
            folder: where the records lie.
            digests: today's, by ``contract``, ``corpus`` and ``probe``; without them, no record is stale.

        Raises:
            ConfigurationError: some files are not records; all of them are named.

        """
        return cls.read_files(sorted(folder.glob("*.json")), digests=digests)

    @classmethod
    def read_files(cls, paths: Iterable[Path], *, digests: Mapping[str, str] | None = None) -> Self:
        """Read these records alone; see ``read``."""
        places: dict[str, list[Path]] = defaultdict(list)
        for path in dict.fromkeys(path.resolve() for path in paths):
            places[path.name].append(path)
        mistakes = [
            f"{each[0]} and {each[1]} are records of the same row; give one of them."
            for each in places.values()
            if len(each) > 1
        ]
        texts: dict[str, str] = {}
        records: list[Record] = []
        for name, (path, *_) in places.items():
            try:
                texts[name] = _text(path)
                records.append(parse_record(texts[name], name))
            except ConfigurationError as error:
                mistakes.append(str(error))
        if mistakes:
            raise ConfigurationError("\n".join(mistakes))
        return cls.of(records, digest=_digest_of(texts), digests=digests)

    @classmethod
    def of(cls, records: Iterable[Record], *, digest: str, digests: Mapping[str, str] | None = None) -> Self:
        """Make a ledger of records that are already read."""
        ordered = sorted(records, key=lambda each: (Version(each.torch), Version(each.python), each.device))
        reasons = {each.name: why_unusable(each, digests) for each in ordered}
        unusable = {name: why for name, why in reasons.items() if why is not None}
        unusable |= why_set_apart([each for each in ordered if each.name not in unusable])
        outdated = frozenset(
            each.name for each in ordered if each.name in unusable and not why_unusable(each)
        )
        outdated = frozenset(name for name in outdated if unusable[name].startswith(_STALE))
        return cls(records=tuple(ordered), unusable=unusable, digest=digest, outdated=outdated)

    def about(self, api: str) -> Self:
        """Return this ledger with the records of other APIs marked as not counting."""
        others = {each.name: f"it measured {each.api}" for each in self.records if each.api != api}
        return replace(self, unusable={**others, **self.unusable}, outdated=self.outdated - set(others))

    @property
    def as_it_was(self) -> Self:
        """This ledger with the outdated records counted: good for doubts, and for no support."""
        kept = {name: why for name, why in self.unusable.items() if name not in self.outdated}
        return replace(self, unusable=kept, outdated=frozenset())

    def of_release(self, torch: str, device: str) -> tuple[Record, ...]:
        """Return the records of one release on one device, usable or not."""
        return self._by_release.get((torch, device), ())

    @cached_property
    def _by_release(self) -> dict[tuple[str, str], tuple[Record, ...]]:
        found: dict[tuple[str, str], tuple[Record, ...]] = defaultdict(tuple)
        for record in self.records:
            found[record.torch, record.device] += (record,)
        return dict(found)

    @cached_property
    def usable(self) -> tuple[Record, ...]:
        """The records that count: measured, fresh, canaries alive, the torch that was asked for."""
        return tuple(record for record in self.records if record.name not in self.unusable)

    @cached_property
    def devices(self) -> tuple[str, ...]:
        """The devices on which something was measured that counts."""
        return tuple(sorted({record.device for record in self.usable}))


def read_record(path: Path) -> Record:
    """Read one record; ConfigurationError names the file and every wrong key."""
    return parse_record(_text(path), path.name)


def parse_record(text: str, name: str) -> Record:
    """Read one record's text; ``name`` is its file's, and must be what the content says."""
    try:
        content = json.loads(
            text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        message = f"{name}: not a whole JSON file ({error}); delete it and measure the row again."
        raise ConfigurationError(message) from error
    found = content.get("format") if isinstance(content, dict) else None
    if isinstance(found, int) and found > FORMAT:
        message = f"{name}: format {found} is newer than this tool's, {FORMAT}; update the tool."
        raise ConfigurationError(message)
    if found not in READABLE:
        known = ", ".join(map(str, READABLE))
        message = f"{name}: format: {found!r} is not a known format ({known}); measure the row again."
        raise ConfigurationError(message)
    if found >= SEALED:
        _check_seal(content, name)
    try:
        record = Record.model_validate_json(text)
    except ValidationError as error:
        keys = "; ".join(": ".join(filter(None, (_key(each["loc"]), each["msg"]))) for each in error.errors())
        message = f"{name}: {keys}; delete it and measure the row again."
        raise ConfigurationError(message) from error
    if record.name != name:
        message = f"{name}: its content says {record.name}; a record must have the name of its row."
        raise ConfigurationError(message)
    return record


def why_unusable(record: Record, digests: Mapping[str, str] | None = None) -> str | None:
    """Why this record does not count, or None where it does."""
    if record.planted is not None:
        return f"no evidence: the fault {record.planted!r} was planted into the function that it measured"
    if record.status != "measured":
        message = record.failure.message.strip() if record.failure else ""
        return f"{record.status}: {message.splitlines()[-1] if message else 'no message'}"
    return (
        _why_uncontrolled(record)
        or _why_other_row(record)
        or why_incoherent(record)
        or (_why_outdated(record, digests) if digests else None)
    )


def why_stale(path: Path, *, torch: str, python: str, device: str, digests: Mapping[str, str]) -> str | None:
    """Why this row must be measured again, or None while its record is up to date.

    A failed record is never up to date: what failed may be the network of that day.
    """
    if not path.is_file():
        return "no record yet"
    try:
        record = read_record(path)
    except ConfigurationError as error:
        return f"unreadable: {error}"
    asked, found = (torch, python, device), (record.torch, record.python, record.device)
    if asked != found:
        return f"it measured {' '.join(found)}, not {' '.join(asked)}"
    return why_unusable(record, digests)


def is_up_to_date(path: Path, *, torch: str, python: str, device: str, digests: Mapping[str, str]) -> bool:
    """Whether the record at ``path`` answers for this row, measured with today's digests."""
    return why_stale(path, torch=torch, python=python, device=device, digests=digests) is None


def _why_uncontrolled(record: Record) -> str | None:
    """Say which canary failed, or that there is none; where a level was given up, that is said instead."""
    canaries = record.canaries or {}
    dead = sorted(canary for canary, alive in canaries.items() if not alive)
    if dead:
        return f"worth nothing: canary {', '.join(dead)} failed"
    if not canaries:
        return "worth nothing: it had no canary"
    planted = any(canary.startswith(PLANTED) for canary in canaries)
    if record.present and not planted and not record.given_up:
        return "worth nothing: no fault was planted as a canary, so nothing tells that one would be seen"
    return None


def _why_other_row(record: Record) -> str | None:
    """Compare what the measured interpreter said of itself with what was asked for."""
    torch, python = record.provenance.torch_version, record.provenance.python_version
    try:
        if not torch or not same_release(torch, record.torch):
            return f"asked for torch {record.torch}, but {torch or 'an unknown torch'} answered"
    except InvalidVersion:
        return f"asked for torch {record.torch}, but {torch!r}, which is no version, answered"
    if not python or python.split(".")[:2] != record.python.split(".")[:2]:
        return f"asked for Python {record.python}, but {python or 'an unknown Python'} answered"
    return None


def _why_outdated(record: Record, digests: Mapping[str, str]) -> str | None:
    """Name what has changed since the record was made."""
    changed = [
        f"{key} was {_short(getattr(record.digests, key))}, is {_short(digests[key])}"
        for key in _DIGESTS
        if getattr(record.digests, key) != digests[key]
    ]
    changed += [f"format was {record.format}, is {FORMAT}"] if record.format != FORMAT else []
    return f"{_STALE}: {'; '.join(changed)}" if changed else None


def _check_seal(content: Mapping[str, Any], name: str) -> None:
    if "seal" not in content:
        message = f"{name}: it has no seal, so nothing tells whether it was edited; measure the row again."
        raise ConfigurationError(message)
    if content["seal"] != seal_of(content):
        message = (
            f"{name}: its content does not fit its seal: it was edited after it was measured. "
            "Restore it from git, or measure the row again."
        )
        raise ConfigurationError(message)


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location))


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:_SHORT]


def _digest_of(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(f"{name}\0{len(texts[name])}\0{texts[name]}".encode())
    return "sha256:" + digest.hexdigest()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        repeated = sorted({key for key, _ in pairs if [each for each, _ in pairs].count(key) > 1})
        message = f"key {', '.join(repeated)} twice"
        raise ValueError(message)
    return content


def _finite(number: str) -> float:
    """Read a number; one too large for a float would become an infinity, which JSON has not."""
    value = float(number)
    if math.isinf(value):
        _refuse_constant(number)
    return value


def _refuse_constant(constant: str) -> None:
    message = f"{constant} is not JSON"
    raise ValueError(message)
