"""A function that is wrong at one length, size, rank, offset or call is seen, and the real one passes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import endurance, exhaustive, faults, fresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from compat.probe.context import Context

FACTOR = 1.5


def last_swapped_at_7(_tensors: list[Any], norms: list[Any], _call: int) -> list[Any]:
    return [*norms[:-2], norms[-1], norms[-2]] if len(norms) == 7 else norms


def wrong_where(condition: Callable[[Any], bool]) -> Any:
    return lambda tensors, norms, _call: [
        norm * FACTOR if condition(tensor) else norm for tensor, norm in zip(tensors, norms)
    ]


def wrong_at_call_40(_tensors: list[Any], norms: list[Any], call: int) -> list[Any]:
    return [norm * FACTOR for norm in norms] if call == 40 else norms


def planted(context: Context, wrong: Any = None) -> Any:
    """Return what the helpers need of a context, with a fault planted into its function."""
    calls = iter(range(10**9))

    def function(tensors: list[Any], order: float = 2) -> Any:
        norms = list(context.function(tensors, order))
        return tuple(wrong(tensors, norms, next(calls)) if wrong else norms)

    return SimpleNamespace(torch=context.torch, function=function, device="cpu")


CASES: list[tuple[str, tuple[Any, ...], Any, list[int]]] = [
    ("wrong_lengths", (20,), last_swapped_at_7, [7]),
    ("wrong_sizes", ([36, 37, 38], "float32"), wrong_where(lambda tensor: tensor.numel() == 37), [37]),
    ("wrong_sizes", ([36, 37, 38], "float64", 1), wrong_where(lambda tensor: tensor.numel() == 37), [37]),
    ("wrong_ranks", (14,), wrong_where(lambda tensor: tensor.dim() == 9), [9]),
    ("wrong_offsets", (20, 5), wrong_where(lambda tensor: tensor.storage_offset() == 13), [13]),
    ("wrong_calls", (50,), wrong_at_call_40, [39]),  # the first is what the others are compared with
]


@pytest.mark.parametrize(("helper", "arguments", "wrong", "places"), CASES)
def test_what_is_wrong_is_told(
    helper: str, arguments: tuple[Any, ...], wrong: Any, places: list[int], present: Context
) -> None:
    made = [getattr(present.torch, each) if isinstance(each, str) else each for each in arguments]
    assert exhaustive.helpers(planted(present))[helper](*made) == []
    assert exhaustive.helpers(planted(present, wrong))[helper](*made) == places


def test_what_is_kept_is_seen(present: Context) -> None:
    kept: list[bytearray] = []

    def keeping(_tensors: list[Any], norms: list[Any], _call: int) -> list[Any]:
        kept.append(bytearray(b"x" * (1 << 17)))  # more than what tests before this left free
        return norms

    assert endurance.helpers(planted(present))["memory_steady"]() is True
    assert endurance.helpers(planted(present, keeping))["memory_steady"]() is False


def test_a_child_says_what_it_got_and_how_it_ended(present: Context) -> None:
    in_child = endurance.helpers(planted(present))["in_child"]
    assert in_child(lambda: present.function([present.torch.tensor([3.0, 4.0])])) == "[5.0]"
    assert in_child(lambda: 1 / 0) == "the child ended with status 0"


@pytest.mark.usefixtures("present")
@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        pytest.param(None, {}, id="none"),
        pytest.param("first-call-wrong", {"float32 of order 2": [19.5, 19.5]}, id="first call wrong"),
    ],
)
def test_the_first_norms_of_a_process_are_asked(
    monkeypatch: pytest.MonkeyPatch, fault: str | None, wrong: dict[str, Any]
) -> None:
    monkeypatch.setenv(faults.PLANT, fault or "")
    assert fresh.first_norms("cpu", "torch._foreach_norm") == wrong


def test_large_norms_are_close_over_threads(present: Context) -> None:
    before = present.torch.get_num_threads()

    def wrong(tensors: list[Any], norms: list[Any], _call: int) -> list[Any]:
        several = present.torch.get_num_threads() > 1
        return [
            norm * FACTOR if several and tensor.numel() > 99 else norm for tensor, norm in zip(tensors, norms)
        ]

    assert endurance.helpers(planted(present))["threads_close"](1000) == {"float32": True, "float64": True}
    assert endurance.helpers(planted(present, wrong))["threads_close"](1000) == {
        "float32": False,
        "float64": False,
    }
    assert present.torch.get_num_threads() == before
