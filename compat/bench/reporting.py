"""How long does a report take for many records, and does it grow in proportion?

The records are the committed ones, again and again under made-up releases, in stretches, so that there are as
many changes between releases as there are in truth.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compat import paths
from compat.bench.lines import Line, at_most, exponent
from compat.contract import load_contract
from compat.probe import digests
from compat.probe.corpus import DRAWN, read_corpus
from compat.probe.record import dumps, file_name, sealed
from compat.records import Ledger
from compat.report.view import build_view
from compat.report.writing import write_reports
from compat.survey import Survey, load_survey
from compat.verdict import judge_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COUNTS = (20, 200, 2000)
MOST_SECONDS, MOST_EXPONENT = 10.0, 1.1


def report_lines(counts: Sequence[int] = COUNTS) -> Iterator[Line]:
    """Yield a line for each number of records, and one for the growth."""
    seconds = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            survey = make_records(Path(folder), count)
            seconds.append(build(Path(folder), survey))
        what = f"report: reading {count:,} records, judging and writing all"
        if count == counts[-1]:
            yield at_most(what, seconds[-1:], MOST_SECONDS, " s")
        else:
            yield Line(what=what, figure=f"{seconds[-1]:.3g} s")
    yield at_most(
        f"  grows with a power of the number, from {counts[-2]:,} on",
        [exponent(counts, seconds)],
        MOST_EXPONENT,
    )


def make_records(folder: Path, count: int) -> Survey:
    """Write so many records of made-up releases, and return the survey that lists those."""
    today = digests.current()
    sources = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(paths.RECORDS.glob("*-cpu.json"))
    ]
    sources.sort(key=lambda each: tuple(map(int, each["torch"].split("."))))
    known = load_survey(paths.SURVEY)
    releases = []
    for number in range(count):
        source = sources[number * len(sources) // count]
        torch = f"{100 + number}.0.0"
        write_record(folder, source, torch, today)
        entry = known.find(source["torch"]) or known.releases[-1]
        releases.append(replace(entry, torch=torch, date=f"{2030 + number // 365}-01-01"))
    return Survey(format=known.format, date=known.date, releases=tuple(releases))


def write_record(folder: Path, source: dict[str, Any], torch: str, today: dict[str, str]) -> None:
    """Write a record as another release's, and as measured today."""
    provenance = {**source["provenance"], "torch_version": f"{torch}+cpu"}
    content = {**source, "torch": torch, "digests": today, "provenance": provenance}
    path = folder / file_name(torch, source["python"], source["device"])
    path.write_text(dumps(sealed(content)), encoding="utf-8")


def build(folder: Path, survey: Survey) -> float:
    """Return the seconds from the files to the reports."""
    begin = time.perf_counter()
    contract = load_contract(paths.CONTRACT)
    ledger = Ledger.read(folder, digests=digests.current()).about(contract.api)
    verdict = judge_all(contract, ledger, (), {each.torch: each.date for each in survey.releases})
    cases = read_corpus(paths.CONTRACT / DRAWN)
    write_reports(build_view(verdict, ledger, contract, survey, cases=cases), folder / "reports")
    return time.perf_counter() - begin
