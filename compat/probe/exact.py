"""What is the exact norm, and how far from it is a number? Rational arithmetic alone, without torch."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

DIGITS = 50


def exact_norm(values: Sequence[float], elements: int) -> Decimal:
    """Return the 2-norm of ``elements`` elements that repeat ``values``, correct to ``DIGITS`` digits."""
    repeats, rest = divmod(elements, len(values))
    squares = _squares(tuple(values)) * repeats + _squares(tuple(values[:rest]))
    with localcontext() as precision:
        precision.prec = DIGITS
        return (Decimal(squares.numerator) / Decimal(squares.denominator)).sqrt()


def times_power(norm: Decimal, power: int) -> Decimal:
    """Return a norm times two to a power, correct to ``DIGITS`` digits."""
    with localcontext() as precision:
        precision.prec = DIGITS
        return norm * Decimal(2) ** power


def relative_error(got: float, exact: Decimal) -> Any:
    """Return |got - exact| / exact, as the text "nan" or "inf" where ``got`` is not finite.

    What lies beyond the digits of ``exact`` is no error.
    """
    if not math.isfinite(got):
        return str(abs(got))
    with localcontext() as precision:
        precision.prec = DIGITS
        error = abs(Decimal(got) - exact) / exact
    return float(f"{error:.3e}") if error > Decimal(10) ** (2 - DIGITS) else 0.0


@functools.lru_cache(maxsize=64)
def _squares(values: tuple[float, ...]) -> Fraction:
    return sum((Fraction(value) ** 2 for value in values), Fraction(0))
