"""What is the function compared with? Each reference is an expression of the contract's, compiled here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compat.probe.cases import Case
from compat.probe.context import Context, Function, resolve


@dataclass(frozen=True)
class Reference:
    """Another way to the same norms, or to what callers make of them."""

    name: str
    orders: frozenset[Any]  # as cases write them; empty for all
    call: Function | None  # None where this torch lacks what the call needs
    combine: Function | None  # makes of the function's own norms what the call gives at once

    def takes(self, case: Case) -> bool:
        """Tell whether it can be asked a case: an empty list has no norms to agree on."""
        return bool(self.call and case["tensors"] and (not self.orders or case["ord"] in self.orders))


def references(context: Context) -> list[Reference]:
    """Return the contract's references, ready to be called with this torch."""
    return [
        Reference(
            name=each["id"],
            orders=frozenset(each["orders"]),
            call=_function("tensors", each["call"], context) if _is_here(each, context) else None,
            combine=_function("norms", each["combine"], context) if each.get("combine") else None,
        )
        for each in context.contract["references"]
    ]


def _is_here(reference: dict[str, Any], context: Context) -> bool:
    needed = reference.get("needs")
    return needed is None or resolve(context.torch, needed) is not None


def _function(argument: str, expression: str, context: Context) -> Function:
    function: Function = eval(f"lambda {argument}, ord: {expression}", {"torch": context.torch})
    return function
