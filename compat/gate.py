"""May a new release be let through? What it changes against the state that was accepted before it.

The accepted state is what follows from the records up to an earlier release, by default the newest before it
that was measured; what was released in between takes no part. A release is refused for what callers rely on
and nobody has accepted:

* the function is gone;
* a relied-on clause that it contradicts and that was not contradicted before with the same outcome; of an
  agreement, a case that did not differ before, or, where none is told apart, that it differed nowhere before;
* a claim that is refuted with its records and was not without them.

Whatever else changed is listed by how much it hurts, and refuses nothing. A release that was not measured, or
whose records contradict each other or do not count, is open, and so is one with nothing to compare it with.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from packaging.version import Version

from compat.claims import Decision
from compat.comparison import Broken, Change, changes_between, compared, newly_contradicted, newly_to_mind
from compat.errors import ConfigurationError, ExitCode
from compat.releases import in_order, listing
from compat.statuses import Status
from compat.verdict import judge_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compat.accepted import Acceptances, Accepted
    from compat.contract import Contract
    from compat.record_format import Record
    from compat.records import Ledger
    from compat.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Gate:
    """All that a gate says of one release on one device."""

    api: str
    new: str
    against: str | None
    device: str
    status: Status
    why: str
    status_before: Status | None
    open: tuple[str, ...] = ()
    """Why nothing is decided; nothing where it is."""
    broken: tuple[Broken, ...] = ()
    changes: tuple[Change, ...] = ()
    """Every other outcome, what callers rely on first, then the worst first."""
    mind: tuple[tuple[str, str], ...] = ()
    """What else a caller of this release must know of and did not have to before: id and text."""
    compared: int = 0
    note_before: str = ""
    note: str = ""
    remarks: tuple[str, ...] = ()
    """What is wrong with what was accepted: expired, or matched by nothing."""
    records: tuple[str, ...] = field(default=())

    @property
    def refused(self) -> tuple[Broken, ...]:
        """What is newly contradicted and that nobody has accepted."""
        return tuple(each for each in self.broken if each.accepted is None)

    @property
    def exit_code(self) -> ExitCode:
        """A contradiction first, then whatever is open, and only then that it may pass."""
        if self.refused:
            return ExitCode.CONTRADICTED
        return ExitCode.INCONCLUSIVE if self.open else ExitCode.HOLDS


def judge_new(
    contract: Contract,
    ledger: Ledger,
    releases: Mapping[str, str],
    new: str,
    *,
    device: str,
    acceptances: Acceptances,
    against: str | None = None,
) -> Gate:
    """Hold a release against the state that was accepted before it.

    Args:
        contract: what callers rely on and claim.
        ledger: all records; later ones than the new release's take no part.
        releases: version to date of every release on the index.
        new: the release.
        device: where.
        acceptances: what maintainers accept, today.
        against: the release whose state was accepted; the newest measured before the new one, if None.

    Raises:
        ConfigurationError: a version is none, or the accepted one is not older.

    """
    _check(new, against, [*releases, *(each.torch for each in ledger.records)])
    ledger = ledger.about(contract.api)
    usable = [each for each in ledger.usable if each.device == device]
    before = against or max(
        (each.torch for each in usable if Version(each.torch) < Version(new)), key=Version, default=None
    )
    now_all = _judged(contract, ledger, releases, (before or new, device), also=new)
    status, why, names = _status(now_all, new, device)
    gate = Gate(
        api=contract.api,
        new=new,
        against=before,
        device=device,
        status=status,
        why=why,
        status_before=None,
        records=names,
        note=now_all.note,
    )
    here = [each for each in usable if each.torch == new]
    there = [each for each in usable if each.torch == before]
    reasons = [*_why_open(gate, here), *([] if there else [_nothing_before(before, new, device)])]
    if not here or not there or before is None:
        return replace(gate, open=tuple(reasons))
    then_all = _judged(contract, ledger, releases, (before, device))
    gate = replace(gate, open=tuple(reasons), note_before=then_all.note)
    gate = replace(gate, status_before=_status(then_all, before, device)[0])
    return _compared(gate, contract, ledger, (then_all, now_all), (there, here), acceptances)


def _compared(
    gate: Gate,
    contract: Contract,
    ledger: Ledger,
    verdicts: tuple[Verdict, Verdict],
    records: tuple[Sequence[Record], Sequence[Record]],
    acceptances: Acceptances,
) -> Gate:
    """Add what differs between the accepted state and the new release, both of which were measured."""
    (then_all, now_all), (there, here) = verdicts, records
    two = (gate.against or "", gate.new)
    valid = acceptances.of_release(gate.new)
    broken = [*newly_contradicted(contract, here, there), *_claims(then_all, now_all)]
    changes = changes_between(contract, ledger, gate.device, two)
    broken = [replace(each, accepted=_by(valid, each, gate.device, changes)) for each in broken]
    changes = [replace(each, accepted=_accepting(valid, each, gate.device)) for each in changes]
    undecided = [
        f"the claim {claim.id} was {was.verdict.value} and is open: {claim.because}"
        for was, claim in zip(then_all.claims, now_all.claims, strict=True)
        if claim.verdict is Decision.INCONCLUSIVE and was.verdict is not Decision.INCONCLUSIVE
    ]
    used = [*(each.accepted for each in broken), *(each.accepted for each in changes)]
    return replace(
        gate,
        open=(*gate.open, *undecided),
        broken=tuple(broken),
        changes=tuple(sorted(changes, key=lambda each: (not each.relied, -each.difference.harm, each.id))),
        mind=tuple(newly_to_mind(contract, here, there)),
        compared=len(compared(ledger, gate.device, *two)),
        remarks=acceptances.remarks(gate.new, used),
    )


def _check(new: str, against: str | None, known: Iterable[str]) -> None:
    there = in_order(known)
    for version in (new, *([against] if against else [])):
        if version not in there:
            message = f"{version}: no release on the index, nor a record of one. The newest is {there[-1]}."
            raise ConfigurationError(message)
    if against and Version(against) >= Version(new):
        message = f"{against} is not older than {new}; the accepted state is that of an earlier release."
        raise ConfigurationError(message)


def _judged(
    contract: Contract,
    ledger: Ledger,
    releases: Mapping[str, str],
    place: tuple[str, str],
    also: str | None = None,
) -> Verdict:
    """Judge as if no later release had been measured, but for one, and no other device were there."""
    upto, device = place
    records = [
        each
        for each in ledger.records
        if each.device == device and (each.torch == also or Version(each.torch) <= Version(upto))
    ]
    names = {each.name for each in records}
    then = replace(
        ledger,
        records=tuple(records),
        unusable={name: why for name, why in ledger.unusable.items() if name in names},
    )
    known = {each: date for each, date in releases.items() if Version(each) <= Version(also or upto)}
    return judge_all(contract, then, (), known, (device,))


def _status(verdict: Verdict, torch: str, device: str) -> tuple[Status, str, tuple[str, ...]]:
    """Return the worst status of a release's rows on a device, its reason, and its records."""
    rows = [each for each in verdict.releases if (each.torch, each.device) == (torch, device)]
    if not rows:
        return Status.NOT_MEASURED, f"no record of torch {torch} on {device.upper()}", ()
    worst = min(rows, key=lambda each: _WORST.index(each.status))
    return worst.status, worst.why, tuple(name for each in rows for name in each.records)


_WORST = (
    Status.CONFLICT,
    Status.INCOMPATIBLE,
    Status.NOT_MEASURED,
    Status.CAVEAT,
    Status.ABSENT,
    Status.COMPATIBLE,
)


def _why_open(gate: Gate, here: Sequence[Record]) -> Iterator[str]:
    if gate.status in (Status.NOT_MEASURED, Status.CONFLICT) or not here:
        yield f"{gate.new} on {gate.device.upper()}: {gate.why}"


def _nothing_before(before: str | None, new: str, device: str) -> str:
    what = (
        f"{before} has no record that counts"
        if before
        else f"no release before {new} has a record that counts"
    )
    return f"{what} on {device.upper()}, so there is nothing to compare with"


def _claims(then: Verdict, now: Verdict) -> Iterator[Broken]:
    for was, claim in zip(then.claims, now.claims, strict=True):
        if claim.verdict is Decision.REFUTED and was.verdict is not Decision.REFUTED:
            yield Broken(id=claim.id, is_claim=True, why=claim.because, before=was.verdict.value)


def _by(valid: Sequence[Accepted], broken: Broken, device: str, changes: Sequence[Change]) -> Accepted | None:
    if broken.is_claim:
        return next((each for each in valid if each.covers(device, claim=broken.id)), None)
    outcome = next((each.now for each in changes if each.id == broken.id), broken.why)
    return next((each for each in valid if each.covers(device, question=broken.id, outcome=outcome)), None)


def _accepting(valid: Sequence[Accepted], change: Change, device: str) -> Accepted | None:
    return next((each for each in valid if each.covers(device, question=change.id, outcome=change.now)), None)


def told_against(gate: Gate) -> str:
    """Say what the release was held against."""
    return f"the state accepted with {gate.against}" if gate.against else "nothing"


def summary(gate: Gate) -> str:
    """Say in one sentence whether the release may pass, and what decides it."""
    where = f"torch {gate.new} on {gate.device.upper()}"
    if gate.refused:
        return f"{where} is refused: {listing([each.id for each in gate.refused], many=6)} newly contradicted"
    if gate.open:
        return f"whether {where} may pass is open: {'; '.join(gate.open)}"
    accepted = [each.id for each in gate.broken]
    told = f", {listing(accepted, many=6)} accepted" if accepted else ""
    return f"{where} may pass: nothing that callers rely on is newly contradicted{told}"
