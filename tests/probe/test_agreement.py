"""What the comparison of two lists of norms says, and whether a planted fault counts as caught."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from compat.probe.agreement import CODES, Disagreement, compare, confront
from compat.probe.planted import is_caught
from compat.probe.references import Reference
from tests.probe.fakes import of_size, scalar

TENSORS = [of_size(2), of_size(4)]


def test_equal_norms_are_bit_identical() -> None:
    norms = [scalar(5.0), scalar(math.nan)]
    assert compare(norms, [scalar(5.0), scalar(math.nan)], TENSORS, 2) is None
    assert compare([scalar(math.inf)], [scalar(math.inf)], TENSORS, 2) is None
    assert compare([], [], [], 2) is None


def test_the_largest_distance_is_told_by_its_share_of_the_bound() -> None:
    ulp = 2.0**-21
    worst = compare([scalar(5.0), scalar(5.0 + 2 * ulp)], [scalar(5.0 + ulp), scalar(5.0)], TENSORS, 2)
    assert worst is not None
    assert worst["dtype"] == "float32"
    assert worst["ulps"] == pytest.approx(1.6)
    assert 0 < worst["bound_share"] <= 1


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_the_smallest_numbers_have_a_distance_too(dtype: str) -> None:
    smallest = {
        "float16": 2.0**-24,
        "bfloat16": 2.0**-133,
        "float32": 2.0**-149,
        "float64": 5e-324,
    }[dtype]
    worst = compare([scalar(0.0, dtype)], [scalar(smallest, dtype)], TENSORS, 2)
    assert worst == {"dtype": dtype, "ulps": 1.0, "bound_share": pytest.approx(1, abs=0.02)}


CUDA = SimpleNamespace(type="cuda")
WRONG: dict[str, tuple[list[Any], list[Any], int | None, str]] = {
    "one missing": ([scalar(1.0)], [scalar(1.0), scalar(2.0)], None, "1 norms"),
    "another dtype": ([scalar(1.0, "float64")], [scalar(1.0)], 0, "float64[] on "),
    "another shape": ([scalar(1.0, shape=(1,))], [scalar(1.0)], 0, "float32[1] on "),
    "another device": ([scalar(1.0, device=CUDA)], [scalar(1.0)], 0, "float32[] on "),
    "another value": ([scalar(1.0), scalar(2.0)], [scalar(1.0), scalar(3.0)], 1, "2.0"),
    "NaN": ([scalar(math.nan)], [scalar(3.0)], 0, "nan"),
    "infinity": ([scalar(math.inf)], [scalar(3.0)], 0, "inf"),
}


@pytest.mark.parametrize("what", WRONG)
def test_disagreements_name_the_element(what: str) -> None:
    got, expected, element, text = WRONG[what]
    with pytest.raises(Disagreement) as found:
        compare(got, expected, TENSORS, 2)
    assert found.value.finding["element"] == element
    assert str(found.value.finding["got"]).startswith(text)


def refuses(_tensors: Any, _order: float) -> Any:
    raise ValueError("no")


def reference(call: Any, combine: Any = None) -> Reference:
    return Reference(name="one", orders=frozenset(), call=call, combine=combine)


NORMS = [scalar(3.0), scalar(4.0)]
CONFRONTED: dict[str, tuple[Reference, Any, str | None, str, str | None]] = {
    "equal": (reference(lambda *_: NORMS), NORMS, None, "=", None),
    "close": (reference(lambda *_: [scalar(3.0), scalar(4.0 + 2**-21)]), NORMS, None, "~", "worst"),
    "wrong": (reference(lambda *_: [scalar(3.0), scalar(5.0)]), NORMS, None, "X", "disagreements"),
    "refused by both": (reference(refuses), None, "no", "E", None),
    "refused by the function": (reference(lambda *_: NORMS), None, "no", "f", None),
    "refused by the reference": (reference(refuses), NORMS, None, "r", None),
    "equal total": (reference(lambda *_: [scalar(5.0)], lambda *_: [scalar(5.0)]), NORMS, None, "=", None),
    "close total": (
        reference(lambda *_: [scalar(5.0)], lambda *_: [scalar(5.0 + 2**-20)]),
        NORMS,
        None,
        "~",
        "worst",
    ),
    "wrong total": (
        reference(lambda *_: [scalar(5.0)], lambda *_: [scalar(7.0)]),
        NORMS,
        None,
        "X",
        "disagreements",
    ),
    "no total to be made": (reference(lambda *_: [scalar(5.0)], refuses), NORMS, None, "f", None),
    "no total of either": (reference(refuses, refuses), NORMS, None, "E", None),
    "no norms to make a total of": (reference(refuses, lambda *_: NORMS), None, "no", "E", None),
}


@pytest.mark.parametrize("what", CONFRONTED)
def test_confront(what: str) -> None:
    asked, norms, error, code, kind = CONFRONTED[what]
    found_code, found = confront(asked, norms, error, TENSORS, 2)
    assert (found_code, list(found)) == (code, [kind] if kind else [])


CASES: list[dict[str, Any]] = [{"ord": 2, "tensors": [number]} for number in range(3)]


def judge(*codes: str) -> Any:
    """Return a judge that answers case k with the k-th codes, one character a reference."""
    return lambda case: {"codes": dict(zip(("loop", "slow"), codes[case["tensors"][0]], strict=True))}


@pytest.mark.parametrize(
    ("faulty", "real", "caught"),
    [
        (("==", "=X", "=="), ("==", "==", "=="), True),
        (("==", "==", "=="), ("==", "==", "=="), False),
        (("~~", "EE", "fr"), ("==", "==", "=="), False),
        # wrong in the same way as the real function: the fault is not what is seen
        (("=X", "XX", "=="), ("=X", "XX", "=="), False),
        (("=X", "XX", "=="), ("=X", "=X", "=="), True),
        (("UU", "--", "!T"), ("==", "==", "=="), False),
    ],
)
def test_a_fault_is_caught_where_the_real_function_is_right(
    faulty: tuple[str, ...], real: tuple[str, ...], *, caught: bool
) -> None:
    assert is_caught(judge(*faulty), judge(*real), CASES) is caught


def test_every_code_is_one_character_and_has_its_meaning() -> None:
    assert all(len(code) == 1 and meaning for code, meaning in CODES.items())
    assert len(set(CODES.values())) == len(CODES)
