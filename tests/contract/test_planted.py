"""Every planted fault is caught, by the comparison and by the consumer's; the real function is not."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe.agreement import CONSUMER, Replay
from compat.probe.cases import Materialiser
from compat.probe.context import resolve
from compat.probe.planted import is_caught, planted_faults

if TYPE_CHECKING:
    from compat.probe.cases import Case
    from compat.probe.context import Context

FAULTS = [
    "last norm dropped",
    "neighbours swapped",
    "always order 2",
    "off by 1e-5",
    "result in float64",
    "NaN as zero",
    "extra dimension",
]

#: Faults that the consumer's 2-norms, taken as numbers, can show.
SEEN_BY_THE_CONSUMER = ["last norm dropped", "neighbours swapped", "off by 1e-5", "NaN as zero"]

CASES = 60

#: The code of the public total norm, by that of the per-parameter norms: not asked where this torch has none.
TOTAL = {"=": "=~-", "f": "f-", "U": "U-"}

#: Two ordinary gradients a side; every fault that changes a 2-norm shows on them.
GRADIENTS: Case = {
    "ord": 2,
    "tensors": [["float32", [3 + k, 2], "contiguous", "unit", 10 * k] for k in range(3)]
    + [["float32", [5], "contiguous", "nan", 3]],
}


@pytest.fixture(scope="module")
def real(present: Context) -> Replay:
    return Replay(present)


def test_all_faults_are_known_here(present: Context) -> None:
    assert list(planted_faults(present)) == FAULTS


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught_on_the_first_cases(fault: str, present: Context, real: Replay) -> None:
    faulty = Replay(present, planted_faults(present)[fault])
    assert is_caught(faulty.case, real.case, present.corpus()[:CASES])


def test_the_real_function_is_not_caught(present: Context, real: Replay) -> None:
    again = Replay(present, present.function)
    assert not is_caught(again.case, real.case, present.corpus()[:CASES])


def test_the_real_function_agrees_on_ordinary_gradients(real: Replay) -> None:
    codes = real.case(GRADIENTS)["codes"]
    assert set(codes) == {"vector_norm", "norm", "norm-of-order", "total", CONSUMER}
    assert codes["norm-of-order"] == "-"
    assert set(codes.values()) <= set("=~-")


@pytest.mark.parametrize("fault", SEEN_BY_THE_CONSUMER)
def test_the_consumer_shows_a_fault_of_the_function_it_calls(
    fault: str, present: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = planted_faults(present)[fault]
    monkeypatch.setattr(present.torch, "_foreach_norm", lambda tensors, order=2: tuple(wrong(tensors, order)))
    result = Replay(present).case(GRADIENTS)
    assert result["codes"][CONSUMER] == "X"
    assert any(found["against"] == CONSUMER for found in result["disagreements"])


def test_a_function_that_raises_is_told_from_references_that_answer(present: Context) -> None:
    def refuse(_tensors: Any, _order: float) -> Any:
        raise ValueError("no")

    result = Replay(present, refuse).case(GRADIENTS)
    assert result["codes"].pop("total") in TOTAL["f"]
    assert result["codes"] == {"vector_norm": "f", "norm": "f", "norm-of-order": "-"}
    assert result["error"] == "ValueError: no"


def test_references_that_raise_are_told_from_a_function_that_answers(
    present: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    integers = present.torch.ones(3, dtype=present.torch.int64)
    replay = Replay(present, lambda _tensors, _order: [integers.sum()])
    monkeypatch.setattr(Materialiser, "tensors", lambda _self, _case: [integers])
    assert replay.case({"ord": 2, "tensors": [0]})["codes"]["vector_norm"] == "r"


def test_two_calls_that_differ_are_neither_agreement_nor_disagreement(present: Context) -> None:
    count = itertools.count(1)
    replay = Replay(
        present, lambda tensors, order: [n * next(count) for n in present.function(tensors, order)]
    )
    result = replay.case({"ord": 2, "tensors": [["float32", [4], "contiguous", "unit", 1]]})
    assert result["codes"].pop("total") in TOTAL["U"]
    assert result["codes"] == {"vector_norm": "U", "norm": "U", "norm-of-order": "-"}


def test_a_function_that_fails_every_other_time_is_unstable(present: Context) -> None:
    count = itertools.count()

    def moody(tensors: Any, order: float) -> Any:
        if next(count) % 2:
            raise RuntimeError("not today")
        return present.function(tensors, order)

    assert Replay(present, moody).case(GRADIENTS)["codes"]["vector_norm"] == "U"


def test_an_empty_list_is_put_to_the_function_and_compared_with_nothing(real: Replay) -> None:
    codes = real.case({"ord": 2, "tensors": []})["codes"]
    assert {codes[name] for name in ("vector_norm", "norm", "norm-of-order", "total")} == {"-"}


def has_total(context: Context) -> bool:
    return resolve(context.torch, "torch.nn.utils.get_total_norm") is not None


@pytest.mark.parametrize("order", [0, 0.5, 1, 2, 3, "inf", "-inf"])
def test_the_public_total_norm_agrees_where_there_is_one(
    order: float | str, real: Replay, present: Context
) -> None:
    case = {"ord": order, "tensors": [["float16", [7], "contiguous", "unit", 3], *GRADIENTS["tensors"][:3]]}
    code = real.case(case)["codes"]["total"]
    assert code in ("=~" if has_total(present) else "-")


@pytest.mark.parametrize("fault", ["last norm dropped", "always order 2", "off by 1e-5"])
def test_the_public_total_norm_shows_a_fault(fault: str, present: Context) -> None:
    if not has_total(present):
        pytest.skip("this torch has no public total norm")
    case = {**GRADIENTS, "ord": 1, "tensors": GRADIENTS["tensors"][:3]}
    assert Replay(present, planted_faults(present)[fault]).case(case)["codes"]["total"] == "X"


def test_norms_of_which_no_total_can_be_made_are_a_refusal(present: Context) -> None:
    if not has_total(present):
        pytest.skip("this torch has no public total norm")
    nothing = Replay(present, lambda _tensors, _order: [])
    assert nothing.case(GRADIENTS)["codes"]["total"] == "f"
