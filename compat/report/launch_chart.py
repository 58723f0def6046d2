"""The drawing of operators or launches by the length of the list, as inline SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.report.accuracy_chart import curve_marker, dashes
from compat.report.svg import LogAxis, drawing, path, tag

if TYPE_CHECKING:
    from markupsafe import Markup

    from compat.report.launch_view import LaunchPanel

WIDTH, _HEIGHT = 560, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 16, 42
_MOST = 4
_TICKS = tuple(10**power for power in range(9))


def launch_chart(panel: LaunchPanel) -> Markup:
    """Draw counts against the length of the list, both logarithmic; of many curves the newest four."""
    curves = panel.curves[-_MOST:]
    lengths = sorted({length for curve in curves for length, _ in curve.points})
    counts = [max(1, count) for curve in curves for _, count in curve.points]
    floor, right = float(_HEIGHT - _BOTTOM), float(WIDTH - _RIGHT)
    across = LogAxis(low=lengths[0], high=max(lengths[-1], lengths[0] * 2), start=_LEFT + 8, end=right - 8)
    up = LogAxis(low=1, high=max(counts) * 1.5, start=floor, end=float(_TOP + 6))
    parts = [
        tag("line", class_="frame", x1=_LEFT, x2=right, y1=floor, y2=floor),
        tag("text", f"{panel.counted} of one call", class_="axis", x=2, y=_TOP - 3),
    ]
    for tick in (each for each in _TICKS if each <= up.high):
        y = up.at(tick)
        parts.append(tag("line", class_="grid", x1=_LEFT, x2=right, y1=y, y2=y))
        parts.append(tag("text", f"{tick:,}", class_="label", x=_LEFT - 6, y=y + 4, text_anchor="end"))
    for tick in (each for each in _TICKS if lengths[0] <= each <= lengths[-1]):
        x = across.at(tick)
        parts.append(tag("line", class_="tick", x1=x, x2=x, y1=floor, y2=floor + 5))
        parts.append(tag("text", f"{tick:,}", class_="label", x=x, y=floor + 17, text_anchor="middle"))
    for place, curve in enumerate(curves):
        points = [(across.at(length), up.at(max(1, count))) for length, count in curve.points]
        parts.append(
            tag("path", class_=f"curve series-{place}", d=path(points), stroke_dasharray=dashes(place))
        )
        parts += [
            curve_marker(place, x, y, f"torch {curve.extent}, {length:,} tensors: {count:,} {panel.counted}")
            for (x, y), (length, count) in zip(points, curve.points, strict=True)
        ]
    middle = (across.start + across.end) / 2
    parts.append(
        tag("text", "tensors in the list", class_="axis", x=middle, y=floor + 34, text_anchor="middle")
    )
    title = f"{panel.counted.capitalize()} of one call by the length of the list, on {panel.device.upper()}"
    return drawing(title, panel.seen, WIDTH, _HEIGHT, parts)
