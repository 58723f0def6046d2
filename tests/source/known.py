"""A small report for machines, and the contract that it is about, for tests of what source files say."""

from __future__ import annotations

from typing import Any

from compat.contract import Claim, Contract, Reference
from compat.source.verdicts import Knowledge
from tests.builders import contract, question

API = "torch._foreach_norm"

INDEX = ("1.9.0", "1.10.2", "1.11.0", "2.0.0", "2.1.0", "2.15.0")


def about() -> Contract:
    """Return the contract, with a claim for each rule."""
    rules: dict[str, dict[str, Any]] = {
        "present-since": {"version": "1.9.0"},
        "called-by": {"file": "nn/utils/clip_grad.py", "since": "1.9.0"},
        "constant-cost": {"launches": ["launch"]},
        "speedup": {"against": "norm", "low": 10.0, "high": 50.0},
        "agreement": {"against": "norm"},
        "stable": {"levels": ["call shapes"]},
        "overhead": {"threshold": 0.01},
    }
    claims = [
        Claim(id=f"claim-{rule}", claim="used by clip_grad_norm_", rule=rule, parameters=parameters)
        for rule, parameters in rules.items()
    ]
    questions = (
        question("positional-list", relied=True, call="f([a, b])"),
        question("keyword-ord", call="f([a], ord=2)"),
        question("elsewhere", level="effects", call="f(a, b, c)"),
    )
    return contract(
        questions,
        claims,
        references=(Reference(id="norm", call="[t.norm() for t in tensors]"),),
        note_before="NOTE: _foreach_norm is private but stable since PyTorch 1.9; used by clip_grad_norm_",
    )


def content(**changes: Any) -> dict[str, Any]:
    """Return the report: absent to 1.10.2, called from 2.0.0, changed after it, 1 to 4 times faster."""
    verdicts = {"constant-cost": "refuted", "agreement": "supported", "stable": "refuted"}
    releases = [
        {"torch": torch, "device": "cpu", "status": "absent" if torch in INDEX[:2] else "caveat"}
        for torch in INDEX
    ]
    return {
        "format": 1,
        "api": API,
        "releases": releases,
        "spans": [
            span("present", "absent", "absent", "1.9.0", "1.10.2", "1.10.2"),
            span("present", "value", "present", "1.11.0", "2.15.0", None),
            span("callers", "value", "none", "1.11.0", "1.11.0", "1.11.0"),
            span("callers", "value", "nn/utils/clip_grad.py", "2.0.0", "2.15.0", None),
            span("relative:torch.foreach.norm", "value", "present", "2.15.0", "2.15.0", None),
        ],
        "changes": [
            change("empty-list", "other answer", "2.0.0"),
            change("worded", "error reworded", "2.1.0"),
        ],
        "claims": [
            {
                "id": each.id,
                "verdict": verdicts.get(each.rule, "inconclusive"),
                "because": f"because of {each.rule}",
                "records": ["a.json", "b.json"],
            }
            for each in about().claims
        ],
        "speed": [timing(1.0, 0.9, 1.1), timing(4.0, 3.9, 4.1), {**timing(99, 98, 100), "usable": False}],
        "note": "# NOTE: the note\n#   of today",
        **changes,
    }


def span(question: str, kind: str, outcome: str, first: str, last: str, to: str | None) -> dict[str, Any]:
    """Return a span of the report."""
    return {
        "question": question,
        "device": "cpu",
        "kind": kind,
        "outcome": outcome,
        "from": first,
        "last": last,
        "to": to,
    }


def change(question: str, harm: str, until: str) -> dict[str, Any]:
    """Return a change of the report."""
    return {"question": question, "harm": harm, "until": until, "device": "cpu"}


def timing(ratio: float, low: float, high: float) -> dict[str, Any]:
    """Return a timing of the report."""
    return {
        "against": "norm",
        "part": "whole",
        "usable": True,
        "ratio": ratio,
        "low": low,
        "high": high,
        "device": "cpu",
        "record": "a.json",
    }


def knowledge(**changes: Any) -> Knowledge:
    """Return what the report knows."""
    return Knowledge(content(**changes), about())
