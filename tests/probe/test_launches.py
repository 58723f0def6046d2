"""Long lists are built so that every border is met, and a queue's helpers leave the device as it was."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import launches
from tests.probe import fakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.mark.parametrize(
    ("length", "places"),
    [
        (1, [0]),
        (2, [0, 1]),
        (31, [0, 29, 30]),
        (61, [0, 29, 30, 31, 35, 36, 37, 47, 48, 49, 59, 60]),
    ],
)
def test_borders(length: int, places: list[int]) -> None:
    assert launches.borders(length) == places


def test_every_border_of_a_long_list_has_a_place_before_on_and_behind_it() -> None:
    places = set(launches.borders(1_000))
    assert {0, 999} <= places
    assert all({edge - 1, edge, edge + 1} <= places for edge in (30, 110, 330, 320, 640, 512, 990))


class Cuda:
    """A device's queue that notes what is asked of it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.mode = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def note(*_: Any) -> Any:
            self.seen.append(name)
            return SimpleNamespace(wait_stream=lambda _: self.seen.append("wait"), replay=lambda: None)

        return note

    def get_sync_debug_mode(self) -> int:
        return self.mode

    def set_sync_debug_mode(self, mode: Any) -> None:
        self.mode = mode

    @contextlib.contextmanager
    def stream(self, _: Any) -> Iterator[None]:
        self.seen.append("in")
        yield
        self.seen.append("out")

    graph = stream


def helpers(folder: Path, cuda: Cuda) -> dict[str, Callable[..., Any]]:
    return launches.helpers(fakes.context(folder, len, torch=SimpleNamespace(cuda=cuda), device="cuda"))


def test_a_wait_is_an_error_within_the_call_alone(tmp_path: Path) -> None:
    cuda = Cuda()
    without_waiting = helpers(tmp_path, cuda)["without_waiting"]
    assert without_waiting(lambda: cuda.mode) == "error"
    assert cuda.mode == 0
    with pytest.raises(ZeroDivisionError):
        without_waiting(lambda: 1 // 0)
    assert cuda.mode == 0


def test_a_side_stream_waits_and_is_waited_for(tmp_path: Path) -> None:
    cuda = Cuda()
    assert helpers(tmp_path, cuda)["on_side_stream"](cuda.anything) is not None
    assert cuda.seen == [
        *(
            "Stream",
            "current_stream",
            "wait",
            "in",
            "anything",
            "out",
            "current_stream",
            "wait",
            "synchronize",
        )
    ]


def test_a_graph_is_captured_once_and_replayed_for_each_list(tmp_path: Path) -> None:
    class Cell:
        def __init__(self, value: float) -> None:
            self.value = value

        def copy_(self, other: Cell) -> None:
            self.value = other.value

        def item(self) -> float:
            return self.value

    calls: list[int] = []

    def identity(cells: list[Cell]) -> list[Cell]:
        calls.append(len(cells))
        return cells

    replayed = helpers(tmp_path, Cuda())["replayed"]
    lists = [[Cell(float(n)), Cell(2.0 * n)] for n in range(3)]
    assert replayed(identity, *lists) == [[1.0, 2.0], [2.0, 4.0]]
    assert calls == [2, 2]
