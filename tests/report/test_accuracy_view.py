"""Accuracy by size: grouped where it is the same, and summed up without flattery."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compat.measurements import Accuracy
from compat.report.accuracy_view import NONE, accuracy_panels


def row(torch: str, elements: int, error: float | str, dtype: str = "float32") -> Accuracy:
    return Accuracy(
        torch=torch,
        python="3.9",
        device="cpu",
        dtype=dtype,
        elements=elements,
        relative_error=error,
        record=f"torch-{torch}-py3.9-cpu.json",
    )


def curve(*errors: float | str, torch: str = "2.0.0") -> list[Accuracy]:
    return [row(torch, 4**power, error) for power, error in enumerate(errors)]


@pytest.mark.parametrize(
    ("errors", "within", "worst"),
    [
        ((0.0, 1e-8), "every size up to 4", "1.0e-8 at 4"),
        ((0.0, 1e-8, 1e-3), "sizes up to 4", "1.0e-3 at 16"),
        ((1e-3, 1e-8), "no size", "1.0e-3 at 1"),
        # Once lost, a later size that happens to be right does not bring it back.
        ((0.0, 1e-3, 1e-8), "sizes up to 1", "1.0e-3 at 4"),
        ((0.0, "inf"), "sizes up to 1", "infinite at 4"),
        ((0.0, "nan", 1e-3), "sizes up to 1", "not a number at 4"),
    ],
)
def test_within_one_step(errors: tuple[float | str, ...], within: str, worst: str) -> None:
    found = accuracy_panels(curve(*errors))[0].curves[0]
    assert (found.within, found.worst) == (within, worst)


def test_releases_that_agree_to_two_digits_share_a_curve() -> None:
    rows = [*curve(1.21e-8, torch="1.11.0"), *curve(1.19e-8, torch="2.0.0"), *curve(2e-8, torch="2.1.0")]
    assert [each.extent for each in accuracy_panels(rows)[0].curves] == ["1.11.0 to 2.0.0", "2.1.0"]


def test_releases_are_ordered_as_versions() -> None:
    rows = [*curve(3e-8, torch="2.10.0"), *curve(2e-8, torch="2.9.0")]
    assert [each.extent for each in accuracy_panels(rows)[0].curves] == ["2.9.0", "2.10.0"]


def test_only_a_few_curves_are_drawn_and_the_ends_always() -> None:
    rows = [each for n in range(1, 8) for each in curve(n * 1e-8, torch=f"2.{n}.0")]
    found = accuracy_panels(rows)[0].curves
    assert [each.extent for each in found if each.plotted] == ["2.1.0", "2.5.0", "2.6.0", "2.7.0"]


def test_dtypes_come_from_narrow_to_wide() -> None:
    rows = [row("2.0.0", 1, 0.0, dtype) for dtype in ("float64", "bfloat16", "float32", "float16")]
    assert [panel.dtype for panel in accuracy_panels(rows)] == ["float16", "bfloat16", "float32", "float64"]


def test_a_size_that_was_not_measured_is_not_zero() -> None:
    rows = [*curve(0.0, 0.0), row("2.1.0", 1, 1e-8)]
    assert accuracy_panels(rows)[0].curves[1].at(4) == NONE


def test_the_worse_pattern_is_shown_and_what_was_scaled_or_asked_for_is_not() -> None:
    plain = row("2.0.0", 4, 1e-8)
    others = [
        replace(plain, relative_error=2e-8, pattern="equal"),
        replace(plain, relative_error=0.5, magnitude=60),
        replace(plain, relative_error=0.5, result_dtype="float64"),
    ]
    (panel,) = accuracy_panels([plain, *others])
    assert [(each.elements, each.error) for each in panel.curves[0].points] == [(4, 2e-8)]


def test_the_sentence_says_what_is_seen() -> None:
    assert accuracy_panels(curve(0.0, 1e-8))[0].seen == (
        "One step of float32 is 1.2e-7. Within it at every size, in every release measured."
    )
