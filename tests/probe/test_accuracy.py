"""The exact norm is exact, and the distance from it is told also where it is not a number."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import accuracy
from compat.probe.accuracy import exact_norm, relative_error
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("values", "repeats", "norm"),
    [
        ([3.0, 4.0], 1, "5"),
        ([3.0, 4.0], 4, "10"),
        ([3.0, -4.0], 1, "5"),
        ([], 1, "0"),
        ([2.0**-700, 0.0], 1, str(Decimal(2.0**-700))),
        ([2.0**700], 1, str(Decimal(2.0**700))),
        ([1.0], 2**24, "4096"),
        ([2.0**-1074], 4, str(Decimal(2.0**-1073))),
    ],
)
def test_exact_norm(values: list[float], repeats: int, norm: str) -> None:
    with localcontext() as precision:
        precision.prec = 2 * accuracy.DIGITS
        got, expected = exact_norm(values, repeats), Decimal(norm)
        assert abs(got - expected) <= expected * Decimal(10) ** (2 - accuracy.DIGITS)


def test_the_exact_norm_sees_what_floating_point_loses() -> None:
    assert math.sqrt(1.0**2 + (2.0**-30) ** 2) == 1.0
    norm = exact_norm([1.0, 2.0**-30], 1)
    assert norm > 1
    assert relative_error(1.0, norm) == pytest.approx(2.0**-61, rel=1e-3)


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


def test_what_stopped_a_size_is_kept_in_its_place() -> None:
    entry: dict[str, Any] = {"dtype": "float32", "elements": 1, "relative_error": 0.0}
    results: dict[str, Any] = {"float32/1": {"ok": entry}, "float32/4": {"crash": "SIGKILL"}}
    assert accuracy.gather(results) == [
        entry,
        {"dtype": "float32", "elements": 4, "relative_error": "nan", "stopped": {"crash": "SIGKILL"}},
    ]


def test_nothing_is_measured_of_a_function_that_is_not_there(tmp_path: Path) -> None:
    assert list(accuracy.steps(fakes.context(tmp_path))) == []
