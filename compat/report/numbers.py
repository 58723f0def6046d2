"""How are sizes, errors and ratios written for people?"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

_KIBI = 1024
_UNITS = ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (math.inf, 1.0, "s"))
_ORDINARY, _LARGE = 0.01, 10_000

EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
"""The relative distance from 1 to the next larger value of a dtype (IEEE 754; bfloat16 has 8 bits)."""


def size(elements: int) -> str:
    """Write an element count: ``4``, ``1 Ki`` (1,024), ``16 Mi`` (16 x 1,048,576)."""
    for unit, factor in (("Mi", _KIBI**2), ("Ki", _KIBI)):
        if elements >= factor and elements % factor == 0:
            return f"{elements // factor:,} {unit}"
    return f"{elements:,}"


def finite(error: float | str) -> float | None:
    """Return a relative error as a number; None where it is a word, or infinite."""
    if isinstance(error, str):
        return None
    return error if math.isfinite(error) else None


def relative_error(error: float | str) -> str:
    """Write a relative error with two digits, such as ``1.2e-8`` or ``0.97``; a word stays one."""
    number = finite(error)
    if number is None:
        return "not a number" if str(error) == "nan" else "infinite"
    if number == 0:
        return "0"
    if number >= _ORDINARY:
        return f"{number:#.2g}"
    digits, exponent = f"{number:.1e}".split("e")
    return f"{digits}e{int(exponent)}"


def rounded_up(number: float) -> str:
    """Write a bound with two digits, which never claim more than the bound does: ``2.4e-7``, ``1e-3``."""
    return _two_digits(number, ROUND_CEILING)


def rounded_down(number: float) -> str:
    """Write the largest of something with two digits, never more than it is: ``5.7e17``."""
    return _two_digits(number, ROUND_FLOOR)


def _two_digits(number: float, rounding: str) -> str:
    rounded = float(Context(prec=2, rounding=rounding).create_decimal(repr(number)))
    if _ORDINARY <= rounded < _LARGE:
        return f"{rounded:g}"
    digits, exponent = f"{rounded:.1e}".split("e")
    return f"{digits.removesuffix('.0')}e{int(exponent)}"


def ratio(value: float) -> str:
    """Write a ratio with three digits: ``0.123``, ``1.42``, ``12.3``, ``1,234``."""
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")  # noqa: PLR2004 - three digits


def interval(low: float | None, high: float | None) -> str:
    """Write an interval, or nothing where there is none."""
    return "" if low is None or high is None else f"{ratio(low)} to {ratio(high)}"


def seconds(value: float) -> str:
    """Write a time with three digits and its unit: ``105 µs``, ``3.82 ms``, ``1.2 s``."""
    factor, unit = next((factor, unit) for limit, factor, unit in _UNITS if value < limit)
    return f"{value * factor:.3g} {unit}"


def byte_count(number: int) -> str:
    """Write an amount of memory with three digits and its unit (powers of 1,000): ``512 B``, ``4.2 MB``."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= factor:
            return f"{number / factor:.3g} {unit}"
    return f"{number} B"


def percent(share: float) -> str:
    """Write a share with one decimal: ``-0.3 %``, ``12.5 %``."""
    return f"{100 * share:.1f} %"
