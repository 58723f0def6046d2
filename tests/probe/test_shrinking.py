"""A list is made as small as still shows what the larger one showed, whatever strategy drew it."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from compat.probe import shrinking
from compat.probe.shrinking import candidates, is_fatal, shrunk

PLAIN = ["float32", [1], "contiguous", "unit", 0]


def case(*tensors: list[Any], order: Any = 2) -> dict[str, Any]:
    return {"ord": order, "tensors": list(tensors)}


def soon() -> float:
    return time.monotonic() + 20


MANY = case(
    ["float32", [4, 3], "strided", "nan", 9],
    ["float16", [700, 2], "transposed", "wide", 3],
    ["same", 1],
    ["float64", [0, 5], "contiguous", "ones", 7],
    ["tail", 0],
    order="inf",
)


@pytest.mark.parametrize(
    ("shows", "smallest"),
    [
        (lambda _: True, {"ord": 2, "tensors": []}),
        (lambda each: len(each["tensors"]) >= 2, None),
        (lambda each: each["ord"] == "inf", {"ord": "inf", "tensors": []}),
        (
            lambda each: any(entry[0] == "float16" and entry[1][0] >= 20 for entry in each["tensors"]),
            case(["float16", [20], "contiguous", "unit", 0]),
        ),
        (
            lambda each: any(entry[0] == "same" for entry in each["tensors"]),
            case(["float16", [1], "contiguous", "unit", 0], ["same", 0]),
        ),
    ],
)
def test_the_smallest_is_found(shows: Any, smallest: dict[str, Any] | None) -> None:
    found = shrunk(MANY, shows, soon())
    assert shows(found)
    assert len(found["tensors"]) == 2 if smallest is None else found == smallest


def test_what_does_not_show_a_second_time_stays_as_it_was() -> None:
    assert shrunk(MANY, lambda _: False, soon()) == MANY


def test_out_of_time_the_smallest_so_far_is_kept() -> None:
    assert shrunk(MANY, lambda _: True, time.monotonic() - 1) == MANY


def test_candidates_are_sound_cases() -> None:
    for each in candidates(MANY):
        for place, entry in enumerate(each["tensors"]):
            assert entry[1] < place if entry[0] in ("same", "tail") else min([0, *entry[1]]) == 0
            assert entry[0] in ("same", "tail") or len(entry) == 5


def test_a_plain_case_has_only_shorter_candidates() -> None:
    assert list(candidates(case(PLAIN))) == [case()]


@pytest.mark.parametrize(
    ("judge", "fatal"),
    [
        (lambda _: None, False),
        (lambda _: os.kill(os.getpid(), 9), True),
        (lambda _: os._exit(3), True),
        (lambda _: time.sleep(600), True),
    ],
)
def test_only_what_ends_or_holds_a_process_is_fatal(
    judge: Any, monkeypatch: pytest.MonkeyPatch, *, fatal: bool
) -> None:
    monkeypatch.setattr(shrinking, "TRY_SECONDS", 0.2)
    assert is_fatal(case(PLAIN), judge) is fatal
