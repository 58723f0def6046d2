"""Sizes, errors and ratios as people read them."""

from __future__ import annotations

import pytest

from compat.report.numbers import interval, ratio, relative_error, rounded_down, rounded_up, size


@pytest.mark.parametrize(
    ("elements", "shown"),
    [(1, "1"), (1000, "1,000"), (1024, "1 Ki"), (1536, "1,536"), (1 << 20, "1 Mi"), (1 << 24, "16 Mi")],
)
def test_size(elements: int, shown: str) -> None:
    assert size(elements) == shown


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (0.0, "0"),
        (1.23e-8, "1.2e-8"),
        (9.99e-4, "1.0e-3"),
        (0.9, "0.90"),
        (0.0123, "0.012"),
        ("inf", "infinite"),
        ("nan", "not a number"),
        (float("inf"), "infinite"),
    ],
)
def test_relative_error(error: float | str, shown: str) -> None:
    assert relative_error(error) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.1234, "0.123"), (1.0, "1.00"), (1.425, "1.43"), (9.999, "10.0"), (12.39, "12.4"), (1234.4, "1,234")],
)
def test_ratio_is_rounded_to_three_digits(value: float, shown: str) -> None:
    assert ratio(value) == shown


def test_an_interval_without_ends_is_not_written() -> None:
    assert interval(None, 1.0) == ""
    assert interval(1.0, 2.0) == "1.00 to 2.00"


@pytest.mark.parametrize(
    ("number", "up", "down"),
    [
        (1e-3, "1e-3", "1e-3"),
        (2.0**-22, "2.4e-7", "2.3e-7"),
        (2.0**-51, "4.5e-16", "4.4e-16"),
        (2.0**-6, "0.016", "0.015"),
        (4.0, "4", "4"),
        (2.0**59, "5.8e17", "5.7e17"),
        (99.9, "100", "99"),
    ],
)
def test_a_bound_is_never_written_stronger_than_it_is(number: float, up: str, down: str) -> None:
    assert (rounded_up(number), rounded_down(number)) == (up, down)
