"""What a wheel declares against what its torch did: each difference is a finding over its releases."""

from __future__ import annotations

from typing import Any

import pytest

from compat.declared import compare
from compat.report.declared_view import declared_view
from compat.survey import FORMAT, Release, Survey
from compat.surveying.facts import WheelFacts
from tests.builders import absent, content, contract, failed, ledger, question

SCHEMA = "aten::_foreach_norm.Scalar(Tensor[] self) -> Tensor[]"
STUB = "def _foreach_norm(tensors, ord=2) -> tuple[Tensor, ...]"
ANSWERS = {"positional-list": {"kind": "value", "text": "tuple(5.0)"}}
ABOUT = contract(questions=[question("positional-list", relied=True, expect="tuple(5.0)")])


def facts(**changes: Any) -> WheelFacts:
    known: dict[str, Any] = {
        "file": "x.whl",
        "sha256": "",
        "stub": (STUB,),
        "schemas": (SCHEMA,),
        "headers": ("_foreach_norm_ops.h",),
        "callers": ("nn/utils/clip_grad.py",),
        "mentions": (),
        "relatives": {"torch.foreach.norm": False},
        "searched": 3,
        "cuda": None,
        "requires": (),
        "requires_python": "",
    }
    return WheelFacts(**{**known, **changes})


def survey(wheels: dict[str, WheelFacts | str]) -> Survey:
    return Survey(
        format=FORMAT,
        date="2026-11-23",
        releases=tuple(
            Release(
                torch=torch,
                date="2026-01-01",
                pythons=("3.9",),
                yanked=False,
                bytes=1,
                wheel=None if isinstance(wheel, str) else wheel,
                unread=wheel if isinstance(wheel, str) else None,
            )
            for torch, wheel in wheels.items()
        ),
    )


def seen(torch: str, **surface: Any) -> dict[str, Any]:
    whole = {
        "schemas": [SCHEMA],
        "callers": ["nn/utils/clip_grad.py"],
        "relatives": {"torch.foreach.norm": False},
    }
    return content(torch, questions=ANSWERS, surface={**whole, **surface})


def lacking(torch: str) -> dict[str, Any]:
    whole = absent(torch)
    surface = {**whole["surface"], "schemas": [SCHEMA], "callers": ["nn/utils/clip_grad.py"]}
    return {**whole, "surface": surface}


@pytest.mark.parametrize(
    ("wheel", "record", "mismatch"),
    [
        (facts(), seen("2.0.0"), None),
        (facts(stub=()), seen("2.0.0"), ("the function (type stub)", "absent", "there")),
        (facts(), lacking("2.0.0"), ("the function (type stub)", "there", "absent")),
        (facts(schemas=("other",)), seen("2.0.0"), ("the operator's schemas (headers)", "other", SCHEMA)),
        (facts(headers=(), schemas=()), seen("2.0.0"), None),
        (facts(), seen("2.0.0", schemas=[SCHEMA.replace("-> Tensor[]", "-> (Tensor[])")]), None),
        (
            facts(callers=()),
            seen("2.0.0"),
            ("who calls it inside torch (sources)", "none", "nn/utils/clip_grad.py"),
        ),
        (
            facts(relatives={"torch.foreach.norm": True}),
            seen("2.0.0"),
            ("torch.foreach.norm (sources)", "there", "absent"),
        ),
        (facts(relatives={"torch.foreach.norm": None}), seen("2.0.0"), None),
        (
            facts(stub=(STUB.replace("tuple", "List"),)),
            seen("2.0.0"),
            ("what it returns (type stub)", "list", "tuple"),
        ),
        (
            facts(stub=("def _foreach_norm() -> Union[Tuple[Tensor, ...], List[Tensor]]",)),
            seen("2.0.0"),
            None,
        ),
        (facts(stub=("def _foreach_norm() -> Tuple[Tensor, ...]",)), seen("2.0.0"), None),
    ],
)
def test_each_difference_is_a_finding(
    wheel: WheelFacts, record: dict[str, Any], mismatch: tuple[str, str, str] | None
) -> None:
    found = compare(survey({"2.0.0": wheel}), ledger(record), ABOUT)
    assert found.compared > 2
    told = [(each.what, each.declared, each.observed) for each in found.mismatches]
    assert told == ([mismatch] if mismatch else [])


def test_what_differs_alike_in_a_row_is_one_finding() -> None:
    wrong = facts(stub=(STUB.replace("tuple", "List"),))
    known = survey(
        {
            "1.9.0": wrong,
            "1.11.0": wrong,
            "2.0.0": facts(),
            "2.1.0": wrong,
            "2.9.0": "it broke",
            "2.10.0": facts(),
        }
    )
    records = [seen(torch) for torch in ("1.9.0", "1.11.0", "2.0.0", "2.1.0", "2.9.0")]
    found = compare(known, ledger(*records, failed("2.10.0")), ABOUT)
    assert [each.releases for each in found.mismatches] == [("1.9.0", "1.11.0"), ("2.1.0",)]
    assert (found.unobserved, found.unread) == (("2.10.0",), (("2.9.0", "it broke"),))
    view = declared_view(found)
    assert [row.extent for row in view.rows] == ["1.9.0 to 1.11.0", "2.1.0"]
    assert "Of 4 releases" in view.sentence
    assert "3 differ" in view.sentence
    assert "Declared, and not observed: 2.10.0." in view.sentence
    assert "Observed, and not read: 2.9.0 (it broke)." in view.sentence


def test_without_wheels_nothing_is_claimed() -> None:
    found = compare(survey({"2.0.0": "no network"}), ledger(seen("2.0.0")), ABOUT)
    assert (found.compared, found.mismatches) == (0, ())
    assert "nothing could be compared" in declared_view(found).sentence


def test_everything_agrees_is_said() -> None:
    found = compare(survey({"2.0.0": facts()}), ledger(seen("2.0.0")), ABOUT)
    assert declared_view(found).sentence.endswith(f"of {found.compared} facts, all agree.")
