"""Operators by the length of the list: releases that are alike share a curve, and each is drawn."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from compat.report.launch_chart import launch_chart
from compat.report.launch_view import LaunchPanel, launch_panels
from tests.builders import claim, content, contract, ledger

ABOUT = contract(claims=[claim("constant-cost", launches=["launch"])])


def record(
    torch: str, counts: dict[int, int], device: str = "cpu", name: str = "aten::norm"
) -> dict[str, Any]:
    dispatches = [{"length": n, "operators": {name: count, "other": 7}} for n, count in counts.items()]
    return content(torch, device=device, cost={"dispatches": dispatches})


def panels(*wholes: dict[str, Any]) -> tuple[LaunchPanel, ...]:
    return launch_panels(ledger(*wholes), ABOUT)


def test_neighbours_that_are_alike_share_a_curve() -> None:
    linear, other = {1: 3, 10: 21, 100: 201}, {1: 4, 10: 31, 100: 301}
    (panel,) = panels(record("1.11.0", other), record("2.0.0", linear), record("2.1.0", linear))
    assert [each.extent for each in panel.curves] == ["1.11.0", "2.0.0 to 2.1.0"]
    assert panel.curves[1].points == ((1, 10), (10, 28), (100, 208))
    assert panel.counted == "operators"
    assert panel.seen.startswith("In 2.0.0 to 2.1.0: 8 + 2 n operators for n tensors; constant in no release")


def test_an_accelerator_counts_its_launches_alone() -> None:
    (panel,) = panels(record("2.0.0", {1: 2, 10: 2, 100: 2}, "cuda", "launch"))
    assert panel.counted == "launches"
    assert panel.curves[0].points == ((1, 2), (10, 2), (100, 2))
    assert panel.seen == "In 2.0.0: 2 launches for 1 to 100 tensors; the same for every length."


@pytest.mark.parametrize("counts", [{}, {1: 3}, {0: 0}])
def test_too_few_lengths_make_no_panel(counts: dict[int, int]) -> None:
    assert panels(record("2.0.0", counts)) == ()


def test_every_point_is_drawn_within_and_named() -> None:
    curves = [record(f"2.{minor}.0", {1: minor + 1, 10: 30, 10_000: 30_000}) for minor in range(6)]
    (panel,) = panels(*curves)
    drawing = ET.fromstring(launch_chart(panel))  # noqa: S314 - our own
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    titles = [each.text or "" for each in drawing.iter("title")]
    assert sum("10,000 tensors" in title for title in titles) == 4  # of many curves the newest four
    places = [(each.get("x") or each.get("x1"), each.get("y") or each.get("y1")) for each in drawing.iter()]
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in places if x and y)
