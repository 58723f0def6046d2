"""Every tolerance takes what correct kernels give, and has a wrong norm that it must refuse."""

from __future__ import annotations

import ctypes
import math
import random
import struct
from typing import TYPE_CHECKING

import pytest

from compat.probe.tolerances import (
    ROUNDOFF,
    SMALLEST,
    agrees,
    allowed,
    allowed_of_total,
    is_close,
    relative_bound,
    squares_fit,
    unit_in_last_place,
)

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


#: Dtype and element count of each tensor, the dtype of the total, and a relative error that is refused.
TOTALS: dict[str, tuple[list[tuple[str, int]], str, float]] = {
    "one tensor": ([("float32", 100)], "float32", 2e-5),
    "many tensors": ([("float32", 10)] * 100, "float32", 2e-5),
    "few of many elements": ([("float64", 10_000)] * 3, "float64", 1e-11),
    "the coarsest dtype decides": ([("float16", 10), ("float32", 10)], "float32", 3e-3),
}


@pytest.mark.parametrize("what", TOTALS)
@pytest.mark.parametrize("order", [0.5, 1, 2, 3, INF, -INF])
def test_a_total_has_the_error_of_its_norms_and_its_own(what: str, order: float) -> None:
    parts, dtype, refused = TOTALS[what]
    bound = allowed_of_total(5.0, 5.0, dtype, parts, order)
    inner = max(relative_bound(of, elements, order) for of, elements in parts)
    assert inner * 5 < bound
    assert not is_close(5.0 * (1 + refused), 5.0, bound)
    assert is_close(5.0 * (1 + inner), 5.0, bound)


def test_the_total_of_order_0_counts() -> None:
    assert allowed_of_total(3.0, 3.0, "float32", [("float32", 10)] * 3, 0) < 1e-5


@pytest.mark.parametrize("order", [0.5, 1, 2])
def test_norms_that_are_off_by_the_smallest_number_have_totals_that_agree(order: float) -> None:
    parts = [("float32", 4)] * 16
    one, off = SMALLEST["float32"], 2 * SMALLEST["float32"]
    totals = [sum(each**order for each in [norm] * 16) ** (1 / order) for norm in (one, off)]
    assert is_close(totals[0], totals[1], allowed_of_total(totals[0], totals[1], "float32", parts, order))


@pytest.mark.parametrize(
    ("dtype", "elements", "smallest", "largest", "fit"),
    [
        ("float32", 4096, 0.125, 2.0, True),
        ("float16", 4096, 2.0**-24, 65504.0, True),
        ("float32", 1, 2.0**-63, 2.0**-63, True),
        ("float32", 1, 2.0**-64, 2.0**-64, False),
        ("float32", 4096, 1.0, 2.0**57, True),
        ("float32", 4096, 1.0, 2.0**58, False),
        ("bfloat16", 4096, 1.0, 2.0**58, False),
        ("float64", 4096, 1.0, 2.0**58, True),
        ("float64", 1, 1.0, 2.0**511, True),
        ("float64", 1, 1.0, 2.0**512, False),
        ("float64", 1, 2.0**-511, 1.0, True),
        ("float64", 1, 2.0**-512, 1.0, False),
    ],
)
def test_where_squares_fit(dtype: str, elements: int, smallest: float, largest: float, *, fit: bool) -> None:
    assert squares_fit(dtype, elements, smallest, largest) is fit
