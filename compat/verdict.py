"""What does all the evidence say: of each release, of each claim, and in one sentence?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from packaging.version import Version

from compat.accuracy_remedies import Remedy, accuracy_remedies
from compat.accuracy_rules import Rule, accuracy_rules
from compat.claims import ClaimVerdict, Decision, Evidence, judge
from compat.errors import ExitCode
from compat.measurements import Accuracy, Speed, accuracy_rows, speed_rows
from compat.note import as_comment, evidence_date, presence, write_note
from compat.outcomes import all_spans
from compat.releases import counted, in_order, listing
from compat.standings import as_speed
from compat.statuses import ReleaseStatus, Status, judge_release

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compat.contract import Claim, Contract
    from compat.records import Ledger
    from compat.spans import Span
    from compat.speed_format import SpeedRecord

__all__ = ["DEVICES", "ReleaseStatus", "Status", "Verdict", "judge_all"]

HOST, CUDA = DEVICES = ("cpu", "cuda")
_MANY = 8


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Everything a report shows."""

    api: str
    releases: tuple[ReleaseStatus, ...]
    spans: tuple[Span, ...]
    claims: tuple[ClaimVerdict, ...]
    speed: tuple[Speed, ...]
    accuracy: tuple[Accuracy, ...]
    accuracy_rules: tuple[Rule, ...]
    accuracy_remedies: tuple[Remedy, ...]
    sentence: str
    exit_code: ExitCode
    note_before: str
    note: str
    evidence_date: str | None
    """Day of the newest usable record, YYYY-MM-DD."""
    evidence_digest: str


def judge_all(
    contract: Contract,
    ledger: Ledger,
    planned: Iterable[tuple[str, str]],
    releases: Mapping[str, str],
    devices: Sequence[str] = DEVICES,
    timed: tuple[SpeedRecord, ...] = (),
) -> Verdict:
    """Judge every row and every claim.

    Args:
        contract: what callers rely on and claim.
        ledger: the records.
        planned: the (torch, Python) of every row of the matrix; recorded rows are judged even if unplanned.
        releases: version to date (YYYY-MM-DD) of every release on the index.
        devices: the devices that the verdict is about; each row has a status for each of them.
        timed: the speed records.

    """
    ledger = ledger.about(contract.api)
    about = tuple(dict.fromkeys([*devices, *ledger.devices]))
    statuses = _statuses(contract, ledger, set(planned), about)
    spans = all_spans(ledger, releases, [question.id for question in contract.questions])
    evidence = Evidence(
        contract=contract, ledger=ledger, releases=releases, spans=spans, devices=about, timed=timed
    )
    claims = tuple(_judge(claim, evidence) for claim in contract.claims)
    speed = (*speed_rows(ledger), *(row for record in timed for row in as_speed(record)))
    rules = accuracy_rules(ledger, releases)
    remedies = accuracy_remedies(ledger, rules, releases)
    exit_code = exit_code_of(statuses, claims)
    return Verdict(
        api=contract.api,
        releases=statuses,
        spans=evidence.spans,
        claims=claims,
        speed=speed,
        accuracy=accuracy_rows(ledger),
        accuracy_rules=rules,
        accuracy_remedies=remedies,
        sentence=sentence_of(exit_code, statuses, claims, presence(evidence)),
        exit_code=exit_code,
        note_before=as_comment(contract.note_before),
        note=write_note(evidence, statuses, speed, (rules, remedies)),
        evidence_date=evidence_date(evidence),
        evidence_digest=ledger.digest,
    )


def _statuses(
    contract: Contract, ledger: Ledger, planned: set[tuple[str, str]], devices: Sequence[str]
) -> tuple[ReleaseStatus, ...]:
    """Judge every row on every device, the oldest release first."""
    places = [(row, device) for device in devices for row in _rows(planned, ledger, device)]
    places.sort(key=lambda place: (_place(place[0]), devices.index(place[1])))
    return tuple(judge_release(contract, ledger, *row, device) for row, device in places)


def _judge(claim: Claim, evidence: Evidence) -> ClaimVerdict:
    """Decide a claim; what an outdated record speaks against is open until it is measured again."""
    judged = judge(claim, evidence)
    if judged.verdict is not Decision.SUPPORTED or not evidence.ledger.outdated:
        return judged
    ledger = evidence.ledger.as_it_was
    order = [question.id for question in evidence.contract.questions]
    then = judge(claim, replace(evidence, ledger=ledger, spans=all_spans(ledger, evidence.releases, order)))
    if then.verdict is not Decision.REFUTED:
        return judged
    against = [name for name in then.records if name in evidence.ledger.outdated]
    because = f"{judged.because}; but by outdated records it was refuted: {then.because}; measure them again"
    records = tuple(dict.fromkeys([*judged.records, *against]))
    return replace(judged, verdict=Decision.INCONCLUSIVE, because=because, records=records)


def exit_code_of(statuses: Sequence[ReleaseStatus], claims: Iterable[ClaimVerdict]) -> ExitCode:
    """Decide the exit code: a contradiction first, then whatever is not known, and only then that it holds.

    Devices other than the CPU count where they were measured: that nobody has one is said, but is
    not held against the verdict beyond the claims that need it. A record of one that does not count is.
    """
    of_host = {each.status for each in statuses if each.device == HOST}
    anywhere = {each.status for each in statuses}
    decisions = {each.verdict for each in claims}
    if Status.INCOMPATIBLE in anywhere or Decision.REFUTED in decisions:
        return ExitCode.CONTRADICTED
    unknown = not of_host or Status.NOT_MEASURED in of_host or Status.CONFLICT in anywhere
    unknown = unknown or bool(_spoilt(statuses))
    if unknown or Decision.INCONCLUSIVE in decisions:
        return ExitCode.INCONCLUSIVE
    return ExitCode.HOLDS


def sentence_of(
    exit_code: ExitCode,
    statuses: Sequence[ReleaseStatus],
    claims: Sequence[ClaimVerdict],
    presence_told: Sequence[str],
) -> str:
    """Say the verdict in one sentence: whether the note may stay, and what decides it."""
    start = {
        ExitCode.CONTRADICTED: "The note may not stay",
        ExitCode.HOLDS: "The note may stay",
    }.get(exit_code, "Whether the note may stay is open")
    refuted = [each.id for each in claims if each.verdict is Decision.REFUTED]
    unknown = [each.id for each in claims if each.verdict is Decision.INCONCLUSIVE]
    parts = [
        f"{len(each)} of {counted(len(claims), 'claim')} {word} ({listing(each, many=_MANY)})"
        for each, word in ((refuted, "refuted"), (unknown, "inconclusive"))
        if each
    ]
    parts += [] if refuted or unknown else [f"{counted(len(claims), 'claim')} supported"]
    unmeasured = _of_status([each for each in statuses if each.device == HOST], Status.NOT_MEASURED)
    parts += _failing(statuses)
    parts += [f"{counted(len(unmeasured), 'planned release')} not measured"] if unmeasured else []
    spoilt = _spoilt(statuses)
    parts += [f"{listing(spoilt)} {'does' if len(spoilt) == 1 else 'do'} not count"] if spoilt else []
    parts += presence_told
    return f"{start}: {'; '.join(parts)}."


def _failing(statuses: Sequence[ReleaseStatus]) -> list[str]:
    """Say, device by device, in which releases a relied-on clause fails."""
    found = []
    for device in dict.fromkeys(each.device for each in statuses):
        releases = _of_status([each for each in statuses if each.device == device], Status.INCOMPATIBLE)
        where = "" if device == HOST else f" on {device.upper()}"
        found += [f"a relied-on clause fails in {listing(releases)}{where}"] if releases else []
    return found


def _spoilt(statuses: Iterable[ReleaseStatus]) -> list[str]:
    """Return the records of other devices than the host that are there and tell nothing."""
    lost = [each for each in statuses if each.device != HOST and each.status is Status.NOT_MEASURED]
    return [name for each in lost for name in each.records]


def _of_status(statuses: Iterable[ReleaseStatus], status: Status) -> tuple[str, ...]:
    return in_order(each.torch for each in statuses if each.status is status)


def _rows(planned: set[tuple[str, str]], ledger: Ledger, device: str) -> set[tuple[str, str]]:
    """Return the rows to judge on a device: what was recorded on it, and what is planned.

    The matrix plans for the host. Whoever has another device measures a release with the Python there, so
    a release is missing only where no Python was.
    """
    recorded = {(each.torch, each.python) for each in ledger.records if each.device == device}
    if device == HOST:
        return recorded | planned
    there = {torch for torch, _ in recorded}
    return recorded | {row for row in planned if row[0] not in there}


def _place(row: tuple[str, str]) -> tuple[Version, Version]:
    return Version(row[0]), Version(row[1])
