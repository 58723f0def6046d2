"""Drawings: every number within its frame, every mark with a name."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from compat.report.accuracy_view import accuracy_panels
from compat.report.charts import WIDTH, accuracy_chart, legend_sample, speed_chart
from compat.report.speed_view import speed_tables
from compat.report.svg import LogAxis, path, tag
from tests.builders import contract
from tests.report.samples import sample
from tests.report.test_accuracy_view import curve
from tests.report.test_speed_view import CLAIM, row


def test_elements_escape_what_they_hold() -> None:
    assert (
        tag("text", "<b>", x=1.0, class_='a"b', text_anchor=None)
        == '<text x="1" class="a&#34;b">&lt;b&gt;</text>'
    )


@pytest.mark.parametrize(("value", "place"), [(1, 0), (10, 50), (100, 100), (1000, 100), (0.1, 0)])
def test_a_logarithmic_axis(value: float, place: float) -> None:
    assert LogAxis(low=1, high=100, start=0, end=100).at(value) == pytest.approx(place)


def test_a_path() -> None:
    assert path([(0.0, 1.25), (2.0, 3.0)]) == "M0 1.2 L2 3"


@pytest.mark.parametrize(
    "errors", [(0.0,), (0.0, 1e-50, 1e-8), ("inf", "nan"), (0.5, 1e-8, "inf", 0.0), (1e-8, 1e-7, 1.0)]
)
def test_every_point_lies_within_the_drawing(errors: tuple[float | str, ...]) -> None:
    drawing = ET.fromstring(accuracy_chart(accuracy_panels(curve(*errors))[0]))  # noqa: S314 - our own
    height = float(drawing.attrib["viewBox"].split()[3])
    places = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", " ".join(each.get("d", "") for each in drawing.iter()))
    places += [(each.get("cx", ""), each.get("cy", "")) for each in drawing.iter("circle")]
    assert len(places) >= 2 * len(errors)
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= height for x, y in places)


def test_markers_say_what_they_mark() -> None:
    drawing = ET.fromstring(accuracy_chart(accuracy_panels(curve(0.0, 1e-8))[0]))  # noqa: S314 - our own
    titles = [each.text for each in drawing.iter("title")]
    assert "torch 2.0.0, 4 elements: 1.0e-8" in titles


def test_speed_shows_interval_claim_and_what_is_unusable() -> None:
    rows = [row(torch="1.11.0"), row(torch="2.0.0", usable=False, why="its control is off")]
    drawing = ET.fromstring(speed_chart(speed_tables(rows, contract(claims=[CLAIM]))[0], 0))  # noqa: S314
    classes = [each.get("class") for each in drawing.iter()]
    assert classes.count("interval") == 2
    assert classes.count("point unusable") == 1
    assert classes.count("claimed") == 1
    assert "2.0.0: 2.00 (1.90 to 2.10), not usable: its control is off" in [
        each.text for each in drawing.iter("title")
    ]


def test_a_sample_for_each_curve_that_can_be_drawn() -> None:
    assert len({str(legend_sample(place)) for place in range(4)}) == 4
    plotted = [each for panel in sample().page.accuracy for each in panel.curves if each.plotted]
    assert plotted
