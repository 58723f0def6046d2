"""Remedies: what helps, from which release on, and that nothing is promised which was not measured."""

from __future__ import annotations

from typing import Any

import pytest

from compat.accuracy_remedies import Remedy, accuracy_remedies
from compat.accuracy_rules import accuracy_rules
from tests.builders import INDEX, content, ledger

SIZES = (1, 1024)
REFUSED = {"kind": "error", "text": "TypeError: unexpected keyword argument 'dtype'"}


def points(dtype: str, *errors: float, result: str | None = None) -> list[dict[str, Any]]:
    return [
        {"dtype": dtype, "elements": size, "relative_error": error, "result_dtype": result}
        for size, error in zip(SIZES, errors, strict=False)
    ]


def refused(dtype: str, result: str) -> list[dict[str, Any]]:
    place = {"dtype": dtype, "elements": 1, "result_dtype": result}
    return [{**place, "relative_error": "nan", "stopped": REFUSED}]


HALF = points("float16", 0.0, 0.5)
WIDE = points("float64", 0.0, 1e-9)
AS_SINGLE = points("float16", 0.0, 1e-7, result="float32")
AS_DOUBLE = points("float16", 0.0, 1e-9, result="float64")
AS_SINGLE_BAD = points("float16", 0.0, 0.1, result="float32")


def remedies(*accuracy: tuple[str, list[dict[str, Any]]]) -> tuple[Remedy, ...]:
    filed = ledger(*(content(torch, accuracy=each) for torch, each in accuracy))
    return accuracy_remedies(filed, accuracy_rules(filed, INDEX), INDEX)


@pytest.mark.parametrize(
    ("accuracy", "result", "conversion"),
    [
        ([*HALF, *AS_SINGLE, *AS_DOUBLE, *WIDE], "float32", "float64"),
        ([*HALF, *AS_SINGLE_BAD, *AS_DOUBLE, *WIDE], "float64", "float64"),
        ([*HALF, *AS_SINGLE_BAD], None, None),
        ([*HALF, *refused("float16", "float32"), *WIDE], None, "float64"),
        ([*HALF, *points("float32", 0.0, 1e-7), *WIDE], None, "float32"),
        ([*HALF, *points("float32", 0.0, 0.1), *WIDE], None, "float64"),
        ([*HALF, *points("float32", 0.0, 0.1)], None, None),
        (HALF, None, None),
    ],
)
def test_the_cheapest_that_helps_at_every_size(
    accuracy: list[dict[str, Any]], result: str | None, conversion: str | None
) -> None:
    found = remedies(("2.0.0", accuracy))[0]
    assert (found.dtype, found.result, found.conversion) == ("float16", result, conversion)


def test_what_is_good_enough_needs_no_remedy() -> None:
    assert remedies(("2.0.0", points("float16", 0.0, 1e-4))) == ()
    assert remedies(("2.0.0", [])) == ()


def test_it_is_dated() -> None:
    before = [*HALF, *refused("float16", "float32")]
    (found,) = remedies(("1.11.0", before), ("2.0.0", before), ("2.1.0", [*HALF, *AS_SINGLE]))
    assert [(span.first, span.after, span.to, span.exact) for span in found.spans] == [
        ("2.1.0", "2.0.0", None, True)
    ]


def test_what_fails_in_one_release_is_recommended_in_none() -> None:
    (found,) = remedies(("2.0.0", [*HALF, *AS_SINGLE]), ("2.1.0", [*HALF, *AS_SINGLE_BAD]))
    assert (found.result, found.spans) == (None, ())
    (found,) = remedies(("2.0.0", [*HALF, *WIDE]), ("2.1.0", [*HALF, *points("float64", 0.0, 0.5)]))
    assert found.conversion is None
