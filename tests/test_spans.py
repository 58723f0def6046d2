"""Spans: every shape that outcomes along releases can take, and how exactly each change is known."""

from __future__ import annotations

import pytest

from compat.record_format import Outcome
from compat.spans import infer_spans, spans_of

INDEX = ["2.10.0", "1.9.0", "1.9.1", "1.10.2", "1.11.0", "2.0.0", "2.9.0"]
A, B = Outcome(kind="value", text="a"), Outcome(kind="value", text="b")
NONE = Outcome(kind="absent", text="absent")
TORN = Outcome(kind="conflict", text="Python 3.9: a | Python 3.11: b")

# name, outcomes, expected (outcome, from, after, last, to, exact, measured, unmeasured)
CASES = [
    ("nothing measured", {}, []),
    ("only unmeasured", {"1.9.0": None, "2.0.0": None}, []),
    ("single release, oldest", {"1.9.0": A}, [("a", "1.9.0", None, "1.9.0", None, True, 1, 0)]),
    ("single release, inside", {"1.11.0": A}, [("a", "1.11.0", None, "1.11.0", None, False, 1, 0)]),
    (
        "neighbours are exact",
        {"1.10.2": NONE, "1.11.0": A},
        [
            ("absent", "1.10.2", None, "1.10.2", "1.10.2", False, 1, 0),
            ("a", "1.11.0", "1.10.2", "1.11.0", None, True, 1, 0),
        ],
    ),
    (
        "a release between makes a range",
        {"1.9.1": NONE, "1.11.0": A},
        [
            ("absent", "1.9.1", None, "1.9.1", "1.9.1", False, 1, 0),
            ("a", "1.11.0", "1.9.1", "1.11.0", None, False, 1, 0),
        ],
    ),
    (
        "a gap between equals does not split, but is counted",
        {"1.9.0": A, "1.9.1": None, "2.0.0": A},
        [("a", "1.9.0", None, "2.0.0", None, True, 2, 3)],
    ),
    (
        "an unmeasured release on the border leaves the change inexact",
        {"1.9.0": A, "1.9.1": None, "1.10.2": B},
        [
            ("a", "1.9.0", None, "1.9.0", "1.9.0", True, 1, 0),
            ("b", "1.10.2", "1.9.0", "1.10.2", None, False, 1, 0),
        ],
    ),
    (
        "re-appearance is a second span",
        {"1.9.0": A, "1.9.1": B, "1.10.2": A},
        [
            ("a", "1.9.0", None, "1.9.0", "1.9.0", True, 1, 0),
            ("b", "1.9.1", "1.9.0", "1.9.1", "1.9.1", True, 1, 0),
            ("a", "1.10.2", "1.9.1", "1.10.2", None, True, 1, 0),
        ],
    ),
    (
        "a conflict is an outcome of its own",
        {"1.9.0": A, "1.9.1": TORN, "1.10.2": A},
        [
            ("a", "1.9.0", None, "1.9.0", "1.9.0", True, 1, 0),
            (TORN.text, "1.9.1", "1.9.0", "1.9.1", "1.9.1", True, 1, 0),
            ("a", "1.10.2", "1.9.1", "1.10.2", None, True, 1, 0),
        ],
    ),
    (
        "2.10 comes after 2.9",
        {"2.10.0": B, "2.9.0": A},
        [
            ("a", "2.9.0", None, "2.9.0", "2.9.0", False, 1, 0),
            ("b", "2.10.0", "2.9.0", "2.10.0", None, True, 1, 0),
        ],
    ),
    (
        "newer unmeasured releases leave the last span open",
        {"1.9.0": A, "2.9.0": None, "2.10.0": None},
        [("a", "1.9.0", None, "1.9.0", None, True, 1, 0)],
    ),
    (
        "a measured release that the index lacks takes its place",
        {"1.9.0": A, "1.9.2": B, "1.10.2": B},
        [
            ("a", "1.9.0", None, "1.9.0", "1.9.0", True, 1, 0),
            ("b", "1.9.2", "1.9.0", "1.10.2", None, False, 2, 0),
        ],
    ),
    (
        "the same text of another kind is another outcome",
        {"1.9.0": A, "1.9.1": Outcome(kind="unstable", text="a")},
        [
            ("a", "1.9.0", None, "1.9.0", "1.9.0", True, 1, 0),
            ("a", "1.9.1", "1.9.0", "1.9.1", None, True, 1, 0),
        ],
    ),
]


@pytest.mark.parametrize(
    ("outcomes", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_infer_spans(
    outcomes: dict[str, Outcome | None],
    expected: list[tuple[str, str, str | None, str, str | None, bool, int, int]],
) -> None:
    spans = infer_spans(outcomes, INDEX, question="q", device="cpu")
    found = [(s.outcome, s.first, s.after, s.last, s.to, s.exact, s.measured, s.unmeasured) for s in spans]
    assert found == expected
    assert {(s.question, s.device) for s in spans} <= {("q", "cpu")}


@pytest.mark.parametrize(
    ("outcomes", "since"),
    [
        ({"1.9.0": A}, "from 1.9.0"),
        ({"1.11.0": A}, "by 1.11.0, the oldest measured"),
        ({"1.10.2": B, "1.11.0": A}, "from 1.11.0 (exact: 1.10.2 and 1.11.0 are neighbours on the index)"),
        ({"1.10.2": B, "2.0.0": A}, "after 1.10.2, by 2.0.0"),
    ],
)
def test_a_beginning_is_told_no_more_exactly_than_it_is_known(
    outcomes: dict[str, Outcome | None], since: str
) -> None:
    assert infer_spans(outcomes, INDEX, question="q", device="cpu")[-1].since == since


def test_spans_are_picked_by_question_and_device() -> None:
    one = infer_spans({"1.9.0": A}, INDEX, question="q", device="cpu")
    two = infer_spans({"1.9.0": A}, INDEX, question="q", device="cuda")
    three = infer_spans({"1.9.0": A}, INDEX, question="p", device="cpu")
    assert spans_of([*one, *two, *three], "q", "cuda") == two
    assert spans_of([*one, *two, *three], "q") == (*one, *two)
