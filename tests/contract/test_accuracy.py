"""The accuracy level beside this torch: its data are what it says they are, and wrong functions show."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import magnitudes
from compat.probe.accuracy import EQUAL, LARGEST, MIXED, MODERATE, Level
from compat.probe.cases import FIELDS, Materialiser, bytes_of
from compat.probe.exact import exact_norm

if TYPE_CHECKING:
    from collections.abc import Callable

    from compat.probe.context import Context

DTYPES = sorted(FIELDS)


def level(context: Context, function: Callable[..., Any] | None = None) -> Level:
    return Level(dataclasses.replace(context, function=function or context.function))


@pytest.mark.parametrize("dtype", DTYPES)
def test_scaling_is_exact_at_both_ends(dtype: str, present: Context) -> None:
    torch = present.torch
    values = Materialiser(torch).tensor(dtype, [64], "contiguous", magnitudes.FILL, 1)
    exact = exact_norm([float(value) for value in values.tolist()], 64)
    for power in (magnitudes.powers(dtype, dtype, exact)[place] for place in (0, 1, -2, -1)):
        scaled = magnitudes.scaled(torch, values, power)
        expected = [math.ldexp(value, power) for value in values.double().tolist()]
        assert scaled.double().tolist() == expected
        assert bytes_of(magnitudes.scaled(torch, scaled, -power)) == bytes_of(values)


@pytest.mark.parametrize("name", [MIXED, EQUAL])
def test_the_largest_tensor_repeats_its_pattern(name: str, present: Context) -> None:
    made = level(present)
    pattern = made._pattern("float16", name)
    repeated = made._repeat(pattern)
    assert repeated.numel() == LARGEST
    assert bytes_of(repeated[-len(pattern.values) :]) == bytes_of(pattern.tensor)
    assert made._repeat(pattern) is repeated


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [MIXED, EQUAL])
def test_the_real_function_is_within_the_bound_and_bit_identical(
    dtype: str, name: str, present: Context
) -> None:
    for elements in (1, 1001, 1 << 16):
        (entry,) = level(present).at_size(dtype, dtype, name, elements)
        assert entry["bound_share"] <= 1
        assert set(entry) == {"relative_error", "got", "exact", "bound_share"}


def wrong_when_large(context: Context) -> Callable[..., Any]:
    def wrong(tensors: Any, order: float, **asked: Any) -> Any:
        factor = 1 + 1e-6 if tensors[0].numel() > 1000 else 1
        return [norm * factor for norm in context.function(tensors, order, **asked)]

    return wrong


def test_an_error_within_the_bound_shows_by_its_bits(present: Context) -> None:
    made = level(present, wrong_when_large(present))
    (small,) = made.at_size("float32", "float32", MIXED, 1000)
    (large,) = made.at_size("float32", "float32", MIXED, 1001)
    assert "codes" not in small
    assert large["codes"] == {"vector_norm": "~"}
    assert large["bound_share"] < 1


def test_a_sum_in_half_precision_is_outside_the_bound(present: Context) -> None:
    torch = present.torch

    def stagnating(tensors: Any, _order: float) -> Any:
        total = torch.zeros((), dtype=torch.float16)
        for square in tensors[0].float().square():
            total = (total.float() + square).half()
        return [total.float().sqrt().half()]

    (entry,) = level(present, stagnating).at_size("float16", "float16", EQUAL, 4096)
    assert entry["bound_share"] > 10
    assert entry["relative_error"] > 0.1


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_squares_that_leave_the_range_are_told_apart(dtype: str, present: Context) -> None:
    found = level(present).by_magnitude(dtype, dtype)
    by_power = {entry["magnitude"]: entry for entry in found}
    lowest, highest = min(by_power), max(by_power)
    assert by_power[lowest]["relative_error"] == 1.0
    assert by_power[highest]["relative_error"] == "inf"
    assert by_power[lowest]["bounded"] is by_power[highest]["bounded"] is False
    inside = [entry for entry in found if "bounded" not in entry]
    assert inside
    assert max(entry["relative_error"] for entry in inside) < 0.5


def test_scaling_within_the_function_would_show(present: Context) -> None:
    """A function that keeps its squares in range is right at every magnitude."""
    torch = present.torch

    def careful(tensors: Any, order: float) -> Any:
        largest = tensors[0].abs().max()
        return [torch.linalg.vector_norm(tensors[0] / largest, order) * largest]

    shares = [entry["bound_share"] for entry in level(present, careful).by_magnitude("float32", "float32")]
    assert max(shares) <= 1


def takes_dtype(context: Context) -> bool:
    try:
        context.function([context.torch.ones(1)], 2, dtype=context.torch.float64)
    except TypeError:
        return False
    return True


def test_the_remedy_is_measured_where_there_is_one(present: Context) -> None:
    (entry,) = level(present).at_size("float32", "float64", EQUAL, 1 << 16)
    if takes_dtype(present):
        assert entry["relative_error"] < 1e-11
    else:
        assert entry["stopped"]["text"].startswith("TypeError: ")
        assert entry["relative_error"] == "nan"


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda _tensors, _order: None, "TypeError"),
        (lambda _tensors, _order: [], "IndexError"),
        (lambda _tensors, _order: [object()], "AttributeError"),
    ],
)
def test_what_is_no_norm_is_an_outcome_too(function: Callable[..., Any], text: str, present: Context) -> None:
    (entry,) = level(present, function).at_size("float32", "float32", MIXED, 16)
    assert entry["stopped"]["text"].startswith(text)
    assert len(level(present, function).by_magnitude("float32", "float32")) < MODERATE
