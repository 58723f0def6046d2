"""Drawings: every number within its frame, every mark with a name."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from compat.report.accuracy_chart import WIDTH, accuracy_chart, legend_sample
from compat.report.accuracy_view import accuracy_panels
from compat.report.svg import LogAxis, path, tag
from tests.report.samples import sample
from tests.report.test_accuracy_view import curve


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


def test_a_sample_for_each_curve_that_can_be_drawn() -> None:
    assert len({str(legend_sample(place)) for place in range(4)}) == 4
    plotted = [each for panel in sample().page.accuracy for each in panel.curves if each.plotted]
    assert plotted
