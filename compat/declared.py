"""Where does a wheel declare one thing of the function, and the torch in it do another?

Held against each other are what the survey read from a wheel and what a probe observed in that release: the
stub's name, its arguments and its return type against the running function; the headers' schemas against the
registered ones; declared relatives and callers against those that were found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from compat.releases import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compat.contract import Contract
    from compat.record_format import Record
    from compat.records import Ledger
    from compat.survey import Survey
    from compat.surveying.facts import WheelFacts

CONTAINERS = ("tuple", "list")


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that was declared and observed in one release."""

    release: str
    what: str
    declared: str
    observed: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.declared == self.observed


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """A fact that differs, over the releases in a row in which it differs alike."""

    what: str
    declared: str
    observed: str
    releases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of holding all declared facts against all observed ones."""

    compared: int
    """How many facts were compared."""
    releases: tuple[str, ...]
    """The releases of which both are known."""
    mismatches: tuple[Mismatch, ...]
    unobserved: tuple[str, ...]
    """Releases whose wheel was read and that have no record that counts."""
    unread: tuple[tuple[str, str], ...]
    """Releases whose wheel could not be read, with the reason."""


def compare(survey: Survey, ledger: Ledger, contract: Contract) -> Comparison:
    """Hold what the survey read against what the usable records observed."""
    records: dict[str, Record] = {}
    for record in ledger.usable:
        records.setdefault(record.torch, record)
    read = {each.torch: each.wheel for each in survey.releases if each.wheel is not None}
    both = [torch for torch in read if torch in records]
    facts = [fact for torch in both for fact in _facts(torch, read[torch], records[torch], contract)]
    return Comparison(
        compared=len(facts),
        releases=in_order(both),
        mismatches=tuple(_merged(facts, both)),
        unobserved=tuple(torch for torch in read if torch not in records),
        unread=tuple((each.torch, each.unread) for each in survey.releases if each.unread),
    )


def _facts(torch: str, wheel: WheelFacts, record: Record, contract: Contract) -> Iterator[Fact]:
    surface = record.surface
    if surface is None:
        return

    def fact(what: str, declared: str, observed: str) -> Fact:
        return Fact(release=torch, what=what, declared=declared, observed=observed)

    yield fact("the function (type stub)", _there(bool(wheel.stub)), _there(record.present))
    if wheel.headers:
        yield fact("the operator's schemas (headers)", _lines(wheel.schemas), _lines(surface.schemas))
    yield fact("who calls it inside torch (sources)", _lines(wheel.callers), _lines(surface.callers))
    for name, found in surface.relatives.items():
        bound = wheel.relatives.get(name)
        if bound is not None:
            yield fact(f"{name} (sources)", _there(bound), _there(found))
    if wheel.stub and record.present:
        containers = _returned(wheel.stub[0])
        observed = _observed_container(record, contract)
        if containers and observed:
            declared = observed if observed in containers else " or ".join(containers)
            yield fact("what it returns (type stub)", declared, observed)


def _there(present: bool) -> str:  # noqa: FBT001 - a fact, not an option
    return "there" if present else "absent"


def _lines(texts: Iterable[str]) -> str:
    # older headers write no parentheses around a single result, and older torches do
    plain = (re.sub(r"-> \(([^(),]*)\)$", r"-> \1", each) for each in texts)
    return "; ".join(sorted(plain)) or "none"


def _returned(signature: str) -> list[str]:
    """Return the containers that a stub's signature promises, outermost ones and those of a union."""
    words = re.findall(r"[A-Za-z]+", signature.rpartition("->")[2].lower())
    union = "|" in signature.rpartition("->")[2] or words[:1] == ["union"]
    return [each for each in (words if union else words[:1]) if each in CONTAINERS]


def _observed_container(record: Record, contract: Contract) -> str | None:
    """Return the container of the first relied-on answer that is one of results."""
    for question in contract.questions:
        outcome = (record.questions or {}).get(question.id)
        if question.relied and outcome is not None and outcome.kind == "value":
            container = outcome.text.partition("(")[0]
            if container in CONTAINERS:
                return container
    return None


def _merged(facts: Sequence[Fact], releases: Sequence[str]) -> Iterator[Mismatch]:
    """Merge what differs alike in releases that follow each other among those compared."""
    place = {torch: number for number, torch in enumerate(in_order(releases))}
    differing = [each for each in facts if not each.agrees]
    for what in dict.fromkeys(each.what for each in differing):
        of_it = sorted(
            (each for each in differing if each.what == what), key=lambda each: place[each.release]
        )
        numbered = [(place[each.release] - number, each) for number, each in enumerate(of_it)]
        for _, run in groupby(numbered, key=lambda each: (each[0], each[1].declared, each[1].observed)):
            members = [each for _, each in run]
            yield Mismatch(
                what=what,
                declared=members[0].declared,
                observed=members[0].observed,
                releases=tuple(each.release for each in members),
            )
