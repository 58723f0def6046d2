"""What, of everything a record holds, can be compared between releases, and where do records conflict?

Every comparable thing becomes an outcome under an id: the contract's questions under their own, what the
surface says under the ids in ``SURFACE``, and the rest under ids with a colon.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING

from compat.growth import growth
from compat.record_format import DIFFERING, UNASKED, Outcome
from compat.releases import in_order
from compat.spans import infer_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compat.record_format import Agreement, Record, Surface
    from compat.records import Ledger
    from compat.spans import Span

ABSENT = Outcome(kind="absent", text="absent")
PRESENT = Outcome(kind="value", text="present")
NOT_ASKED = Outcome(kind="unasked", text="needs what this torch lacks")

SURFACE = ("present", "stub", "schema", "callers")
"""What torch says of the name itself; these are known even where the function is absent."""

UNSTEADY = ("values", "dispatches")
"""What may rightly differ between two machines: shown, but no ground for a conflict of releases."""


def outcomes(record: Record) -> dict[str, Outcome]:
    """Flatten a measured record; what is missing from the result was not measured.

    A question that the harness itself failed to ask counts as not measured.
    """
    if record.surface is None:
        return {}
    found = _of_surface(record.surface)
    for question, outcome in (record.questions or {}).items():
        if outcome.kind != "harness-error":
            found[question] = outcome
    if record.agreement is not None:
        found |= _of_agreement(record.agreement)
    if record.cost is not None and (counted := growth(record.cost.dispatches)) is not None:
        found["dispatches"] = Outcome(kind="value", text=counted.text)
    return found


def outcome_of(record: Record, identity: str) -> Outcome | None:
    """Return one outcome of a record, also where the function is absent; None where it was not measured."""
    if record.surface is not None and not record.present and not _of_surface_only(identity):
        return ABSENT
    return outcomes(record).get(identity)


def _of_surface(surface: Surface) -> dict[str, Outcome]:
    nothing = Outcome(kind="value", text="none") if surface.present else ABSENT
    lists = {"schema": surface.schemas, "callers": surface.callers}
    return {
        "present": PRESENT if surface.present else ABSENT,
        "stub": Outcome(kind="value", text=surface.stub) if surface.stub else nothing,
        **{
            key: Outcome(kind="value", text=", ".join(sorted(each))) if each else nothing
            for key, each in lists.items()
        },
        **{f"relative:{name}": PRESENT if there else ABSENT for name, there in surface.relatives.items()},
    }


def _of_agreement(agreement: Agreement) -> dict[str, Outcome]:
    found = {}
    for against, codes in agreement.codes.items():
        if set(codes) - set(UNASKED):
            found[f"agreement:{against}"] = Outcome(kind="value", text=_agreement_text(codes))
        elif set(codes) == {"-"}:
            found[f"agreement:{against}"] = NOT_ASKED
    if agreement.values is not None:
        text = f"bits {zlib.crc32(_decoded(agreement.values)):08x} over {agreement.cases} cases"
        found["values"] = Outcome(kind="value", text=text)
    return found


def _agreement_text(codes: str) -> str:
    """Say how many cases differ, and mark which, so that other cases are another outcome."""
    if set(DIFFERING).isdisjoint(codes):
        return "agrees"
    differing = {place: code for place, code in enumerate(codes) if code in DIFFERING}
    counts = [f"{list(differing.values()).count(code)} {meaning}" for code, meaning in DIFFERING.items()]
    shown = ", ".join(each for each in counts if not each.startswith("0 "))
    return f"{shown} (cases {zlib.crc32(repr(sorted(differing.items())).encode()):08x})"


def _decoded(values: str) -> bytes:
    try:
        return base64.b64decode(values, validate=True)
    except binascii.Error:
        return values.encode()


def outcomes_by_release(records: Iterable[Record], device: str) -> dict[str, dict[str, Outcome | None]]:
    """Return by id, then by release, what usable records of one device say.

    Two records of a release that differ make an outcome of kind ``conflict`` that lists both; a
    release that was measured, but not for this id, has None.
    """
    said: dict[str, dict[str, dict[str, Outcome]]] = defaultdict(lambda: defaultdict(dict))
    releases: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.device == device:
            releases[record.torch].append(record)
            for identity, outcome in outcomes(record).items():
                said[identity][record.torch][record.python] = outcome
    absent = [each for measured in releases.values() for each in measured if not each.present]
    for identity, by_release in said.items():
        for each in absent if not _of_surface_only(identity) else ():
            by_release[each.torch][each.python] = ABSENT
    ordered = in_order(releases)
    return {
        identity: {release: _settled(by_release[release]) for release in ordered}
        for identity, by_release in said.items()
    }


def all_spans(ledger: Ledger, releases: Iterable[str], order: Sequence[str] = ()) -> tuple[Span, ...]:
    """Infer the spans of every outcome on every device, in the order of ids given, others after."""
    places = {identity: place for place, identity in enumerate([*SURFACE, *order])}
    spans: list[Span] = []
    for device in ledger.devices:
        found = outcomes_by_release(ledger.usable, device)
        processors = _processors(ledger.usable, device)
        for identity in sorted(found, key=lambda each: (places.get(each, len(places)), each)):
            spans += infer_spans(
                found[identity], list(releases), question=identity, device=device, processors=processors
            )
    return tuple(spans)


def _processors(records: Iterable[Record], device: str) -> dict[str, str]:
    """Return by release what it was measured on, as torch sees it; all of them where several records are."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.device == device and record.provenance.processor:
            found[record.torch].add(record.provenance.processor)
    return {release: " or ".join(sorted(each)) for release, each in found.items()}


def _of_surface_only(identity: str) -> bool:
    return identity in SURFACE or identity.startswith("relative:")


def _settled(said: Mapping[str, Outcome]) -> Outcome | None:
    """Reduce what each Python said of one release to one outcome."""
    if len(said) > 1 and len(set(said.values())) > 1:
        each = [f"Python {python}: {said[python].told}" for python in in_order(said)]
        return Outcome(kind="conflict", text=" | ".join(each))
    return next(iter(said.values()), None)
