"""Up to how many elements can a norm be believed, and what else can be done: in words for callers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.accuracy_remedies import CONVERSIONS
from compat.releases import listing
from compat.report.numbers import relative_error, rounded_down, rounded_up, size
from compat.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.accuracy_bounds import Bound
    from compat.accuracy_remedies import Remedy
    from compat.accuracy_rules import Range, Rule
    from compat.spans import Span


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """What holds of one dtype over a span of releases."""

    dtype: str
    device: str
    extent: str
    bounds: tuple[str, ...]
    """"under 1.0e-3 up to 1 Mi", from the smallest error to the largest."""
    worst: str
    values: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class RemedyRow:
    """What to do about tensors of some dtypes."""

    device: str
    dtypes: tuple[str, ...]
    sentence: str


def rule_rows(rules: Sequence[Rule]) -> tuple[RuleRow, ...]:
    """Return a row for each rule."""
    return tuple(
        RuleRow(
            dtype=rule.dtype,
            device=rule.device,
            extent=_extent(rule.span),
            bounds=tuple(_bound(each) for each in _telling(rule.bounds)),
            worst=f"{relative_error(rule.worst.error)} at {size(rule.worst.elements)} ({rule.worst.pattern})",
            values=_values(rule.values),
            sentence=_sentence(rule),
        )
        for rule in rules
    )


def remedy_rows(remedies: Sequence[Remedy]) -> tuple[RemedyRow, ...]:
    """Return a row for each advice, with all dtypes that it is given for."""
    dtypes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in remedies:
        dtypes[each.device, _advice(each)].append(each.dtype)
    return tuple(
        RemedyRow(device=device, dtypes=tuple(each), sentence=_told(device, each, advice))
        for (device, advice), each in dtypes.items()
    )


def remedy_sentence(remedy: Remedy) -> str:
    """Say what helps at every measured size: a dtype to ask for, a conversion, both, or nothing measured."""
    return _told(remedy.device, [remedy.dtype], _advice(remedy))


def _told(device: str, dtypes: Sequence[str], advice: str) -> str:
    return f"On {device.upper()}, for {listing(dtypes)}: {advice}."


def _advice(remedy: Remedy) -> str:
    converted = f"[t{CONVERSIONS[remedy.conversion]} for t in tensors]" if remedy.conversion else None
    if remedy.result is None and converted is None:
        return "nothing that was measured is good enough at every size"
    if remedy.result is None:
        return f"give {converted}, which is good enough at every measured size"
    when = listing([f"{span.since}{f' to {span.to}' if span.to else ''}" for span in remedy.spans])
    told = f"ask for dtype=torch.{remedy.result}, which is good enough at every measured size ({when})"
    return f"{told}; elsewhere give {converted}" if converted else told


def _telling(bounds: Sequence[Bound]) -> list[Bound]:
    """Leave out what follows from a smaller error: that a larger one is not exceeded at those sizes."""
    return [
        bound
        for bound in bounds
        if not any(other.error < bound.error and other.elements == bound.elements for other in bounds)
    ]


def _bound(bound: Bound) -> str:
    if bound.elements is None:
        return f"above {rounded_up(bound.error)} at every size"
    where = f"up to {size(bound.elements)}" if bound.stops else f"at every size up to {size(bound.elements)}"
    return f"under {rounded_up(bound.error)} {where}"


def _sentence(rule: Rule) -> str:
    bound = next((each for each in rule.bounds if each.stops is None), rule.good_enough)
    about = f"On {rule.device.upper()}, in {_extent(rule.span)}"
    error = rounded_up(bound.error)
    if bound.elements is None:
        told = f"no {rule.dtype} norm that was measured has a relative error under {error}"
    else:
        told = f"for {rule.dtype} tensors of up to {size(bound.elements)} elements the relative error stays "
        told += f"under {error}"
        told += f", and no longer at {size(bound.stops)}" if bound.stops else ""
    values = listing([f"{pattern} values from {size(least)} on" for pattern, least in rule.patterns])
    scope = f"{counted(len(rule.sizes), 'size')} up to {size(rule.sizes[-1])}, {values}"
    return f"{about}, {told} (measured: {scope})."


def _extent(span: Span) -> str:
    extent = span.first if span.first == span.last else f"{span.first} to {span.last}"
    return extent if span.exact else f"{extent} ({span.since})"


def _values(values: Range | None) -> str:
    if values is None:
        return "not measured"
    low = None if values.smallest is None else f"from {rounded_up(values.smallest)}"
    high = None if values.largest is None else f"up to {rounded_down(values.largest)}"
    return " ".join(each for each in (low, high) if each) or "every normal number"
