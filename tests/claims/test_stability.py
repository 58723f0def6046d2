"""Stability: what counts as a change, what is a lesser one, and what leaves the claim open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compat.claims import Decision, judge
from tests.builders import VALUE, absent, asked, claim, content, contract, evidence, question

if TYPE_CHECKING:
    from collections.abc import Sequence

OTHER = {"kind": "value", "text": "6.0"}
ERROR = {"kind": "error", "text": "RuntimeError: no"}
REWORDED = {"kind": "error", "text": "RuntimeError: never"}
RETYPED = {"kind": "error", "text": "TypeError: no"}
ABOUT = contract([question("positional-list")])


def decided(wholes: Sequence[dict[str, Any]], **parameters: Any) -> tuple[Decision, str, tuple[str, ...]]:
    on_file = evidence(*wholes, about=ABOUT)
    verdict = judge(claim("stable", **{"levels": ["call shapes"], **parameters}), on_file)
    return verdict.verdict, verdict.because, verdict.details


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        ([], Decision.INCONCLUSIVE, "on no device, in 0 releases (none); CPU and CUDA not measured"),
        (
            [asked("2.0.0", VALUE)],
            Decision.INCONCLUSIVE,
            "or in one alone (positional-list), on CPU, in 1 release",
        ),
        ([asked("2.0.0", VALUE), asked("2.1.0")], Decision.INCONCLUSIVE, "not measured in every release"),
        (
            [asked("2.0.0", VALUE), asked("2.9.0", VALUE)],
            Decision.SUPPORTED,
            "no change seen in 1 question on CPU, in 2 releases (2.0.0 to 2.9.0); CUDA not measured",
        ),
        (
            [*(asked(torch, VALUE) for torch in ("2.0.0", "2.9.0")), asked("2.0.0", VALUE, device="cuda")],
            Decision.INCONCLUSIVE,
            "on CPU, in 2 releases (2.0.0 to 2.9.0) and on CUDA, in 1 release (2.0.0)",
        ),
        (
            [*(asked(torch, VALUE, device=on) for torch in ("2.0.0", "2.9.0") for on in ("cpu", "cuda"))],
            Decision.SUPPORTED,
            "no change seen in 1 question on CPU and CUDA, in 2 releases (2.0.0 to 2.9.0)",
        ),
        (
            [absent("1.10.2"), asked("1.11.0", VALUE), asked("2.0.0", VALUE)],
            Decision.SUPPORTED,
            "in 2 releases (1.11.0 to 2.0.0)",
        ),
        (
            [asked("2.0.0", VALUE), asked("2.1.0", OTHER), asked("2.9.0", VALUE)],
            Decision.REFUTED,
            "1 of 1 question changed, 2 times in all (positional-list), on CPU, in 3 releases",
        ),
        ([asked("2.0.0", VALUE), absent("2.1.0"), asked("2.9.0", VALUE)], Decision.REFUTED, "2 times in all"),
        ([asked("2.0.0", VALUE), asked("2.1.0", ERROR)], Decision.REFUTED, "1 time in all"),
        ([asked("2.0.0", ERROR), asked("2.1.0", RETYPED)], Decision.REFUTED, "1 time in all"),
        (
            [asked("2.0.0", ERROR), asked("2.1.0", REWORDED)],
            Decision.SUPPORTED,
            "; 1 lesser difference: 1 error reworded",
        ),
        (
            [asked("2.0.0", VALUE), asked("2.0.0", OTHER, python="3.11"), asked("2.1.0", VALUE)],
            Decision.INCONCLUSIVE,
            "records contradict each other (positional-list in 2.0.0)",
        ),
        (
            [
                asked("1.11.0", VALUE),
                asked("2.0.0", VALUE),
                asked("2.0.0", OTHER, python="3.11"),
                asked("2.1.0", OTHER),
            ],
            Decision.REFUTED,
            "1 time in all",
        ),
    ],
)
def test_stable(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    found = decided(wholes)
    assert (found[0], because in found[1]) == (decision, True), found[1]


def test_each_change_is_told_with_its_date() -> None:
    details = decided([asked("2.0.0", VALUE), asked("2.9.0", OTHER)])[2]
    (told,) = details
    assert told.startswith("positional-list, other answer, silently: “5.0” up to 2.0.0; “6.0” after 2.0.0, ")
    assert told.endswith("by 2.9.0, released 2025-10-15")


def test_a_reworded_error_is_told_apart() -> None:
    details = decided([asked("2.0.0", ERROR), asked("2.1.0", REWORDED)])[2]
    assert details[0].startswith("lesser: positional-list, error reworded: “RuntimeError: no” up to 2.0.0")


@pytest.mark.parametrize(
    ("change", "parameters", "decision"),
    [
        ({"stub": "def other()"}, {"levels": ["surface"]}, Decision.REFUTED),
        ({"schemas": ["aten::other"]}, {"levels": ["surface"]}, Decision.REFUTED),
        ({"callers": ["nn/x.py"]}, {"levels": ["surface"]}, Decision.SUPPORTED),
        ({"stub": "def other()"}, {"levels": ["call shapes"]}, Decision.SUPPORTED),
        ({}, {"levels": ["surface"], "also": ["agreement:norm"]}, Decision.SUPPORTED),
        ({}, {"levels": ["effects"]}, Decision.INCONCLUSIVE),
        ({}, {"levels": ["surface"], "also": ["agreement:none"]}, Decision.INCONCLUSIVE),
    ],
)
def test_levels_choose_what_is_looked_at(
    change: dict[str, Any], parameters: dict[str, Any], decision: Decision
) -> None:
    assert decided([content("2.0.0"), content("2.1.0", surface=change)], **parameters)[0] is decision


def test_agreement_may_be_looked_at_too() -> None:
    wholes = [content("2.0.0"), content("2.1.0", agreement={"codes": {"norm": "X=~="}})]
    assert decided(wholes, also=["agreement:norm"])[0] is Decision.REFUTED


@pytest.mark.parametrize(
    ("also", "decision", "because"),
    [
        ([], Decision.SUPPORTED, "1 lesser difference: 1 declared otherwise"),
        (["positional-list"], Decision.REFUTED, "1 of 1 question changed"),
    ],
)
def test_a_notice_refutes_only_a_claim_about_it(also: list[str], decision: Decision, because: str) -> None:
    on_file = evidence(
        asked("2.0.0", VALUE),
        asked("2.1.0", OTHER),
        about=contract([question("positional-list", notice=True)]),
    )
    verdict = judge(claim("stable", levels=["call shapes"], also=also), on_file)
    assert (verdict.verdict, because in verdict.because) == (decision, True), verdict.because
