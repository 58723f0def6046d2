"""Which findings get a script? All that exploring kept, and the first few of the replay, up to a number."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.probe.corpus import mistake_of_case
from compat.record_format import DIFFERING
from compat.releases import ranges
from compat.reproduction.script import Finding, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compat.contract import Contract
    from compat.probe.cases import Case
    from compat.record_format import Record
    from compat.records import Ledger

MOST = 40
"""Scripts in all: more than anybody reads."""

MOST_OF_A_KIND = 3
"""Cases of the replay for one reference and one kind of difference."""

FOLDER = "repro"
"""Where the scripts lie, beside the reports."""


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """A script: its name, its text, and which finding it shows."""

    name: str
    text: str
    key: str
    """The case, the reference and the device, as `key_of` gives them."""
    what: str
    where: str
    """What the finding is and where it was seen: two sentences for a list of scripts."""
    reference: str
    """The reference that the function differs from."""
    device: str


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A difference in one record."""

    case: Case
    reference: str
    code: str
    record: Record
    how: str


def reproductions(ledger: Ledger, contract: Contract, cases: Sequence[Case]) -> tuple[Reproduction, ...]:
    """Return the scripts for what the usable records tell, each finding once.

    Args:
        ledger: the records.
        contract: the references; a finding against the consumer alone has none that torch could stand for.
        cases: the corpus, by which the records' codes have cases.

    """
    measured = [record.torch for record in ledger.usable]
    known = {each.id: each for each in contract.references}
    grouped: dict[str, list[_Seen]] = {}
    for seen in (*_explored(ledger, contract), *_replayed(ledger, contract, cases)):
        if seen.reference in known and seen.case["tensors"]:
            grouped.setdefault(key_of(seen.case, seen.reference, seen.record.device), []).append(seen)
    made = []
    for key, together in list(grouped.items())[:MOST]:
        first = together[0]
        finding = Finding(
            case=first.case,
            reference=known[first.reference],
            what=DIFFERING.get(first.code, first.code),
            where=_where(together, measured),
            device=first.record.device,
        )
        name = name_of(key, first.reference)
        made.append(
            Reproduction(
                name=name,
                text=render(finding, contract, name),
                key=key,
                what=f"{first.reference}: {finding.what}",
                where=finding.where,
                reference=first.reference,
                device=first.record.device,
            )
        )
    return tuple(made)


def key_of(case: Mapping[str, object], reference: str, device: str = "cpu") -> str:
    """Return what tells a finding from others: what differs on one device need not on another."""
    where = "" if device == "cpu" else f" on {device}"
    return f"{reference} {json.dumps(case, sort_keys=True)}{where}"


def name_of(key: str, reference: str) -> str:
    """Return the name of a finding's script: the same as long as the case is."""
    words = re.sub(r"[^a-z0-9]+", "-", reference.lower()).strip("-")
    return f"{words}-{hashlib.sha256(key.encode()).hexdigest()[:10]}.py"


def told(codes: Mapping[str, str], contract: Contract) -> list[str]:
    """Return the references that a failure of exploring is shown against: of a crash, the first alone."""
    known = [each.id for each in contract.references if each.id in codes]
    return known[:1] if set(codes.values()) <= {"!", "T"} else known


def _explored(ledger: Ledger, contract: Contract) -> Iterator[_Seen]:
    for record in ledger.usable:
        for failure in record.exploration.failures if record.exploration else ():
            if mistake_of_case(failure.case):
                continue  # no tensors could be made of it
            for reference in told(failure.codes, contract):
                code = failure.codes[reference]
                yield _Seen(
                    case=failure.case, reference=reference, code=code, record=record, how="found by exploring"
                )


def _replayed(ledger: Ledger, contract: Contract, cases: Sequence[Case]) -> Iterator[_Seen]:
    """Yield for each reference and kind of difference the first cases, and all records that show them."""
    places: dict[tuple[str, str, str], set[int]] = {}
    for record in ledger.usable:
        if record.agreement and record.agreement.cases == len(cases):
            for reference, codes in record.agreement.codes.items():
                for place, code in enumerate(codes) if not set(DIFFERING).isdisjoint(codes) else ():
                    if code in DIFFERING:
                        places.setdefault((record.device, reference, code), set()).add(place)
    for (device, reference, code), found in sorted(places.items()):
        for place in sorted(found)[:MOST_OF_A_KIND]:
            for record in ledger.usable:
                codes = record.agreement.codes.get(reference, "") if record.agreement else ""
                if record.device == device and codes[place : place + 1] == code and len(codes) == len(cases):
                    how = contract.origins.get(place, f"case {place} of the corpus")
                    yield _Seen(case=cases[place], reference=reference, code=code, record=record, how=how)


def _where(together: Sequence[_Seen], measured: Sequence[str]) -> str:
    device = together[0].record.device.upper()
    releases = ranges({seen.record.torch for seen in together}, measured)
    how = ", ".join(dict.fromkeys(seen.how for seen in together))
    return f"Seen in torch {releases} on {device}; {how}."
