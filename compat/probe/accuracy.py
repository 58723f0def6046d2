"""Level 4: how far the norm lies from the exact value, by dtype and size, whatever per-parameter norms say.

The data repeat a short pattern, so that the exact sum of squares is a whole number of exactly known
pattern sums: rational arithmetic gives the reference, and no reduction of torch's takes part in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, Callable

from compat.probe.cases import FIELDS, Materialiser
from compat.probe.context import Context

PATTERN = 1 << 10
POWERS = (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24)
DIGITS = 50


def steps(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield one step for each dtype and size, smallest size first."""
    if context.function is None:
        return
    materialiser = Materialiser(context.torch, context.device)
    for dtype in FIELDS:
        pattern = materialiser.tensor(dtype, [PATTERN], "contiguous", "unit", 1)
        values = [float(value) for value in pattern.cpu().tolist()]
        for power in POWERS:
            yield f"{dtype}/{1 << power}", lambda p=pattern, v=values, n=1 << power: measure(context, p, v, n)  # type: ignore[misc]


def helpers(_context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    return {}


def measure(context: Context, pattern: Any, values: list[float], elements: int) -> dict[str, Any]:
    """Return the norm of the repeated pattern, the exact norm, and the relative error."""
    repeats, rest = divmod(elements, PATTERN)
    data = pattern.repeat(repeats) if repeats else pattern[:rest]
    got = context.function([data])[0].item()
    exact = exact_norm(values[: rest or PATTERN], max(1, repeats))
    return {
        "dtype": str(pattern.dtype).replace("torch.", ""),
        "elements": elements,
        "relative_error": relative_error(got, exact),
        "got": got if math.isfinite(got) else str(got),
        "exact": float(exact),
    }


def exact_norm(values: list[float], repeats: int) -> Decimal:
    """Return the 2-norm of ``values`` repeated, correct to ``DIGITS`` digits."""
    squares = sum((Fraction(value) ** 2 for value in values), Fraction(0)) * repeats
    with localcontext() as precision:
        precision.prec = DIGITS
        return (Decimal(squares.numerator) / Decimal(squares.denominator)).sqrt()


def relative_error(got: float, exact: Decimal) -> Any:
    """Return |got - exact| / exact, as the text "nan" or "inf" where ``got`` is not finite."""
    if not math.isfinite(got):
        return str(abs(got))
    with localcontext() as precision:
        precision.prec = DIGITS
        return float(f"{abs(Decimal(got) - exact) / exact:.3e}")


def gather(results: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the record's part: one entry a dtype and size, with what stopped it where something did."""
    entries = []
    for key, result in results.items():
        if "/" not in key:
            continue
        dtype, elements = key.split("/")
        stopped = {"dtype": dtype, "elements": int(elements), "relative_error": "nan", "stopped": result}
        entries.append(result.get("ok") or stopped)
    return entries
