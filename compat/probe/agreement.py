"""Level 3: does the function agree, element by element, with per-parameter norms, on every corpus case?

One character a case and reference says what came of it; ``CODES`` is their list. An empty list has no
norms to agree on: the function is asked all the same, and a question of its own says what it does.
"""

from __future__ import annotations

import functools
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Callable

from compat.probe import outcomes, planted, tolerances
from compat.probe.cases import Case, Materialiser, order_of
from compat.probe.context import Context, Function, Norms

CODES = {
    "=": "bit-identical",
    "~": "within the bound",
    "X": "disagrees",
    "E": "both raise",
    "f": "only the function raises",
    "r": "only the reference raises",
    "U": "two calls of the function differ",
    "-": "not asked",
    "!": "crashed",
    "T": "timed out",
    "H": "harness error",
}

#: The consumer under test takes part as one more reference.
CONSUMER = "monitor"


class Disagreement(Exception):  # noqa: N818 - a finding that travels, not a failure of ours
    """The first element at which two answers differ by more than the bound."""

    def __init__(self, element: int | None, got: str, expected: str) -> None:
        super().__init__(f"element {element}: got {got}, expected {expected}")
        self.finding = {"element": element, "got": got, "expected": expected}


class Replay:
    """Puts cases through the function, through the references and through the consumer.

    Args:
        context: the measurement's surroundings.
        function: what to judge in place of the real function (the planted faults use this).
    """

    def __init__(self, context: Context, function: Function | None = None) -> None:
        self._materialiser = Materialiser(context.torch, context.device)
        self._function: Function = function or context.function
        self._references = [
            (reference["id"], frozenset(reference["orders"]), _compile(reference["call"], context))
            for reference in context.contract["references"]
        ]
        self._consumer = context.consumer().Consumer(context.torch) if function is None else None

    def case(self, case: Case) -> dict[str, Any]:
        """Return what came of one case: a code for each reference, findings, and a checksum of the values."""
        tensors, order = self._materialiser.tensors(case), order_of(case)
        norms, error = _try(self._function, tensors, order)
        values = None if norms is None else [norm.item() for norm in norms]
        result: dict[str, Any] = {"codes": {}, "values": _checksum(values, error)}
        if error is not None:
            result["error"] = error
        unstable = values is not None and not self._repeats(values, tensors, order)
        for name, orders, reference in self._references:
            if not tensors or (orders and case["ord"] not in orders):
                result["codes"][name] = "-"
                continue
            expected, reference_error = _try(reference, tensors, order)
            code = _code_of_errors(error, reference_error)
            if code is None:
                code = self._compare(result, name, norms, expected, tensors, order)
            result["codes"][name] = "U" if unstable else code
        if self._consumer is not None:
            result["codes"][CONSUMER] = self._consume(result, tensors, order)
        return result

    def _repeats(self, values: list[float], tensors: list[Any], order: float) -> bool:
        """Tell whether a second call answers alike; refusals are believed: old releases are slow at them."""
        again, _ = _try(self._function, tensors, order)
        return again is not None and _same_bits(values, [norm.item() for norm in again])

    def _compare(
        self, result: dict[str, Any], name: str, norms: Any, expected: Any, tensors: list[Any], order: float
    ) -> str:
        try:
            worst = compare(norms, expected, tensors, order)
        except Disagreement as difference:
            result.setdefault("disagreements", []).append({"against": name, **difference.finding})
            return "X"
        if worst is None:
            return "="
        result.setdefault("worst", []).append({"against": name, **worst})
        return "~"

    def _consume(self, result: dict[str, Any], tensors: list[Any], order: float) -> str:
        if self._consumer is None or not self._consumer.applies(order):
            return "-"
        try:
            finding = self._consumer.check(tensors)
        except Exception as exception:  # noqa: BLE001 - the consumer raising is a finding
            finding = {"element": None, "got": outcomes.error(exception)["text"], "expected": "a result"}
        if finding is None:
            return "~"
        result.setdefault("disagreements", []).append({"against": CONSUMER, **finding})
        return "X"


def compare(norms: Norms, expected: Norms, tensors: Sequence[Any], order: float) -> dict[str, Any] | None:
    """Compare two lists of norms of the same tensors.

    Returns:
        None where all are bit-identical, else the largest distance: dtype, units in the last place,
        and the share of the bound that it uses.

    Raises:
        Disagreement: count, dtype, shape or value differ.
    """
    if len(norms) != len(expected):
        raise Disagreement(None, f"{len(norms)} norms", f"{len(expected)} norms")
    worst: dict[str, Any] | None = None
    for index, (norm, reference) in enumerate(zip(norms, expected)):
        if norm.dtype != reference.dtype or norm.shape != reference.shape or norm.device != reference.device:
            raise Disagreement(index, _kind(norm), _kind(reference))
        got, wanted = norm.item(), reference.item()
        if got == wanted or (math.isnan(got) and math.isnan(wanted)):
            continue
        dtype = str(norm.dtype).replace("torch.", "")
        elements = tensors[index].numel()
        if not tolerances.agrees(got, wanted, dtype, elements, order):
            raise Disagreement(index, repr(got), repr(wanted))
        share = round(abs(got - wanted) / tolerances.allowed(got, wanted, dtype, elements, order), 3)
        if worst is None or share > worst["bound_share"]:
            ulps = round(abs(got - wanted) / tolerances.unit_in_last_place(wanted, dtype), 1)
            worst = {"dtype": dtype, "ulps": ulps, "bound_share": share}
    return worst


def steps(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield one step for each case of the corpus, and one for each planted fault."""
    if context.function is None:
        return
    replay = Replay(context)
    corpus = context.corpus()
    for number, case in enumerate(corpus):
        yield str(number), functools.partial(replay.case, case)
    for name, fault in planted.planted_faults(context).items():
        faulty = Replay(context, fault)
        yield f"planted: {name}", functools.partial(planted.is_caught, faulty.case, replay.case, corpus)


def helpers(_context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    return {}


def _compile(call: str, context: Context) -> Function:
    function: Function = eval(f"lambda tensors, ord: {call}", {"torch": context.torch})
    return function


def _try(function: Function, tensors: Sequence[Any], order: float) -> tuple[Norms | None, str | None]:
    try:
        return function(tensors, order), None
    except Exception as exception:  # noqa: BLE001 - whatever the measured torch raises is an outcome
        return None, outcomes.error(exception)["text"]


def _code_of_errors(error: str | None, reference_error: str | None) -> str | None:
    if error is None and reference_error is None:
        return None
    if error is not None and reference_error is not None:
        return "E"
    return "f" if error is not None else "r"


def _same_bits(first: Sequence[float], second: Sequence[float]) -> bool:
    return len(first) == len(second) and all(
        a == b or (math.isnan(a) and math.isnan(b)) for a, b in zip(first, second)
    )


def _checksum(values: Sequence[float] | None, error: str | None) -> int:
    if values is None:
        return zlib.crc32((error or "").encode())
    plain = [math.nan if math.isnan(value) else value for value in values]
    return zlib.crc32(struct.pack(f"<{len(plain)}d", *plain))


def _kind(norm: Any) -> str:
    return f"{str(norm.dtype).replace('torch.', '')}{list(norm.shape)} on {norm.device}"
