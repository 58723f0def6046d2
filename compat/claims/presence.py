"""Since when is the function there, and since when does a file of torch's own call it?

Both rules ask a fact of every release from a stated one on. One release without the fact refutes. To
be supported, the stated release itself must have been measured, for it is the one that may lack it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.record_format import Outcome, VersionText
from compat.releases import at_least, counted, in_order, listing
from compat.spans import Span, infer_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compat.contract import Claim
    from compat.record_format import Record


def _relative_path(text: str) -> str:
    if text.startswith("/") or "\\" in text:
        message = "must be relative to torch's own folder, with forward slashes"
        raise ValueError(message)
    return text


class PresentSince(Parameters):
    """The release from which on the function is said to be there."""

    version: VersionText


class CalledBy(Parameters):
    """The file, relative to torch's folder, that is said to call the function, and since when."""

    file: Annotated[str, AfterValidator(_relative_path)]
    since: VersionText


def present_since(parameters: PresentSince, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by whether the name is there, on any device: presence does not depend on one."""
    return _since(
        parameters.version, claim, evidence, fact=lambda record: record.present, yes="present", no="absent"
    )


def called_by(parameters: CalledBy, claim: Claim, evidence: Evidence) -> Finding:
    """Decide by the files of torch whose source calls the name."""

    def calls(record: Record) -> bool:
        return record.surface is not None and parameters.file in record.surface.callers

    return _since(
        parameters.since,
        claim,
        evidence,
        fact=calls,
        yes=f"called by {parameters.file}",
        no=f"not called by {parameters.file}",
    )


def _since(
    version: str, claim: Claim, evidence: Evidence, *, fact: Callable[[Record], bool], yes: str, no: str
) -> Finding:
    records = evidence.records(claim.device)
    outcomes = _facts(records, fact, yes, no)
    since = [release for release in outcomes if at_least(release, version)]
    spans = infer_spans(outcomes, evidence.releases, question=claim.id, device=claim.device or "any")
    story = _story(spans)
    without = [release for release in since if outcomes[release].text == no]
    disputed = [release for release in since if outcomes[release].kind == "conflict"]
    if without:
        because = f"{story}; {no} in {counted(len(without), 'measured release')} since {version}"
        return Finding(decision=Decision.REFUTED, because=because, records=records)
    if disputed:
        because = f"records of {listing(disputed)} contradict each other; {story}"
        return Finding(decision=Decision.INCONCLUSIVE, because=because, records=records)
    if not any(at_least(version, release) for release in since):
        measured = story or "no release was measured"
        because = f"{version} itself was not measured; {measured}"
        return Finding(decision=Decision.INCONCLUSIVE, because=because, records=records)
    unmeasured = [each for each in evidence.releases if at_least(each, version) and each not in outcomes]
    because = f"{yes} in all {counted(len(since), 'measured release')} from {since[0]} to {since[-1]}"
    because += f"; {counted(len(unmeasured), 'release')} not measured" if unmeasured else ""
    return Finding(decision=Decision.SUPPORTED, because=because, records=records)


def _facts(
    records: tuple[Record, ...], fact: Callable[[Record], bool], yes: str, no: str
) -> Mapping[str, Outcome]:
    """Return the fact by release; ``conflict`` where records of one release differ."""
    said: dict[str, set[bool]] = {}
    for record in records:
        said.setdefault(record.torch, set()).add(fact(record))
    return {
        release: Outcome(kind="conflict", text=f"{yes} and {no}")
        if len(said[release]) > 1
        else Outcome(kind="value", text=yes if True in said[release] else no)
        for release in in_order(said)
    }


def _story(spans: tuple[Span, ...]) -> str:
    """Tell the spans in one sentence: "absent up to 1.10.2, present from 1.11.0 (exact: …)"."""
    told = [f"{spans[0].outcome} in {_extent(spans[0])}"] if spans else []
    told += [f"{span.outcome} {span.since}" for span in spans[1:]]
    return ", ".join(told)


def _extent(span: Span) -> str:
    return span.first if span.first == span.last else f"{span.first} to {span.last}"
