"""Magnitudes: from edge to edge of each dtype, and in the record what tells where it goes wrong."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any

import pytest

from compat.probe.cases import FIELDS
from compat.probe.magnitudes import largest_finite, powers, telling


@pytest.mark.parametrize(
    ("dtype", "largest"),
    [
        ("float16", 65504.0),
        ("bfloat16", 3.3895313892515355e38),
        ("float32", 3.4028234663852886e38),
        ("float64", sys.float_info.max),
    ],
)
def test_largest_finite(dtype: str, largest: float) -> None:
    assert largest_finite(dtype) == largest


@pytest.mark.parametrize(
    ("dtype", "result", "exact", "first", "last"),
    [
        ("float16", "float16", "1", -11, 15),
        ("float16", "float16", "60", -11, 10),
        ("float16", "float32", "60", -11, 15),
        ("bfloat16", "bfloat16", "60", -123, 122),
        ("bfloat16", "float32", "60", -123, 122),
        ("float32", "float32", "60", -123, 122),
        ("float32", "float64", "60", -123, 127),
        ("float64", "float64", "60", -1019, 1018),
    ],
)
def test_powers_reach_from_edge_to_edge(dtype: str, result: str, exact: str, first: int, last: int) -> None:
    found = powers(dtype, result, Decimal(exact))
    assert (found[0], found[-1]) == (first, last)
    assert Decimal(exact) * Decimal(2) ** found[-1] <= largest_finite(result)


@pytest.mark.parametrize("dtype", sorted(FIELDS))
def test_the_norm_fits_at_the_last_power_and_would_not_beyond(dtype: str) -> None:
    norm = Decimal(1000)
    last = powers(dtype, dtype, norm)[-1]
    assert norm * Decimal(2) ** last <= largest_finite(dtype) < norm * Decimal(2) ** (last + 1)


def entries(good: str) -> list[dict[str, Any]]:
    return [{"place": place, "good": each == "+"} for place, each in enumerate(good)]


@pytest.mark.parametrize(
    ("good", "kept", "places"),
    [
        ("+", 2, [0]),
        ("++++++++", 2, [0, 4, 7]),
        ("++++++++", 100, [0, 1, 2, 3, 4, 5, 6, 7]),
        ("+++---------", 1, [0, 2, 3, 11]),
        ("--+---------", 1, [0, 1, 2, 3, 11]),
        ("-+++++++++--", 2, [0, 1, 6, 9, 10, 11]),
    ],
)
def test_what_is_kept(good: str, kept: int, places: list[int]) -> None:
    found = telling(entries(good), lambda entry: bool(entry["good"]), kept)
    assert [entry["place"] for entry in found] == places
