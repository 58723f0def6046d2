"""What does a report show? Everything ready to print, for every format alike.

A pure function of the verdict and the files behind it: no clock and no machine of its own, so that equal
input gives byte-equal output. Formats decide on markup and on what to leave out, and compute nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.claims import Decision
from compat.declared import compare
from compat.measurements import SPEED_FOLDER, overhead_rows
from compat.report.accuracy_rules_view import RemedyRow, RuleRow, remedy_rows, rule_rows
from compat.report.accuracy_view import AccuracyPanel, accuracy_panels
from compat.report.advice_view import Advice, next_steps, pin_advice
from compat.report.coverage_view import Gap, Machine, Step, gaps, machines, steps
from compat.report.declared_view import Declared, declared_view
from compat.report.exploration_view import Exploration, exploration
from compat.report.launch_view import LaunchPanel, launch_panels
from compat.report.marks import DECISIONS, EXITS, Mark
from compat.report.question_view import QuestionRow, question_rows
from compat.report.race_view import Races, races
from compat.report.release_view import ReleaseGroup, ReleaseRow, group_rows, release_rows
from compat.report.speed_view import SpeedTable, speed_tables
from compat.report.text import cleaned, counted
from compat.report.training_view import overhead_plots
from compat.report.turn_view import Change, Turn, by_harm, turns
from compat.reproduction.choice import Reproduction, reproductions
from compat.speed_records import SpeedLedger
from compat.standings import Share, Standing, shares, standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.contract import Contract
    from compat.declared import Comparison
    from compat.probe.cases import Case
    from compat.records import Ledger
    from compat.report.interval_chart import Plot
    from compat.survey import Survey
    from compat.verdict import Verdict

_SHORT = 12


@dataclass(frozen=True, kw_only=True)
class ClaimRow:
    """A claim and how it was decided."""

    id: str
    claim: str
    mark: Mark
    because: str
    details: tuple[str, ...]
    records: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A name and a value about the evidence as a whole."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that a format shows, with all foreign text made printable."""

    api: str
    mark: Mark
    sentence: str
    exit_code: int
    note_before: str
    note_after: str
    pins: tuple[Advice, ...]
    """What to pin, the least first."""
    steps_ahead: tuple[Advice, ...]
    """What to do beside that."""
    facts: tuple[Fact, ...]
    claims: tuple[ClaimRow, ...]
    tally: tuple[tuple[Mark, int], ...]
    """How many claims have each verdict, the refuted first."""
    releases: tuple[ReleaseRow, ...]
    groups: tuple[ReleaseGroup, ...]
    questions: tuple[QuestionRow, ...]
    turns: tuple[Turn, ...]
    harms: tuple[tuple[str, tuple[Change, ...]], ...]
    """The same changes by how much they hurt a caller, the worst first."""
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    """By device, the measured releases that the cells of the questions lie over."""
    exploration: Exploration
    accuracy: tuple[AccuracyPanel, ...]
    accuracy_rules: tuple[RuleRow, ...]
    accuracy_remedies: tuple[RemedyRow, ...]
    launches: tuple[LaunchPanel, ...]
    speed: tuple[SpeedTable, ...]
    races: Races
    overhead: tuple[Plot, ...]
    """What a loop adds to a training step, by release: a drawing for each device."""
    declared: Declared
    gaps: tuple[Gap, ...]
    machines: tuple[Machine, ...]
    steps: tuple[Step, ...]
    records: str
    """Where the records lie, as seen from the report."""


@dataclass(frozen=True, kw_only=True)
class View:
    """The page for people, and the verdict as it is for machines."""

    page: Page
    verdict: Verdict
    comparison: Comparison
    """What wheels declare, against what was observed."""
    scripts: tuple[Reproduction, ...] = ()
    """What a finding can be seen with by itself."""
    standings: tuple[Standing, ...] = ()
    shares: tuple[Share, ...] = ()


def build_view(
    verdict: Verdict,
    ledger: Ledger,
    contract: Contract,
    survey: Survey,
    *,
    records: str = "records",
    cases: Sequence[Case] = (),
    timed: SpeedLedger | None = None,
) -> View:
    """Make a verdict ready to print.

    Args:
        verdict: what was decided.
        ledger: the records that it was decided by.
        contract: the questions and claims.
        survey: which releases there are, with their dates.
        records: the folder of the records, relative to where the reports lie.
        cases: the corpus, to show by themselves those that differ.
        timed: the speed records.

    """
    given = _Given(
        verdict=verdict,
        ledger=ledger.about(contract.api),
        contract=contract,
        survey=survey,
        timed=timed or SpeedLedger(),
    )
    scripts = reproductions(given.ledger, contract, cases)
    comparison = compare(survey, given.ledger, contract)
    return View(
        page=cleaned(_page(given, scripts, comparison, records)),
        verdict=verdict,
        comparison=comparison,
        scripts=scripts,
        standings=tuple(each for record in given.timed.records for each in standings(record)),
        shares=tuple(each for record in given.timed.records for each in shares(record)),
    )


@dataclass(frozen=True, kw_only=True)
class _Given:
    """All that a page is made of."""

    verdict: Verdict
    ledger: Ledger
    contract: Contract
    survey: Survey
    timed: SpeedLedger


def _page(given: _Given, scripts: Sequence[Reproduction], comparison: Comparison, records: str) -> Page:
    verdict, ledger, contract = given.verdict, given.ledger, given.contract
    dates = {release.torch: release.date for release in given.survey.releases}
    rows = release_rows(verdict.releases, dates)
    questions = question_rows(verdict.spans, contract, ledger)
    found = turns(questions, dates)
    remedies = remedy_rows(verdict.accuracy_remedies)
    return Page(
        api=verdict.api,
        mark=EXITS[verdict.exit_code],
        sentence=verdict.sentence,
        exit_code=int(verdict.exit_code),
        note_before=verdict.note_before.strip("\n"),
        note_after=verdict.note.strip("\n"),
        pins=pin_advice(contract, ledger, verdict),
        steps_ahead=next_steps(contract, verdict, remedies),
        facts=_facts(verdict, ledger, given.survey),
        claims=_claims(verdict),
        tally=_tally(verdict),
        releases=rows,
        groups=group_rows(rows),
        questions=questions,
        turns=found,
        harms=by_harm(found),
        columns=_columns(ledger),
        exploration=exploration(ledger, contract, scripts),
        accuracy=accuracy_panels(verdict.accuracy),
        accuracy_rules=rule_rows(verdict.accuracy_rules),
        accuracy_remedies=remedies,
        launches=launch_panels(ledger, contract),
        speed=speed_tables(
            [row for row in verdict.speed if not row.record.startswith(SPEED_FOLDER)], contract
        ),
        races=races(given.timed, contract),
        overhead=tuple(overhead_plots(overhead_rows(ledger))),
        declared=declared_view(comparison),
        gaps=gaps(verdict, rows, ledger, list(dates)),
        machines=machines(ledger),
        steps=steps(rows, verdict.claims[0].id if verdict.claims else "ID"),
        records=records,
    )


def _claims(verdict: Verdict) -> tuple[ClaimRow, ...]:
    return tuple(
        ClaimRow(
            id=each.id,
            claim=each.claim,
            mark=DECISIONS[each.verdict],
            because=each.because,
            details=each.details,
            records=each.records,
        )
        for each in verdict.claims
    )


def _tally(verdict: Verdict) -> tuple[tuple[Mark, int], ...]:
    counts = Counter(each.verdict for each in verdict.claims)
    order = (Decision.REFUTED, Decision.INCONCLUSIVE, Decision.SUPPORTED)
    return tuple((DECISIONS[each], counts[each]) for each in order if counts[each])


def _columns(ledger: Ledger) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (device, tuple(dict.fromkeys(each.torch for each in ledger.usable if each.device == device)))
        for device in ledger.devices
    )


def _facts(verdict: Verdict, ledger: Ledger, survey: Survey) -> tuple[Fact, ...]:
    releases = counted(len(survey.releases), "release")
    measured = [
        f"{len({each.torch for each in ledger.usable if each.device == device})} on {device.upper()}"
        for device in ledger.devices
    ]
    digests = {
        name: sorted({getattr(record.digests, name) for record in ledger.usable})
        for name in ("contract", "corpus", "probe")
    }
    cases = sorted({record.agreement.cases for record in ledger.usable if record.agreement})
    return (
        Fact(name="Measured", value=f"{', '.join(measured) or 'none'} of {releases} on the index"),
        Fact(name="Records", value=f"{len(ledger.usable)} that count, {len(ledger.unusable)} that do not"),
        Fact(
            name="Cases",
            value=" or ".join(f"{each:,}" for each in cases) + " in the corpus" if cases else "none",
        ),
        Fact(name="Newest record", value=verdict.evidence_date or "none"),
        Fact(name="Index seen", value=survey.date),
        Fact(name="Evidence", value=_short(verdict.evidence_digest)),
        *(Fact(name=name.capitalize(), value=_digests(each)) for name, each in digests.items() if each),
    )


def _digests(digests: list[str]) -> str:
    return " and ".join(_short(each) for each in digests)


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:_SHORT]
