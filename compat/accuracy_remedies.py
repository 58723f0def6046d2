"""What can a caller do where a norm is not good enough, and from which release on?

The remedy is another dtype for the result, where the function takes ``dtype=``; elsewhere the tensors
themselves are converted first, for which the rule of the wider dtype says what comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.accuracy_bounds import bound_of, good_enough
from compat.accuracy_rules import points_by_release
from compat.record_format import Outcome
from compat.spans import Span, infer_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compat.accuracy_rules import Rule
    from compat.record_format import AccuracyPoint
    from compat.records import Ledger

WIDER = {"float16": ("float32", "float64"), "bfloat16": ("float32", "float64"), "float32": ("float64",)}
"""What a caller may go to from each dtype, the cheapest first."""

CONVERSIONS = {"float32": ".float()", "float64": ".double()"}


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What helps tensors of one dtype on one device, at every measured size."""

    device: str
    dtype: str
    result: str | None
    """The dtype to ask for with ``dtype=``; None where none that was measured helps everywhere."""
    spans: tuple[Span, ...]
    """The releases in which asking for it was seen to help."""
    conversion: str | None
    """What to convert to before the norm, where ``dtype=`` is not taken; None where nothing helps."""


def accuracy_remedies(ledger: Ledger, rules: Sequence[Rule], releases: Iterable[str]) -> tuple[Remedy, ...]:
    """Return a remedy for each device and dtype that is not good enough somewhere, where one was measured."""
    index = list(releases)
    needing = dict.fromkeys(
        (rule.device, rule.dtype)
        for rule in rules
        if rule.good_enough.stops is not None and rule.dtype in WIDER
    )
    return tuple(_remedy(ledger, rules, index, device, dtype) for device, dtype in needing)


def _remedy(ledger: Ledger, rules: Sequence[Rule], index: Sequence[str], device: str, dtype: str) -> Remedy:
    asked = dict(_asked(ledger, index, device, dtype))
    result = next(iter(asked), None)
    return Remedy(
        device=device,
        dtype=dtype,
        result=result,
        spans=asked[result] if result else (),
        conversion=_conversion(rules, device, dtype),
    )


def _asked(
    ledger: Ledger, index: Sequence[str], device: str, dtype: str
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield each dtype that helps wherever it is taken, with the releases that it is taken by."""
    for result in WIDER[dtype]:
        by_release = points_by_release(ledger, device, dtype, result)
        helps = {release: _helps(points, good_enough(dtype)) for release, points in by_release.items()}
        if True in helps.values() and False not in helps.values():
            outcomes = {release: _OUTCOMES[each] for release, each in helps.items()}
            spans = infer_spans(outcomes, index, question=f"remedy:{dtype}:{result}", device=device)
            yield result, tuple(span for span in spans if span.text == _HELPS)


def _helps(points: Sequence[AccuracyPoint] | None, error: float) -> bool | None:
    """Tell whether every measured size is good enough; None where the dtype is not taken, or not measured."""
    if not points or any(each.stopped for each in points):
        return None
    return bound_of(points, error).stops is None


def _conversion(rules: Sequence[Rule], device: str, dtype: str) -> str | None:
    """Return the cheapest dtype whose own rule is good enough at every measured size, in every release."""
    error = good_enough(dtype)
    for wider in WIDER[dtype]:
        own = [rule for rule in rules if (rule.device, rule.dtype) == (device, wider)]
        if own and all(any(b.stops is None and b.error <= error for b in rule.bounds) for rule in own):
            return wider
    return None


_HELPS, _NOT_TAKEN = "helps", "not taken"
_OUTCOMES: Mapping[bool | None, Outcome] = {
    True: Outcome(kind="value", text=_HELPS),
    None: Outcome(kind="absent", text=_NOT_TAKEN),
}
