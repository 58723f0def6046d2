"""How far from the exact norm is the function, by dtype and size, and in which releases is it the same?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from compat.releases import in_order
from compat.report.numbers import EPSILON, finite, relative_error, size
from compat.report.release_view import extent, label_rows
from compat.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.measurements import Accuracy


NONE = "\u2013"
"""Shown where nothing was measured."""

_PLOTTED = 4


@dataclass(frozen=True, kw_only=True)
class Point:
    """A relative error at a number of elements, as measured and as shown."""

    elements: int
    error: float | str
    text: str


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The errors of neighbouring releases that agree to two digits at every size."""

    extent: str
    points: tuple[Point, ...]
    within: str
    """Up to which size every error stays within one step of the dtype."""
    worst: str
    plotted: bool

    def at(self, elements: int) -> str:
        """Return the error at this size, or ``NONE``."""
        return next((point.text for point in self.points if point.elements == elements), NONE)


@dataclass(frozen=True, kw_only=True)
class AccuracyPanel:
    """All curves of one dtype on one device."""

    dtype: str
    device: str
    epsilon: float
    step: str
    sizes: tuple[int, ...]
    curves: tuple[Curve, ...]
    seen: str
    """What the panel shows, in a sentence."""


def accuracy_panels(rows: Sequence[Accuracy]) -> tuple[AccuracyPanel, ...]:
    """Return a panel for each dtype and device, from the narrowest dtype to the widest.

    At each size it shows the worse of the patterns of values; what was scaled, or asked for in another
    dtype, is for the rules (`compat.accuracy_rules`).
    """
    rows = _worst(rows)
    keys = dict.fromkeys((row.device, row.dtype) for row in rows)
    order = {dtype: place for place, dtype in enumerate(EPSILON)}
    ordered = sorted(keys, key=lambda key: (key[0], order.get(key[1], len(order)), key[1]))
    panels = (_panel(dtype, device, rows) for device, dtype in ordered)
    return tuple(panel for panel in panels if panel.curves)


def _worst(rows: Sequence[Accuracy]) -> list[Accuracy]:
    worst: dict[tuple[str, str, int], Accuracy] = {}
    for row in rows:
        if row.result_dtype is None and row.magnitude == 0:
            key = row.record, row.dtype, row.elements
            known = worst.setdefault(key, row)
            if _badness(row.relative_error) > _badness(known.relative_error):
                worst[key] = row
    return list(worst.values())


def _panel(dtype: str, device: str, rows: Sequence[Accuracy]) -> AccuracyPanel:
    of_it = [row for row in rows if (row.dtype, row.device) == (dtype, device)]
    labels = label_rows((row.torch, row.python) for row in of_it)
    by_row: dict[str, list[Accuracy]] = {}
    place = {torch: number for number, torch in enumerate(in_order(row.torch for row in of_it))}
    for row in sorted(of_it, key=lambda each: (place[each.torch], _by_python(each))):
        by_row.setdefault(labels[row.torch, row.python], []).append(row)
    epsilon = EPSILON.get(dtype, 0.0)
    curves = [
        _curve([name for name, _ in members], by_row, epsilon)
        for members in _alike({name: _rounded(each) for name, each in by_row.items()})
    ]
    return AccuracyPanel(
        dtype=dtype,
        device=device,
        epsilon=epsilon,
        step=relative_error(epsilon),
        sizes=tuple(sorted({row.elements for row in of_it})),
        curves=_with_plotted(curves),
        seen=_seen(dtype, epsilon, curves),
    )


def _by_python(row: Accuracy) -> tuple[tuple[int, ...], int]:
    return tuple(int(part) for part in row.python.split(".") if part.isdigit()), row.elements


def _alike(curves: dict[str, object]) -> list[list[tuple[str, object]]]:
    return [list(members) for _, members in groupby(curves.items(), key=lambda item: item[1])]


def _rounded(rows: Sequence[Accuracy]) -> tuple[tuple[int, str], ...]:
    return tuple((row.elements, relative_error(row.relative_error)) for row in _by_size(rows))


def _by_size(rows: Sequence[Accuracy]) -> list[Accuracy]:
    return sorted(rows, key=lambda row: row.elements)


def _curve(names: list[str], by_row: dict[str, list[Accuracy]], epsilon: float) -> Curve:
    rows = _by_size(by_row[names[0]])
    numbers = [(row.elements, finite(row.relative_error)) for row in rows]
    good = []
    for elements, error in numbers:
        if error is None or error > epsilon:
            break
        good.append(elements)
    worst = max(rows, key=lambda row: _badness(row.relative_error))
    largest = numbers[-1][0]
    every = f"every size up to {size(largest)}"
    return Curve(
        extent=extent(names),
        points=tuple(
            Point(elements=row.elements, error=row.relative_error, text=relative_error(row.relative_error))
            for row in rows
        ),
        within=(every if good[-1] == largest else f"sizes up to {size(good[-1])}") if good else "no size",
        worst=f"{relative_error(worst.relative_error)} at {size(worst.elements)}",
        plotted=False,
    )


def _badness(error: float | str) -> float:
    number = finite(error)
    return float("inf") if number is None else number


def _with_plotted(curves: list[Curve]) -> tuple[Curve, ...]:
    """Choose what to draw: oldest and newest first, then the least accurate in between."""
    ends = [0, len(curves) - 1]
    between = sorted(
        range(1, len(curves) - 1),
        key=lambda place: max(_badness(point.error) for point in curves[place].points),
        reverse=True,
    )
    chosen = set([*dict.fromkeys(ends), *between][:_PLOTTED])
    return tuple(
        Curve(
            extent=curve.extent,
            points=curve.points,
            within=curve.within,
            worst=curve.worst,
            plotted=place in chosen,
        )
        for place, curve in enumerate(curves)
    )


def _seen(dtype: str, epsilon: float, curves: Sequence[Curve]) -> str:
    step = f"one step of {dtype} is {relative_error(epsilon)}"
    if all(curve.within.startswith("every") for curve in curves):
        return f"{capital(step)}. Within it at every size, in every release measured."
    parts = [f"{curve.extent}: within one step at {curve.within}; at worst {curve.worst}" for curve in curves]
    if len(parts) > _PLOTTED:
        parts = [parts[0], f"{len(parts) - 2} further groups in between", parts[-1]]
    return f"{capital(step)}. {'. '.join(parts)}."
