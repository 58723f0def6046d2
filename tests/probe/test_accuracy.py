"""The accuracy level: what it asks, what it makes of an answer, and what the record keeps of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import accuracy
from compat.probe.accuracy import bound_share, gather, is_good
from compat.probe.tolerances import ROUNDOFF, allowed
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path

TYPE_ERROR = {"kind": "error", "text": "TypeError: dtype"}


def test_nothing_is_measured_of_a_function_that_is_not_there(tmp_path: Path) -> None:
    assert list(accuracy.steps(fakes.context(tmp_path))) == []


def test_sizes_reach_from_one_element_to_the_largest_and_off_the_powers_of_two() -> None:
    assert (min(accuracy.SIZES), max(accuracy.SIZES)) == (1, 2**25)
    assert [each for each in accuracy.SIZES if each & (each - 1)] == [1_001, 10_000_001]
    assert {*accuracy.EQUAL_SIZES, *accuracy.REMEDY_SIZES, *accuracy.REMEDY_EQUAL_SIZES} <= set(
        accuracy.SIZES
    )


def test_a_wider_dtype_is_one_of_finer_steps() -> None:
    assert all(ROUNDOFF[wider] < ROUNDOFF[dtype] for dtype, each in accuracy.WIDER.items() for wider in each)


def test_the_share_of_the_bound_is_1_at_the_bound() -> None:
    distance = allowed(5.0, 5.0, "float32", 1000, 2)
    assert bound_share(5.0 + distance, 5.0, "float32", 1000) == pytest.approx(1, rel=0.01)
    assert bound_share(5.0 - 2 * distance, 5.0, "float32", 1000) == pytest.approx(2, rel=0.01)
    assert bound_share(5.0, 5.0, "float32", 1000) == 0.0
    assert bound_share(math.inf, 5.0, "float32", 1000) == "inf"
    assert bound_share(math.nan, 5.0, "float32", 1000) == "nan"


@pytest.mark.parametrize(
    ("entry", "good"),
    [
        ({"bound_share": 0.0}, True),
        ({"bound_share": 1.0}, True),
        ({"bound_share": 1.01}, False),
        ({"bound_share": "inf"}, False),
        ({"bound_share": 0.5, "codes": {"loop": "~"}}, False),
        ({"stopped": TYPE_ERROR}, False),
    ],
)
def test_is_good(entry: dict[str, Any], *, good: bool) -> None:
    assert is_good(entry) is good


def ok(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"ok": list(entries)}


def test_an_entry_says_where_it_stands_and_no_more_than_it_must() -> None:
    results = {
        "float32/float32/mixed/4": ok({"relative_error": 0.0}),
        "float32/float64/mixed/4": ok({"relative_error": 0.1}),
        "float32/float32/equal/4": ok({"relative_error": 0.2}),
        "float32/float32/magnitudes/8": ok({"magnitude": -3, "relative_error": 0.3}, {"magnitude": 3}),
        "a-question-of-this-level": {"ok": {"kind": "value", "text": "1"}},
    }
    assert gather(results) == [
        {"dtype": "float32", "elements": 4, "relative_error": 0.0},
        {"dtype": "float32", "elements": 4, "result_dtype": "float64", "relative_error": 0.1},
        {"dtype": "float32", "elements": 4, "pattern": "equal", "relative_error": 0.2},
        {"dtype": "float32", "elements": 8, "magnitude": -3, "relative_error": 0.3},
        {"dtype": "float32", "elements": 8, "magnitude": 3},
    ]


def test_what_stopped_a_size_is_kept_in_its_place() -> None:
    results: dict[str, Any] = {
        "float32/float32/mixed/1": ok({"relative_error": 0.0}),
        "float32/float32/mixed/4": {"crash": "SIGKILL"},
    }
    assert gather(results)[1] == {
        "dtype": "float32",
        "elements": 4,
        "relative_error": "nan",
        "stopped": {"kind": "crash", "text": "SIGKILL"},
    }


def test_what_stopped_a_dtype_is_told_once_and_another_thing_again() -> None:
    refused = ok({"relative_error": "nan", "stopped": TYPE_ERROR})
    results: dict[str, Any] = {
        "float32/float64/mixed/4": refused,
        "float32/float64/mixed/16": refused,
        "float32/float64/equal/16": {"timeout": "no answer"},
        "float16/float64/mixed/4": refused,
        "float32/float32/mixed/4": refused,
    }
    assert [
        (each["dtype"], each.get("result_dtype"), each["stopped"]["kind"]) for each in gather(results)
    ] == [
        ("float32", "float64", "error"),
        ("float32", "float64", "timeout"),
        ("float16", "float64", "error"),
        ("float32", None, "error"),
    ]
