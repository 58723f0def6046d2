"""A value is told as what it is: class, dtype, shape, device, gradient, numbers."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from compat.probe.description import describe
from tests.probe.fakes import FakeTensor, scalar


class Odd:
    """Cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError


class Subclass(FakeTensor):
    """What a caller derives from a tensor."""


SYMBOLIC: Any = (SimpleNamespace(name="s0"),)

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
    (
        FakeTensor((1,), shape=SYMBOLIC, device=SimpleNamespace(type="meta")),
        "float32[?]@meta",
    ),
    (Subclass((1.0,)), "Subclass float32[] 1.0"),
    (FakeTensor((5.0,), layout="torch.sparse_coo"), "float32[] (cannot be read: AttributeError)"),
    (FakeTensor((1.0, -0.0), shape=(2,)), "float32[2] [1.0, -0.0]"),
    ({3, 1, 2}, "set(1, 2, 3)"),
    (object, "<class 'object'>"),
    (Odd(), "Odd (cannot be read: RuntimeError)"),
    (FakeTensor(tuple(range(8)), "torch.int64", (8,)), "int64[8] [0, 1, 2, 3, 4, 5, 6, 7]"),
]


@pytest.mark.parametrize(("result", "text"), DESCRIBED, ids=[text or "?" for _, text in DESCRIBED])
def test_describe(result: Any, text: str) -> None:
    assert describe(result) == text


@pytest.mark.parametrize(
    ("place", "home", "text"),
    [
        ("cuda", "cuda", "float32[] 5.0"),
        ("cpu", "cuda", "float32[]@cpu 5.0"),
        ("cpu", "cpu", "float32[] 5.0"),
        ("cuda", "cpu", "float32[]@cuda 5.0"),
    ],
)
def test_only_a_tensor_that_lies_elsewhere_is_told_with_its_place(place: str, home: str, text: str) -> None:
    tensor = FakeTensor((5.0,), device=SimpleNamespace(type=place))
    assert describe([{"norm": tensor}, (tensor,)], home) == f"list({{norm: {text}}}, tuple({text}))"
