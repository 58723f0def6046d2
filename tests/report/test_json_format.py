"""The file for machines: its keys are a promise."""

from __future__ import annotations

import json

from compat.report.badge import render as render_badge
from compat.report.json_format import render
from tests.report.samples import HOSTILE, empty, sample

PROMISED = {
    "releases": {"torch", "python", "device", "status", "why", "records"},
    "spans": {"question", "device", "outcome", "from", "after", "to"},
    "claims": {"id", "claim", "verdict", "because", "records"},
    "accuracy_rules": {"device", "dtype", "from", "after", "to", "bounds", "worst", "values", "sentence"},
    "accuracy_remedies": {"device", "dtype", "result_dtype", "spans", "convert_to", "sentence"},
    "speed": {"torch", "device", "workload", "against", "ratio", "low", "high", "samples"},
}


def test_every_promised_key_is_there() -> None:
    content = json.loads(render(sample()))
    assert content["format"] == 1
    assert content["api"] == "torch._foreach_norm"
    assert content["note"].startswith("# NOTE: ")
    for part, keys in PROMISED.items():
        assert content[part], part
        assert all(keys <= set(each) for each in content[part]), part


def test_words_are_those_of_the_design() -> None:
    content = json.loads(render(sample()))
    statuses = {each["status"] for each in content["releases"]}
    assert statuses == {"absent", "caveat", "compatible", "incompatible", "not-measured"} & statuses
    assert {each["verdict"] for each in content["claims"]} <= {"supported", "refuted", "inconclusive"}


def test_text_from_outside_is_whole_and_ascii() -> None:
    text = render(sample())
    assert text.isascii()
    assert HOSTILE in {span["outcome"] for span in json.loads(text)["spans"]}


def test_a_span_that_still_holds_has_no_end() -> None:
    spans = [each for each in json.loads(render(sample()))["spans"] if each["question"] == "present"]
    assert [(each["from"], each["after"], each["to"], each["exact"]) for each in spans] == [
        ("1.10.2", None, "1.10.2", False),
        ("1.11.0", "1.10.2", None, True),
    ]


def test_the_badge_is_an_endpoint_of_schema_1() -> None:
    assert json.loads(render_badge(sample())) == {
        "schemaVersion": 1,
        "label": "torch._foreach_norm",
        "message": "contradicted: 3 of 3 claims refuted",
        "color": "red",
    }
    assert json.loads(render_badge(empty()))["color"] == "lightgrey"
