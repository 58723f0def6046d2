"""Does what a sentence says hold, by the report? Each answer with its reason and the claim it rests on.

The report is read as the file for machines, ``compatibility.json``: it is there where the records are not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from compat.claims import Decision
from compat.differences import LESSER
from compat.errors import ConfigurationError
from compat.releases import in_order, listing, ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from packaging.specifiers import SpecifierSet

    from compat.contract import Claim, Contract
    from compat.source.forms import Said

FORMAT = 1
_HOST = "cpu"
_LESSER = frozenset(each.words for each in LESSER)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the evidence says of a sentence."""

    decision: Decision
    because: str
    claim: str
    """The id of the claim behind it, or what else decided."""
    records: int = 0


class Knowledge:
    """What a report for machines knows of the contract's API.

    Args:
        content: the report.
        contract: the contract that it is about.

    """

    def __init__(self, content: Mapping[str, Any], contract: Contract) -> None:
        self.contract = contract
        self._content = content
        self._claims = {each["id"]: each for each in content["claims"]}
        self._rules: Mapping[str, Callable[[Said], Judgement | None]] = {
            "present-since": self._since,
            "stable": self._stable,
            "called-by": self._called,
            "speedup": self._speedup,
            "public": self._public,
            "successor": self._successor,
        }

    @property
    def api(self) -> str:
        """The function's whole name."""
        return self.contract.api

    @property
    def name(self) -> str:
        """The last part of it, by which it is found."""
        return self.api.rpartition(".")[2]

    @property
    def note(self) -> str:
        """The note that the evidence allows, as a comment."""
        return str(self._content["note"])

    def judge(self, said: Said) -> Judgement | None:
        """Hold what was said against the evidence; None where the contract has no claim of the kind."""
        own = self._rules.get(said.kind)
        return own(said) if own else self._by_claim(said.kind)

    def judge_pin(self, pin: SpecifierSet) -> Judgement:
        """Say which measured releases a pin admits in which the function is missing or broken."""
        bad = {
            status: in_order(
                each["torch"]
                for each in self._content["releases"]
                if each["status"] == status and each["device"] == _HOST and pin.contains(each["torch"])
            )
            for status in ("absent", "incompatible", "conflict")
        }
        measured = self._measured()
        words = {
            "absent": f"which have no {self.api}",
            "incompatible": "in which it must not be used",
            "conflict": "of which records contradict each other",
        }
        told = [
            f"admits {ranges(releases, measured)}, {words[status]}"
            for status, releases in bad.items()
            if releases
        ]
        if told:
            return Judgement(decision=Decision.REFUTED, because=" and ".join(told), claim="present-since")
        admitted = [each for each in measured if pin.contains(each)]
        if not admitted:
            return Judgement(
                decision=Decision.INCONCLUSIVE, because="admits no release that was measured", claim="pin"
            )
        because = f"admits {ranges(admitted, measured)}, which have it"
        return Judgement(decision=Decision.SUPPORTED, because=because, claim="pin")

    def _by_claim(self, rule: str) -> Judgement | None:
        """Decide as the claims of this rule were: refuted where one is, supported where all are."""
        found = [self._claims[each.id] for each in self._of_rule(rule) if each.id in self._claims]
        if not found:
            return None
        order = [Decision.REFUTED, Decision.INCONCLUSIVE, Decision.SUPPORTED]
        worst = min(found, key=lambda each: order.index(Decision(each["verdict"])))
        return Judgement(
            decision=Decision(worst["verdict"]),
            because=worst["because"],
            claim=worst["id"],
            records=len(worst["records"]),
        )

    def _of_rule(self, rule: str) -> list[Claim]:
        return [each for each in self.contract.claims if each.rule == rule]

    def _since(self, said: Said) -> Judgement | None:
        there = [each for each in self._spans("present") if each["kind"] == "value"]
        if said.version is None or not there:
            return self._by_claim("present-since")
        absent = in_order(
            each["torch"]
            for each in self._content["releases"]
            if each["status"] == "absent" and Version(each["torch"]) >= Version(said.version)
        )
        first = there[0]
        if absent:
            because = f"absent in {ranges(absent, self._measured())}, present from {first['from']}"
            return Judgement(
                decision=Decision.REFUTED, because=because, claim="present-since", records=len(absent)
            )
        newest = self._measured()[-1]
        if Version(said.version) > Version(newest):
            because = f"{said.version} was not measured; the newest that was is {newest}"
            return Judgement(decision=Decision.INCONCLUSIVE, because=because, claim="present-since")
        because = f"present from {first['from']} to {first['last']}, the last measured"
        return Judgement(decision=Decision.SUPPORTED, because=because, claim="present-since")

    def _stable(self, said: Said) -> Judgement | None:
        if said.version is None:
            return self._by_claim("stable")
        later = [
            each
            for each in self._content["changes"]
            if each["harm"] not in _LESSER
            and each["until"]
            and each["device"] == _HOST
            and Version(each["until"]) >= Version(said.version)
        ]
        if later:
            names = list(dict.fromkeys(each["question"] for each in later))
            newest = max(later, key=lambda each: Version(each["until"]))
            because = (
                f"{len(names)} questions have another answer since {said.version} ({listing(names)}), "
                f"the latest after {newest['until']}"
            )
            return Judgement(decision=Decision.REFUTED, because=because, claim="behaviour-stable")
        return self._since(said)

    def _called(self, said: Said) -> Judgement | None:
        claims = self._of_rule("called-by")
        files = [str(each.parameters["file"]) for each in claims]
        named = [file for file in files if _says(said.words, file)] or files
        calling = [each for each in self._spans("callers") if any(file in each["outcome"] for file in named)]
        if not named or not calling:
            return self._by_claim("called-by")
        first, newest = calling[0]["from"], calling[-1]
        if newest["to"] is not None:
            because = f"{named[0]} called it from {first} to {newest['to']}, and no longer"
            return Judgement(decision=Decision.REFUTED, because=because, claim=claims[0].id)
        if said.version is not None and Version(said.version) < Version(first):
            because = f"{named[0]} calls it from {first} on, not before"
            return Judgement(decision=Decision.REFUTED, because=because, claim=claims[0].id)
        because = f"{named[0]} calls it from {first} to {newest['last']}, the last measured"
        return Judgement(decision=Decision.SUPPORTED, because=because, claim=claims[0].id)

    def _speedup(self, said: Said) -> Judgement | None:
        against = {str(each.parameters["against"]) for each in self._of_rule("speedup")}
        rows = [
            each
            for each in self._content["speed"]
            if each["against"] in against and each["part"] == "whole" and each["usable"]
        ]
        if said.low is None or not rows:
            return self._by_claim("speedup")
        ratios = sorted(each["ratio"] for each in rows)
        devices = listing(sorted({each["device"].upper() for each in rows}))
        extent = f"measured {ratios[0]:.2g} to {ratios[-1]:.2g} times on {devices}, in {len(rows)} timings"
        claim = self._of_rule("speedup")[0].id
        records = len({each["record"] for each in rows})
        if any(each["high"] < said.low for each in rows):
            decision = Decision.REFUTED
        elif all(each["low"] >= said.low for each in rows):
            decision = Decision.SUPPORTED
        else:
            decision = Decision.INCONCLUSIVE
        return Judgement(decision=decision, because=extent, claim=claim, records=records)

    def _public(self, _said: Said) -> Judgement | None:
        if not self.name.startswith("_"):
            return None
        because = f"{self.name} begins with an underscore: any release may change or remove it"
        return Judgement(decision=Decision.REFUTED, because=because, claim="the name")

    def _successor(self, _said: Said) -> Judgement | None:
        if self.contract.successor is None:
            return None
        there = [
            each for each in self._spans(f"relative:{self.contract.successor}") if each["kind"] == "value"
        ]
        if not there:
            return None
        because = f"{self.contract.successor} is there from {there[0]['from']} on"
        return Judgement(decision=Decision.REFUTED, because=because, claim="the successor")

    def _spans(self, question: str) -> list[Mapping[str, Any]]:
        found = [each for each in self._content["spans"] if each["question"] == question]
        return [each for each in found if each["device"] == found[0]["device"]]

    def _measured(self) -> tuple[str, ...]:
        return in_order(
            each["torch"] for each in self._content["releases"] if each["status"] != "not-measured"
        )


def read_knowledge(path: Path, contract: Contract) -> Knowledge:
    """Read a report for machines.

    Raises:
        ConfigurationError: it is none, or about another API.

    """
    remedy = "Write it with: compat report, or name one with --report FILE"
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        message = f"{path}: cannot be read as a report for machines ({error}). {remedy}"
        raise ConfigurationError(message) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        message = f"{path}: no report of format {FORMAT}. {remedy}"
        raise ConfigurationError(message)
    if content.get("api") != contract.api:
        message = f"{path}: a report about {content.get('api')}, not about {contract.api}. {remedy}"
        raise ConfigurationError(message)
    try:
        return Knowledge(content, contract)
    except (KeyError, TypeError) as error:
        message = f"{path}: a report without {error}. {remedy}"
        raise ConfigurationError(message) from error


def _says(words: str, file: str) -> bool:
    return file.rpartition("/")[2].removesuffix(".py") in words
