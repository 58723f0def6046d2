"""Whatever a call changes for the whole process is seen, and a call that changes nothing is left alone."""

from __future__ import annotations

import dataclasses
import gc
import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compat.probe.context import Context

ON, OFF = (True,), (False,)
RECURSION = sys.getrecursionlimit()
FOLDER = Path.cwd()

CHANGES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "default dtype": (
        lambda torch: torch.set_default_dtype(torch.float64),
        lambda torch: torch.set_default_dtype(torch.float32),
    ),
    "threads": (lambda torch: torch.set_num_threads(2), lambda torch: torch.set_num_threads(1)),
    "gradients recorded": (
        lambda torch: torch.set_grad_enabled(*OFF),
        lambda torch: torch.set_grad_enabled(*ON),
    ),
    "anomaly detection": (
        lambda torch: torch.autograd.set_detect_anomaly(*ON),
        lambda torch: torch.autograd.set_detect_anomaly(*OFF),
    ),
    "deterministic algorithms": (
        lambda torch: torch.use_deterministic_algorithms(*ON),
        lambda torch: torch.use_deterministic_algorithms(*OFF),
    ),
    "random numbers": (lambda torch: torch.rand(3), lambda _torch: None),
    "subnormal numbers": (
        lambda torch: torch.set_flush_denormal(*ON),
        lambda torch: torch.set_flush_denormal(*OFF),
    ),
    "autocast": (
        lambda torch: torch.autocast("cpu").__enter__(),
        lambda torch: torch.autocast("cpu", enabled=False).__enter__(),
    ),
    "Python's random numbers": (lambda _torch: random.seed(0), lambda _torch: None),
    "garbage collector": (lambda _torch: gc.disable(), lambda _torch: gc.enable()),
    "recursion limit": (
        lambda _torch: sys.setrecursionlimit(RECURSION + 1),
        lambda _torch: sys.setrecursionlimit(RECURSION),
    ),
    "folder": (lambda _torch: os.chdir("/"), lambda _torch: os.chdir(FOLDER)),
    "standard output": (lambda _torch: os.write(1, b"norms!"), lambda _torch: None),
}


@pytest.fixture
def state(present: Context) -> Iterator[State]:
    yield State(present.torch, "torch._foreach_norm")
    for _, undo in CHANGES.values():
        undo(present.torch)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_once(name: str, present: Context, state: State) -> None:
    CHANGES[name][0](present.torch)
    (told,) = state.changes()
    assert told.startswith(f"{name}: ")
    assert state.changes() == []


def test_the_function_itself_is_watched(
    present: Context, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(present.torch, "_foreach_norm", abs)
    assert [told.split(":")[0] for told in state.changes()] == ["torch._foreach_norm"]


def test_the_call_itself_changes_nothing(present: Context, state: State) -> None:
    present.function([present.torch.ones(3, requires_grad=True)], 2)
    assert state.changes() == []


def test_without_the_function_there_is_still_a_state(context: Context) -> None:
    assert State(dataclasses.replace(context).torch, "torch.none_such").changes() == []
