"""What should a maintainer do now: what to pin, where to move to, and what helps until then?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.pinning import pins
from compat.releases import listing
from compat.report.text import counted
from compat.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.contract import Contract
    from compat.pinning import Pin
    from compat.records import Ledger
    from compat.report.accuracy_rules_view import RemedyRow
    from compat.verdict import Verdict

_MANY = 6


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Something to do: in a word or a piece of code to copy, and why, with its scope."""

    what: str
    code: str
    why: str


def pin_advice(contract: Contract, ledger: Ledger, verdict: Verdict) -> tuple[Advice, ...]:
    """Return what to pin, the least first; nothing where no measured release is fit to use."""
    library = contract.api.partition(".")[0]
    return tuple(
        advice for pin in pins(contract, ledger, verdict.releases) for advice in _of_pin(pin, library)
    )


def next_steps(contract: Contract, verdict: Verdict, remedies: Sequence[RemedyRow]) -> tuple[Advice, ...]:
    """Return what to do beside pinning: the public successor, what makes it more accurate, the fallback."""
    return tuple(_steps(contract, verdict, remedies))


def _of_pin(pin: Pin, library: str) -> Iterator[Advice]:
    scope = f"{counted(pin.measured, 'release')} to {pin.newest} measured on {pin.device.upper()}"
    yield Advice(
        what="At least",
        code=f"{library}>={pin.release}",
        why=f"From here on it is there, and nothing that callers rely on was seen broken ({scope}).",
    )
    if pin.calm is not None:
        left = f", which is {listing(pin.left, many=_MANY)}" if pin.left else ": nothing"
        yield Advice(
            what="Better",
            code=f"{library}>={pin.calm}",
            why=f"From here on there is nothing to mind but what {pin.newest} has as well{left}.",
        )


def _steps(contract: Contract, verdict: Verdict, remedies: Sequence[RemedyRow]) -> Iterator[Advice]:
    if contract.successor is not None:
        there = [
            span for span in spans_of(verdict.spans, f"relative:{contract.successor}") if span.kind == "value"
        ]
        why = f"It is public, and there {there[0].since}." if there else "It is public, but not released yet."
        yield Advice(what="Move to", code=contract.successor, why=why)
    for remedy in remedies:
        yield Advice(what="For accuracy", code="", why=remedy.sentence)
    decided = next((each for each in verdict.claims if contract.fallback in each.claim), None)
    told = (
        f"That it gives the same is {decided.verdict.value}."
        if decided
        else "Nobody claims it gives the same."
    )
    yield Advice(what="Where it is gone", code=contract.fallback, why=told)
