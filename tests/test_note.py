"""The note: each of its facts changes when the records do, and it never says more than they do."""

from __future__ import annotations

from typing import Any

import pytest

from compat.note import WIDTH, as_comment
from compat.verdict import judge_all
from tests.builders import DIGESTS, INDEX, absent, content, contract, failed, ledger, question

SUCCESSOR = {"relatives": {"torch.foreach.norm": True}}
NO_SUCCESSOR = {"relatives": {"torch.foreach.norm": False}}
SILENT = {"empty-list": {"kind": "value", "text": "()"}}
OTHER = {"positional-list": {"kind": "value", "text": "6.0"}}


def timed(whole: float, **parts: float) -> dict[str, Any]:
    timings = [
        {"workload": "w", "against": a, "part": part, "pairs": [[1.0, r]] * 8}
        for part, ratio in {"whole": whole, **parts}.items()
        for a, r in (("norm", ratio), ("itself", 1.0))
    ]
    return {"timings": timings}


#: Exploring found, with one of two Pythons, what the other run did not happen to draw.
FOUND = content("2.0.0", exploration={"failures": [{"case": {}, "codes": {"norm": "X"}, "message": ""}]})


def note(*wholes: dict[str, Any], **changes: Any) -> str:
    """Return the note on one line, without the comment signs."""
    changes = {"relied_agreement": ("norm",), **changes}
    written = judge_all(contract(**changes), ledger(*wholes), [], INDEX).note
    lines = written.splitlines()
    assert all(line.startswith("#") and len(line) <= WIDTH for line in lines)
    return " ".join(line.lstrip("# ") for line in lines)


@pytest.mark.parametrize(
    ("wholes", "says"),
    [
        ([], "Nothing is known of torch._foreach_norm: no release was measured."),
        ([failed("2.0.0")], "no release was measured."),
        (
            [absent("1.9.0"), absent("1.10.2")],
            "torch._foreach_norm is absent from every measured release, 1.9.0 to 1.10.2.",
        ),
        ([absent("1.10.2"), content("1.11.0")], "is present from 1.11.0 (exact: 1.10.2 lacks it)."),
        ([absent("1.9.1"), content("1.11.0")], "is present since some release after 1.9.1, by 1.11.0."),
        ([content("1.9.0")], "is present from 1.9.0."),
        ([content("1.11.0")], "is present from 1.11.0 (the oldest measured)."),
        (
            [content("2.0.0"), absent("2.1.0")],
            "is present in 2.0.0 alone (the oldest measured), absent from 2.1.0 (exact: 2.0.0 has it).",
        ),
        (
            [content("2.0.0"), absent("2.0.0", python="3.11")],
            "is measured with contradicting results from 2.0.0",
        ),
        (
            [content("2.0.0"), content("2.1.0")],
            "CPU: what callers rely on was verified in 2.0.0 to 2.1.0 (2 of 8 releases",
        ),
        ([content("2.0.0")], "CUDA: not measured."),
        ([content("2.0.0", device="cuda")], "CUDA: what callers rely on was verified in 2.0.0 (1 of 8"),
        ([content("2.0.0", device="cuda")], "CPU: not measured."),
        (
            [content("2.0.0"), content("2.1.0", questions=OTHER)],
            "CPU: do not use with 2.1.0 (positional-list: expected 5.0, got 6.0).",
        ),
        (
            [content("2.0.0"), content("2.0.0", python="3.11", questions=OTHER)],
            "CPU: records contradict each other in 2.0.0",
        ),
        ([content("2.0.0", questions=SILENT), content("2.1.0")], "Mind empty-list: gives () (2.0.0 on CPU)."),
        (
            [content("1.11.0", questions=SILENT), content("2.0.0", questions=SILENT), content("2.1.0")],
            "Mind empty-list: gives () (1.11.0 to 2.0.0 on CPU).",
        ),
        (
            [content("2.0.0", surface=NO_SUCCESSOR)],
            "No public successor yet: torch.foreach.norm is absent up to 2.0.0, the newest measured.",
        ),
        (
            [content("2.9.0", surface=NO_SUCCESSOR), content("2.10.0", surface=SUCCESSOR)],
            "Public successor: torch.foreach.norm, present from 2.10.0 (exact: 2.9.0 lacks it).",
        ),
        (
            [content("2.0.0", cost=timed(1.4)), content("2.1.0", cost=timed(3.0))],
            "1.4 to 3 times that of norm.",
        ),
        ([content("2.0.0")], "Speed on CPU: not measured."),
        (
            [content("2.0.0", device="cuda", cost=timed(30.0, host=5.0, device=70.0))],
            "Speed on CUDA, by release and workload: 30 times",
        ),
        ([content("2.0.0")], "Fallback, where it is gone: [p.norm() for p in grads]"),
        ([content("2.0.0"), content("2.1.0")], "Evidence: 2 records up to 2026-11-23, digest feedface."),
        ([], "Evidence: no record."),
    ],
)
def test_the_note_says(wholes: list[dict[str, Any]], says: str) -> None:
    assert says in note(*wholes)


def inexact(torch: str, dtype: str, *errors: float, **changes: Any) -> dict[str, Any]:
    """Return a record whose norms of 1, 1,024, ... elements are off by these errors."""
    points = [
        {"dtype": dtype, "elements": 1024**place, "relative_error": error, "bound_share": 2.0 * (error > 0.1)}
        for place, error in enumerate(errors)
    ]
    return content(torch, accuracy=points, **changes)


@pytest.mark.parametrize(
    ("wholes", "says"),
    [
        (
            [inexact("2.0.0", "float32", 0.0, 1e-4, 0.5)],
            "measured: float32 under 1e-3 up to 1,024 elements. Beyond: nothing measured helps float32.",
        ),
        (
            [inexact("2.0.0", "float32", 0.0, 0.5, 0.5), inexact("2.1.0", "float32", 0.0, 1e-4, 0.5)],
            "float32 under 1e-3 up to 1,024 elements (in 2.0.0: 1).",
        ),
        ([inexact("2.0.0", "float16", 0.5)], "float16 above 2e-3 at every size."),
        (
            [inexact("2.0.0", "float16", 0.0, 0.5, device="cuda")],
            "Relative error on CUDA in 2.0.0, at the sizes measured: float16 under 2e-3 up to 1 elements.",
        ),
    ],
)
def test_where_a_norm_is_not_good_enough_is_said(wholes: list[dict[str, Any]], says: str) -> None:
    found = note(*wholes)
    assert says in found
    assert "Mind accuracy" not in found


@pytest.mark.parametrize(
    "wholes",
    [
        [inexact("2.0.0", "float32", 0.0, 1e-4)],
        [inexact("2.0.0", "float32", 0.5), inexact("2.1.0", "float32", 0.0)],
        [content("2.0.0", accuracy=[])],
    ],
)
def test_where_every_measured_norm_is_good_enough_nothing_is_said(wholes: list[dict[str, Any]]) -> None:
    assert "Relative error" not in note(*wholes)


def test_what_helps_is_said_with_its_release() -> None:
    whole = inexact("2.1.0", "float16", 0.0, 0.5)
    wide = [
        {"dtype": dtype, "elements": 1, "relative_error": 0.0, "result_dtype": result}
        for dtype, result in (("float16", "float64"), ("float64", None))
    ]
    whole["accuracy"] += wide
    assert "Beyond: dtype=torch.float64 (by 2.1.0, the oldest measured), or .double() before" in note(whole)


@pytest.mark.parametrize(
    ("wholes", "silent_about"),
    [
        ([content("2.0.0")], "Mind"),
        ([content("2.0.0")], "do not use"),
        ([content("2.0.0")], "uccessor"),
        ([FOUND, content("2.0.0", python="3.11")], "verified"),
        ([content("2.0.0", device="cuda", cost=timed(30.0))], "Speed on CPU, by"),
        ([absent("1.9.0")], "verified"),
        ([], "verified"),
    ],
)
def test_the_note_does_not_say(wholes: list[dict[str, Any]], silent_about: str) -> None:
    assert silent_about not in note(*wholes)


def test_what_an_outdated_record_warned_of_is_kept_until_it_is_measured_again() -> None:
    old = content("2.0.0", device="cuda", questions=OTHER, digests={"probe": "sha256:old"})
    whole = contract(relied_agreement=("norm",))
    written = judge_all(whole, ledger(content("2.0.0"), old, digests=DIGESTS), [], INDEX).note
    told = " ".join(line.lstrip("# ") for line in written.splitlines())
    assert "CUDA: not measured since the measurement changed; before it: do not use with 2.0.0 (" in told
    assert "positional-list: expected 5.0, got 6.0)." in told


def test_what_is_private_comes_from_the_name() -> None:
    assert "torch._foreach_norm is private" in note(content("2.0.0"))
    assert "private" not in note(content("2.0.0", api="torch.norm"), api="torch.norm")


def test_other_words_of_the_contract_are_used() -> None:
    found = note(content("2.0.0"), fallback="loop()", successor=None, questions=[question("positional-list")])
    assert "Fallback, where it is gone: loop()" in found


def test_advice_is_in_the_contract_s_words_and_given_once() -> None:
    questions = [
        question("empty-list", expect="error", avoid="an empty list: it is answered"),
        question("none-inside", expect="error", avoid="an empty list: it is answered"),
        question("generator", expect="error"),
    ]
    answered = {key: {"kind": "value", "text": "()"} for key in ("empty-list", "none-inside", "generator")}
    found = note(
        content("1.11.0", questions=SILENT), content("2.0.0", questions=answered), questions=questions
    )
    assert found.count("Avoid, on CPU: an empty list (1.11.0 to 2.0.0).") == 1
    assert "Mind generator: gives () (2.0.0 on CPU)." in found
    assert "Mind empty-list" not in found


def test_a_range_of_one_value_is_one_value() -> None:
    found = note(content("2.0.0", cost=timed(1.501)), content("2.1.0", cost=timed(1.504)))
    assert "1.5 times that of norm" in found
    assert "1.5 to 1.5" not in found


def test_a_reference_on_which_nobody_relies_is_not_in_the_note() -> None:
    codes = {"codes": {"norm": "=r==", "vector_norm": "===="}}
    assert "Mind agreement:norm" in note(content("2.0.0", agreement=codes))
    assert "agreement:norm" not in note(content("2.0.0", agreement=codes), relied_agreement=())


def test_a_comment_keeps_paragraphs_and_width() -> None:
    assert as_comment("NOTE: one\ntwo") == "# NOTE: one\n# two"
    wrapped = as_comment("word " * 40).splitlines()
    assert all(len(line) <= WIDTH for line in wrapped)
    assert [line[:4] for line in wrapped] == ["# wo", "#   ", "#   "][: len(wrapped)]
