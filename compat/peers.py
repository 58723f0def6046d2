"""What do records say of each other? One may lack what another has, or be the same row once more.

Records with equal digests were asked the same: cases, canaries, sizes and workloads. None is out-voted here:
what one of them has, all must have, so a record that was cut short shows beside any that was not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import Version

from compat.releases import listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compat.record_format import AccuracyPoint, Record

_MANY = 4


class _Part(NamedTuple):
    """Something that records of one kind have in common."""

    level: str
    words: str
    of: str = ""
    """The dtypes, or the alternative, without which it cannot be."""


def why_set_apart(records: Sequence[Record]) -> dict[str, str]:
    """Return by record name why it does not count beside the others; they are sound, each for itself."""
    return {**_lacking(records), **_repeated(records)}


def _repeated(records: Iterable[Record]) -> dict[str, str]:
    """Find one row under two names: ``2.0`` is ``2.0.0``, and a build's ``+cpu`` is no release."""
    rows: dict[object, list[str]] = defaultdict(list)
    for each in records:
        row = Version(Version(each.torch).public), Version(each.python), each.device
        rows[row].append(each.name)
    return {
        name: f"measured twice: {listing([each for each in names if each != name])} is the same row"
        for names in rows.values()
        for name in names
        if len(names) > 1
    }


def _lacking(records: Iterable[Record]) -> dict[str, str]:
    alike: dict[object, list[Record]] = defaultdict(list)
    for each in records:
        if each.present and not each.given_up:
            digests = each.digests
            alike[each.api, each.device, digests.contract, digests.corpus, digests.probe].append(each)
    return {name: why for group in alike.values() for name, why in _lacking_in(group)}


def _lacking_in(group: Sequence[Record]) -> Iterator[tuple[str, str]]:
    owned = [tuple(_parts(record)) for record in group]
    held = dict.fromkeys(part for own in owned for part in own)
    most = max(record.agreement.cases if record.agreement else 0 for record in group)
    for record, own in zip(group, map(frozenset, owned), strict=True):
        lacks = [part.words for part in held if part not in own and _owes(record, part)]
        if record.agreement and record.agreement.cases < most:
            lacks.append(f"{most} cases, not {record.agreement.cases}")
        if lacks:
            yield record.name, f"cut short: others of its kind have {listing(lacks, many=_MANY)}"


def _parts(record: Record) -> Iterator[_Part]:
    """Name what a record has; magnitudes are left out, for each record keeps those that tell most."""
    yield from (_Part(level="canaries", words=f"canary {name}") for name in record.canaries or ())
    if record.surface:
        names = record.surface.relatives
        yield from (_Part(level="surface", words=f"an answer whether {name} is there") for name in names)
    if record.agreement and record.agreement.values:
        yield _Part(level="agreement", words="the bits of every norm")
    for point in record.accuracy or ():
        if point.stopped is None and point.magnitude == 0:
            words = f"{_dtypes(point)} at {point.elements:,} elements ({point.pattern})"
            yield _Part(level="accuracy", words=words, of=_dtypes(point))
    if record.cost is None:
        return
    for timing in record.cost.timings:
        yield _Part(level="cost", words=timing.words, of=timing.against)
    for each in record.cost.dispatches:
        yield _Part(level="cost", words=f"operators for {each.length} tensors")
    if record.cost.overhead:
        yield _Part(level="cost", words=f"timing {record.cost.overhead.workload}")


def _owes(record: Record, part: _Part) -> bool:
    """Tell whether a record should have a part: not where it says itself why that could not be."""
    if part.level == "agreement":
        return record.agreement is not None
    if part.level == "accuracy":
        stopped = {_dtypes(each) for each in record.accuracy or () if each.stopped}
        return bool(record.accuracy) and part.of not in stopped
    if part.level == "cost":
        relatives = record.surface.relatives if record.surface else {}
        missing = relatives.get(part.of) is False
        return record.cost is not None and record.cost.not_run is None and not missing
    return True


def _dtypes(point: AccuracyPoint) -> str:
    return f"{point.dtype} as {point.result_dtype}" if point.result_dtype else point.dtype
