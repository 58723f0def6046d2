"""Which cases that exploring found in one release must every release be asked? They join the corpus for good.

What exploring finds it finds in one release, with examples of its own; the corpus alone asks all alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from compat.errors import ConfigurationError
from compat.origins import origin
from compat.probe.corpus import DRAWN, PROMOTED, mistake_of_case, read_corpus, read_promoted
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from compat.record_format import Record


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """What was added to the promoted cases, and how many there are now."""

    added: tuple[str, ...]
    """The origin of each."""
    total: int


def promote(folder: Path, records: Iterable[Record]) -> Promotion:
    """Add the failing cases that exploring kept in records to a contract's folder; twice adds nothing.

    Raises:
        ConfigurationError: the corpus or the promoted cases cannot be read.

    """
    try:
        asked = {_text(case) for case in read_corpus(folder / DRAWN)}
        kept = read_promoted(folder / PROMOTED)
    except OSError as error:
        raise ConfigurationError(f"{error}.") from error
    new: dict[str, dict[str, Any]] = {}
    for entry in sorted(_found(records), key=_place):
        if _text(entry["case"]) not in asked:
            new.setdefault(_text(entry["case"]), entry)
    if new:
        lines = [json.dumps(entry) for entry in sorted([*kept, *new.values()], key=_place)]
        write_whole(folder / PROMOTED, "\n".join(lines) + "\n")
    return Promotion(added=tuple(origin(entry) for entry in new.values()), total=len(kept) + len(new))


def _found(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    for record in records:
        if record.planted is None and record.exploration:
            for failure in record.exploration.failures:
                if mistake_of_case(failure.case):
                    continue  # a later probe's, of which this one could make no tensors
                yield {
                    "case": failure.case,
                    "torch": record.torch,
                    "python": record.python,
                    "device": record.device,
                    "codes": dict(sorted(failure.codes.items())),
                    "date": (record.provenance.finished or "unknown")[:10],
                }


def _place(entry: dict[str, Any]) -> tuple[Any, ...]:
    """Return where an entry stands in the file: by torch first."""
    torch, python = Version(entry["torch"]), Version(entry["python"])
    return torch, python, entry["device"], _text(entry["case"]), entry["date"]


def _text(case: Any) -> str:
    return json.dumps(case, sort_keys=True)
