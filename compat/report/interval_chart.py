"""How are numbers with their intervals drawn: a row for each, or along the length of a list?

Like the other drawings, nothing is told by colour alone, and a table beside each has its numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.report.svg import LinearAxis, LogAxis, drawing, path, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from compat.report.svg import Axis

WIDTH = 360
_TOP, _BOTTOM, _RIGHT, _LEFT = 12, 40, 12, 46
_ROW, _ALONG = 17, 190
_LETTER, _SHORTEST, _WIDEST = 6.2, 9, 31
"""The width of a letter, and how many of them a label's column has room for."""

_TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_FINER = (0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
_A_SCALE = 4
_BETWEEN_LABELS = 24

NEUTRAL = {True: 1.0, False: 0.0}
"""Where nothing is gained and nothing lost, by whether the axis is logarithmic."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A number with its interval, and what is told of it."""

    label: str
    middle: float
    low: float
    high: float
    usable: bool = True
    told: str = ""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Numbers of one kind to be drawn together, with a title, what is seen, and the name of their axis."""

    title: str
    heading: str
    seen: str
    axis: str
    marks: tuple[Mark, ...]
    logarithmic: bool = True
    band: tuple[float, float] | None = None
    """A range that somebody claims."""


@dataclass(frozen=True, kw_only=True)
class Along:
    """Numbers with intervals by a length: each mark's label is that length."""

    title: str
    heading: str
    seen: str
    axis: str
    marks: tuple[tuple[int, Mark], ...]


def interval_chart(plot: Plot) -> Markup:
    """Draw a row for each number: a point, a line for its interval, hollow where it is not usable."""
    longest = max((len(mark.label) for mark in plot.marks), default=0)
    labels = _LETTER * min(max(longest, _SHORTEST), _WIDEST) + 8
    bounds = [bound for mark in plot.marks for bound in (mark.low, mark.high, mark.middle)]
    bounds += [NEUTRAL[plot.logarithmic], *(plot.band or ())]
    floor = float(_TOP + 16 + _ROW * len(plot.marks))
    across = _axis(bounds, labels, WIDTH - _RIGHT, logarithmic=plot.logarithmic)
    parts = _band(plot, across, floor) + _ticks(plot, across, floor)
    for place, mark in enumerate(plot.marks):
        y = _TOP + 16 + _ROW * (place + 0.5)
        parts += [
            tag("text", mark.label, class_="label", x=labels - 6, y=y + 4, text_anchor="end"),
            tag("line", class_="interval", x1=across.at(mark.low), x2=across.at(mark.high), y1=y, y2=y),
            _point(mark, across.at(mark.middle), y),
        ]
    return drawing(plot.title, plot.seen, WIDTH, int(floor) + _BOTTOM, parts)


def along_chart(along: Along) -> Markup:
    """Draw ratios against a length, both logarithmic, each with its interval."""
    lengths = [length for length, _ in along.marks]
    bounds = [bound for _, mark in along.marks for bound in (mark.low, mark.high, mark.middle)] + [1.0]
    floor, right = float(_ALONG - _BOTTOM), float(WIDTH - _RIGHT)
    across = LogAxis(low=lengths[0], high=max(lengths[-1], lengths[0] * 2), start=_LEFT + 8, end=right - 8)
    up = LogAxis(low=min(bounds) / 1.2, high=max(bounds) * 1.2, start=floor, end=float(_TOP + 6))
    parts = [tag("line", class_="frame", x1=_LEFT, x2=right, y1=floor, y2=floor)]
    for tick in _within(up.low, up.high):
        y = up.at(tick)
        parts.append(tag("line", class_="one" if tick == 1 else "grid", x1=_LEFT, x2=right, y1=y, y2=y))
        parts.append(tag("text", f"{tick:g}", class_="label", x=_LEFT - 6, y=y + 4, text_anchor="end"))
    points = [(across.at(length), up.at(mark.middle)) for length, mark in along.marks]
    parts.append(tag("path", class_="curve series-0", d=path(points)))
    taken = -100.0
    for (length, mark), (x, y) in zip(along.marks, points, strict=True):
        if x - taken > _BETWEEN_LABELS:
            parts.append(tag("text", f"{length:,}", class_="label", x=x, y=floor + 16, text_anchor="middle"))
            taken = x
        parts.append(tag("line", class_="interval", x1=x, x2=x, y1=up.at(mark.low), y2=up.at(mark.high)))
        parts.append(_point(mark, x, y))
    middle = (across.start + across.end) / 2
    parts += [
        tag("text", "tensors in the list", class_="axis", x=middle, y=floor + 33, text_anchor="middle"),
        tag("text", along.axis, class_="axis", x=2, y=_TOP - 1),
    ]
    return drawing(along.title, along.seen, WIDTH, _ALONG, parts)


def _axis(bounds: Sequence[float], start: float, end: float, *, logarithmic: bool) -> Axis:
    low, high = min(bounds), max(bounds)
    if logarithmic:
        return LogAxis(low=low / 1.2, high=high * 1.2, start=start, end=end)
    room = 0.06 * (high - low or 1)
    return LinearAxis(low=low - room, high=high + room, start=start, end=end)


def _point(mark: Mark, x: float, y: float) -> Markup:
    state = "point" if mark.usable else "point unusable"
    return tag("circle", tag("title", mark.told or mark.label), class_=state, cx=x, cy=y, r=3.5)


def _band(plot: Plot, across: Axis, floor: float) -> list[Markup]:
    if plot.band is None:
        return []
    low, high = (across.at(bound) for bound in plot.band)
    text = f"claimed {plot.band[0]:g} to {plot.band[1]:g}"
    return [
        tag("rect", class_="claimed", x=low, y=_TOP + 4, width=high - low, height=floor - _TOP - 4),
        tag("text", text, class_="note", x=(low + high) / 2, y=_TOP, text_anchor="middle"),
    ]


def _ticks(plot: Plot, across: Axis, floor: float) -> list[Markup]:
    parts = [tag("line", class_="frame", x1=across.start, x2=across.end, y1=floor, y2=floor)]
    ticks = _within(across.low, across.high) if plot.logarithmic else _even(across.low, across.high)
    taken = -100.0
    for tick in ticks:
        x = across.at(tick)
        neutral = tick == NEUTRAL[plot.logarithmic]
        parts.append(tag("line", class_="one" if neutral else "grid", x1=x, x2=x, y1=_TOP + 4, y2=floor))
        if x - taken > _BETWEEN_LABELS:
            parts.append(tag("text", f"{tick:g}", class_="label", x=x, y=floor + 15, text_anchor="middle"))
            taken = x
    # below the middle of the axis, unless a long name would leave the drawing
    middle = min((across.start + across.end) / 2, WIDTH - _LETTER * len(plot.axis) / 2)
    parts.append(tag("text", plot.axis, class_="axis", x=middle, y=floor + 32, text_anchor="middle"))
    return parts


def _within(low: float, high: float) -> list[float]:
    """Return where a logarithmic axis has its lines: the coarsest that give it a scale."""
    for ticks in (_TICKS, _FINER):
        found = [tick for tick in ticks if low <= tick <= high]
        if len(found) >= _A_SCALE:
            return found
    return _even(low, high)


def _even(low: float, high: float) -> list[float]:
    """Return round numbers at equal steps, some five of them."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [round(step * n, 10) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
