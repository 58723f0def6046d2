"""Differences: what tells two outcomes apart, and which of two differences hurts a caller more."""

from __future__ import annotations

import math
from typing import Any

import pytest

from compat.differences import LESSER, Difference, Harm, difference
from compat.record_format import Outcome
from compat.spans import Span, infer_spans


def spans(
    before: dict[str, Any], now: dict[str, Any], question: str = "q", processors: tuple[str, ...] = ()
) -> tuple[Span, ...]:
    outcomes = {"1.0": Outcome.model_validate(before), "2.0": Outcome.model_validate(now)}
    on = dict(zip(outcomes, processors, strict=False))
    return infer_spans(outcomes, ["1.0", "2.0"], question=question, device="cpu", processors=on)


def value(text: str, *warnings: str) -> dict[str, Any]:
    return {"kind": "value", "text": text, "warnings": warnings}


def error(text: str, *warnings: str) -> dict[str, Any]:
    return {"kind": "error", "text": text, "warnings": warnings}


FIVE = value("float32[] 5.0")
UNSTABLE = {"kind": "unstable", "text": "1.0 | 2.0"}

DIFFERENCES: list[tuple[dict[str, Any], dict[str, Any], Harm, float | None]] = [
    (FIVE, UNSTABLE, Harm.UNDEFINED, None),
    (UNSTABLE, FIVE, Harm.UNDEFINED, None),
    (error("TypeError: no"), {"kind": "crash", "text": "SIGSEGV"}, Harm.UNDEFINED, None),
    (FIVE, {"kind": "timeout", "text": "no answer"}, Harm.UNDEFINED, None),
    (FIVE, error("RuntimeError: no"), Harm.REFUSES, None),
    (error("RuntimeError: no"), FIVE, Harm.ACCEPTS, None),
    (FIVE, {"kind": "absent", "text": "absent"}, Harm.REFUSES, None),
    (error("RuntimeError: no"), error("TypeError: no"), Harm.OTHER_ERROR, None),
    (error("RuntimeError: no"), error("RuntimeError: never"), Harm.REWORDED, None),
    (error("RuntimeError: no"), error("RuntimeError: no", "UserWarning: old"), Harm.WARNS, None),
    (FIVE, value("float32[] 5.0", "UserWarning: old"), Harm.WARNS, None),
    (FIVE, value("float32[] 5.0000005"), Harm.ROUNDED, 0.84),
    (FIVE, value("float32[] 5.1"), Harm.OTHER_ANSWER, 164482.5),
    (FIVE, value("float32[] nan"), Harm.OTHER_ANSWER, math.inf),
    (FIVE, value("float32[] inf"), Harm.OTHER_ANSWER, math.inf),
    (value("float16[] 5.0"), value("float16[] 5.004"), Harm.ROUNDED, 0.82),
    (FIVE, value("float64[] 5.0"), Harm.OTHER_KIND, None),
    (FIVE, value("float32[1] [5.0]"), Harm.OTHER_KIND, None),
    (FIVE, value("float32[]+grad 5.0"), Harm.OTHER_KIND, None),
    (value("tuple(float32[] 5.0)"), value("list(float32[] 5.0)"), Harm.OTHER_KIND, None),
    (value("tuple(float32[] 5.0)"), value("tuple(float32[] 5.0, float32[] 1.0)"), Harm.OTHER_KIND, None),
    (value("'tuple'"), value("'list'"), Harm.OTHER_ANSWER, None),
    (value("{0: 'TypeError', 1: list(7.0)}"), value("{0: list(2.0), 1: list(7.0)}"), Harm.ACCEPTS, None),
    (value("{0: list(2.0), 1: list(7.0)}"), value("{0: 'TypeError', 1: list(7.0)}"), Harm.REFUSES, None),
    (value("{0: 'TypeError', 1: 7}"), value("{0: 'ValueError', 1: 7}"), Harm.OTHER_ERROR, None),
    (value("{0: 'TypeError', 1: 7}"), value("{0: 2, 1: 8}"), Harm.OTHER_ANSWER, None),
    (value("{0: float32[] 5.0, 1: 7}"), value("{0: float32[] 5.0000005, 1: 7}"), Harm.ROUNDED, 0.84),
    (value("{0: 7}"), value("{1: 7}"), Harm.OTHER_ANSWER, None),
    (value("True"), value("False"), Harm.OTHER_ANSWER, None),
    (value("7"), value("8"), Harm.OTHER_ANSWER, None),
    (value("{2.5: list(4.688140869140625)}"), value("{2.5: list(4.688141345977783)}"), Harm.ROUNDED, 0.85),
    (value("4.688140869140625"), value("4.68814086914063"), Harm.OTHER_ANSWER, None),
    (value("4.688140869140625"), value("4.688140869140626"), Harm.ROUNDED, 0.85),
    (value("list(1e+300)"), value("list(inf)"), Harm.OTHER_ANSWER, None),
    (value("float32[] 0.0"), value("float32[] -0.0"), Harm.OTHER_ANSWER, None),
    (value("int64[] 7"), value("int64[] 8"), Harm.OTHER_ANSWER, None),
    (value("complex64[] (1+2j)"), value("complex64[] (1+3j)"), Harm.OTHER_ANSWER, None),
    (
        value("float32[9] from 0.0 to 8.0, bits 0a1b2c3d"),
        value("float32[9] from 0.0 to 8.0, bits ffffffff"),
        Harm.OTHER_ANSWER,
        None,
    ),
    (
        value("float32[9] from 0.0 to 8.0, bits 0a1b2c3d"),
        value("float32[9] from 0.0 to 8.000001, bits ffffffff"),
        Harm.ROUNDED,
        1.05,
    ),
    (
        value("tuple(float32[] 1.0, float16[] 2.0)"),
        value("tuple(float32[] 1.0, float16[] 2.002)"),
        Harm.ROUNDED,
        1.02,
    ),
]


@pytest.mark.parametrize(("before", "now", "harm", "ulps"), DIFFERENCES)
def test_difference(before: dict[str, Any], now: dict[str, Any], harm: Harm, ulps: float | None) -> None:
    found = difference(*spans(before, now))
    assert found.harm is harm
    assert found.ulps == (pytest.approx(ulps, rel=0.01) if ulps is not None else None)


@pytest.mark.parametrize(
    ("question", "harm"),
    [
        ("stub", Harm.NOTICE),
        ("schema", Harm.NOTICE),
        ("relative:torch.foreach.norm", Harm.NOTICE),
        ("dispatches", Harm.NOTICE),
        ("values", Harm.ROUNDED),
        ("agreement:norm", Harm.OTHER_ANSWER),
    ],
)
def test_what_is_no_question_of_the_contracts(question: str, harm: Harm) -> None:
    assert difference(*spans(value("agrees"), value("2 disagrees"), question)).harm is harm


@pytest.mark.parametrize(
    ("now", "question", "processors", "harm"),
    [
        ("float32[] 5.0000005", "q", ("Intel", "Intel"), Harm.ROUNDED),
        ("float32[] 5.0000005", "q", ("Intel", "AMD"), Harm.PROCESSOR),
        ("float32[] 5.0000005", "q", ("Intel",), Harm.PROCESSOR),
        ("float32[] 5.0000005", "q", ("Intel", "Intel, AVX512"), Harm.ROUNDED),
        ("float32[] 5.0000005", "q", ("Intel, AVX512", "Intel"), Harm.ROUNDED),
        ("float32[] 5.0000005", "q", ("Intel", "Intel X, AVX512"), Harm.PROCESSOR),
        ("float32[] 5.0000005", "q", ("Intel, AVX2", "Intel, AVX512"), Harm.PROCESSOR),
        ("bits 0a1b2c3d over 9 cases", "values", ("Intel", "AMD"), Harm.PROCESSOR),
        ("float32[] 5.1", "q", ("Intel", "AMD"), Harm.OTHER_ANSWER),
        ("float64[] 5.0", "q", ("Intel", "AMD"), Harm.OTHER_KIND),
    ],
)
def test_a_rounding_on_another_processor_may_be_that_ones(
    now: str, question: str, processors: tuple[str, ...], harm: Harm
) -> None:
    assert difference(*spans(FIVE, value(now), question, processors)).harm is harm


def test_every_harm_has_words_of_its_own() -> None:
    assert len({harm.words for harm in Harm}) == len(Harm)


def test_a_message_is_less_than_a_value_and_garbage_is_the_worst() -> None:
    assert Harm.REWORDED < Harm.ROUNDED < Harm.REFUSES < Harm.OTHER_ANSWER < Harm.UNDEFINED
    assert max(LESSER) < min(set(Harm) - LESSER)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Difference(harm=Harm.ROUNDED, ulps=1.0), "rounded otherwise (1 ulp)"),
        (Difference(harm=Harm.PROCESSOR, ulps=1.0), "rounded otherwise, on another processor (1 ulp)"),
        (
            Difference(harm=Harm.OTHER_ANSWER, ulps=math.inf),
            "other answer, silently (finite against not finite)",
        ),
        (Difference(harm=Harm.OTHER_ANSWER), "other answer, silently"),
        (Difference(harm=Harm.REFUSES), "refuses now"),
    ],
)
def test_words(found: Difference, words: str) -> None:
    assert found.words == words


def test_another_name_or_cost_is_worth_a_notice_and_nonsense_is_undefined_all_the_same() -> None:
    assert difference(*spans(value("201"), value("401")), notice=True).harm is Harm.NOTICE
    assert difference(*spans(value("201"), UNSTABLE), notice=True).harm is Harm.UNDEFINED
