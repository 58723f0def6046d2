"""How far two correct norms of the same tensor may lie apart: bounds from dtype, element count and order.

A norm of order p sums |x|^p over n elements and takes the p-th root. A sum kept in L independent
lanes that are then added pairwise carries a relative error of at most (n/L + log2 L) units of
roundoff of the accumulator (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
section 4.2, with all terms of one sign); each term adds its own rounding, and the root divides
the error by p. The accumulator is float32 for the 16-bit dtypes: a kernel that accumulates in
half precision is outside this bound, and is meant to be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

#: Unit roundoff of a result of this dtype (half the distance from 1 to the next number).
ROUNDOFF: dict[str, float] = {
    "float16": 2.0**-11,
    "bfloat16": 2.0**-8,
    "float32": 2.0**-24,
    "float64": 2.0**-53,
}

#: Unit roundoff of the accumulator that a good kernel uses for this dtype.
ACCUMULATOR: dict[str, float] = {**ROUNDOFF, "float16": 2.0**-24, "bfloat16": 2.0**-24}

#: Smallest positive normal and subnormal number of the dtype: below it, errors are absolute.
SMALLEST: dict[str, float] = {
    "float16": 2.0**-24,
    "bfloat16": 2.0**-133,
    "float32": 2.0**-149,
    "float64": 2.0**-1074,
}

#: Powers of two between which a good kernel's accumulator holds a number in full precision.
ACCUMULATOR_POWERS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("float16", "bfloat16", "float32"), (-126, 128)),
    "float64": (-1022, 1024),
}

#: The narrowest vector unit of a supported processor adds four float32 lanes at a time.
LANES = 4

#: A library's pow is within about this many units of roundoff of its accumulator.
POW_ROUNDOFFS = 4


def relative_bound(dtype: str, elements: int, order: float) -> float:
    """Return the bound on the relative distance between two correct norms of one tensor.

    Order 0 counts and the infinite orders select an element: they round only the result.
    """
    result = 2 * ROUNDOFF[dtype]
    if elements <= 1 or order == 0 or math.isinf(order):
        return result + (2 * POW_ROUNDOFFS * ACCUMULATOR[dtype] if elements == 1 else 0.0)
    unit = ACCUMULATOR[dtype]
    p = abs(order)
    terms = 1 if order in (1, 2) else POW_ROUNDOFFS
    summing = (elements / LANES + math.log2(LANES) + terms) * unit / p
    root = 0 if order == 1 else POW_ROUNDOFFS * unit
    return result + 2 * (summing + root)


def allowed(got: float, expected: float, dtype: str, elements: int, order: float) -> float:
    """Return the bound on the distance between two finite norms of one tensor, in their own unit."""
    return relative_bound(dtype, elements, order) * max(abs(got), abs(expected)) + SMALLEST[dtype]


def allowed_of_total(
    got: float, expected: float, dtype: str, parts: Sequence[tuple[str, int]], order: float
) -> float:
    """Return the bound on the distance between two totals, that is, norms of the norms of some tensors.

    The outer norm passes the inner ones' relative error on as it is, and adds its own.

    Args:
        got: one total.
        expected: the other.
        dtype: that of the totals.
        parts: dtype and element count of each tensor.
        order: of all the norms.
    """
    inner = max(relative_bound(of, elements, order) for of, elements in parts)
    relative = inner + relative_bound(dtype, len(parts), order)
    coarsest = max(SMALLEST[of] for of, _ in parts)
    spread = len(parts) ** max(1.0, 1 / abs(order)) if order else 1.0
    return relative * max(abs(got), abs(expected)) + spread * max(coarsest, SMALLEST[dtype])


def squares_fit(dtype: str, elements: int, smallest: float, largest: float) -> bool:
    """Tell whether squares and their sum keep full precision in the accumulator, as the bound presumes.

    Args:
        dtype: that of the result.
        elements: how many are summed.
        smallest: the smallest absolute value among them, above 0.
        largest: the largest.
    """
    low, high = ACCUMULATOR_POWERS[dtype]
    return 2 * math.log2(smallest) >= low and 2 * math.log2(largest) + math.log2(elements) < high


def unit_in_last_place(norm: float, dtype: str) -> float:
    """Return about the distance from a norm to its neighbours, which all subnormal numbers share."""
    return max(2 * ROUNDOFF[dtype] * abs(norm), SMALLEST[dtype])


def agrees(got: float, expected: float, dtype: str, elements: int, order: float) -> bool:
    """Tell whether two norms of one tensor agree: both NaN, the same infinity, or within the bound."""
    return is_close(got, expected, allowed(got, expected, dtype, elements, order))


def is_close(got: float, expected: float, bound: float) -> bool:
    """Tell whether two numbers are both NaN, the same infinity, or no further apart than the bound."""
    if math.isnan(got) or math.isnan(expected):
        return math.isnan(got) and math.isnan(expected)
    if math.isinf(got) or math.isinf(expected):
        return got == expected
    return abs(got - expected) <= bound
