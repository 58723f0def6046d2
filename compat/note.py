"""What may a comment in the source say of the function, by the evidence and nothing else?

Each piece of the note is derived from the records and falls away, or says so, where they are silent.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING

from compat.accuracy_note import accuracy_lines
from compat.measurements import CONTROL
from compat.record_format import WHOLE
from compat.releases import counted, in_order, ranges
from compat.spans import spans_of
from compat.statuses import Status, caveats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from compat.accuracy_remedies import Remedy
    from compat.accuracy_rules import Rule
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


def write_note(
    evidence: Evidence,
    statuses: Sequence[ReleaseStatus],
    speed: Sequence[Speed],
    accuracy: tuple[Sequence[Rule], Sequence[Remedy]] = ((), ()),
) -> str:
    """Write the note that the evidence allows, as comment lines.

    Args:
        evidence: the contract, the records and their spans.
        statuses: how each planned release stands.
        speed: the timings, usable or not.
        accuracy: how far the norms can be believed, and what else can be done.

    """
    pieces = [
        _private(evidence),
        *(f"{_capital(each)}." for each in presence(evidence)),
        *_verified(evidence, statuses),
        *_avoid(evidence, accuracy[0]),
        *accuracy_lines(*accuracy),
        *_successor(evidence),
        *_speed(evidence, speed),
        f"Fallback, where it is gone: {evidence.contract.fallback}",
        _evidence(evidence),
    ]
    return as_comment("\n".join(pieces))


def presence(evidence: Evidence) -> tuple[str, ...]:
    """Say from which release on the function is there, or that nothing is known."""
    api = evidence.contract.api
    if not evidence.records():
        return (f"nothing is known of {api}: no release was measured",)
    # A name is there on every device or on none: the device with most records knows best from when on.
    device = max(evidence.ledger.devices, key=lambda each: len(evidence.records(each)))
    spans = spans_of(evidence.spans, "present", device)
    if all(span.kind == "absent" for span in spans):
        return (f"{api} is absent from every measured release, {_extent(spans)}",)
    return (f"{api} is " + ", ".join(_presence_of(span) for span in spans if _tells(span, spans)),)


def _tells(span: Span, spans: Sequence[Span]) -> bool:
    """Leave out the absence at the beginning: the presence that follows names its end."""
    return span is not spans[0] or span.kind != "absent"


def _presence_of(span: Span) -> str:
    """Say from when to when a name was present or absent, no more exactly than it is known."""
    word, before = _WORDS.get(span.kind, ("measured with contradicting results", "differs"))
    if span.after is not None and not span.exact:
        until = f" to {span.to}" if span.to else ""
        return f"{word} since some release after {span.after}, by {span.first}{until}"
    extent = f"in {span.first} alone" if span.to == span.first else f"from {span.first}"
    extent += f" to {span.to}" if span.to not in (None, span.first) else ""
    if span.after is None:
        return f"{word} {extent}{'' if span.exact else ' (the oldest measured)'}"
    return f"{word} {extent} (exact: {span.after} {before})"


_WORDS = {"value": ("present", "lacks it"), "absent": ("absent", "has it")}


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
            yield f"{device.upper()}: not measured{_outdated(of_it)}."
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


def _outdated(statuses: Sequence[ReleaseStatus]) -> str:
    """Add what outdated records said must not be used, until they are measured again."""
    told = [f"do not use with {each.torch} ({each.then})" for each in statuses if each.then is not None]
    return f" since the measurement changed; before it: {'; '.join(told)}" if told else ""


_BAD = {
    Status.INCOMPATIBLE: "do not use with",
    Status.CONFLICT: "records contradict each other in",
}


def _avoid(evidence: Evidence, rules: Sequence[Rule]) -> Iterator[str]:
    """Name the caveats, each advice once, with the releases it was seen in.

    The contract words the advice where it can, and what to avoid is enough for a comment: why stands behind
    its colon, for the report. Otherwise the text is that of the newest release. How a reference on which
    nobody relies differs is for the report: the note is about the function. Where a norm is not good enough,
    the line about accuracy says it better.
    """
    contract = evidence.contract
    elsewhere = {f"agreement:{each}" for each in contract.compared if each not in contract.relied_agreement}
    elsewhere |= {f"accuracy:{rule.dtype}" for rule in rules if rule.good_enough.stops is not None}
    for device in evidence.ledger.devices:
        yield from _avoid_on(evidence, device, elsewhere)


def _avoid_on(evidence: Evidence, device: str, elsewhere: AbstractSet[str]) -> Iterator[str]:
    releases: dict[str, set[str]] = defaultdict(set)
    newest: dict[str, str] = {}
    advised: dict[str, None] = {}
    for record in evidence.with_function(device):
        for identity, text in caveats(evidence.contract, record).items():
            if identity in elsewhere:
                continue
            question = evidence.contract.question(identity)
            advice = question.avoid if question is not None else None
            key = advice.partition(":")[0] if advice else identity
            releases[key].add(record.torch)
            newest[key] = f"Mind {identity}: {_short(text)}"
            advised |= {key: None} if advice else {}
    measured = [record.torch for record in evidence.with_function(device)]
    told = {key: ranges(seen, measured) for key, seen in releases.items()}
    if advised:
        yield f"Avoid, on {device.upper()}: {', '.join(f'{key} ({told[key]})' for key in advised)}."
    for key, extent in told.items():
        if key not in advised:
            yield f"{newest[key]} ({extent} on {device.upper()})."


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
    """Say the range of measured ratios, for each device, over a loop and the successor."""
    told_of = {*(each.id for each in evidence.contract.references), evidence.contract.successor}
    for device in evidence.devices:
        usable = [row for row in speed if _counts(row, device) and row.against in told_of]
        told = []
        for against in dict.fromkeys(row.against for row in usable):
            ratios = sorted(row.ratio for row in usable if row.against == against and row.ratio is not None)
            extent = " to ".join(dict.fromkeys(f"{ratio:.2g}" for ratio in (ratios[0], ratios[-1])))
            told.append(f"{extent} times that of {against}")
        if told:
            yield f"Speed on {device.upper()}, by release and workload: {', '.join(told)}."
        else:
            yield f"Speed on {device.upper()}: not measured."


def _counts(row: Speed, device: str) -> bool:
    return row.device == device and row.usable and row.against != CONTROL and row.part == WHOLE


def _evidence(evidence: Evidence) -> str:
    records = evidence.records()
    if not records:
        return "Evidence: no record."
    digest = evidence.ledger.digest.removeprefix("sha256:")[:8]
    date = evidence_date(evidence) or "an unknown date"
    return f"Evidence: {counted(len(records), 'record')} up to {date}, digest {digest}."


def evidence_date(evidence: Evidence) -> str | None:
    """Return the day of the newest usable record, YYYY-MM-DD."""
    finished = [each.provenance.finished for each in evidence.records() if each.provenance.finished]
    return max(finished)[:10] if finished else None


def _extent(spans: Sequence[Span]) -> str:
    first, last = spans[0].first, spans[-1].last
    return first if first == last else f"{first} to {last}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _capital(text: str) -> str:
    return text if text.startswith("torch.") else text[:1].upper() + text[1:]
