"""Agreement with the fallback: each code by what it means for the claim, and the scope of support."""

from __future__ import annotations

from typing import Any

import pytest

from compat.claims import Decision, judge
from tests.builders import absent, claim, content, contract, evidence, failed


def replayed(codes: str, torch: str = "2.0.0", **agreement: Any) -> dict[str, Any]:
    return content(torch, agreement={"cases": len(codes), "codes": {"norm": codes}, **agreement})


def decided(*wholes: dict[str, Any]) -> tuple[Decision, str]:
    verdict = judge(claim("agreement", against="norm"), evidence(*wholes))
    return verdict.verdict, verdict.because


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        ("=", Decision.SUPPORTED),
        ("~", Decision.SUPPORTED),
        ("E", Decision.SUPPORTED),
        ("-", Decision.SUPPORTED),
        ("X", Decision.REFUTED),
        ("f", Decision.REFUTED),
        ("r", Decision.REFUTED),
        ("U", Decision.REFUTED),
        ("!", Decision.REFUTED),
        ("T", Decision.REFUTED),
    ],
)
def test_one_code_decides(code: str, decision: Decision) -> None:
    assert decided(replayed(f"={code}="))[0] is decision


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        (
            [],
            Decision.INCONCLUSIVE,
            "norm was not compared on every case of any release; CPU and CUDA not measured",
        ),
        (
            [absent("1.9.0"), failed("2.0.0")],
            Decision.INCONCLUSIVE,
            "not compared on every case of any release",
        ),
        (
            [replayed("----")],
            Decision.INCONCLUSIVE,
            "norm was not compared on every case in 2.0.0; CUDA not measured",
        ),
        ([replayed("=H=")], Decision.INCONCLUSIVE, "norm was not compared on every case in 2.0.0"),
        (
            [replayed("==="), content("2.1.0", agreement=None)],
            Decision.INCONCLUSIVE,
            "not compared on every case in 2.1.0",
        ),
        (
            [replayed("==~-"), replayed("===E", "2.1.0")],
            Decision.SUPPORTED,
            (
                "no difference from norm seen on CPU, in 2 releases (2.0.0 to 2.1.0), "
                "over 3 cases of corpus ab12cd34; CUDA not measured"
            ),
        ),
        (
            [replayed("=f=X"), replayed("==XX", "2.1.0"), replayed("====", "2.9.0")],
            Decision.REFUTED,
            (
                "case 1 in 2.0.0 on CPU: only the function raises; differs from norm in 2.0.0 to 2.1.0; "
                "of 4 cases at worst disagrees 1 time, only the function raises 1 time, in 2.0.0; CUDA not"
            ),
        ),
        (
            [
                replayed(
                    "=X",
                    disagreements=[
                        {"case": 1, "against": "norm", "element": 0, "got": "64", "expected": "316"}
                    ],
                )
            ],
            Decision.REFUTED,
            "case 1 in 2.0.0 on CPU: disagrees: 64 against 316",
        ),
    ],
)
def test_agreement(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    found = decided(*wholes)
    assert (found[0], because in found[1]) == (decision, True), found[1]


def test_a_promoted_case_says_where_it_came_from() -> None:
    about = contract(origins={1: "found by exploring torch 1.11.0"})
    verdict = judge(claim("agreement", against="norm"), evidence(replayed("=X"), about=about))
    assert "case 1, found by exploring torch 1.11.0, in 2.0.0 on CPU: disagrees" in verdict.because


@pytest.mark.parametrize(
    ("codes", "decision", "because"),
    [
        (
            {"norm": "X"},
            Decision.REFUTED,
            "an example found by exploring in 2.0.0 on CPU: disagrees; differs from",
        ),
        ({"other": "X"}, Decision.SUPPORTED, "no difference from norm seen"),
    ],
)
def test_a_failing_example_of_exploration_counts_for_its_reference(
    codes: dict[str, str], decision: Decision, because: str
) -> None:
    failure = {"case": {"tensors": []}, "codes": codes, "message": "norms differ"}
    found = decided(content("2.0.0", exploration={"seed": 1, "failures": [failure]}))
    assert (found[0], because in found[1]) == (decision, True), found[1]
