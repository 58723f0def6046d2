"""Stand-ins for what a torch would give: tensors that know their description, and nothing else."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from compat.probe import poison
from compat.probe.context import Context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class FakeTensor:
    """A tensor as its values in row-major order and what describes it."""

    values: tuple[Any, ...]
    dtype: str = "torch.float32"
    shape: tuple[int, ...] = ()
    device: Any = field(default_factory=lambda: SimpleNamespace(type="cpu"))
    requires_grad: bool = False
    layout: str = "torch.strided"

    def detach(self) -> FakeTensor:
        return self

    def numel(self) -> int:
        return len(self.values)

    def item(self) -> Any:
        (value,) = self.values
        return value

    def tolist(self) -> Any:
        return list(self.values) if self.shape else self.values[0]

    def min(self) -> FakeTensor:
        return scalar(min(self.values))

    def max(self) -> FakeTensor:
        return scalar(max(self.values))


FakeTensor.__name__ = "Tensor"  # a description names every other class


class FakeMemory(poison.Memory):
    """Notes which patterns it was filled with."""

    def __init__(self) -> None:
        self.patterns: list[int] = []

    @contextlib.contextmanager
    def filled(self, pattern: int) -> Iterator[None]:
        self.patterns.append(pattern)
        yield


CPU = SimpleNamespace(type="cpu")


def scalar(value: float, dtype: str = "float32", **changes: Any) -> FakeTensor:
    """Return a 0-dimensional tensor, as a norm is one."""
    return FakeTensor(values=(value,), dtype=f"torch.{dtype}", **{"device": CPU, **changes})


def of_size(elements: int) -> FakeTensor:
    """Return a tensor with this many elements, for whoever only counts them."""
    return FakeTensor(values=(0.0,) * elements, shape=(elements,))


CONTRACT: dict[str, Any] = {
    "api": "torch._private",
    "stub": "_C/stub.pyi",
    "operator": "aten::_private",
    "references": [
        {"id": "loop", "call": "[torch.one(t) for t in tensors]", "orders": [], "timed": True},
        {"id": "slow", "call": "[torch.two(t) for t in tensors]", "orders": [2], "timed": False},
    ],
    "relied_agreement": ["loop", "monitor"],
    "relatives": ["torch.public"],
    "successor": "torch.public",
    "questions": [
        {"id": "first", "level": "call shapes", "call": "f(1)"},
        {"id": "second", "level": "effects", "call": "f(2)"},
    ],
    "workloads": [
        {"id": "few", "dtype": "float32", "shapes": [[[2], 3]]},
        {"id": "many", "dtype": "float32", "shapes": [[[2], 9]]},
    ],
}


def context(folder: Path, function: Any = None, **changes: Any) -> Context:
    """Return surroundings in which nothing is real; ``changes`` replaces parts of them."""
    parts: dict[str, Any] = {
        "torch": SimpleNamespace(),
        "function": function,
        "contract": CONTRACT,
        "folder": folder,
        "device": "cpu",
        "profile": "quick",
    }
    return Context(**{**parts, **changes})
