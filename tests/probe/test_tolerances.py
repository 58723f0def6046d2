"""Every tolerance takes what correct kernels give, and has a wrong norm that it must refuse."""

from __future__ import annotations

import ctypes
import math
import random
import struct
from typing import TYPE_CHECKING

import pytest

from compat.probe.tolerances import ROUNDOFF, SMALLEST, agrees, allowed, relative_bound, unit_in_last_place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DTYPES = sorted(ROUNDOFF)
NAN, INF = math.nan, math.inf


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", [2, 1, 3, 0.5, 2.5])
def test_the_bound_grows_with_the_number_of_summands(dtype: str, order: float) -> None:
    bounds = [relative_bound(dtype, 2**power, order) for power in range(1, 21)]
    assert bounds == sorted(set(bounds))
    assert bounds[0] >= 2 * ROUNDOFF[dtype]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", [0, INF, -INF])
def test_orders_that_sum_nothing_round_the_result_only(dtype: str, order: float) -> None:
    assert {relative_bound(dtype, elements, order) for elements in (0, 2, 1000, 10**6)} == {
        2 * ROUNDOFF[dtype]
    }


@pytest.mark.parametrize("order", [2, 3, 0.5])
def test_an_empty_tensor_has_nothing_to_sum(order: float) -> None:
    assert relative_bound("float32", 0, order) == 2 * ROUNDOFF["float32"]


def test_the_bound_is_the_documented_sum() -> None:
    unit = 2.0**-24
    summing = (1024 / 4 + 2 + 1) * unit / 2
    assert relative_bound("float32", 1024, 2) == pytest.approx(2 * unit + 2 * (summing + 4 * unit), rel=1e-12)
    # the sum of float16 elements is kept in float32, and only its root is rounded to float16
    assert relative_bound("float16", 1024, 2) == pytest.approx(2 * 2.0**-11 + 2 * (summing + 4 * unit))


@pytest.mark.parametrize(
    ("dtype", "order", "most"),
    [
        ("float16", 2, 0.02),
        ("bfloat16", 2, 0.03),
        ("float32", 2, 0.02),
        ("float32", 1, 0.04),
        ("float64", 2, 1e-10),
    ],
)
def test_the_bound_still_says_something_at_a_million_elements(dtype: str, order: float, most: float) -> None:
    assert relative_bound(dtype, 2**20, order) < most


AGREE = {
    "equal": (5.0, 5.0, "float32", 2),
    "both NaN": (NAN, NAN, "float32", 2),
    "both infinite": (INF, INF, "float32", 2),
    "one unit apart in float16": (500.0, 500.25, "float16", 2),
    "one unit apart in bfloat16": (31.625, 31.5, "bfloat16", 1000),
    "one unit apart in float32": (5.0, 5.0 + 2**-21, "float32", 2),
    "one unit apart in float64": (5.0, 5.0 + 2**-50, "float64", 2),
    "zero and the smallest subnormal": (0.0, SMALLEST["float32"], "float32", 2),
    "zeros of either sign": (0.0, -0.0, "float32", 2),
}

DISAGREE = {
    "NaN for a number": (NAN, 5.0, "float32", 2),
    "a number for NaN": (0.0, NAN, "float32", 2),
    "infinity for a number": (INF, 3e38, "float32", 2),
    "the largest number for infinity": (65504.0, INF, "float16", 2),
    "infinity for NaN": (INF, NAN, "float32", 2),
    "infinity of the other sign": (-INF, INF, "float32", 2),
    "a sum that stopped growing in float16": (64.0, 316.25, "float16", 100_000),
    "a sum that stopped growing in bfloat16": (16.0, 31.625, "bfloat16", 1000),
    "squares that underflowed": (0.0, 2e-4, "float16", 4),
    "a norm of order 1 for order 2": (7.0, 5.0, "float32", 2),
    "an element missing of ten": (3.0, math.sqrt(10), "float16", 10),
    "zero for subnormal": (0.0, 2.0**-120, "bfloat16", 4),
    "the negative": (-5.0, 5.0, "float32", 2),
}


@pytest.mark.parametrize("name", AGREE)
def test_agrees(name: str) -> None:
    got, expected, dtype, elements = AGREE[name]
    assert agrees(got, expected, dtype, elements, 2)
    assert agrees(expected, got, dtype, elements, 2)


@pytest.mark.parametrize("name", DISAGREE)
def test_disagrees(name: str) -> None:
    got, expected, dtype, elements = DISAGREE[name]
    assert not agrees(got, expected, dtype, elements, 2)
    assert not agrees(expected, got, dtype, elements, 2)


@pytest.mark.parametrize("elements", [1, 2, 3, 16, 64, 256, 512, 600])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_relative_error_of_1e_5_in_float32_is_refused_up_to_600_elements(elements: int, sign: int) -> None:
    for norm in (1e-30, 1e-3, 5.0, 1e30):
        assert not agrees(norm * (1 + sign * 1e-5), norm, "float32", elements, 2)


@pytest.mark.parametrize(
    ("dtype", "error", "elements"),
    [
        ("float16", 2e-3, 4096),
        ("bfloat16", 1e-2, 4096),
        ("float32", 1e-3, 10_000),
        ("float64", 1e-11, 100_000),
    ],
)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_every_dtype_has_an_error_that_is_refused(
    dtype: str, error: float, elements: int, order: float
) -> None:
    assert not agrees(7.0 * (1 + error), 7.0, dtype, elements, order)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("order", [0, INF, -INF])
def test_the_largest_element_is_one_of_them_however_many(dtype: str, order: float) -> None:
    assert not agrees(1.0 + 8 * ROUNDOFF[dtype], 1.0, dtype, 10**6, order)


def to_float32(value: float) -> float:
    return ctypes.c_float(value).value


def to_float16(value: float) -> float:
    return float(struct.unpack("<e", struct.pack("<e", value))[0])


def norm_in_lanes(values: Sequence[float], lanes: int, rounded: Callable[[float], float]) -> float:
    """Return a 2-norm as a kernel makes it: lanes of sums, each operation rounded."""
    sums = [0.0] * lanes
    for index, value in enumerate(values):
        sums[index % lanes] = rounded(sums[index % lanes] + rounded(value * value))
    while len(sums) > 1:
        sums = [rounded(one + other) for one, other in zip(sums[::2], sums[1::2], strict=True)]
    return rounded(math.sqrt(sums[0]))


@pytest.mark.parametrize("lanes", [4, 8, 16])
@pytest.mark.parametrize("elements", [5, 100, 3000])
def test_kernels_of_any_width_are_within_the_bound(lanes: int, elements: int) -> None:
    generator = random.Random(elements)  # noqa: S311 - not a secret
    values = [to_float32(generator.uniform(-2, 2)) for _ in range(elements)]
    exact = math.sqrt(math.fsum(value * value for value in values))
    got = norm_in_lanes(values, lanes, to_float32)
    assert agrees(got, to_float32(exact), "float32", elements, 2)


def test_a_kernel_that_sums_in_half_precision_is_outside_the_bound() -> None:
    values = [to_float16(1.0)] * 20_000
    got = norm_in_lanes(values, 4, to_float16)
    assert not agrees(got, to_float16(math.sqrt(20_000)), "float16", 20_000, 2)
    assert agrees(to_float16(norm_in_lanes(values, 4, to_float32)), math.sqrt(20_000), "float16", 20_000, 2)


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_distance_is_divided_by_nothing(dtype: str) -> None:
    for norm in (0.0, SMALLEST[dtype], 1.0):
        assert unit_in_last_place(norm, dtype) >= SMALLEST[dtype] > 0
        assert allowed(norm, norm, dtype, 0, INF) >= SMALLEST[dtype]
