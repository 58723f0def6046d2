"""A reproduction's tensors are those of the probe, bit for bit, though it is written without a torch."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe.cases import FIELDS, FILLS, LAYOUTS, Materialiser, bytes_of
from compat.reproduction.literal.tensors import MAKING, SMALL, listed

if TYPE_CHECKING:
    from compat.probe.cases import Case
    from compat.probe.context import Context

SHAPES: tuple[list[int], ...] = ([], [0], [3], [2, 3, 1, 2], [4, 0], [3, 7])


def written(context: Context, case: Case) -> list[Any]:
    """Run the text that makes the tensors of a case."""
    text, makes = listed(case)
    names: dict[str, Any] = {"torch": context.torch, "random": random}
    exec((MAKING if makes else "") + text, names)  # noqa: S102 - the text under test
    tensors: list[Any] = names["tensors"]
    return tensors


def assert_same(context: Context, case: Case) -> None:
    for ours, theirs in zip(written(context, case), Materialiser(context.torch).tensors(case)):
        assert (ours.dtype, ours.shape, ours.stride()) == (theirs.dtype, theirs.shape, theirs.stride())
        assert ours.storage_offset() == theirs.storage_offset()
        assert bytes_of(ours) == bytes_of(theirs)


@pytest.mark.parametrize("dtype", sorted(FIELDS))
@pytest.mark.parametrize("fill", FILLS)
def test_every_dtype_fill_layout_and_shape(present: Context, dtype: str, fill: str) -> None:
    for layout in LAYOUTS:
        tensors = [[dtype, shape, layout, fill, 123_457] for shape in SHAPES]
        assert "made(" not in listed({"ord": 2, "tensors": tensors})[0]
        assert_same(present, {"ord": 2, "tensors": tensors})


def test_large_tensors_by_their_rule(present: Context) -> None:
    for dtype in FIELDS:
        for fill in FILLS:
            case = {
                "ord": 2,
                "tensors": [[dtype, [SMALL + 1], "offset", fill, 5], [dtype, [1 << 18], "strided", fill, 9]],
            }
            assert "made(" in listed(case)[0] or fill in ("ones", "zeros")
            assert_same(present, case)


def test_shared_tensors_share_memory(present: Context) -> None:
    shared = [["same", 0], ["tail", 0], ["tail", 2]]
    assert_same(present, {"ord": 2, "tensors": [["float32", [9], "strided", "unit", 1], *shared]})
    tensors = [["float32", [8], "contiguous", "unit", 1], *shared]
    first, same, tail, _ = written(present, {"ord": 2, "tensors": tensors})
    assert same is first
    assert tail.data_ptr() == first[4:].data_ptr()


def test_the_corpus(present: Context) -> None:
    for case in present.corpus()[:100]:
        assert_same(present, case)
