"""Which exact release changed the outcome of one question? Measures as few rows as it must.

A row is measured by nox, as in every run, so its record stays and every later report knows of it.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from compat import paths
from compat.bisection import Finding, first_change, most_measurements
from compat.differences import difference
from compat.errors import ConfigurationError, ExitCode
from compat.freshness import DEVICE, record_path
from compat.outcomes import SURFACE, outcome_of
from compat.records import Ledger
from compat.releases import counted, listing
from compat.upcoming import session_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from compat.contract import Contract
    from compat.matrix import Row
    from compat.record_format import Outcome

_MANY = 6
_LONG = 120


@dataclass(frozen=True, kw_only=True)
class Ends:
    """The rows from one end to the other, oldest first, one for each release."""

    rows: tuple[Row, ...]

    @property
    def releases(self) -> tuple[str, ...]:
        """Their releases."""
        return tuple(row.torch for row in self.rows)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a person is told at the end, and how the command ends."""

    lines: tuple[str, ...]
    exit_code: ExitCode


def check_question(contract: Contract, ledger: Ledger, identity: str) -> None:
    """Refuse an id that no record could have; ConfigurationError names those that are like it."""
    references = [f"agreement:{each.id}" for each in contract.references]
    relatives = [
        f"relative:{name}" for each in ledger.records if each.surface for name in each.surface.relatives
    ]
    known = [
        *SURFACE,
        *(each.id for each in contract.questions),
        *references,
        *relatives,
        "values",
        "dispatches",
    ]
    if identity not in known:
        near = get_close_matches(identity, known)
        message = f"{identity}: no such question. " + (
            f"Did you mean {listing(near)}?" if near else "See: python -m compat list"
        )
        raise ConfigurationError(message)


def ends(rows: Sequence[Row], ledger: Ledger, good: str | None, bad: str | None) -> Ends:
    """Return the rows to search in: from one release to the other, whichever is older.

    Args:
        rows: all rows of the matrix.
        ledger: the records; the oldest release that is known to have the function is where a search
            begins, unless ``good`` says otherwise.
        good: a release with one outcome; None for the oldest.
        bad: one with the other; None for the newest row.

    """
    single = sorted((row for row in rows if row.first), key=lambda row: Version(row.torch))
    if not single:
        raise ConfigurationError("the matrix has no rows. Add them: python -m compat matrix --refresh")
    present = [each.torch for each in ledger.usable if each.present and each.device == DEVICE]
    oldest = next((row.torch for row in single if row.torch in present), single[0].torch)
    given = {"--good": good or oldest, "--bad": bad or single[-1].torch}
    places = {}
    for option, torch in given.items():
        try:
            wanted = Version(torch)
        except InvalidVersion:
            raise ConfigurationError(f"{option} {torch}: no version.") from None
        places[option] = next((p for p, row in enumerate(single) if Version(row.torch) == wanted), None)
    missing = [f"{option} {given[option]}" for option, place in places.items() if place is None]
    if missing:
        message = (
            f"{' and '.join(missing)}: no row of the matrix. It has {single[0].torch} to {single[-1].torch}."
        )
        raise ConfigurationError(message)
    low, high = sorted(place for place in places.values() if place is not None)
    if low == high:
        raise ConfigurationError(f"both ends are {single[low].torch}: give two releases to search between.")
    return Ends(rows=tuple(single[low : high + 1]))


def measure_with_nox(row: Row) -> int:
    """Measure a row as every run does, what nox says on standard error; return nox's exit code."""
    noxfile = str(paths.ROOT / "noxfile.py")
    command = [sys.executable, "-m", "nox", "-f", noxfile, "-s", session_name(row)]
    return subprocess.run(command, cwd=paths.ROOT, stdout=sys.stderr, check=False).returncode


def search(
    question: str,
    between: Ends,
    records: Path,
    digests: Mapping[str, str],
    *,
    measure: Callable[[Row], int],
    say: Callable[[str], None],
) -> Finding:
    """Find the first release that answers otherwise than the older end.

    Args:
        question: an id of an outcome.
        between: where to search.
        records: the folder in which ``measure`` leaves a row's record.
        digests: today's; a record with others is not known, and measured anew.
        measure: measures a row.
        say: shows a line to the person who waits.

    """
    row_of = {row.torch: row for row in between.rows}

    def read(row: Row) -> Outcome | None:
        path = record_path(row, records)
        usable = Ledger.read_files([path], digests=digests).usable if path.is_file() else ()
        return outcome_of(usable[0], question) if usable else None

    def ask(torch: str) -> Outcome | None:
        say(f"{torch}: measuring")
        measure(row_of[torch])
        outcome = read(row_of[torch])
        say(f"{torch}: {_short(outcome.told) if outcome else 'could not be measured'}")
        return outcome

    known = {torch: outcome for torch, row in row_of.items() if (outcome := read(row)) is not None}
    for torch in between.releases[:: len(between.releases) - 1]:
        if torch in known:
            say(f"{torch}: {_short(known[torch].told)} (known from its record)")
    return first_change(between.releases, ask, known)


def tell(question: str, between: Ends, finding: Finding, *, notice: bool = False) -> Told:
    """Say what was found: the release, or why none is named; and how many installs it took.

    Args:
        question: the id.
        between: where was searched.
        finding: what the search came to.
        notice: whether the question asks for a name, a declaration or a cost, and not for an answer.

    """
    releases = between.releases
    old, new = (finding.outcomes.get(each) for each in (releases[0], releases[-1]))
    cost = _cost(releases, finding)
    if old is None or new is None:
        missing = listing([each for each in (releases[0], releases[-1]) if each not in finding.outcomes])
        line = f"{missing} could not be measured, so there is nothing to search between."
        return Told(lines=(line, cost), exit_code=ExitCode.INCONCLUSIVE)
    if finding.change is None:
        line = f"{question} does not differ: {releases[0]} and {releases[-1]} both give {_short(old.told)}"
        return Told(lines=(f"{line}. No release is named.", cost), exit_code=ExitCode.INCONCLUSIVE)
    spans = finding.spans(releases, question, DEVICE)
    told = [
        f"{question}, {difference(before, now, notice=notice).words}: {now.since}\n"
        f"  up to {before.last}: {_short(before.outcome)}\n"
        f"  from {now.first}: {_short(now.outcome)}"
        for before, now in pairwise(spans)
    ]
    if len(told) > 1:
        head = f"{question} changed {len(told)} times at least between {releases[0]} and {releases[-1]}:"
        told = [head, *told]
        told.append(f"Only the first was searched for; for another: --good {finding.change.since}")
    if old == new:
        told.append(f"{releases[0]} and {releases[-1]} give the same again.")
    exact = not finding.change.between
    if not exact:
        told.append(f"Between them lies what could not be measured: {listing(finding.change.between)}.")
    return Told(lines=(*told, cost), exit_code=ExitCode.HOLDS if exact else ExitCode.INCONCLUSIVE)


def _cost(releases: Sequence[str], finding: Finding) -> str:
    count = len(finding.measured)
    known = len([each for each in finding.outcomes if each not in finding.measured])
    order = f" ({listing(finding.measured, many=_MANY)})" if count else ""
    saved = len(releases) - count
    return (
        f"{counted(count, 'release')} of {len(releases)} installed{order}, {known} known before, "
        f"{saved} saved; at most {most_measurements(len(releases))} are needed."
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
