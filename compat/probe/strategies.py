"""Hypothesis strategies that draw cases as plain data, for the corpus and for exploring beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from compat.probe.cases import FIELDS, FILLS, LAYOUTS, Case
from compat.probe.variety import Kind

#: The orders that callers pass, most frequent first; Hypothesis shrinks toward the first.
ORDERS = (2, 2, 2, 1, "inf", "-inf", 0, 3, 0.5, 1.5, 2.5)

DTYPES = tuple(FIELDS)

SEEDS = st.integers(0, 2**20 - 1)


@st.composite
def shapes(draw: Any, largest: int = 4096) -> tuple[int, ...]:
    """Draw a shape of rank 0 to 5 with at most ``largest`` elements; sizes of 0 and 1 are frequent."""
    rank = draw(st.integers(0, 5))
    left, shape = largest, []
    for _ in range(rank):
        size = draw(st.one_of(st.integers(0, 9), st.integers(1, max(1, min(left, 257)))))
        shape.append(min(size, max(1, left)))
        left //= max(1, shape[-1])
    return tuple(shape)


@st.composite
def tensors(draw: Any, *, dtypes: Any, shape: Any, layouts: Any, fills: Any) -> list[Any]:
    """Draw one tensor's description."""
    return [draw(dtypes), list(draw(shape)), draw(layouts), draw(fills), draw(SEEDS)]


@st.composite
def ordinary(draw: Any, longest: int = 24) -> Case:
    """Draw a list as gradients come: one dtype, every layout and fill, now and then a shared tensor."""
    dtype = st.just(draw(st.sampled_from(DTYPES)))
    entry = tensors(
        dtypes=dtype, shape=shapes(), layouts=st.sampled_from(LAYOUTS), fills=st.sampled_from(FILLS)
    )
    listed = draw(st.lists(entry, min_size=0, max_size=longest))
    if listed and draw(st.integers(0, 7)) == 7:  # noqa: PLR2004 - one list in eight shares storage
        listed.append([draw(st.sampled_from(("same", "tail"))), draw(st.integers(0, len(listed) - 1))])
    return {"ord": draw(st.sampled_from(ORDERS)), "tensors": listed}


@st.composite
def mixed(draw: Any) -> Case:
    """Draw a list whose tensors differ in dtype."""
    entry = tensors(
        dtypes=st.sampled_from(DTYPES),
        shape=shapes(256),
        layouts=st.sampled_from(LAYOUTS),
        fills=st.sampled_from(FILLS),
    )
    return {"ord": draw(st.sampled_from(ORDERS)), "tensors": draw(st.lists(entry, min_size=2, max_size=12))}


@st.composite
def long(draw: Any, shortest: int = 60, longest: int = 500) -> Case:
    """Draw a long list of small tensors, with empty ones strewn in."""
    length = draw(st.integers(shortest, longest))
    dtype = draw(st.sampled_from(DTYPES))
    fill = draw(st.sampled_from(("unit", "gradient", "wide")))
    sizes = draw(st.lists(st.integers(0, 48), min_size=4, max_size=12))
    seed = draw(SEEDS)
    listed = [[dtype, [sizes[i % len(sizes)]], "contiguous", fill, seed + i] for i in range(length)]
    return {"ord": draw(st.sampled_from(ORDERS)), "tensors": listed}


@st.composite
def large(draw: Any, smallest_power: int = 13, largest_power: int = 20) -> Case:
    """Draw one to three tensors of up to about a million elements each, sizes off the powers of two."""
    dtype = draw(st.sampled_from(DTYPES))
    listed = []
    for _ in range(draw(st.integers(1, 3))):
        elements = (1 << draw(st.integers(smallest_power, largest_power))) + draw(st.integers(-7, 7))
        layout = draw(st.sampled_from(("contiguous", "offset", "strided")))
        fill = draw(st.sampled_from(("unit", "gradient", "ones", "nan")))
        listed.append([dtype, [elements], layout, fill, draw(SEEDS)])
    return {"ord": draw(st.sampled_from((2, 2, 2, 1, "inf"))), "tensors": listed}


@st.composite
def single(draw: Any, largest: int = 1 << 14) -> Case:
    """Draw one tensor of finite numbers: few choices, so that a search for the largest error gets far."""
    entry = tensors(
        dtypes=st.sampled_from(DTYPES),
        shape=st.tuples(st.integers(1, largest)),
        layouts=st.just("contiguous"),
        fills=st.sampled_from(("unit", "gradient", "wide", "small", "subnormal", "large")),
    )
    return {"ord": draw(st.sampled_from(ORDERS)), "tensors": [draw(entry)]}


@st.composite
def near(draw: Any, cases: Sequence[Case]) -> Case:
    """Draw tensors much like one of some cases': other elements, and now and then another size or fill."""
    case = draw(st.sampled_from(cases))
    originals = [entry for entry in case["tensors"] if entry[0] in FIELDS]
    dtype, shape, layout, fill, _ = draw(st.sampled_from(originals))
    size = math.prod(shape)
    sizes = st.one_of(st.just(size), st.integers(max(1, size - 9), size + 9), st.integers(1, 2 * size + 1))
    fills = st.one_of(st.just(fill), st.just(fill), st.sampled_from(("unit", "gradient", "wide", "ones")))
    entry = tensors(dtypes=st.just(dtype), shape=st.tuples(sizes), layouts=st.just(layout), fills=fills)
    return {"ord": case["ord"], "tensors": draw(st.lists(entry, min_size=4, max_size=16))}


@st.composite
def unseen(draw: Any, kinds: Sequence[Kind]) -> Case:
    """Draw a list of tensors of given kinds, most lists of one dtype."""
    chosen = draw(st.sampled_from(kinds))
    alike = kinds if draw(st.integers(0, 3)) == 3 else [each for each in kinds if each[0] == chosen[0]]  # noqa: PLR2004
    listed = []
    for dtype, layout, fill, rank, empty in draw(st.lists(st.sampled_from(alike), min_size=8, max_size=32)):
        shape = [draw(st.integers(1, 5)) for _ in range(rank)]
        if empty:
            shape[draw(st.integers(0, rank - 1))] = 0
        listed.append([dtype, shape, layout, fill, draw(SEEDS)])
    return {"ord": draw(st.sampled_from(ORDERS)), "tensors": listed}
