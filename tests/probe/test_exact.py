"""The exact norm is exact, and the distance from it is told also where it is not a number."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import pytest

from compat.probe.exact import DIGITS, exact_norm, relative_error, times_power


@pytest.mark.parametrize(
    ("values", "elements", "norm"),
    [
        ([3.0, 4.0], 2, "5"),
        ([3.0, 4.0], 8, "10"),
        ([3.0, -4.0], 2, "5"),
        ([3.0, 4.0], 1, "3"),
        ([3.0, 4.0], 3, str(Decimal(34).sqrt())),
        ([3.0], 0, "0"),
        ([2.0**-700, 0.0], 2, str(Decimal(2.0**-700))),
        ([2.0**700], 1, str(Decimal(2.0**700))),
        ([1.0], 2**24, "4096"),
        ([2.0**-1074], 4, str(Decimal(2.0**-1073))),
    ],
)
def test_exact_norm(values: list[float], elements: int, norm: str) -> None:
    with localcontext() as precision:
        precision.prec = 2 * DIGITS
        got, expected = exact_norm(values, elements), Decimal(norm)
        # Decimal's own square root above has 28 digits.
        digits = 26 if len(norm) > 28 and elements == 3 else DIGITS - 2
        assert abs(got - expected) <= expected * Decimal(10) ** -digits


def test_the_exact_norm_sees_what_floating_point_loses() -> None:
    assert math.sqrt(1.0**2 + (2.0**-30) ** 2) == 1.0
    norm = exact_norm([1.0, 2.0**-30], 2)
    assert norm > 1
    assert relative_error(1.0, norm) == pytest.approx(2.0**-61, rel=1e-3)


@pytest.mark.parametrize("power", [-1019, -1, 0, 3, 1018])
def test_scaled_values_have_the_scaled_norm(power: int) -> None:
    scaled = exact_norm([math.ldexp(1.25, power), math.ldexp(-0.75, power)], 100)
    assert relative_error(0.0, scaled) == 1.0
    difference = abs(times_power(exact_norm([1.25, -0.75], 100), power) - scaled)
    assert difference <= scaled * Decimal(10) ** (2 - DIGITS)


@pytest.mark.parametrize(
    ("got", "error"),
    [
        (5.0, 0.0),
        (5.05, 0.01),
        (4.95, 0.01),
        (0.0, 1.0),
        (math.inf, "inf"),
        (-math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_relative_error(got: float, error: float | str) -> None:
    found = relative_error(got, Decimal(5))
    assert found == (pytest.approx(error) if isinstance(error, float) else error)


def test_the_last_digit_of_the_exact_norm_is_no_error() -> None:
    assert relative_error(5.0, Decimal(f"5.{'0' * (DIGITS - 5)}1")) > 0
    assert relative_error(5.0, Decimal(f"5.{'0' * (DIGITS - 2)}1")) == 0.0
