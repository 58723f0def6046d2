"""A torch of a few lines, for scripts to run beside: its norms are right, or wrong as a variable says."""

from __future__ import annotations

import math
import os
from itertools import count
from typing import Any


class Tensor:
    dtype, shape = "float32", ()

    def __init__(self, values: list[float]) -> None:
        self.values = values

    def item(self) -> float:
        return self.values[0]

    def to(self, device: str) -> Tensor:
        assert device == "cuda"
        return self

    def norm(self, *_: Any) -> Tensor:
        return Tensor([math.hypot(*self.values)])


float32 = "float32"
__version__ = "1.99"


def tensor(values: list[float], dtype: str) -> Tensor:
    assert dtype == float32
    return Tensor(values)


class cuda:  # noqa: N801 - torch's own name
    @staticmethod
    def is_available() -> bool:
        return HOW != "no device"


HOW = os.environ.get("HOW", "right")
CALLS = count(1)


def _foreach_norm(tensors: list[Tensor], _ord: float) -> list[Tensor]:
    if HOW == "raises":
        raise RuntimeError("no")
    norms = [each.norm() for each in tensors]
    if HOW == "wrong" or (HOW == "unstable" and next(CALLS) > 1):
        norms[0].values[0] += 1
    return norms[:-1] if HOW == "short" else norms


if HOW == "absent":
    del _foreach_norm
