"""What do the speed records say: who gives which answer fastest, on whose gradients, and what to do?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.report.interval_chart import Mark, Plot
from compat.report.length_view import LengthTable, length_table
from compat.report.memory_view import MemoryRow, memory_rows
from compat.report.numbers import interval, ratio, seconds
from compat.report.text import counted
from compat.report.training_view import TrainingTable, training_table
from compat.speed_format import CONTROL
from compat.standings import WHOLE, Standing, standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.contract import Contract
    from compat.speed_format import SpeedRecord
    from compat.speed_records import SpeedLedger

ANSWERS = {
    "norms": "The norm of each tensor",
    "total": "The one norm over all tensors",
    "health": "The monitor's whole answer",
}
_PARTS = {WHOLE: "", "host": "the host alone", "device": "the device alone"}

NONE, LESS_ACCURATE = "\N{EN DASH}", "\N{DAGGER}"

AS_GOOD = 1.05
"""So much longer may another take and still be as good: less than two runs on one machine differ by."""


@dataclass(frozen=True, kw_only=True)
class RaceRow:
    """One model in one dtype: what the first takes, its share of a plain read's speed, and all others."""

    label: str
    first: str
    read: str
    cells: tuple[tuple[str, str], ...]
    """Of each other the ratio, and its interval."""
    usable: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class RaceTable:
    """All models, for one answer in one torch on one device; a cell is the other's time over the first's."""

    torch: str
    device: str
    answer: str
    part: str
    first: str
    others: tuple[tuple[str, str], ...]
    """Name, and what it lacks of the answer."""
    rows: tuple[RaceRow, ...]
    seen: str
    plots: tuple[Plot, ...]
    """One for each other that gives the whole answer as accurately, in most cells."""
    memory: tuple[MemoryRow, ...]


@dataclass(frozen=True, kw_only=True)
class Races:
    """Everything of the speed records, and what was left out of them."""

    tables: tuple[RaceTable, ...]
    lengths: tuple[LengthTable, ...]
    training: tuple[TrainingTable, ...]
    advice: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    """What, and why."""


def races(ledger: SpeedLedger, contract: Contract) -> Races:
    """Make the speed records ready to print."""
    tables = [
        _table(record, answer, part, rows)
        for record in ledger.records
        for (answer, part), rows in _grouped(record).items()
    ]
    return Races(
        tables=tuple(tables),
        lengths=tuple(length_table(record) for record in ledger.records if record.by_length),
        training=tuple(training_table(record) for record in ledger.records),
        advice=tuple(line for record in ledger.records for line in _advice(record, contract)),
        left_out=tuple(_left_out(ledger)),
    )


def _grouped(record: SpeedRecord) -> dict[tuple[str, str], list[Standing]]:
    found: dict[tuple[str, str], list[Standing]] = {}
    for each in standings(record):
        found.setdefault((each.answer, each.part), []).append(each)
    return dict(
        sorted(found.items(), key=lambda item: (list(ANSWERS).index(item[0][0]), item[0][1] != WHOLE))
    )


def _table(record: SpeedRecord, answer: str, part: str, rows: Sequence[Standing]) -> RaceTable:
    others = {each.against: each.lacks for each in rows if each.against != CONTROL}
    of_cell = {(each.model, each.dtype): each for each in rows}
    by_name = {(each.model, each.dtype, each.against): each for each in rows}
    return RaceTable(
        torch=record.torch,
        device=record.device,
        answer=ANSWERS[answer],
        part=_PARTS[part],
        first=rows[0].first,
        others=tuple(others.items()),
        rows=tuple(
            RaceRow(
                label=f"{model}, {dtype}{'' if any_of.real else ' (made)'}",
                first=seconds(_seconds_of_first(record, any_of)),
                read=f"{100 * any_of.read / _seconds_of_first(record, any_of):.0f} %",
                cells=tuple(_cell(by_name.get((model, dtype, name))) for name in others),
                usable=any_of.why is None,
                why=any_of.why or "",
            )
            for (model, dtype), any_of in of_cell.items()
        ),
        seen=_seen(rows),
        plots=tuple(_plots(rows)),
        memory=tuple(memory_rows(record, answer)) if part == WHOLE else (),
    )


def _plots(rows: Sequence[Standing]) -> Iterator[Plot]:
    whole = [each for each in rows if each.against != CONTROL and not each.lacks]
    for name in dict.fromkeys(each.against for each in whole):
        of_it = [each for each in whole if each.against == name]
        if 2 * sum(each.accurate for each in of_it) <= len(of_it):
            continue
        first = of_it[0]
        yield Plot(
            title=f"{ANSWERS[first.answer]}: time of {name} over that of {first.first}, {_where(first)}",
            heading=name,
            seen=_seen_of_one(of_it),
            axis=f"time over that of {first.first} (log scale)",
            marks=tuple(_mark(each) for each in of_it),
        )


def _where(standing: Standing) -> str:
    part = f", {_PARTS[standing.part]}" if _PARTS[standing.part] else ""
    return f"torch {standing.torch} on {standing.device.upper()}{part}"


def _mark(standing: Standing) -> Mark:
    label = f"{standing.model}, {standing.dtype}"
    spoilt = f", not usable: {standing.why}" if standing.why else ""
    return Mark(
        label=label,
        middle=standing.ratio,
        low=standing.low,
        high=standing.high,
        usable=standing.why is None,
        told=f"{label}: {ratio(standing.ratio)} ({interval(standing.low, standing.high)}){spoilt}",
    )


def _seen_of_one(rows: Sequence[Standing]) -> str:
    usable = sorted((each for each in rows if each.why is None), key=lambda each: each.ratio)
    if not usable:
        return "No timing is usable."
    low, high = usable[0], usable[-1]
    slower, faster = sum(each.low > 1 for each in usable), sum(each.high < 1 for each in usable)
    return (
        f"From {ratio(low.ratio)} ({low.model}, {low.dtype}) to {ratio(high.ratio)} times the time "
        f"({high.model}, {high.dtype}); wholly above 1 in {slower}, wholly below in {faster} of "
        f"{counted(len(usable), 'cell')}."
    )


def _cell(standing: Standing | None) -> tuple[str, str]:
    if standing is None:
        return NONE, ""
    mark = "" if standing.accurate else f" {LESS_ACCURATE}"
    return f"{ratio(standing.ratio)}{mark}", interval(standing.low, standing.high)


def _seconds_of_first(record: SpeedRecord, standing: Standing) -> float:
    cell = next(
        each
        for each in record.cells
        if (each.model, each.dtype, each.answer) == (standing.model, standing.dtype, standing.answer)
    )
    timed = sorted(cell.seconds(standing.first, standing.part))
    return timed[len(timed) // 2]


def _seen(rows: Sequence[Standing]) -> str:
    usable = [each for each in rows if each.why is None and each.against != CONTROL]
    spoilt = len({(each.model, each.dtype) for each in rows if each.why is not None})
    if not usable:
        return "No timing is usable."
    cells = {(each.model, each.dtype) for each in usable}
    equal = [each for each in usable if not each.lacks and each.accurate]
    beaten = {(each.model, each.dtype) for each in equal if each.high < 1}
    best = min(equal or usable, key=lambda each: each.ratio)
    text = (
        f"{rows[0].first} is beaten by another as accurate with the whole answer in {len(beaten)} of "
        f"{counted(len(cells), 'cell')}"
    )
    if beaten:
        text += (
            f"; at most by {best.against}, in {ratio(best.ratio)} of its time ({best.model}, {best.dtype})"
        )
    left = f"; {counted(spoilt, 'cell')} not usable" if spoilt else ""
    return f"{text}{left}."


def _advice(record: SpeedRecord, contract: Contract) -> list[str]:
    """Say where a public call is as good as the private one, and which one that is."""
    public = {(each.answer, each.id) for each in contract.contestants if each.public}
    found = []
    where = f"On {record.device.upper()} with torch {record.torch}"
    for answer in ("norms", "total"):
        usable = [
            each
            for each in standings(record)
            if (each.answer, each.part) == (answer, WHOLE) and each.why is None and each.against != CONTROL
        ]
        cells = {(each.model, each.dtype) for each in usable}
        good = [
            each
            for each in usable
            if (answer, each.against) in public and each.low <= AS_GOOD and each.accurate
        ]
        if not cells:
            continue
        reached = {(each.model, each.dtype) for each in good}
        counts = Counter(each.against for each in good)
        # by name as well: without, equal counts would come in an order of the process's own
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        told = ", ".join(f"{name} ({count})" for name, count in ordered)
        found.append(
            f"{where}, {ANSWERS[answer].lower()}: a public call as accurate takes no more than {AS_GOOD:g} "
            f"times the time of the private one in {len(reached)} of {counted(len(cells), 'cell')}"
            + (f": {told}." if told else ".")
        )
    return found


def _left_out(ledger: SpeedLedger) -> list[tuple[str, str]]:
    found = list(ledger.unusable)
    for record in ledger.records:
        where = f"{record.torch} on {record.device.upper()}"
        found += [(f"{each.model}, {where}", each.why) for each in record.skipped]
        reasons: dict[tuple[str, str], list[str]] = {}
        for cell in record.cells:
            for each in cell.left_out:
                reasons.setdefault((f"{each.id} ({cell.answer})", each.why), []).append(
                    f"{cell.model}, {cell.dtype}"
                )
        found += [
            (f"{what}, {where}", f"{why} ({counted(len(cells), 'cell')})")
            for (what, why), cells in reasons.items()
        ]
    return found
