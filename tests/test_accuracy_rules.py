"""Rules of thumb: which bound holds up to which size, at which magnitudes, and over which releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compat.accuracy_bounds import DIGITS, FEW, SINGLE, bound_of, good_enough, landmarks
from compat.accuracy_rules import accuracy_rules
from compat.probe import tolerances
from compat.record_format import AccuracyPoint
from tests.builders import INDEX, absent, content, ledger

if TYPE_CHECKING:
    from compat.accuracy_rules import Rule

STOPPED = {"kind": "error", "text": "RuntimeError: no such dtype"}


def point(elements: int, error: float | str, **changes: Any) -> dict[str, Any]:
    return {"dtype": "float32", "elements": elements, "relative_error": error, **changes}


def scaled(*errors: tuple[int, float | str]) -> list[dict[str, Any]]:
    """Return points of 16 elements by magnitude, and the same size at magnitude 0."""
    return [point(16, 1e-8), *(point(16, error, magnitude=power) for power, error in errors)]


def rules(*wholes: dict[str, Any]) -> tuple[Rule, ...]:
    return accuracy_rules(ledger(*wholes), INDEX)


def measured(torch: str, *points: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return content(torch, accuracy=list(points), **changes)


@pytest.mark.parametrize(
    ("dtype", "errors"),
    [
        ("float16", (FEW * 2.0**-11,)),
        ("bfloat16", (FEW * 2.0**-8,)),
        ("float32", (FEW * 2.0**-24, SINGLE, DIGITS)),
        ("float64", (FEW * 2.0**-53, SINGLE, DIGITS)),
    ],
)
def test_a_dtype_is_asked_for_no_more_than_it_can_hold(dtype: str, errors: tuple[float, ...]) -> None:
    assert landmarks(dtype) == errors
    assert good_enough(dtype) == max(errors)
    assert min(errors) >= 2 * tolerances.ROUNDOFF[dtype]


@pytest.mark.parametrize(
    ("points", "elements", "stops"),
    [
        ([point(1, 0.0), point(4, 1e-4)], 4, None),
        ([point(4, 1e-2), point(1, 0.0)], 1, 4),
        ([point(1, 1e-2), point(4, 0.0)], None, 1),
        # Once lost, a later size that happens to be right does not bring it back.
        ([point(1, 0.0), point(4, 1e-2), point(16, 0.0)], 1, 4),
        ([point(1, 0.0), point(4, "inf")], 1, 4),
        ([point(1, 0.0), point(4, "nan", stopped={"kind": "crash", "text": "SIGSEGV"})], 1, 4),
        # The worse of two patterns decides, and another magnitude is another matter.
        ([point(1, 0.0), point(4, 0.0), point(4, 1e-2, pattern="equal")], 1, 4),
        ([point(1, 0.0), point(4, 0.0), point(4, "inf", magnitude=99)], 4, None),
        ([point(1, DIGITS)], 1, None),
    ],
)
def test_bound_of(points: list[dict[str, Any]], elements: int | None, stops: int | None) -> None:
    found = bound_of([AccuracyPoint(**each) for each in points], DIGITS)
    assert (found.error, found.elements, found.stops) == (DIGITS, elements, stops)


@pytest.mark.parametrize(
    ("points", "smallest", "largest"),
    [
        (scaled((-8, 1e-8), (8, 1e-8)), None, None),
        (scaled((-8, 1.0), (-4, 1e-8), (4, 1e-8), (8, "inf")), 2.0**-7, 2.0**5),
        (scaled((-8, 1e-2), (-4, 1e-4), (8, 1e-8)), 2.0**-7, None),
        (scaled((-4, 1.0), (4, "inf")), 2.0**-3, 2.0),
        # Where the error is large anyway, the same error is no worse; a norm of 0 is.
        ([point(16, 0.4), point(16, 0.7, magnitude=-4), point(16, 1.0, magnitude=-8)], 2.0**-7, None),
        ([point(16, 0.9), point(16, 1.0, magnitude=-8)], 2.0**-3, None),
    ],
)
def test_values_between_which_squares_fit(
    points: list[dict[str, Any]], smallest: float | None, largest: float | None
) -> None:
    (rule,) = rules(measured("2.0.0", *points))
    assert rule.values is not None
    assert (rule.values.smallest, rule.values.largest, rule.values.elements) == (smallest, largest, 16)


def test_nothing_is_said_of_magnitudes_that_were_not_measured() -> None:
    (rule,) = rules(measured("2.0.0", point(16, 0.0)))
    assert rule.values is None


def test_releases_of_which_the_same_holds_share_a_rule() -> None:
    good, better = [point(1, 0.0), point(4, 1e-4)], [point(1, 0.0), point(4, 2e-4)]
    bad = [point(1, 0.0), point(4, 0.5)]
    found = rules(
        absent("1.10.2"),
        measured("1.11.0", *bad),
        measured("2.0.0", *good),
        measured("2.1.0", *better),
    )
    assert [
        (rule.span.first, rule.span.after, rule.span.last, rule.span.to, rule.span.exact) for rule in found
    ] == [("1.11.0", "1.10.2", "1.11.0", "1.11.0", True), ("2.0.0", "1.11.0", "2.1.0", None, True)]
    assert [(rule.worst.error, rule.worst.elements) for rule in found] == [(0.5, 4), (2e-4, 4)]


def test_a_bound_must_hold_with_each_python() -> None:
    bad = measured("2.0.0", point(1, 0.0), point(4, 0.5), python="3.11")
    (rule,) = rules(measured("2.0.0", point(1, 0.0), point(4, 0.0)), bad)
    assert (rule.good_enough.elements, rule.good_enough.stops) == (1, 4)


def test_sizes_and_patterns_are_told() -> None:
    (rule,) = rules(measured("2.0.0", point(1, 0.0), point(4, 0.0), point(4, 0.0, pattern="equal")))
    assert (rule.sizes, rule.patterns) == ((1, 4), (("mixed", 1), ("equal", 4)))


@pytest.mark.parametrize(
    "whole",
    [
        measured("2.0.0"),
        measured("2.0.0", point(1, "nan", stopped=STOPPED)),
        measured("2.0.0", point(1, 0.0, result_dtype="float64")),
        measured("2.0.0", point(1, 0.0), canaries={"absent-name": False}),
        measured("2.0.0", point(1, 0.0, dtype="float8_e5m2")),
        absent("1.9.0"),
    ],
)
def test_nothing_is_said_where_nothing_was_measured(whole: dict[str, Any]) -> None:
    assert rules(whole) == ()


def test_devices_are_told_apart() -> None:
    found = rules(measured("2.0.0", point(1, 0.0)), measured("2.0.0", point(1, 0.5), device="cuda"))
    assert [(rule.device, rule.good_enough.elements) for rule in found] == [("cpu", 1), ("cuda", None)]
