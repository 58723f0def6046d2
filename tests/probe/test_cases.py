"""A case is plain data: its strides and its exponents are decided without a torch."""

from __future__ import annotations

from typing import Any

import pytest

from compat.probe.cases import FIELDS, FILLS, LAYOUTS, exponent_window, order_of, strides_of

STRIDES: list[tuple[str, list[int], list[int], int]] = [
    ("contiguous", [], [], 0),
    ("contiguous", [5], [1], 0),
    ("contiguous", [2, 3, 4, 5], [60, 20, 5, 1], 0),
    ("contiguous", [2, 0, 4], [4, 4, 1], 0),
    ("offset", [2, 3], [3, 1], 3),
    ("offset", [], [], 3),
    ("transposed", [2, 3, 4], [12, 1, 3], 0),
    ("transposed", [5], [1], 0),
    ("transposed", [], [], 0),
    ("reversed", [2, 3, 4], [1, 2, 6], 0),
    ("strided", [2, 3], [6, 2], 0),
    ("strided", [7], [2], 0),
    ("expanded", [2, 3], [0, 1], 0),
    ("expanded", [], [], 0),
    ("overlapping", [2, 3], [1, 1], 0),
    ("channels_last", [2, 3, 4, 5], [60, 1, 15, 3], 0),
    ("channels_last", [2, 3], [3, 1], 0),
]


@pytest.mark.parametrize(("layout", "shape", "strides", "offset"), STRIDES)
def test_strides_of(layout: str, shape: list[int], strides: list[int], offset: int) -> None:
    assert strides_of(shape, layout) == (strides, offset)


def test_every_layout_is_in_the_table() -> None:
    assert {layout for layout, *_ in STRIDES} == set(LAYOUTS)


@pytest.mark.parametrize("bits", sorted({exponent for _, exponent, _ in FIELDS.values()}))
@pytest.mark.parametrize("fill", FILLS)
def test_exponents_are_those_of_finite_numbers(fill: str, bits: int) -> None:
    low, high = exponent_window(fill, bits)
    assert 0 <= low <= high <= (1 << bits) - 2


@pytest.mark.parametrize(
    ("fill", "window"),
    [
        ("unit", (124, 127)),
        ("gradient", (107, 125)),
        ("large", (251, 254)),
        ("small", (1, 4)),
        ("subnormal", (0, 0)),
        ("wide", (1, 254)),
    ],
)
def test_exponent_window_of_float32(fill: str, window: tuple[int, int]) -> None:
    assert exponent_window(fill, 8) == window


def test_a_gradient_in_float16_is_no_subnormal() -> None:
    assert exponent_window("gradient", 5) == (1, 13)


@pytest.mark.parametrize(
    ("written", "order"), [(2, 2), (0.5, 0.5), ("inf", float("inf")), ("-inf", float("-inf"))]
)
def test_order_of(written: Any, order: float) -> None:
    assert order_of({"ord": written, "tensors": []}) == order
