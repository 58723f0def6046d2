"""The drawing of accuracy by size, as inline SVG.

Colours come from the page's style sheet by class, so that they follow light and dark; nothing is told by
colour alone: curves differ in dashes and markers as well, and a table beside it has the numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from compat.report.numbers import finite, size
from compat.report.svg import LogAxis, drawing, path, tag

if TYPE_CHECKING:
    from markupsafe import Markup

    from compat.report.accuracy_view import AccuracyPanel, Curve, Point

WIDTH = 360
_ACCURACY_HEIGHT = 236
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 12, 12, 40
_EXACT = 2.0**-10
_DASHES = (None, "7 3", "2 3", "9 3 2 3")


def accuracy_chart(panel: AccuracyPanel) -> Markup:
    """Draw the relative error against the number of elements, both logarithmic."""
    plotted = [curve for curve in panel.curves if curve.plotted]
    errors = [error for curve in plotted for error in _errors(curve, panel)]
    low, high = _decades([*errors, panel.epsilon] if panel.epsilon else errors or [1.0])
    sizes = panel.sizes or (1, 2)
    right, floor = float(WIDTH - _RIGHT), float(_ACCURACY_HEIGHT - _BOTTOM)
    across = LogAxis(low=sizes[0], high=max(sizes[-1], sizes[0] * 2), start=_LEFT + 6, end=right - 6)
    up = LogAxis(low=low, high=high, start=floor - 18, end=_TOP + 14)
    parts = [*_size_axis(panel, across, floor), *_error_axis(up, floor, right)]
    if panel.epsilon:
        y = up.at(panel.epsilon)
        parts += [
            tag("line", class_="step", x1=_LEFT, x2=right, y1=y, y2=y),
            tag("text", "one step", class_="note", x=right - 2, y=y - 4, text_anchor="end"),
        ]
    for place, curve in enumerate(plotted):
        parts += _curve(curve, place, across, up, floor)
    title = f"Relative error of {panel.dtype} norms by number of elements, on {panel.device.upper()}"
    return drawing(title, panel.seen, WIDTH, _ACCURACY_HEIGHT, parts)


def legend_sample(place: int) -> Markup:
    """Draw a piece of a curve with its marker, for the legend."""
    line = tag(
        "path",
        class_=f"curve series-{place}",
        d=path([(1.0, 7.0), (33.0, 7.0)]),
        stroke_dasharray=_DASHES[place],
    )
    return tag(
        "svg",
        line,
        curve_marker(place, 17.0, 7.0),
        viewBox="0 0 34 14",
        width=34,
        height=14,
        aria_hidden="true",
    )


def _errors(curve: Curve, panel: AccuracyPanel) -> list[float]:
    """Return what is drawn as an error; far below a step of the dtype, a result is exact."""
    floor = panel.epsilon * _EXACT
    return [error for point in curve.points if (error := finite(point.error)) is not None and error > floor]


def _decades(values: list[float]) -> tuple[float, float]:
    """Return the powers of ten around the values, at least two apart."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return 10.0**low, 10.0 ** max(high, low + 2)


def _size_axis(panel: AccuracyPanel, across: LogAxis, floor: float) -> list[Markup]:
    parts = []
    for place, elements in enumerate(panel.sizes):
        x = across.at(elements)
        labelled = place % 4 == 0 or place == len(panel.sizes) - 1
        parts.append(tag("line", class_="tick", x1=x, x2=x, y1=floor, y2=floor + (5 if labelled else 3)))
        if labelled:
            parts.append(tag("text", size(elements), class_="label", x=x, y=floor + 17, text_anchor="middle"))
    middle = (across.start + across.end) / 2
    parts.append(tag("text", "elements", class_="axis", x=middle, y=floor + 33, text_anchor="middle"))
    return parts


def _error_axis(up: LogAxis, floor: float, right: float) -> list[Markup]:
    first, last = round(math.log10(up.low)), round(math.log10(up.high))
    stride = max(1, math.ceil((last - first) / 5))
    parts = [
        tag("line", class_="frame", x1=_LEFT, x2=_LEFT, y1=_TOP, y2=floor),
        tag("line", class_="frame", x1=_LEFT, x2=right, y1=floor, y2=floor),
        tag("text", "relative error", class_="axis", x=2, y=_TOP - 1),
        tag("text", "0", class_="label", x=_LEFT - 6, y=floor - 2, text_anchor="end"),
    ]
    for power in range(first, last + 1, stride):
        y = up.at(10.0**power)
        parts.append(tag("line", class_="grid", x1=_LEFT, x2=right, y1=y, y2=y))
        parts.append(tag("text", f"1e{power}", class_="label", x=_LEFT - 6, y=y + 4, text_anchor="end"))
    return parts


def _curve(curve: Curve, place: int, across: LogAxis, up: LogAxis, floor: float) -> list[Markup]:
    places = [(across.at(point.elements), _height(point, up, floor), point) for point in curve.points]
    line = path([(x, y) for x, y, _ in places])
    parts = [tag("path", class_=f"curve series-{place}", d=line, stroke_dasharray=_DASHES[place])]
    for x, y, point in places:
        told = f"torch {curve.extent}, {size(point.elements)} elements: {point.text}"
        parts.append(curve_marker(place, x, y, told))
    return parts


def _height(point: Point, up: LogAxis, floor: float) -> float:
    """Place an exact result on the line marked 0, and one that is not finite above all others."""
    error = finite(point.error)
    if error is None:
        return float(_TOP + 4)
    return up.at(error) if error >= up.low else floor - 6


def dashes(place: int) -> str | None:
    """Return how the line of a curve is dashed, by its place among the others."""
    return _DASHES[place]


def curve_marker(place: int, x: float, y: float, told: str = "") -> Markup:
    """Draw a point of a curve; its shape tells the curve, and its title the point."""
    half = 3.2
    shapes = (
        [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)],
        [(x, y - half - 1), (x + half + 1, y + half), (x - half - 1, y + half)],
        [(x, y - half - 1), (x + half + 1, y), (x, y + half + 1), (x - half - 1, y)],
    )
    children = (tag("title", told),) if told else ()
    if place == 0:
        return tag("circle", *children, class_="marker series-0", cx=x, cy=y, r=half)
    return tag("path", *children, class_=f"marker series-{place}", d=path(shapes[place - 1]) + "Z")
