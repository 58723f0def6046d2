"""Outcomes are compared between releases: nothing of the run, all of the behaviour."""

from __future__ import annotations

from typing import Any

import pytest

from compat.probe import outcomes


@pytest.mark.parametrize(
    ("exception", "text"),
    [
        (RuntimeError("no tensor\nat /x/y/z.cpp"), "RuntimeError: no tensor"),
        (TypeError(), "TypeError"),
        (KeyError("ord"), "KeyError: 'ord'"),
        (ValueError("v" * 1000), "ValueError: " + "v" * (outcomes.TEXT_LIMIT - len("ValueError: "))),
    ],
)
def test_errors_are_told_by_type_and_first_line(exception: Exception, text: str) -> None:
    assert outcomes.error(exception) == {"kind": "error", "text": text}


def test_long_values_keep_their_beginning() -> None:
    outcome = outcomes.value(list(range(1000)))
    assert outcome["kind"] == "value"
    assert len(outcome["text"]) == outcomes.TEXT_LIMIT
    assert outcome["text"].startswith("list(0, 1, 2")


def test_a_difference_behind_the_cut_shows() -> None:
    one, other = (outcomes.value([*range(1000), last]) for last in (1, 2))
    assert one != other


@pytest.mark.parametrize(
    "exception",
    [
        MemoryError(),
        RuntimeError(
            "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
        ),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
        type("OutOfMemoryError", (RuntimeError,), {})("CUDA"),
    ],
)
def test_no_memory_is_no_error_of_the_functions(exception: Exception) -> None:
    assert outcomes.error(exception)["kind"] == "out-of-memory"


def test_an_error_that_only_speaks_of_memory_is_one() -> None:
    assert outcomes.error(ValueError("out of memory"))["kind"] == "error"


FIVE: outcomes.Outcome = {"kind": "value", "text": "5.0"}
SIX: outcomes.Outcome = {"kind": "value", "text": "6.0"}
FULL: outcomes.Outcome = {"kind": "out-of-memory", "text": "MemoryError"}
RAISED: outcomes.Outcome = {"kind": "error", "text": "5.0"}
WARNED: outcomes.Outcome = {**FIVE, "warnings": ["UserWarning: a", "UserWarning: b"]}


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (FIVE, FIVE, FIVE),
        (FIVE, SIX, {"kind": "unstable", "text": "5.0 | 6.0"}),
        (FIVE, RAISED, {"kind": "unstable", "text": "5.0 | 5.0"}),
        (FULL, FIVE, FULL),
        (FIVE, FULL, FULL),
        (WARNED, FIVE, WARNED),
        (FIVE, {**FIVE, "warnings": ["UserWarning: a"]}, {**FIVE, "warnings": ["UserWarning: a"]}),
        (WARNED, SIX, {"kind": "unstable", "text": "5.0 | 6.0", "warnings": WARNED["warnings"]}),
    ],
)
def test_two_evaluations_make_one_outcome(first: Any, second: Any, both: Any) -> None:
    assert outcomes.settled(first, second) == both


def test_both_sides_of_a_long_unstable_outcome_are_seen() -> None:
    sides = [{"kind": "value", "text": letter * 1000} for letter in "ab"]
    text = outcomes.settled(*sides)["text"]
    assert len(text) <= outcomes.TEXT_LIMIT
    assert "aaa" in text
    assert "bbb" in text
