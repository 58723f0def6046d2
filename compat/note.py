"""What may a comment in the source say of the function, by the evidence and nothing else?

Each piece of the note is derived from the records and falls away, or says so, where they are silent.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING

from compat.measurements import CONTROL
from compat.releases import in_order, listing, ranges
from compat.spans import spans_of
from compat.statuses import Status, caveats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.claims import Evidence
    from compat.measurements import Speed
    from compat.spans import Span
    from compat.statuses import ReleaseStatus

WIDTH = 100
_LONG = 90


def as_comment(text: str) -> str:
    """Return text as comment lines, one paragraph of it per line of the input, none wider than ``WIDTH``."""
    lines: list[str] = []
    for paragraph in text.strip().splitlines():
        lines += textwrap.wrap(
            paragraph, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False
        ) or ["#"]
    return "\n".join(lines)


def write_note(evidence: Evidence, statuses: Sequence[ReleaseStatus], speed: Sequence[Speed]) -> str:
    """Write the note that the evidence allows, as comment lines.

    Args:
        evidence: the contract, the records and their spans.
        statuses: how each planned release stands.
        speed: the timings, usable or not.

    """
    pieces = [
        _private(evidence),
        *presence(evidence),
        *_verified(evidence, statuses),
        *_avoid(evidence),
        *_successor(evidence),
        *_speed(evidence, speed),
        f"Fallback, where it is gone: {evidence.contract.fallback}",
        _evidence(evidence),
    ]
    return as_comment("\n".join(pieces))


def presence(evidence: Evidence) -> list[str]:
    """Say from which release on the function is there, or that nothing is known."""
    api, records = evidence.contract.api, evidence.records()
    if not records:
        return [f"No release was measured: nothing is known of where {api} is present."]
    told = []
    for device in evidence.ledger.devices:
        spans = spans_of(evidence.spans, "present", device)
        if not any(span.kind == "value" for span in spans):
            told.append(f"absent from every measured release, {_extent(spans)}")
            continue
        told.append("; ".join(_presence_of(span) for span in spans if _tells(span, spans)))
    return [f"{_capital(each)}." for each in dict.fromkeys(told)]


def _tells(span: Span, spans: Sequence[Span]) -> bool:
    """Leave out the absence at the beginning: the presence that follows names its end."""
    return span is not spans[0] or span.kind != "absent"


def _presence_of(span: Span) -> str:
    word = _WORDS.get(span.kind, "records contradict each other")
    until = f" to {span.to}" if span.to else ""
    if span.after is None:
        return f"{word} from {span.first}{'' if span.exact else ', the oldest measured,'}{until}"
    if span.exact:
        return f"{word} from {span.first}{until} (exact: {span.after} differs)"
    return f"{word} since some release after {span.after}, by {span.first}{until}"


_WORDS = {"value": "present", "absent": "absent"}


def _private(evidence: Evidence) -> str:
    api = evidence.contract.api
    if api.rsplit(".", 1)[-1].startswith("_"):
        return f"NOTE: {api} is private: any release may change or remove it without notice."
    return f"NOTE: about {api}."


def _verified(evidence: Evidence, statuses: Sequence[ReleaseStatus]) -> Iterator[str]:
    """Say on which releases and devices the relied-on behaviour held, and where it did not."""
    for device in evidence.devices:
        of_it = [each for each in statuses if each.device == device]
        good = {each.torch for each in of_it if each.status in (Status.COMPATIBLE, Status.CAVEAT)}
        good -= {each.torch for each in of_it if each.status in (Status.INCOMPATIBLE, Status.CONFLICT)}
        measured = [each.torch for each in of_it if each.status is not Status.NOT_MEASURED]
        if not measured:
            yield f"{device.upper()}: not measured."
            continue
        if good:
            yield (
                f"{device.upper()}: what callers rely on was verified in {ranges(good, measured)} "
                f"({len(good)} of {len(in_order(evidence.releases))} releases on the index)."
            )
        for status, words in _BAD.items():
            bad = [each for each in of_it if each.status is status]
            if bad:
                releases = ranges({each.torch for each in bad}, measured)
                yield f"{device.upper()}: {words} {releases} ({bad[-1].why})."


_BAD = {
    Status.INCOMPATIBLE: "do not use with",
    Status.CONFLICT: "records contradict each other in",
}


def _avoid(evidence: Evidence) -> Iterator[str]:
    """Name the caveats, each with the releases it was seen in and its text in the newest of them."""
    releases: dict[str, list[str]] = defaultdict(list)
    newest: dict[str, str] = {}
    for record in evidence.with_function():
        for identity, text in caveats(evidence.contract, record).items():
            releases[identity].append(record.torch)
            newest[identity] = text
    measured = [record.torch for record in evidence.with_function()]
    for identity, seen in releases.items():
        yield f"Mind {identity}: {_short(newest[identity])} ({ranges(seen, measured)})."


def _successor(evidence: Evidence) -> Iterator[str]:
    """Say whether the public successor is there, and since when."""
    name = evidence.contract.successor
    if name is None:
        return
    for device in evidence.ledger.devices[:1]:
        spans = spans_of(evidence.spans, f"relative:{name}", device)
        if not spans:
            continue
        there = [span for span in spans if span.kind == "value"]
        if there:
            yield f"Public successor: {name}, {_presence_of(there[-1])}."
        else:
            yield f"No public successor yet: {name} is absent up to {spans[-1].last}, the newest measured."


def _speed(evidence: Evidence, speed: Sequence[Speed]) -> Iterator[str]:
    """Say the range of measured ratios, for each device and alternative."""
    for device in evidence.devices:
        usable = [row for row in speed if row.device == device and row.usable and row.against != CONTROL]
        told = []
        for against in dict.fromkeys(row.against for row in usable):
            ratios = sorted(row.ratio for row in usable if row.against == against and row.ratio is not None)
            told.append(f"{ratios[0]:.2g} to {ratios[-1]:.2g} times that of {against}")
        if told:
            yield f"Speed on {device.upper()}, by release and workload: {', '.join(told)}."
        else:
            yield f"Speed on {device.upper()}: not measured."


def _evidence(evidence: Evidence) -> str:
    date = evidence_date(evidence)
    digest = evidence.ledger.digest.removeprefix("sha256:")[:8]
    return f"Evidence: {len(evidence.records())} records up to {date or 'no date'}, digest {digest}."


def evidence_date(evidence: Evidence) -> str | None:
    """Return the day of the newest usable record, YYYY-MM-DD."""
    finished = [each.provenance.finished for each in evidence.records() if each.provenance.finished]
    return max(finished)[:10] if finished else None


def _extent(spans: Sequence[Span]) -> str:
    return listing([spans[0].first, spans[-1].last]) if spans else "none"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
