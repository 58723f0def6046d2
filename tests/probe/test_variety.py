"""Which kinds of tensors a list holds, and which findings are one finding."""

from __future__ import annotations

from typing import Any

import pytest

from compat.probe.variety import KINDS, kind_of, kinds_in, size_of

CASE = {
    "ord": 2,
    "tensors": [
        ["float32", [2, 0], "strided", "nan", 9],
        ["float32", [3, 0], "strided", "nan", 1],
        ["float16", [], "contiguous", "unit", 1],
        ["same", 2],
    ],
}


def test_kinds_are_dtype_layout_fill_rank_and_emptiness() -> None:
    kinds = kinds_in(CASE)
    assert kinds == {("float32", "strided", "nan", 2, True), ("float16", "contiguous", "unit", 0, False)}
    assert kinds <= set(KINDS)
    assert len(set(KINDS)) == len(KINDS) == 4 * 8 * 13 * 11


def result(got: str = "1.0", expected: str = "2.0", element: int | None = 0, **more: Any) -> dict[str, Any]:
    finding = {"against": "norm", "element": element, "got": got, "expected": expected}
    return {"disagreements": [finding], **more}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (result("1.0"), result("3.5"), True),
        (result("1.0"), result("nan"), False),
        (result("inf"), result("-inf"), False),
        (result(element=0), result(element=1), True),
        (result(element=0), result(element=2), False),
        (result(element=2), result(element=3), True),
        (result("3 norms"), result("4 norms"), True),
        (result(element=None), result(element=0), False),
    ],
)
def test_findings_are_told_apart_by_what_they_are_like(one: Any, other: Any, *, same: bool) -> None:
    wrong = {"norm": "X"}
    assert (kind_of(CASE, one, wrong) == kind_of(CASE, other, wrong)) is same


def test_errors_are_told_apart_by_their_words_and_not_by_their_numbers() -> None:
    def kind(error: str) -> str:
        return kind_of(CASE, {"error": error}, {"norm": "f"})

    assert kind("RuntimeError: dimension 3") == kind("RuntimeError: dimension 4")
    assert kind("RuntimeError: dimension 3") != kind("IndexError: dimension 3")


def test_fewer_tensors_are_smaller_then_fewer_elements() -> None:
    few, many = ["float32", [2], "contiguous", "unit", 0], ["float32", [90], "contiguous", "unit", 0]
    lists: tuple[list[Any], ...] = ([many, ["same", 0]], [few, few], [many], [few], [])
    ordered = sorted(({"ord": 2, "tensors": each} for each in lists), key=size_of)
    assert [each["tensors"] for each in ordered] == [[], [few], [many], [few, few], [many, ["same", 0]]]
