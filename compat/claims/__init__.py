"""Is what people say about the API true? One module a rule; a rule is generic, its data is the claim's."""

from compat.claims.evidence import ClaimVerdict, Decision, Evidence

__all__ = ["ClaimVerdict", "Decision", "Evidence"]
