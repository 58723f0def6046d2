"""What did each question give, from which release to which, and does it harm a caller?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from compat.differences import Difference, difference
from compat.releases import in_order
from compat.report.described import describe
from compat.report.marks import AS_EXPECTED, BREAKS, DISPUTED, NOT_THERE, RECORDED, UNASKED, UNEXPECTED, Mark
from compat.report.release_view import extent
from compat.report.text import counted
from compat.statuses import caveats, contradictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.contract import Contract
    from compat.records import Ledger, Record
    from compat.spans import Span


@dataclass(frozen=True, kw_only=True)
class SpanRow:
    """An outcome and the releases it was seen in."""

    extent: str
    """The releases as measured: ``1.11.0 to 2.5.1``, open at the end while it still holds."""
    since: str
    letter: str
    """Tells the outcomes of one question apart; equal outcomes have the same."""
    outcome: str
    kind: str
    mark: Mark
    first: str
    last: str
    after: str | None
    exact: bool
    change: Difference | None
    """How it differs from the span before; None for the first."""
    scope: str
    """How many releases the span was measured in, and how many in between were not."""
    records: tuple[str, ...] = ()
    """The records of its first and its last release."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A run of measured releases in a question's row of the matrix; no span, no answer."""

    width: int
    extent: str
    span: SpanRow | None


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """One question on one device, with everything that was seen of it."""

    id: str
    level: str
    asks: str
    why: str
    call: str | None
    expect: str | None
    relied: bool
    reference: str | None
    device: str
    spans: tuple[SpanRow, ...]
    cells: tuple[Cell, ...]
    changes: bool
    """Whether anything but the presence of the function itself made its outcome change."""

    @property
    def harm(self) -> int:
        """The place of the worst span, 0 for what breaks callers."""
        return min(HARM.index(span.mark) for span in self.spans)


def question_rows(spans: Sequence[Span], contract: Contract, ledger: Ledger) -> tuple[QuestionRow, ...]:
    """Return a row for each id and device that has spans, in the order of the spans."""
    marks = _Marks(contract, ledger)
    columns = {device: _columns(ledger, device) for device in ledger.devices}
    rows = []
    for (identity, device), members in groupby(spans, key=lambda span: (span.question, span.device)):
        group = tuple(members)
        outcomes = list(
            dict.fromkeys((span.kind, span.outcome) for span in group if span.kind not in _SILENT)
        )
        question = contract.question(identity) or describe(identity, contract)
        shown = tuple(
            _span_row(
                span, before, marks.of(span), outcomes, notice=question.notice, records=marks.records_of(span)
            )
            for before, span in zip((None, *group), group, strict=False)
        )
        rows.append(
            QuestionRow(
                id=identity,
                level=question.level,
                asks=question.asks,
                why=question.why,
                call=question.call or None,
                expect=question.expect,
                relied=question.relied,
                reference=question.reference,
                device=device,
                spans=shown,
                cells=_cells(shown, columns.get(device, ())),
                changes=len([span for span in group if not _only_presence(span)]) > 1,
            )
        )
    return tuple(rows)


HARM = (BREAKS, DISPUTED, UNEXPECTED, NOT_THERE, AS_EXPECTED, RECORDED, UNASKED)

_SILENT = ("absent", "unasked")


_Judged = tuple["Record", frozenset[str], frozenset[str]]
"""A record, and the ids that break callers in it, and those that they must know of."""


class _Marks:
    """What a span means to callers, by what the verdict says of the records within it."""

    def __init__(self, contract: Contract, ledger: Ledger) -> None:
        self._contract = contract
        self._judged = [
            (record, frozenset(contradictions(contract, record)), frozenset(caveats(contract, record)))
            for record in ledger.usable
        ]
        order = in_order(each.torch for each in ledger.usable)
        self._places = {release: place for place, release in enumerate(order)}
        self._by_place: dict[tuple[str, int], list[_Judged]] = defaultdict(list)
        for each in self._judged:
            self._by_place[each[0].device, self._places[each[0].torch]].append(each)

    def records_of(self, span: Span) -> tuple[str, ...]:
        """Return the names of the records of a span's first and last release."""
        places = dict.fromkeys((self._places[span.first], self._places[span.last]))
        return tuple(record.name for place in places for record, _, _ in self._by_place[span.device, place])

    def of(self, span: Span) -> Mark:
        if span.kind == "absent":
            return NOT_THERE
        if span.kind == "unasked":
            return UNASKED
        if span.kind == "conflict":
            return DISPUTED
        first, last = self._places[span.first], self._places[span.last]
        within = [each for place in range(first, last + 1) for each in self._by_place[span.device, place]]
        if any(span.question in broken for _, broken, _ in within):
            return BREAKS
        if any(span.question in lesser for _, _, lesser in within):
            return UNEXPECTED
        question = self._contract.question(span.question)
        expected = question.expect is not None if question else span.question.startswith("agreement:")
        return AS_EXPECTED if expected or span.question == "present" else RECORDED


def _span_row(
    span: Span,
    before: Span | None,
    mark: Mark,
    outcomes: Sequence[tuple[str, str]],
    *,
    notice: bool,
    records: tuple[str, ...],
) -> SpanRow:
    run = extent(list(dict.fromkeys((span.first, span.last))))
    scope = counted(span.measured, "release") + " measured"
    return SpanRow(
        extent=run if span.to or span.first == span.last else f"{run}, the newest measured",
        since=span.since,
        letter=_letter(outcomes.index(key)) if (key := (span.kind, span.outcome)) in outcomes else "",
        outcome=span.outcome,
        kind=span.kind,
        mark=mark,
        first=span.first,
        last=span.last,
        after=span.after,
        exact=span.exact,
        change=difference(before, span, notice=notice) if before else None,
        scope=scope + (f", {span.unmeasured} in between not" if span.unmeasured else ""),
        records=records,
    )


def _letter(place: int) -> str:
    """Count A, B, up to Z, then AA, AB and so on."""
    rest, last = divmod(place, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)


def _columns(ledger: Ledger, device: str) -> tuple[str, ...]:
    return in_order(record.torch for record in ledger.usable if record.device == device)


def _cells(spans: Sequence[SpanRow], columns: Sequence[str]) -> tuple[Cell, ...]:
    """Lay the spans over the measured releases; a release without an answer stays without one."""
    place = {release: number for number, release in enumerate(columns)}
    covered: list[SpanRow | None] = [None] * len(columns)
    for span in spans:
        if span.first in place and span.last in place:
            width = place[span.last] - place[span.first] + 1
            covered[place[span.first] : place[span.last] + 1] = [span] * width
    cells = []
    at = 0
    for span_or_none, members in groupby(covered):
        width = len(list(members))
        cells.append(Cell(width=width, extent=extent([*columns[at : at + width]]), span=span_or_none))
        at += width
    return tuple(cells)


def _only_presence(span: Span) -> bool:
    """Whether a span says no more than that the function, or what the question needs, was not there."""
    return span.kind == "unasked" or (span.kind == "absent" and not span.question.startswith("relative:"))
