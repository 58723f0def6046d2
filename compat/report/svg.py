"""How is a drawing written as SVG, and a number placed on a logarithmic axis?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

Attribute = str | float | None


class Axis(Protocol):
    """What places a number on a drawing."""

    @property
    def low(self) -> float:
        """The smallest number that it has room for."""

    @property
    def high(self) -> float:
        """The largest."""

    @property
    def start(self) -> float:
        """Where it begins, in units of the drawing."""

    @property
    def end(self) -> float:
        """Where it ends."""

    def at(self, value: float) -> float:
        """Return the place of a value; one outside the axis is placed at its nearest end."""


@dataclass(frozen=True, kw_only=True)
class LogAxis:
    """Maps ``low`` to ``start`` and ``high`` to ``end``, in units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value; one outside the axis is placed at its nearest end."""
        inside = min(max(value, self.low), self.high)
        share = math.log(inside / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True, kw_only=True)
class LinearAxis:
    """Maps ``low`` to ``start`` and ``high`` to ``end`` in equal steps, in units of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value; one outside the axis is placed at its nearest end."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)


def tag(name: str, *children: str, **attributes: Attribute) -> Markup:
    """Write an element. Children that are not ``Markup`` are escaped, as all attributes are.

    Underscores in attribute names stand for hyphens; ``class_`` is ``class``; None leaves one out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(map(escape, children))
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704 - our own names, and all else escaped


def path(points: Sequence[tuple[float, float]]) -> str:
    """Return the data of a line through the points."""
    return "M" + " L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def drawing(title: str, seen: str, width: int, height: int, parts: Sequence[Markup]) -> Markup:
    """Return a whole drawing, with its name and what is seen for those who do not see it."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", seen),
        *parts,
        class_="chart",
        role="img",
        aria_label=title,
        viewBox=f"0 0 {width} {height}",
    )


def _number(value: Attribute) -> str:
    """Write a coordinate with one decimal, the same on every machine."""
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value)
