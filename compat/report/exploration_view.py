"""What did fresh examples show that the corpus does not have, and how much was tried?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.probe.distance import EXACT
from compat.record_format import DIFFERING
from compat.releases import ranges
from compat.report.text import counted
from compat.reproduction.choice import FOLDER, key_of, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compat.contract import Contract
    from compat.record_format import ExplorationFailure, Record
    from compat.records import Ledger
    from compat.reproduction.choice import Reproduction


@dataclass(frozen=True, kw_only=True)
class Found:
    """A failing example, shrunk, and the releases that it was found in."""

    where: str
    what: str
    message: str
    case: str
    """The case as it stands in the record: the whole input, as data."""
    scripts: tuple[str, ...] = ()
    """The scripts that show it, as seen from the report; one for each reference."""


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """Everything that exploring found, and a sentence on how much was tried."""

    tried: str
    found: tuple[Found, ...]
    reached: tuple[str, ...] = ()
    """How far the search for the largest error got, one sentence a dtype."""
    scripts: tuple[Shown, ...] = ()
    """Every script, those of the replay included."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A script and what it shows."""

    path: str
    what: str
    where: str
    question: str
    """The id of the agreement that it speaks against."""
    device: str


def exploration(
    ledger: Ledger, contract: Contract, reproductions: Sequence[Reproduction] = ()
) -> Exploration:
    """Return each failing example once, with the releases it was found in.

    That an example was not found in another release says nothing: each release was explored with
    examples of its own.

    Args:
        ledger: the records.
        contract: the references that examples are shown against.
        reproductions: the scripts that there are.

    """
    places = {each.key: f"{FOLDER}/{each.name}" for each in reproductions}
    measured = [record.torch for record in ledger.usable]
    explored = [record for record in ledger.usable if record.exploration and record.exploration.examples]
    same: dict[tuple[str, str, str], list[tuple[Record, ExplorationFailure]]] = {}
    for record in explored:
        for failure in record.exploration.failures if record.exploration else ():
            case = json.dumps(failure.case, sort_keys=True)
            same.setdefault((_what(failure), failure.message, case), []).append((record, failure))
    examples = sum(record.exploration.examples or 0 for record in explored if record.exploration)
    tried = f"{counted(examples, 'fresh example')} in {counted(len(explored), 'record')}"
    return Exploration(
        tried=f"{tried}; {counted(len(same), 'failing example')} kept."
        if explored
        else "Nothing was explored.",
        found=tuple(
            Found(
                where=_where([record for record, _ in found], measured),
                what=what,
                message=message,
                case=case,
                scripts=_scripts(*found[0], contract, places),
            )
            for (what, message, case), found in same.items()
        ),
        reached=tuple(_reached(explored)),
        scripts=tuple(
            Shown(
                path=places[each.key],
                what=each.what,
                where=each.where,
                question=f"agreement:{each.reference}",
                device=each.device,
            )
            for each in reproductions
        ),
    )


def _scripts(
    record: Record, failure: ExplorationFailure, contract: Contract, places: Mapping[str, str]
) -> tuple[str, ...]:
    keys = [key_of(failure.case, reference, record.device) for reference in told(failure.codes, contract)]
    return tuple(places[key] for key in keys if key in places)


def _reached(explored: Sequence[Record]) -> Iterator[str]:
    """Tell by dtype and reference the largest share of a bound, over all releases."""
    largest: dict[tuple[str, str], tuple[float, str]] = {}
    for record in explored:
        for each in record.exploration.largest if record.exploration else ():
            key = (each.dtype, each.against)
            if float(each.bound_share) > largest.get(key, (-1.0, ""))[0]:
                largest[key] = float(each.bound_share), record.torch
    for (dtype, against), (share, torch) in sorted(largest.items()):
        name = "the exact norm" if against == EXACT else against
        yield f"{dtype} against {name}: {share:.3g} of the bound, in {torch}"


def _what(failure: ExplorationFailure) -> str:
    return ", ".join(f"{against}: {DIFFERING.get(code, code)}" for against, code in failure.codes.items())


def _where(records: Sequence[Record], measured: Sequence[str]) -> str:
    devices = ", ".join(sorted({record.device.upper() for record in records}))
    return f"{ranges({record.torch for record in records}, measured)} on {devices}"
