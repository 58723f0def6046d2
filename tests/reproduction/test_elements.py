"""The numbers of a case without a torch; a test beside real ones holds them against the probe's."""

from __future__ import annotations

import math

import pytest

from compat.probe.cases import FIELDS, FILLS
from compat.reproduction.literal.elements import extent, planted, storage
from compat.reproduction.literal.tensors import listed, number


@pytest.mark.parametrize(
    ("shape", "layout", "offset", "span"),
    [
        ([], "contiguous", 0, 1),
        ([0], "contiguous", 0, 0),
        ([2, 3], "contiguous", 0, 6),
        ([2, 3], "offset", 3, 6),
        ([2, 3], "strided", 0, 11),
        ([2, 3], "expanded", 0, 3),
        ([2, 3], "overlapping", 0, 4),
        ([2, 0], "offset", 3, 0),
    ],
)
def test_a_storage_is_as_long_as_its_tensor_spans(
    shape: list[int], layout: str, offset: int, span: int
) -> None:
    assert extent(shape, layout) == (offset, span)
    assert len(storage("float32", shape, layout, "unit", 3)) == offset + span


@pytest.mark.parametrize("dtype", sorted(FIELDS))
def test_fills_are_what_they_are_called(dtype: str) -> None:
    values = {fill: storage(dtype, [64], "contiguous", fill, 3) for fill in FILLS}
    assert set(values["ones"]) == {1.0}
    assert {str(value) for value in values["signed zeros"]} == {"0.0", "-0.0"}
    assert sum(map(math.isnan, values["nan"])) == 1
    assert sum(map(math.isinf, values["-inf"])) == 1
    assert all(0.125 <= abs(value) < 2 for value in values["unit"])
    assert min(map(abs, values["large"])) > max(map(abs, values["small"]))


def test_special_values_lie_where_the_probe_puts_them() -> None:
    assert planted("inf", 7, 3, 5) == {5: math.inf}
    places = planted("nan and inf", 4, 0, 5)
    assert math.isnan(places[4])
    assert places[0] == math.inf
    assert planted("nan", 4, 0, 0) == planted("unit", 4, 0, 5) == {}


@pytest.mark.parametrize("value", [0.1, -0.0, 5e-324, 65504.0, 3])
def test_numbers_are_read_as_they_were_written(value: float) -> None:
    assert str(eval(number(value))) == str(value)  # noqa: S307


def test_special_numbers_are_written_as_python_reads_them() -> None:
    assert [number(value) for value in (math.inf, -math.inf)] == ['float("inf")', 'float("-inf")']
    assert number(math.nan) == 'float("nan")'


def test_small_tensors_are_written_down_and_large_ones_made() -> None:
    small = ["float16", [2, 2], "transposed", "unit", 1]
    text, makes = listed({"ord": 2, "tensors": [small, ["same", 0], ["tail", 1]]})
    assert not makes
    lines = text.splitlines()
    assert lines[0] == "tensors = []"
    assert lines[1].startswith("tensors.append(torch.tensor([")
    assert lines[1].endswith("], dtype=torch.float16).as_strided([2, 2], [1, 2], 0))")
    assert lines[2] == "tensors.append(tensors[0])"
    assert lines[3] == "tensors.append(tensors[1].reshape(-1)[tensors[1].numel() // 2 :])"
    text, makes = listed({"ord": 2, "tensors": [["float32", [4096], "contiguous", "nan", 1]]})
    assert makes
    assert 'made(torch.float32, 4096, 96689, (124, 127), [(1, float("nan"))])' in text
