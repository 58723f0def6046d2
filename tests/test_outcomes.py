"""Outcomes: what of a record is compared, and what makes two records of a release a conflict."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from compat.outcomes import all_spans, outcomes, outcomes_by_release
from tests.builders import INDEX, VALUE, absent, asked, content, failed, ledger, record


@pytest.mark.parametrize(
    ("whole", "identity", "expected"),
    [
        (content("2.0.0"), "present", ("value", "present")),
        (absent("1.9.0"), "present", ("absent", "absent")),
        (content("2.0.0", surface={"stub": "def f()"}), "stub", ("value", "def f()")),
        (content("2.0.0", surface={"stub": None}), "stub", ("value", "none")),
        (absent("1.9.0"), "stub", ("absent", "absent")),
        (absent("1.9.0", surface={"present": False, "schemas": ["s"]}), "schema", ("value", "s")),
        (content("2.0.0", surface={"schemas": ["b", "a"]}), "schema", ("value", "a, b")),
        (content("2.0.0", surface={"callers": ["nn/x.py"]}), "callers", ("value", "nn/x.py")),
        (content("2.0.0", surface={"relatives": {"t.n": True}}), "relative:t.n", ("value", "present")),
        (
            absent("1.9.0", surface={"present": False, "relatives": {"t.n": False}}),
            "relative:t.n",
            ("absent", "absent"),
        ),
        (content("2.0.0"), "positional-list", ("value", "5.0")),
        (content("2.0.0"), "agreement:norm", ("value", "agrees")),
        (asked("2.0.0", {"kind": "harness-error", "text": "x"}), "positional-list", None),
        (content("2.0.0", agreement={"codes": {"norm": "--H-"}}), "agreement:norm", None),
        (
            content("2.0.0", agreement={"codes": {"total": "----"}}),
            "agreement:total",
            ("unasked", "needs what this torch lacks"),
        ),
        (content("2.0.0", agreement=None), "agreement:norm", None),
        (failed("2.0.0"), "present", None),
    ],
)
def test_outcomes(whole: dict[str, Any], identity: str, expected: tuple[str, str] | None) -> None:
    found = outcomes(record(whole)).get(identity)
    assert (found and (found.kind, found.text)) == expected


def agreement_text(codes: str) -> str:
    return outcomes(record(content("2.0.0", agreement={"codes": {"norm": codes}})))["agreement:norm"].text


def test_agreement_counts_what_differs_and_tells_other_cases_apart() -> None:
    assert agreement_text("X=fX").startswith("2 disagrees, 1 only the function raises (cases ")
    assert agreement_text("X===") != agreement_text("=X==")
    assert agreement_text("==~E") == agreement_text("~-=E") == "agrees"


def test_values_are_compared_by_their_bits() -> None:
    def text(values: bytes) -> str:
        encoded = base64.b64encode(values).decode()
        return outcomes(record(content("2.0.0", agreement={"values": encoded})))["values"].text

    assert text(b"1234") == text(b"1234")
    assert text(b"1234") != text(b"1235")
    assert text(b"1234").endswith("over 4 cases")


@pytest.mark.parametrize(
    ("wholes", "identity", "expected"),
    [
        (
            [asked("2.0.0", VALUE), asked("2.0.0", VALUE, python="3.11")],
            "positional-list",
            {"2.0.0": "value"},
        ),
        (
            [asked("2.0.0", VALUE), asked("2.0.0", {"kind": "value", "text": "6.0"}, python="3.11")],
            "positional-list",
            {"2.0.0": "conflict"},
        ),
        ([asked("2.0.0", VALUE), asked("2.0.0", None, python="3.11")], "positional-list", {"2.0.0": "value"}),
        ([asked("2.0.0", VALUE), absent("2.0.0", python="3.11")], "positional-list", {"2.0.0": "conflict"}),
        ([asked("2.0.0", VALUE), absent("2.0.0", python="3.11")], "present", {"2.0.0": "conflict"}),
        ([absent("1.9.0"), asked("2.0.0", VALUE)], "positional-list", {"1.9.0": "absent", "2.0.0": "value"}),
        ([absent("1.9.0"), content("2.0.0")], "agreement:norm", {"1.9.0": "absent", "2.0.0": "value"}),
        ([asked("2.0.0", VALUE), asked("2.1.0")], "positional-list", {"2.0.0": "value", "2.1.0": None}),
        ([asked("2.0.0", VALUE), asked("2.0.0", None, device="cuda")], "positional-list", {"2.0.0": "value"}),
    ],
)
def test_outcomes_by_release(
    wholes: list[dict[str, Any]], identity: str, expected: dict[str, str | None]
) -> None:
    found = outcomes_by_release([record(each) for each in wholes], "cpu")[identity]
    assert {release: outcome and outcome.kind for release, outcome in found.items()} == expected


def test_a_conflict_lists_both_sides() -> None:
    other = {"kind": "value", "text": "6.0"}
    found = outcomes_by_release(
        [record(asked("2.0.0", other, python="3.11")), record(asked("2.0.0", VALUE))], "cpu"
    )["positional-list"]["2.0.0"]
    assert found is not None
    assert found.text == "Python 3.9: 5.0 | Python 3.11: 6.0"


def test_spans_skip_what_does_not_count_and_keep_devices_apart() -> None:
    spoilt = content("1.11.0", canaries={"absent-name": False})
    filed = ledger(
        absent("1.10.2"), spoilt, failed("2.0.0"), content("2.1.0"), content("2.1.0", device="cuda")
    )
    spans = [s for s in all_spans(filed, INDEX, ["positional-list"]) if s.question == "present"]
    assert [(s.device, s.outcome, s.first, s.after, s.exact) for s in spans] == [
        ("cpu", "absent", "1.10.2", None, False),
        ("cpu", "present", "2.1.0", "1.10.2", False),
        ("cuda", "present", "2.1.0", None, False),
    ]


def test_spans_come_in_the_order_of_the_contract() -> None:
    spans = all_spans(ledger(content("2.0.0")), INDEX, ["positional-list", "empty-list"])
    ids = [s.question for s in spans]
    assert ids[:6] == ["present", "stub", "schema", "callers", "positional-list", "empty-list"]
    assert ids[6:] == sorted(ids[6:])
