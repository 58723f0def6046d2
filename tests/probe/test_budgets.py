"""How long is explored, and which record answers for which profile?"""

from __future__ import annotations

import math

import pytest

from compat.probe import budgets


@pytest.mark.parametrize(
    ("profile", "seconds", "says"),
    [
        ("quick", None, None),
        ("full", None, None),
        ("soak", 3600.0, None),
        ("quick", 2.0, None),
        ("soak", None, "--profile soak needs --seconds N"),
        ("soak", 0.0, "--seconds must be above 0"),
        ("soak", -1.0, "--seconds must be above 0"),
        ("soak", math.nan, "not nan"),
        ("soak", math.inf, "at most 604800, not inf"),
    ],
)
def test_a_budget_that_cannot_be_meant_is_named(
    profile: str, seconds: float | None, says: str | None
) -> None:
    mistake = budgets.mistake(profile, seconds)
    assert mistake is None if says is None else says in (mistake or "")


def test_the_budget_is_the_profiles_unless_one_was_asked_for() -> None:
    assert (budgets.budget("quick", None), budgets.budget("full", None)) == (20.0, 90.0)
    assert budgets.budget("soak", 7.0) == 7.0


@pytest.mark.parametrize(
    ("measured", "asked", "answers"),
    [
        ("quick", "quick", True),
        ("full", "quick", True),
        ("soak", "quick", True),
        ("soak", "full", True),
        ("quick", "full", False),
        ("full", "soak", False),
        ("unknown", "quick", False),
    ],
)
def test_a_deeper_record_answers_for_a_shallower_profile(measured: str, asked: str, *, answers: bool) -> None:
    assert budgets.answers_for(measured, asked) is answers


def test_a_hard_limit_stays_above_every_budget() -> None:
    assert budgets.GRACE_SECONDS > 2 * budgets.EXAMPLE_SECONDS + 2 * budgets.SHRINKING_SECONDS
