"""What in a record must a caller know of, beside answers and disagreements: other bits, lost digits, cost.

On CPU every release so far gives the very bits of per-parameter norms. That is a sharp expectation: what
is within the bound and still another number shows here first, long before a comparison could call it wrong.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from compat.intervals import interval
from compat.record_format import WHOLE
from compat.releases import counted, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.contract import Contract
    from compat.record_format import AccuracyPoint, Record

OTHER_BITS = "~"
IDENTICAL_ON = "cpu"

LEAST_RATIO = 0.5
"""A function that takes more than twice the time of an alternative is no faster way to the same."""

STEEPEST = 2.0
"""How many times more operators a tensor of the longest list may cost than one of a list a tenth as long."""

_MANY = 4


def oddities(contract: Contract, record: Record) -> dict[str, str]:
    """Return by id what the record shows of other bits (``identity:``), lost digits and cost."""
    return {**dict(_identity(contract, record)), **dict(_accuracy(record)), **dict(_cost(record))}


def _identity(contract: Contract, record: Record) -> Iterator[tuple[str, str]]:
    if record.device != IDENTICAL_ON:
        return
    for against in (each.id for each in contract.references if each.combine is None):
        codes = record.agreement.codes.get(against, "") if record.agreement else ""
        sizes = [point for point in record.accuracy or () if point.codes.get(against) == OTHER_BITS]
        explored = record.exploration.against(against) if record.exploration else ()
        found = [
            f"{codes.count(OTHER_BITS)} of {len(codes)} cases" if OTHER_BITS in codes else "",
            f"{counted(len(sizes), 'size')} of the accuracy level" if sizes else "",
            "what exploring found" if any(each.codes[against] == OTHER_BITS for each in explored) else "",
        ]
        if any(found):
            where = listing([each for each in found if each], many=_MANY)
            yield f"identity:{against}", f"numbers differ in bits from per-parameter norms on {where}"


def _accuracy(record: Record) -> Iterator[tuple[str, str]]:
    """Tell, by the dtype of the result, where the bound does not explain the error, or nothing came."""
    beyond = Counter(_dtypes(point) for point in record.accuracy or () if _is_beyond(point))
    for dtypes, points in beyond.items():
        yield f"accuracy:{dtypes}", f"off by more than rounding explains at {counted(points, 'point')}"
    for point in record.accuracy or ():
        if point.stopped and not (point.stopped.kind == "error" and point.result_dtype):
            yield (
                f"stopped:{_dtypes(point)}",
                f"at {point.elements:,} elements {point.stopped.kind}: {point.stopped.text}",
            )


def _is_beyond(point: AccuracyPoint) -> bool:
    share = point.bound_share
    return point.bounded and share is not None and (isinstance(share, str) or share > 1)


def _dtypes(point: AccuracyPoint) -> str:
    return f"{point.dtype} as {point.result_dtype}" if point.result_dtype else point.dtype


def _cost(record: Record) -> Iterator[tuple[str, str]]:
    if record.cost is None:
        return
    for timing in record.cost.timings:
        if timing.part != WHOLE:
            continue
        found = interval([other / private for private, other in timing.pairs if private > 0])
        if found and found.high < LEAST_RATIO:
            times = f"{1 / found.median:.3g} times the time of {timing.against}"
            yield f"slow:{timing.against}", f"takes {times} ({timing.workload})"
    counts = {
        each.length: sum(each.operators.values()) for each in (record.cost.dispatches if record.cost else ())
    }
    longest = max(counts, default=0)
    shorter = longest // 10
    if shorter in counts and counts[longest] / longest > STEEPEST * counts[shorter] / shorter:
        text = f"{counts[shorter]:,} operators for {shorter:,} tensors, {counts[longest]:,} for {longest:,}"
        yield "dispatches", f"operators grow faster than the list: {text}"
