"""Is what people say about the API true? One module a rule; a rule is generic, its data is the claim's.

Every rule keeps the same order: a counterexample refutes, whatever else is unknown; what was not
measured, is in conflict or is spoilt leaves the claim inconclusive; only then can it be supported,
and the reason states the scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from compat.claims import agreement, constant_cost, overhead, presence, speedup, stability
from compat.claims.evidence import ClaimVerdict, Decision, Evidence, Parameters, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compat.contract import Claim

__all__ = ["RULES", "ClaimVerdict", "Decision", "Evidence", "judge", "parameter_mistakes"]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A rule with the parameters it reads."""

    parameters: type[Parameters]
    rule: Rule


RULES: Mapping[str, _Kind] = {
    "present-since": _Kind(parameters=presence.PresentSince, rule=presence.present_since),
    "called-by": _Kind(parameters=presence.CalledBy, rule=presence.called_by),
    "constant-cost": _Kind(parameters=constant_cost.ConstantCost, rule=constant_cost.constant_cost),
    "speedup": _Kind(parameters=speedup.Speedup, rule=speedup.speedup),
    "agreement": _Kind(parameters=agreement.Agreement, rule=agreement.agreement),
    "stable": _Kind(parameters=stability.Stable, rule=stability.stable),
    "overhead": _Kind(parameters=overhead.Overhead, rule=overhead.overhead),
}


def judge(claim: Claim, evidence: Evidence) -> ClaimVerdict:
    """Decide one claim by its rule."""
    kind = RULES[claim.rule]
    finding = kind.rule(kind.parameters.read(claim.parameters), claim, evidence)
    return ClaimVerdict(
        id=claim.id,
        claim=claim.claim,
        verdict=finding.decision,
        because=finding.because,
        records=(*dict.fromkeys(record.name for record in finding.records), *finding.speed_records),
        details=finding.details,
    )


def parameter_mistakes(rule: str, parameters: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a claim's rule and parameters, by key."""
    if rule not in RULES:
        return [f"rule: {rule!r} is none of {', '.join(sorted(RULES))}"]
    try:
        RULES[rule].parameters.read(parameters)
    except ValidationError as error:
        return [f"parameters.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return []
