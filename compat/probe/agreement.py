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

from compat.probe import distance, outcomes, planted, poison, tolerances
from compat.probe.cases import Case, Materialiser, order_of
from compat.probe.context import Context, Function, Norms
from compat.probe.references import Reference, references

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
        exact: whether to tell also the largest distance from exact norms, which takes time.
        materialiser: what makes the tensors, where there is one; making one takes time.
    """

    def __init__(
        self,
        context: Context,
        function: Function | None = None,
        *,
        exact: bool = False,
        materialiser: Materialiser | None = None,
    ) -> None:
        self.materialiser = materialiser or Materialiser(context.torch, context.device)
        self._function: Function = function or context.function
        self._references = references(context)
        self._consumer = context.consumer().Consumer(context.torch) if function is None else None
        self._memory = poison.Memory(context.torch, context.device)
        self._exact = exact

    def case(self, case: Case) -> dict[str, Any]:
        """Return what came of one case: a code for each reference, findings, and a checksum of the values."""
        tensors, order = self.materialiser.tensors(case), order_of(case)
        norms, error = self._ask(tensors, order, poison.PATTERNS[0])
        values = None if norms is None else [norm.item() for norm in norms]
        result: dict[str, Any] = {"codes": {}, "values": _checksum(values, error)}
        if error is not None:
            result["error"] = error
        unstable = values is not None and not self._repeats(values, tensors, order)
        for reference in self._references:
            code = "-"
            if reference.takes(case):
                code, found = confront(reference, norms, error, tensors, order, values)
                for kind, finding in found.items():
                    result.setdefault(kind, []).append({"against": reference.name, **finding})
                code = "U" if unstable else code
            result["codes"][reference.name] = code
        if self._consumer is not None:
            result["codes"][CONSUMER] = self._consume(result, tensors, order)
        if self._exact and norms is not None:
            result["exact"] = distance.largest(norms, tensors, order)
        return result

    def _repeats(self, values: list[float], tensors: list[Any], order: float) -> bool:
        """Tell whether a second call answers alike; refusals are believed: old releases are slow at them."""
        again, _ = self._ask(tensors, order, poison.PATTERNS[1])
        return again is not None and _bits(values) == _bits([norm.item() for norm in again])

    def _ask(self, tensors: list[Any], order: float, pattern: int) -> tuple[Norms | None, str | None]:
        """Put one list through the function, with memory that nobody wrote full of a pattern."""
        with self._memory.filled(pattern):
            return _try(self._function, tensors, order)

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


def confront(
    reference: Reference,
    norms: Norms | None,
    error: str | None,
    tensors: Sequence[Any],
    order: float,
    values: Sequence[float] | None = None,
) -> tuple[str, dict[str, Any]]:
    """Ask a reference for what the function gave, or refused with an error.

    Args:
        reference: whom to ask.
        norms: what the function gave, if it did.
        error: what it refused with, if it did.
        tensors: what it was given.
        order: the order that it was given.
        values: the norms as numbers, where they are known.

    Returns:
        The code, and what is worth keeping: nothing, or a finding under "worst" or "disagreements".
    """
    if norms is not None and reference.combine:
        norms, error = _try(reference.combine, norms, order)
        values = None
    expected = _answer(reference.call, tensors, order)
    if norms is None or expected is None:
        return _code_of_errors(error is not None, expected is None), {}
    try:
        worst = compare(norms, expected, tensors, order, total=reference.combine is not None, values=values)
    except Disagreement as difference:
        return "X", {"disagreements": difference.finding}
    return ("=", {}) if worst is None else ("~", {"worst": worst})


def compare(
    norms: Norms,
    expected: Norms,
    tensors: Sequence[Any],
    order: float,
    *,
    total: bool = False,
    values: Sequence[float] | None = None,
) -> dict[str, Any] | None:
    """Compare two lists of norms of the same tensors, or of one norm over all of them.

    Args:
        norms: what the function gave.
        expected: what a reference gave.
        tensors: what both were given.
        order: the order that both were given.
        total: whether it is the one norm over all tensors.
        values: the norms as numbers, where they are known.

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
        got, wanted = norm.item() if values is None else values[index], reference.item()
        if got == wanted or (math.isnan(got) and math.isnan(wanted)):
            continue
        dtype = _dtype(norm)
        if total:
            parts = [(_dtype(tensor), tensor.numel()) for tensor in tensors]
            bound = tolerances.allowed_of_total(got, wanted, dtype, parts, order)
        else:
            bound = tolerances.allowed(got, wanted, dtype, tensors[index].numel(), order)
        if not tolerances.is_close(got, wanted, bound):
            raise Disagreement(index, repr(got), repr(wanted))
        share = round(abs(got - wanted) / bound, 3)
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
        faulty = Replay(context, fault, materialiser=replay.materialiser)
        yield f"planted: {name}", functools.partial(planted.is_caught, faulty.case, replay.case, corpus)


def helpers(_context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    return {}


def _try(function: Any, tensors: Sequence[Any], order: float) -> tuple[Norms | None, str | None]:
    try:
        return function(tensors, order), None
    except Exception as exception:  # noqa: BLE001 - whatever the measured torch raises is an outcome
        return None, outcomes.error(exception)["text"]


def _answer(function: Any, tensors: Sequence[Any], order: float) -> Norms | None:
    """Return what a reference gives, or None where it refuses: how it refuses is not kept."""
    try:
        found: Norms = function(tensors, order)
    except Exception:  # noqa: BLE001 - whatever the measured torch raises is a refusal
        return None
    return found


def _code_of_errors(refuses: bool, reference_refuses: bool) -> str:  # noqa: FBT001 - a pair of facts
    if refuses and reference_refuses:
        return "E"
    return "f" if refuses else "r"


def _checksum(values: Sequence[float] | None, error: str | None) -> int:
    return zlib.crc32((error or "").encode() if values is None else _bits(values))


def _bits(values: Sequence[float]) -> bytes:
    """Return the bits of the values; all NaN count as one, and -0.0 is not 0.0."""
    plain = [math.nan if math.isnan(value) else value for value in values]
    return struct.pack(f"<{len(plain)}d", *plain)


def _dtype(tensor: Any) -> str:
    return str(tensor.dtype).replace("torch.", "")


def _kind(norm: Any) -> str:
    return f"{_dtype(norm)}{list(norm.shape)} on {norm.device}"
