"""Growth of dispatched operators: constant, one by one, in chunks, or not to be told."""

from __future__ import annotations

import pytest

from compat.growth import fit, growth
from compat.record_format import Dispatches


def points(counts: dict[int, int], other: int = 0) -> list[Dispatches]:
    return [Dispatches(length=n, operators={"launch": count, "view": other}) for n, count in counts.items()]


@pytest.mark.parametrize(
    ("counts", "per_tensor", "text"),
    [
        ({1: 2, 10: 2, 100: 2}, 0, "2 operators for 1 to 100 tensors"),
        ({1: 2, 10: 11, 100: 101}, 1, "1 + 1 n operators for n tensors"),
        ({100: 301, 10: 31, 1: 4}, 3, "1 + 3 n operators for n tensors"),
        ({1: 1, 100: 1, 201: 3}, 0.01, "1 operators for 1 to 100 tensors, 3 for 201"),
        ({1: 1, 2: 4, 3: 9, 4: 16, 5: 25, 6: 36}, 7, "1 operators for 1 tensors, 36 for 6"),
        ({0: 0, 1: 2, 10: 2, 100: 2}, 0, "2 operators for 1 to 100 tensors"),
    ],
)
def test_growth(counts: dict[int, int], per_tensor: float, text: str) -> None:
    found = growth(points(counts))
    assert found is not None
    assert found.per_tensor == pytest.approx(per_tensor)
    assert found.text == text


@pytest.mark.parametrize(
    ("totals", "kind", "told"),
    [
        ({1: 7, 32: 7, 1024: 7}, "constant", "7 launches for 1 to 1,024 elements"),
        ({1: 1, 32: 32, 1024: 1024}, "linear", "0 + 1 n launches for n elements"),
        ({1: 1, 32: 1, 1024: 5}, "in steps", "1 launches for 1 to 32 elements, 5 for 1,024"),
        ({n: n * n for n in range(1, 8)}, "growing", "1 launches for 1 elements, 49 for 7"),
    ],
)
def test_the_shape_of_what_is_counted_by_another_measure(
    totals: dict[int, int], kind: str, told: str
) -> None:
    found = fit(totals)
    assert found is not None
    assert (found.kind, found.told("launches", "elements")) == (kind, told)


@pytest.mark.parametrize("counts", [{}, {1: 2}, {1: 2, 10: 11}, {0: 0, 1: 2, 10: 11}])
def test_too_few_lengths_have_no_growth(counts: dict[int, int]) -> None:
    assert growth(points(counts)) is None


def test_only_the_named_operators_count() -> None:
    found = growth(points({1: 1, 10: 1, 100: 1}, other=50), {"launch"})
    assert found is not None
    assert found.most == 1
