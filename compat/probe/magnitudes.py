"""Which magnitudes are put to the function, and which of them are worth a line in the record?

Values are scaled by adding to their exponent bits, which rounds nothing, so that the exact norm scales along.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Callable

from compat.probe.cases import FIELDS, exponent_window

#: The fill of the values that are scaled.
FILL = "unit"


def powers(dtype: str, result: str, exact: Decimal) -> range:
    """Return all powers of two by which the values can be scaled without rounding them.

    At the first, the smallest values have the dtype's smallest normal exponent. The last is the largest at
    which the values fit in the dtype and their norm, ``exact`` before scaling, in that of the result.
    """
    exponent_bits = FIELDS[dtype][1]
    lowest, highest = exponent_window(FILL, exponent_bits)
    last = (1 << exponent_bits) - 2 - highest
    while Fraction(exact) * Fraction(2) ** last > largest_finite(result):
        last -= 1
    return range(1 - lowest, last + 1)


def largest_finite(dtype: str) -> Fraction:
    """Return the largest finite number of a dtype."""
    _, exponent_bits, mantissa_bits = FIELDS[dtype]
    highest: int = 2 ** ((1 << (exponent_bits - 1)) - 1)
    return (2 - Fraction(1, 2**mantissa_bits)) * highest


def scaled(torch: Any, values: Any, power: int) -> Any:
    """Return a tensor times a power of two within `powers`, by integer arithmetic on its bits."""
    width, _, mantissa_bits = FIELDS[str(values.dtype).replace("torch.", "")]
    integer = {16: torch.int16, 32: torch.int32, 64: torch.int64}[width]
    return (values.view(integer) + (power << mantissa_bits)).view(values.dtype)


def telling(
    entries: Sequence[dict[str, Any]], is_good: Callable[[dict[str, Any]], bool], kept: int
) -> list[dict[str, Any]]:
    """Return both sides of every turn from good to bad, both ends, and about ``kept`` between them."""
    stride = max(1, len(entries) // kept)
    good = [is_good(entry) for entry in entries]
    turns = {place for place in range(1, len(good)) if good[place] != good[place - 1]}
    wanted = {*range(0, len(entries), stride), len(entries) - 1, *turns, *(place - 1 for place in turns)}
    return [entry for place, entry in enumerate(entries) if place in wanted]
