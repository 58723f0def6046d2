"""The verdict as results of tests: what is not known is never passed, and the XML is whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from compat.report.junit import render
from tests.report.samples import HOSTILE, empty, sample

if TYPE_CHECKING:
    from compat.report.view import View


def suites(view: View) -> dict[str, ET.Element]:
    root = ET.fromstring(render(view))  # noqa: S314 - our own
    return {str(each.get("name")).rpartition(" ")[2]: each for each in root.iter("testsuite")}


def test_refuted_claims_and_broken_releases_fail_and_the_unknown_is_skipped() -> None:
    view = sample()
    found = suites(view)
    claims = {each.get("name"): [part.tag for part in each] for each in found["claims"]}
    assert set(claims) == {each.id for each in view.page.claims}
    assert all(tags == ["failure"] for tags in claims.values())
    marks = {f"{each.label} on {each.device.upper()}": each.mark.word for each in view.page.releases}
    for case in found["releases"]:
        expected = {"breaks callers": "failure", "not measured": "skipped"}
        tag = expected.get(marks[str(case.get("name"))])
        assert tag is None or case[0].tag == tag
    for suite in found.values():
        assert int(suite.get("failures", 0)) == len(suite.findall(".//failure"))
        assert int(suite.get("skipped", 0)) == len(suite.findall(".//skipped"))
        assert int(suite.get("tests", 0)) == len(suite)


def test_nothing_measured_passes_nothing() -> None:
    assert not [each for each in suites(empty())["releases"] if each.find("skipped") is None]


@pytest.mark.parametrize("text", [HOSTILE, "]]>", "\x00\x0b\ud800", "\"'<&>", "x" * 100_000])
def test_the_xml_is_whole_whatever_a_record_says(text: str) -> None:
    view = sample()
    claim = replace(view.page.claims[0], because=text)
    hostile = replace(view, page=replace(view.page, claims=(claim,)))
    (failure,) = suites(hostile)["claims"].iter("failure")
    assert len(failure.text or "") >= len(text) - 3
