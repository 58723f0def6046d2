"""The questions about effects see a function that has them."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import call_shapes, effects
from tests.contract.planting import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from compat.probe.context import Context


def writing_to_inputs(context: Context) -> Callable[..., Any]:
    def function(tensors: Any, order: float = 2) -> Any:
        norms = context.function(tensors, order)
        with context.torch.no_grad():
            tensors[0].mul_(1)  # the bytes stay, the version counter tells
        return norms

    return function


def changing_inputs(context: Context) -> Callable[..., Any]:
    def function(tensors: Any, order: float = 2) -> Any:
        norms = context.function(tensors, order)
        tensors[0].data.mul_(2)  # behind autograd's back: the counter stays, the bytes tell
        return norms

    return function


def one_result_for_all(context: Context) -> Callable[..., Any]:
    def function(tensors: Any, order: float = 2) -> Any:
        return (context.function(tensors, order)[0],) * len(tensors)

    return function


def results_in_the_inputs(context: Context) -> Callable[..., Any]:
    def function(tensors: Any, order: float = 2) -> Any:
        norms = context.function(tensors, order)
        return tuple(t.view(()) if t.numel() == 1 else norm for t, norm in zip(tensors, norms))

    return function


def drifting(context: Context) -> Callable[..., Any]:
    count = itertools.count()

    def function(tensors: Any, order: float = 2) -> Any:
        return tuple(norm + 1e-3 * next(count) for norm in context.function(tensors, order))

    return function


PLANTED = [
    (writing_to_inputs, "inputs-unchanged"),
    (changing_inputs, "inputs-unchanged"),
    (one_result_for_all, "results-independent"),
    (results_in_the_inputs, "results-independent"),
    (drifting, "repeats-alike"),
]


@pytest.mark.parametrize(("plant", "question"), PLANTED)
def test_a_planted_effect_is_seen_by_its_question(plant: Any, question: str, present: Context) -> None:
    assert answers(present, "effects", effects.helpers, plant(present), question)[question] == {
        "kind": "value",
        "text": "False",
    }


def test_the_real_function_has_none_of_them(present: Context) -> None:
    ids = {question for _, question in PLANTED}
    asked = answers(present, "effects", effects.helpers, present.function, *ids)
    assert asked == {question: {"kind": "value", "text": "True"} for question in ids}


def test_a_value_that_drifts_is_unstable(present: Context) -> None:
    asked = answers(present, "call shapes", call_shapes.helpers, drifting(present), "positional-list")
    assert asked["positional-list"]["kind"] == "unstable"


@pytest.mark.parametrize("order", [2, 1, float("inf")])
def test_the_gradient_helper_differentiates_what_it_is_given(order: float, present: Context) -> None:
    one_by_one = present.torch.linalg.vector_norm  # the function itself has no derivative before torch 2.1
    planted = dataclasses.replace(present, function=lambda tensors, p: [one_by_one(t, p) for t in tensors])
    expected = present.torch.tensor([3.0, -4.0], requires_grad=True)
    one_by_one(expected, order).backward()
    got = effects.helpers(planted)["gradient"]([3.0, -4.0], order)
    assert present.torch.equal(got, expected.grad)
