"""First norms of a process: what counts as wrong, and what is said of a process that gave none."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import fresh
from tests.probe.fakes import scalar

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [f"{dtype} of order {order:g}" for dtype in fresh.DTYPES for order in fresh.NORMS]


def _torch() -> Any:
    def tensor(data: list[float], dtype: str, **_device: Any) -> Any:
        return SimpleNamespace(dtype=dtype, data=data)

    dtypes = {dtype: dtype for dtype in fresh.DTYPES}
    return SimpleNamespace(tensor=tensor, **dtypes)


def _norms(tensors: list[Any], order: float) -> list[Any]:
    return [scalar(fresh.NORMS[order]) for _ in tensors]


class _Once:
    """Wrong for the first call of what a key tells apart."""

    def __init__(self, key: Callable[[Any, float], Any]) -> None:
        self.key, self.seen = key, set[Any]()

    def __call__(self, tensors: list[Any], order: float) -> list[Any]:
        key = self.key(tensors[0], order)
        norms = _norms(tensors, order)
        if key not in self.seen:
            self.seen.add(key)
            norms[-1] = scalar(1.5)
        return norms


def _raising(tensors: list[Any], order: float) -> list[Any]:
    if order == 1 and tensors[0].dtype == "float16":
        raise NotImplementedError
    return _norms(tensors, order)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        pytest.param(_norms, {}, id="right"),
        pytest.param(_Once(lambda *_: None), {NAMES[0]: [13.0, 1.5]}, id="first of all"),
        pytest.param(
            _Once(lambda _, order: order),
            {name: [norm, 1.5] for name, norm in zip(NAMES, fresh.NORMS.values(), strict=False)},
            id="first of each order",
        ),
        pytest.param(
            _Once(lambda tensor, _: tensor.dtype),
            {f"{dtype} of order 2": [13.0, 1.5] for dtype in fresh.DTYPES},
            id="first of each dtype",
        ),
        pytest.param(lambda tensors, order: _norms(tensors[:1], order), dict.fromkeys(NAMES), id="too few"),
        pytest.param(_raising, {"float16 of order 1": ["NotImplementedError"]}, id="raising"),
    ],
)
def test_what_is_no_norm_is_told(function: Any, expected: dict[str, Any]) -> None:
    found = fresh.wrong(_torch(), function, "cpu")
    assert list(found) == list(expected)
    assert all(expected[name] in (None, given) for name, given in found.items())


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        pytest.param((0, b"torch says hello\n{}\n"), {}, id="right"),
        pytest.param((0, b'{"float32 of order 2": [1.5]}\n'), {"float32 of order 2": [1.5]}, id="wrong"),
        pytest.param((-11, b""), "the process ended with status -11", id="crash"),
        pytest.param((0, b""), "the process said nothing", id="silent"),
    ],
)
def test_how_the_process_ended_is_told(
    monkeypatch: pytest.MonkeyPatch, ended: tuple[int, bytes], told: Any
) -> None:
    answer = SimpleNamespace(returncode=ended[0], stdout=ended[1])
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: answer)
    assert fresh.first_norms("cpu", "torch._private") == told


def test_a_process_that_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **given: Any) -> None:
        raise subprocess.TimeoutExpired(command, given["timeout"])

    monkeypatch.setattr(subprocess, "run", run)
    assert fresh.first_norms("cpu", "torch._private") == "no answer within 100 s"
