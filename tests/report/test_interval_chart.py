"""Numbers with their intervals, drawn: each at its place, and none told by colour alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from compat.report.interval_chart import WIDTH, Along, Mark, Plot, along_chart, interval_chart
from compat.report.speed_view import speed_tables
from tests.builders import contract
from tests.report.test_speed_view import CLAIM, row

if TYPE_CHECKING:
    from markupsafe import Markup


def drawn(drawing: Markup) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - our own


def plot(*middles: float, logarithmic: bool = True) -> Plot:
    marks = tuple(
        Mark(label=f"model {n}", middle=middle, low=middle - abs(middle) / 10, high=middle + abs(middle) / 10)
        for n, middle in enumerate(middles)
    )
    return Plot(
        title="t", heading="h", seen="what is seen", axis="times", marks=marks, logarithmic=logarithmic
    )


@pytest.mark.parametrize(
    ("middles", "logarithmic"),
    [
        ((1.0, 2.0, 3.0), True),
        ((1.001, 1.002), True),
        ((0.001, 4000.0), True),
        ((1.0,), True),
        ((-3.0, 0.2, 12.0), False),
        ((0.0,), False),
        ((), False),
        ((), True),
    ],
)
def test_everything_lies_within_the_drawing(middles: tuple[float, ...], *, logarithmic: bool) -> None:
    drawing = drawn(interval_chart(plot(*middles, logarithmic=logarithmic)))
    height = float(drawing.attrib["viewBox"].split()[3])
    across = [float(each.get(key, "0")) for each in drawing.iter() for key in ("x", "x1", "x2", "cx")]
    down = [float(each.get(key, "0")) for each in drawing.iter() for key in ("y", "y1", "y2", "cy")]
    assert all(0 <= x <= WIDTH for x in across)
    assert all(0 <= y <= height for y in down)
    assert len(list(drawing.iter("circle"))) == len(middles)
    assert any(each.get("class") in ("one", "grid") for each in drawing.iter("line"))


def test_points_lie_in_the_order_of_their_numbers_and_within_their_intervals() -> None:
    drawing = drawn(interval_chart(plot(0.5, 1.0, 4.0)))
    places = [float(each.attrib["cx"]) for each in drawing.iter("circle")]
    assert places == sorted(places)
    extents = [
        (float(each.attrib["x1"]), float(each.attrib["x2"]))
        for each in drawing.iter("line")
        if each.get("class") == "interval"
    ]
    assert all(low < place < high for place, (low, high) in zip(places, extents, strict=True))


def test_speed_shows_interval_claim_and_what_is_unusable() -> None:
    rows = [row(torch="1.11.0"), row(torch="2.0.0", usable=False, why="its control is off")]
    drawing = drawn(interval_chart(speed_tables(rows, contract(claims=[CLAIM]))[0].plots[0]))
    classes = [each.get("class") for each in drawing.iter()]
    assert classes.count("interval") == 2
    assert classes.count("point unusable") == 1
    assert classes.count("claimed") == 1
    assert "2.0.0: 2.00 (1.90 to 2.10), not usable: its control is off" in [
        each.text for each in drawing.iter("title")
    ]


def test_along_the_length_of_a_list() -> None:
    marks = tuple(
        (length, Mark(label=str(length), middle=ratio, low=ratio * 0.9, high=ratio * 1.1, usable=length > 1))
        for length, ratio in ((1, 1.6), (10, 1.2), (1000, 1.0))
    )
    drawing = drawn(along_chart(Along(title="t", heading="h", seen="s", axis="times", marks=marks)))
    points = [(float(each.attrib["cx"]), float(each.attrib["cy"])) for each in drawing.iter("circle")]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted(y for _, y in points)  # down the page: ever smaller
    assert [each.get("class") for each in drawing.iter("circle")] == ["point unusable", "point", "point"]
    curve = next(each for each in drawing.iter("path"))
    assert len(re.findall(r"[ML]", curve.attrib["d"])) == 3
    assert {each.text for each in drawing.iter("text")} >= {"1", "10", "1,000", "tensors in the list"}
