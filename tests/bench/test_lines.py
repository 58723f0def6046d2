"""The benchmark's table: what is met, what is missed, and rounds that turn."""

from __future__ import annotations

import pytest

from compat.bench.lines import at_least, at_most, exponent, in_turns, not_measured, ratios, told


@pytest.mark.parametrize(("figure", "met"), [(1.2, True), (1.5, True), (1.51, False)])
def test_a_limit(figure: float, met: bool) -> None:  # noqa: FBT001
    line = at_most("w", [figure], 1.5, "x")
    assert line.met is met
    assert ("MISSED" in line.text) is not met
    assert "at most 1.5x" in line.text


@pytest.mark.parametrize(("figure", "met"), [(999.0, False), (1000.0, True), (2000.0, True)])
def test_a_goal(figure: float, met: bool) -> None:  # noqa: FBT001
    line = at_least("w", [figure], 1000)
    assert line.met is met
    assert "at least 1,000" in line.text


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    line = not_measured("w", "no index")
    assert line.met is None
    assert line.text.endswith("not measured: no index")


def test_rounds_turn_so_that_a_drift_falls_on_all() -> None:
    order: list[str] = []
    clock = iter([1.0, 2.0, 3.0, 4.0])

    def go(name: str) -> float:
        order.append(name)
        return next(clock)

    taken = in_turns({"a": lambda: go("a"), "b": lambda: go("b")}, 2)
    assert order == ["a", "b", "b", "a"]
    assert taken == {"a": [1.0, 4.0], "b": [2.0, 3.0]}
    assert ratios(taken, "a", "b") == pytest.approx([0.5, 4 / 3])


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ([1.0], "1x"),
        ([2.0, 1.0, 9.5], "2x (1 to 9.5)"),
        ([1234.5, 99.94, 40000.0], "1,234x (99.9 to 40,000)"),
    ],
)
def test_the_median_is_told_with_its_spread(figures: list[float], text: str) -> None:
    assert told(figures, "x") == text


def test_the_median_decides_and_not_the_spread() -> None:
    assert at_most("w", [1.0, 9.0, 1.4], 1.5).met is True
    assert at_least("w", [1.0, 9.0, 1.4], 1.5).met is False


@pytest.mark.parametrize(
    ("seconds", "power"), [((9.0, 1.0, 10.0), 1.0), ((9.0, 1.0, 100.0), 2.0), ((0.1, 5.0, 5.0), 0.0)]
)
def test_growth_is_of_the_last_two(seconds: tuple[float, ...], power: float) -> None:
    assert exponent((20, 200, 2000), seconds) == pytest.approx(power)
