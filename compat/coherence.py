"""Does a record contradict itself? What no honest measurement can give is no evidence, whoever sealed it.

A seal shows that a record was changed after it was written. This shows what no seal can: that parts of one
record, which the probe derives from one another, do not fit together.
"""

from __future__ import annotations

import base64
import binascii
import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from compat.probe import tolerances

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.record_format import AccuracyPoint, Record

_ORDER = 2
"""That of every norm of the accuracy level."""

_SLACK = timedelta(seconds=60)
"""A clock that is set right in the middle of a measurement goes by no more than this."""

_SLEEP = timedelta(days=1)
"""The seconds of a measurement stand still while the machine sleeps, but no longer than this."""

_CHECKSUM = 4
"""Bytes of the checksum that the probe keeps of each case's values."""

_AGES = 1e9
"""Seconds, some thirty years: what took longer took as long as this."""

_DIGITS = 0.01
"""The probe writes at least three digits of an error, and of its share of the bound."""

_KINDS = frozenset(
    {"value", "error", "absent", "unasked", "unstable", "crash", "timeout", "out-of-memory", "harness-error"}
)
_NOTHING = frozenset({"absent", "unasked"})
_RAISED = frozenset("Ef")
_ANSWERED = frozenset("=X")
_FOUND = frozenset("XU")


def why_incoherent(record: Record) -> str | None:
    """Return the first thing in which a record contradicts itself, or None."""
    return next((f"contradicts itself: {each}" for each in _contradictions(record)), None)


def _contradictions(record: Record) -> Iterator[str]:
    if record.status == "measured" and record.failure is not None:
        yield f"measured, and failed at {record.failure.phase}"
    yield from _kinds(record)
    if not record.present:
        yield from _answers_of_nothing(record)
    yield from _clock(record)
    yield from _agreement(record)
    if record.exploration and record.exploration.passed and record.exploration.failures:
        yield "exploring passed, and found what fails"
    yield from _norms(record)
    yield from _times(record)


def _kinds(record: Record) -> Iterator[str]:
    for key, outcome in (record.questions or {}).items():
        if outcome.kind not in _KINDS:
            yield f"{key} is of kind {outcome.kind!r}, which no question gives"
        elif outcome.kind == "absent" and record.present:
            yield f"the function is present, and absent for {key}"


def _answers_of_nothing(record: Record) -> Iterator[str]:
    answered = [key for key, each in (record.questions or {}).items() if each.kind not in _NOTHING]
    if answered:
        yield f"the function is absent, and answers {answered[0]}"
    if record.agreement or record.accuracy:
        yield "the function is absent, and gives norms"


def _clock(record: Record) -> Iterator[str]:
    """Find dates that are none, and a span between them that the measurement did not take."""
    known = record.provenance
    try:
        started, finished = _moment(known.started), _moment(known.finished)
    except ValueError:
        yield f"it was made from {known.started} to {known.finished}, which are no dates"
        return
    if finished is None and record.status == "measured":
        yield "it was measured, and never finished"
    if started is None or finished is None:
        return
    took = timedelta(seconds=min(max(known.seconds.get("all", 0.0), 0.0), _AGES))
    if finished < started or finished - started < took - _SLACK:
        yield f"its clock went backwards: {known.started} to {known.finished}, for {took.seconds} s"
    elif known.seconds.get("all", -1.0) >= 0 and finished - started > took + _SLEEP:
        yield f"its clock jumped: {known.started} to {known.finished}, for {took.seconds} s"


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _agreement(record: Record) -> Iterator[str]:
    """Find findings of the replay that its codes deny."""
    if record.agreement is None or record.given_up:
        return
    codes, values = record.agreement.codes, record.agreement.values
    if values is not None and not _has_checksums(values, record.agreement.cases):
        yield f"its bits are not those of {record.agreement.cases} cases"
    for each in record.agreement.disagreements:
        if codes.get(each.against, "")[each.case : each.case + 1] not in _FOUND:
            yield f"case {each.case} disagrees with {each.against}, and its code does not say so"
    for worst in record.agreement.worst:
        if isinstance(worst.bound_share, str) or worst.bound_share > 1:
            yield f"case {worst.case} is beyond the bound of {worst.against}, and is told as within it"
    for error in record.agreement.errors:
        told = {of_one[error.case : error.case + 1] for of_one in codes.values()}
        if told & _ANSWERED and not told & _RAISED:
            yield f"case {error.case} raised an error, and no code says so"


def _has_checksums(values: str, cases: int) -> bool:
    """Tell whether a text is base64 of a checksum a case."""
    try:
        return len(base64.b64decode(values, validate=True)) == _CHECKSUM * cases
    except binascii.Error:
        return False


def _norms(record: Record) -> Iterator[str]:
    """Find norms that are told in part; the probe tells all of one, or what stopped it."""
    points = [each for each in record.accuracy or () if each.stopped is None]
    whole = [None not in (each.got, each.exact, each.bound_share) for each in points]
    if any(whole) and not all(whole):
        point = points[whole.index(False)]
        yield f"{point.dtype} at {point.elements:,} elements is told in part"
    for point in points:
        yield from _accuracy(point)


def _times(record: Record) -> Iterator[str]:
    """Find times that no clock gives."""
    if record.cost is None:
        return
    for timing in record.cost.timings:
        if any(min(pair) <= 0 for pair in timing.pairs):
            yield f"{timing.words} took no time"
    overhead = record.cost.overhead
    if overhead and any(min(triple) <= 0 for triple in overhead.triples):
        yield f"timing {overhead.workload} took no time"


def _accuracy(point: AccuracyPoint) -> Iterator[str]:
    """Find an error, or a share of the bound, that does not follow from the two norms beside it."""
    dtype, got, exact = point.result_dtype or point.dtype, point.got, point.exact
    where = f"{dtype} at {point.elements:,} elements"
    if got is None or exact is None:
        return
    if isinstance(exact, str) or exact <= 0:
        yield f"{where} has the exact norm {exact}"
        return
    if isinstance(got, str):
        if not isinstance(point.relative_error, str):
            yield f"{where} gave {got}, and an error of {point.relative_error:g}"
        return
    far, rounding = abs(got - exact), 2 * tolerances.ROUNDOFF["float64"] * exact
    if not _fits(point.relative_error, far / exact, rounding / exact):
        yield f"{where} is off by {far / exact:.3g}, and its error says {point.relative_error}"
    if point.bound_share is None or dtype not in tolerances.ROUNDOFF:
        return
    bound = tolerances.allowed(got, exact, dtype, point.elements, _ORDER)
    if not _fits(point.bound_share, far / bound, rounding / bound):
        yield f"{where} is at {far / bound:.3g} of its bound, and says {point.bound_share}"


def _fits(told: float | str, follows: float, rounding: float) -> bool:
    return not isinstance(told, str) and math.isclose(told, follows, rel_tol=_DIGITS, abs_tol=rounding)
