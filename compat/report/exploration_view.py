"""What did fresh examples show that the corpus does not have, and how much was tried?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.record_format import DIFFERING
from compat.releases import ranges
from compat.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.record_format import ExplorationFailure, Record
    from compat.records import Ledger


@dataclass(frozen=True, kw_only=True)
class Found:
    """A failing example, shrunk, and the releases that it was found in."""

    where: str
    what: str
    message: str
    case: str
    """The case as it stands in the record: the whole input, as data."""


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """Everything that exploring found, and a sentence on how much was tried."""

    tried: str
    found: tuple[Found, ...]


def exploration(ledger: Ledger) -> Exploration:
    """Return each failing example once, with the releases it was found in.

    That an example was not found in another release says nothing: each release was explored with
    examples of its own.
    """
    measured = [record.torch for record in ledger.usable]
    explored = [record for record in ledger.usable if record.exploration and record.exploration.examples]
    same: dict[tuple[str, str, str], list[Record]] = {}
    for record in explored:
        for failure in record.exploration.failures if record.exploration else ():
            case = json.dumps(failure.case, sort_keys=True)
            same.setdefault((_what(failure), failure.message, case), []).append(record)
    examples = sum(record.exploration.examples or 0 for record in explored if record.exploration)
    tried = f"{counted(examples, 'fresh example')} in {counted(len(explored), 'record')}"
    return Exploration(
        tried=f"{tried}; {counted(len(same), 'failing example')} kept."
        if explored
        else "Nothing was explored.",
        found=tuple(
            Found(where=_where(records, measured), what=what, message=message, case=case)
            for (what, message, case), records in same.items()
        ),
    )


def _what(failure: ExplorationFailure) -> str:
    return ", ".join(f"{against}: {DIFFERING.get(code, code)}" for against, code in failure.codes.items())


def _where(records: Sequence[Record], measured: Sequence[str]) -> str:
    devices = ", ".join(sorted({record.device.upper() for record in records}))
    return f"{ranges({record.torch for record in records}, measured)} on {devices}"
