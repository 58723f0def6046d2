"""A case is plain data: its strides, its exponents and its file are decided without a torch."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe.cases import (
    FIELDS,
    FILLS,
    LAYOUTS,
    UnreadableError,
    exponent_window,
    order_of,
    read_corpus,
    strides_of,
)

if TYPE_CHECKING:
    from pathlib import Path

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


HEADER = {"format": 1, "cases": 2}
CASE = {"ord": 2, "tensors": []}


def lines(*entries: Any) -> bytes:
    return gzip.compress(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries))


def test_a_corpus_gives_its_cases_in_order(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(lines(HEADER, CASE, {**CASE, "ord": "inf"}))
    assert read_corpus(path) == [CASE, {**CASE, "ord": "inf"}]


WHOLE = lines(HEADER, CASE, CASE)
UNREADABLE = {
    "too few cases": (lines(HEADER, CASE), "1 cases where the header says 2"),
    "too many cases": (lines(HEADER, CASE, CASE, CASE), "3 cases where the header says 2"),
    "another format": (lines({**HEADER, "format": 2}, CASE, CASE), "corpus format 2, this probe reads 1"),
    "no format": (lines({"cases": 0}), "corpus format None"),
    "no count": (lines({"format": 1}), "the header says None"),
    "header is a list": (lines([1, 2]), "not a corpus"),
    "a case is cut": (gzip.compress(gzip.decompress(WHOLE)[:-5]), "not a corpus"),
    "nothing inside": (gzip.compress(b""), "not a corpus"),
    "no byte": (b"", "not a corpus"),
    "cut in the middle": (WHOLE[: len(WHOLE) // 2], "cannot be unpacked"),
    "damaged": (WHOLE[:20] + b"\xff\xff\xff" + WHOLE[23:], "cannot be unpacked"),
    "not compressed": (b'{"format": 1, "cases": 0}\n', "cannot be unpacked"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_no_whole_corpus_is_refused_by_its_name(what: str, tmp_path: Path) -> None:
    content, message = UNREADABLE[what]
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(UnreadableError) as refused:
        read_corpus(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)
