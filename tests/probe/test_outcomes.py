"""Outcomes are texts that two releases can be compared by: nothing of the run, all of the behaviour."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from compat.probe import outcomes
from compat.probe.outcomes import describe, normalise
from tests.probe.fakes import FakeTensor, scalar

NORMALISED = {
    "Tensor list must have at least one tensor.": "Tensor list must have at least one tensor.",
    "": "",
    "\n \n": "",
    "  one \t two  ": "one two",
    "first line\nsecond line\nthird": "first line",
    "\n\nfirst line that is not blank\nsecond": "first line that is not blank",
    "bad storage at 0x7f3aB2c0": "bad storage at 0x…",
    "expected 0x10 but got 0xff": "expected 0x… but got 0x…",
    "in /home/me/torch/csrc/Foo.cpp:12": "in Foo.cpp:12",
    "bad dtype (Exception raised from foo at /a/b/c.cpp:3 (most recent call first):": "bad dtype",
    "Exception raised from check at ../aten/src/x.h": "",
    "argument 'self' (position 1) must be tuple": "argument 'self' (position 1) must be tuple",
    "sizes 3/4 differ": "sizes 3/4 differ",
}


@pytest.mark.parametrize("message", NORMALISED)
def test_normalise(message: str) -> None:
    assert normalise(message) == NORMALISED[message]


@pytest.mark.parametrize("message", NORMALISED)
def test_normalising_twice_changes_nothing(message: str) -> None:
    assert normalise(normalise(message)) == normalise(message)


DESCRIBED: list[tuple[Any, str]] = [
    (None, "None"),
    (True, "True"),
    ("tuple", "'tuple'"),
    (2.5, "2.5"),
    ([], "list()"),
    ((), "tuple()"),
    ([1, (2,)], "list(1, tuple(2))"),
    ({"a": 1, "b": [2]}, "{a: 1, b: list(2)}"),
    (scalar(5.0), "float32[] 5.0"),
    (scalar(math.nan), "float32[] nan"),
    (scalar(math.inf, "float16"), "float16[] inf"),
    ((scalar(5.0), scalar(3.0)), "tuple(float32[] 5.0, float32[] 3.0)"),
    ([scalar(5.0)], "list(float32[] 5.0)"),
    (FakeTensor((3.0, 4.0), shape=(2,)), "float32[2] [3.0, 4.0]"),
    (FakeTensor((), shape=(0, 3)), "float32[0,3] []"),
    (FakeTensor((5.0,), requires_grad=True), "float32[]+grad 5.0"),
    (FakeTensor((5.0,), device=SimpleNamespace(type="cuda")), "float32[]@cuda 5.0"),
    (FakeTensor((1.0, 2.0), shape=(2,), device=SimpleNamespace(type="meta")), "float32[2]@meta"),
    (FakeTensor(tuple(range(9)), "torch.int64", (3, 3)), "int64[3,3] from 0 to 8"),
    (FakeTensor(tuple(range(8)), "torch.int64", (8,)), "int64[8] [0, 1, 2, 3, 4, 5, 6, 7]"),
]


@pytest.mark.parametrize(("result", "text"), DESCRIBED, ids=[text or "?" for _, text in DESCRIBED])
def test_describe(result: Any, text: str) -> None:
    assert describe(result) == text


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
