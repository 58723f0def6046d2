"""Which speed records are there, and do they still count?

They lie beside the records and are judged apart: what is timed, and how, changes without what is asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.version import Version
from pydantic import ValidationError

from compat.errors import ConfigurationError
from compat.probe.record import seal_of
from compat.speed_format import FORMAT, SpeedRecord

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class SpeedLedger:
    """The speed records that count, oldest torch first, and why others do not, by name."""

    records: tuple[SpeedRecord, ...] = ()
    unusable: tuple[tuple[str, str], ...] = ()


def read_speed(folder: Path, digest: str, api: str) -> SpeedLedger:
    """Read the speed records of a folder, which need not exist.

    Args:
        folder: where they lie.
        digest: today's, of what is timed and how; a record with another is stale.
        api: the function that they must be about.

    Raises:
        ConfigurationError: a file is no speed record; all of them are named.

    """
    records: list[SpeedRecord] = []
    unusable: list[tuple[str, str]] = []
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.json")):
        try:
            record = _read(path)
        except ConfigurationError as error:
            mistakes.append(str(error))
            continue
        if record.api != api:
            unusable.append((record.name, f"it timed {record.api}"))
        elif record.digest != digest:
            unusable.append((record.name, "stale: what is timed, or how, has changed since"))
        else:
            records.append(record)
    if mistakes:
        raise ConfigurationError("\n".join(mistakes))
    records.sort(key=lambda each: (Version(each.torch), each.device))
    return SpeedLedger(records=tuple(records), unusable=tuple(unusable))


def _read(path: Path) -> SpeedRecord:
    again = "delete it and time that torch again: nox -s speed"
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"speed/{path.name}: not a whole JSON file ({error}); {again}.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ConfigurationError(f"speed/{path.name}: not format {FORMAT} of a speed record; {again}.")
    if content.pop("seal", None) != seal_of(content):
        message = f"speed/{path.name}: its content does not fit its seal: it was edited; {again}."
        raise ConfigurationError(message)
    try:
        record = SpeedRecord.model_validate_json(json.dumps(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"speed/{path.name}: {where}: {first['msg']}; {again}.") from error
    if record.name != path.name:
        raise ConfigurationError(f"speed/{path.name}: its content says {record.name}.")
    return record
