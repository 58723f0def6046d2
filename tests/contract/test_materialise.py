"""The corpus is the same evidence everywhere: every torch and every Python makes the same bytes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat.probe.cases import FIELDS, FILLS, LAYOUTS, Materialiser, bytes_of, digest_of

if TYPE_CHECKING:
    from compat.probe.context import Context

#: Digest over all tensors of the first 600 cases and of every dtype, fill and layout. It was computed
#: once; an environment that makes other bytes tests other data, and fails here.
EXPECTED = "sha256:5fa0da998ba4b978893f0e8fb5eaf2b27667d6d740bbe3e1ca4ff92b3a269492"

CASES = 600


def test_every_torch_makes_the_same_bytes(present: Context) -> None:
    every = [
        [dtype, [2, 3, 4, 5], layout, fill, 7] for dtype in FIELDS for fill in FILLS for layout in LAYOUTS
    ]
    cases = [{"ord": 2, "tensors": every}, *present.corpus()[:CASES]]
    assert digest_of(present.torch, cases) == EXPECTED


@pytest.mark.parametrize("dtype", sorted(FIELDS))
def test_fills_are_what_they_are_called(present: Context, dtype: str) -> None:
    torch, make = present.torch, Materialiser(present.torch).tensor
    shape = [64]
    finfo = torch.finfo(getattr(torch, dtype))
    assert bool((make(dtype, shape, "contiguous", "ones", 3) == 1).all())
    assert bool((make(dtype, shape, "contiguous", "zeros", 3) == 0).all())
    assert int(torch.isnan(make(dtype, shape, "contiguous", "nan", 3)).sum()) == 1
    assert int(torch.isinf(make(dtype, shape, "contiguous", "-inf", 3)).sum()) == 1
    unit = make(dtype, shape, "contiguous", "unit", 3).double().abs()
    assert 0.125 <= float(unit.min()) < float(unit.max()) < 2
    subnormal = make(dtype, shape, "contiguous", "subnormal", 3).double().abs()
    assert float(subnormal.max()) < finfo.tiny
    assert float(make(dtype, shape, "contiguous", "large", 3).double().abs().max()) > finfo.max / 16


def test_layouts_are_what_they_are_called(present: Context) -> None:
    make = Materialiser(present.torch).tensor

    def strides(layout: str) -> tuple[int, ...]:
        return tuple(make("float32", [2, 3, 4, 5], layout, "unit", 1).stride())

    assert strides("contiguous") == strides("offset") == (60, 20, 5, 1)
    assert strides("transposed") == (60, 20, 1, 4)
    assert strides("reversed") == (1, 2, 6, 24)
    assert strides("strided") == (120, 40, 10, 2)
    assert strides("expanded") == (0, 20, 5, 1)
    assert strides("overlapping") == (1, 1, 1, 1)
    assert strides("channels_last") == (60, 1, 15, 3)
    assert make("float32", [4], "offset", "unit", 1).storage_offset() == 3


def test_shared_tensors_share_memory(present: Context) -> None:
    case = {"ord": 2, "tensors": [["float32", [8], "contiguous", "unit", 1], ["same", 0], ["tail", 0]]}
    first, same, tail = Materialiser(present.torch).tensors(case)
    assert same is first
    assert bytes_of(tail) == bytes_of(first)[16:]
    assert tail.data_ptr() == first[4:].data_ptr()
