"""What asks, what is no question of a contract but compared between releases all the same?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.contract import Level, Question

if TYPE_CHECKING:
    from compat.contract import Contract


def describe(identity: str, contract: Contract) -> Question:
    """Describe what is no question of the contract, but compared between releases all the same."""
    subject, _, name = identity.partition(":")
    described: dict[str, tuple[Level, str]] = {
        "present": ("surface", f"Is {contract.api} there?"),
        "stub": ("surface", "What does the type stub declare?"),
        "schema": ("surface", "Which operator schemas are registered?"),
        "callers": ("surface", "Which of torch's own Python files call it?"),
        "relative": ("surface", f"Is {name} there?"),
        "agreement": ("agreement", f"Does it agree with {name} on every case of the corpus?"),
        "values": ("agreement", "Which bits does it give over the whole corpus?"),
        "dispatches": ("cost", "How many operators does one call dispatch?"),
    }
    level, asks = described.get(subject, ("surface", identity))
    relied = subject == "present" or (subject == "agreement" and name in contract.relied_agreement)
    why = _WHY.get(subject, "Recorded so that a change shows.")
    return Question(id=identity, level=level, asks=asks, call="", why=why, relied=relied)


_WHY = {
    "present": "Without it, every other answer is moot.",
    "stub": "Type checkers and editors believe the stub.",
    "schema": "The operator's schema says which arguments there are and what they are called.",
    "callers": "What torch itself calls is less likely to go without a replacement.",
    "relative": "A caller could move to it, or shares its kernels.",
    "agreement": "Whoever falls back to it must get the same numbers.",
    "values": "Equal bits are the strongest sign that nothing changed; others may be rounding.",
    "dispatches": "A number that grows with the list is what the one call was meant to save.",
}
