"""Rules of thumb in words: with their device, releases and what was measured, and no more than that."""

from __future__ import annotations

from typing import Any

import pytest

from compat.accuracy_remedies import Remedy
from compat.accuracy_rules import accuracy_rules
from compat.report.accuracy_rules_view import remedy_rows, remedy_sentence, rule_rows
from compat.spans import Span
from tests.builders import INDEX, content, ledger


def rows(*errors: float, torch: str = "1.9.0", scaled: tuple[int, ...] = ()) -> Any:
    points = [
        {"dtype": "float32", "elements": 1024**place, "relative_error": error}
        for place, error in enumerate(errors)
    ]
    points += [{**points[0], "magnitude": power, "relative_error": 1.0} for power in scaled]
    return rule_rows(accuracy_rules(ledger(content(torch, accuracy=points)), INDEX))


@pytest.mark.parametrize(
    ("errors", "bounds", "sentence"),
    [
        (
            (0.0, 5e-7, 0.5),
            ("under 2.4e-7 up to 1", "under 1e-6 up to 1 Ki"),
            (
                "for float32 tensors of up to 1 Ki elements the relative error stays under 1e-3, and no "
                "longer at 1 Mi (measured: 3 sizes up to 1 Mi, mixed values from 1 on)."
            ),
        ),
        (
            (0.0, 1e-8),
            ("under 2.4e-7 at every size up to 1 Ki",),
            (
                "for float32 tensors of up to 1 Ki elements the relative error stays under "
                "2.4e-7 (measured: 2 sizes up to 1 Ki, mixed values from 1 on)."
            ),
        ),
        (
            (0.5, 0.0),
            ("above 2.4e-7 at every size",),
            (
                "no float32 norm that was measured has a relative error under 1e-3 "
                "(measured: 2 sizes up to 1 Ki, mixed values from 1 on)."
            ),
        ),
    ],
)
def test_a_rule_in_words(errors: tuple[float, ...], bounds: tuple[str, ...], sentence: str) -> None:
    (row,) = rows(*errors)
    assert (row.bounds, row.sentence) == (bounds, f"On CPU, in 1.9.0, {sentence}")


@pytest.mark.parametrize(
    ("scaled", "values"),
    [
        ((), "not measured"),
        ((-5,), "from 0.13"),
        ((5,), "up to 2"),
        ((-5, 5), "from 0.13 up to 2"),
    ],
)
def test_values_in_words(scaled: tuple[int, ...], values: str) -> None:
    (row,) = rows(0.0, scaled=scaled)
    assert row.values == values


def test_a_span_is_no_more_exact_than_it_is_known() -> None:
    (row,) = rows(0.0, torch="2.0.0")
    assert row.extent == "2.0.0 (by 2.0.0, the oldest measured)"


SPAN = Span(
    question="remedy",
    device="cpu",
    kind="value",
    outcome="helps",
    text="helps",
    first="2.1.0",
    after="2.0.0",
    last="2.9.0",
    to=None,
    exact=False,
    measured=2,
    unmeasured=0,
)


@pytest.mark.parametrize(
    ("result", "conversion", "says"),
    [
        (
            "float32",
            "float64",
            (
                "ask for dtype=torch.float32, which is good enough at every measured size "
                "(after 2.0.0, by 2.1.0); elsewhere give [t.double() for t in tensors]."
            ),
        ),
        (
            "float32",
            None,
            (
                "ask for dtype=torch.float32, which is good enough at every measured size "
                "(after 2.0.0, by 2.1.0)."
            ),
        ),
        (
            None,
            "float32",
            "give [t.float() for t in tensors], which is good enough at every measured size.",
        ),
        (None, None, "nothing that was measured is good enough at every size."),
    ],
)
def test_a_remedy_in_words(result: str | None, conversion: str | None, says: str) -> None:
    spans = (SPAN,) if result else ()
    remedy = Remedy(device="cpu", dtype="float16", result=result, spans=spans, conversion=conversion)
    assert remedy_sentence(remedy) == f"On CPU, for float16: {says}"


def test_the_same_advice_is_given_once() -> None:
    plain: dict[str, Any] = {"device": "cpu", "spans": (SPAN,), "conversion": None}
    found = remedy_rows(
        [
            Remedy(dtype="float16", result="float64", **plain),
            Remedy(dtype="bfloat16", result="float32", **plain),
            Remedy(dtype="float32", result="float64", **plain),
        ]
    )
    assert [each.dtypes for each in found] == [("float16", "float32"), ("bfloat16",)]
    assert found[0].sentence.startswith("On CPU, for float16 and float32: ask for dtype=torch.float64")
