"""How does one run go through its rows: install, measure, drop, and the next row's wheels behind it?

nox is kept out of here: the noxfile gives each row a ``Place`` to be measured in.
"""

from __future__ import annotations

import functools
import os
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from compat import freshness, installs, paths, phases, upcoming
from compat.commands import Finished, run_quietly
from compat.dropping import Dropper
from compat.errors import CompatError, ExitCode
from compat.freshness import Options, record_path
from compat.prefetch import Prefetched, Prefetcher, resolve
from compat.probe import digests
from compat.probe.context import read_contract
from compat.probe.record import write_failure
from compat.records import read_record
from compat.uv import cache_environment, find_uv
from compat.wheel_cache import WheelCache

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from compat.commands import Run
    from compat.matrix import Row

QUIET_LOCK = "COMPAT_QUIET_LOCK"


class RowError(CompatError):
    """A row could not be measured; its record says so too."""

    exit_code = ExitCode.INCONCLUSIVE


class Place(Protocol):
    """An empty environment with the row's Python."""

    folder: Path

    def install(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Let uv install, its words in ``log``; return its exit code."""
        ...

    def python(self, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run the environment's Python in the checkout; return its exit code (negative: a signal)."""
        ...


@dataclass(kw_only=True)
class MatrixRun:
    """What one run shares between its rows.

    Attributes:
        rows: all rows of the matrix.
        arguments: nox's own command line.
        work: the run's own folder; cache, logs and locks lie here and may be deleted.
        records: where records are written.
        say: shows a line to the person who waits.

    """

    rows: Sequence[Row]
    arguments: Sequence[str]
    work: Path
    say: Callable[[str], None]
    records: Path = paths.RECORDS
    options: Options = field(default_factory=Options)
    used: bool = False
    _selected: tuple[Row, ...] | None = None

    def __post_init__(self) -> None:
        self.name = f"{time.time():.3f}"
        self.cache = WheelCache(folder=self.work / "uv-cache", uv=find_uv() or "uv")
        self.environment = cache_environment(self.cache.folder)
        self.phases = self.work / "phases.jsonl"
        self.prefetcher = Prefetcher(
            folder=self.work,
            cache=self.cache,
            environment={**self.environment, "NOX_SCRIPT_MODE": "none"},
            requirements=self.requirements,
            wheels=lambda: self.sources[0],
            following=self.following,
            say=self.say,
        )
        self.dropper = Dropper(work=self.work, lock=self.prefetcher.lock)

    @functools.cached_property
    def sources(self) -> tuple[str, ...]:
        """Where wheels come from, best first; found out once a run. Only the index's can use a GPU."""
        if self.options.device != freshness.DEVICE:
            return ("index",)
        return installs.sources(os.environ.get(installs.CPU_WHEELS_VARIABLE))

    @functools.cached_property
    def digests(self) -> dict[str, str]:
        """Today's digests of contract, corpus and probe."""
        try:
            return digests.current()
        except OSError as error:
            message = f"cannot read the contract, the corpus or the probe: {error}"
            raise CompatError(message) from error

    def requirements(self, row: Row) -> tuple[str, ...]:
        """Return all that is installed for a row."""
        return installs.requirements(row, paths.ROOT / "pyproject.toml")

    def why(self, row: Row) -> str | None:
        """Return why a row is to be measured, or None while its record is up to date."""
        return freshness.why_measure(row, self.records, self.digests, self.options)

    def following(self, row: Row, run: Run) -> Row | None:
        """Return the next row of this run that will be measured, or None."""
        if self._selected is None:
            self._selected = upcoming.selected_rows(self.rows, self.arguments, run)
        behind = self._selected[self._selected.index(row) + 1 :] if row in self._selected else ()
        return next((each for each in behind if self.why(each)), None)

    def measure(self, row: Row, options: Options, place: Place) -> None:
        """Measure a row unless its record is up to date; RowError when that cannot be done."""
        self.options = options
        why = self.why(row)
        if why is None:
            measured = read_record(self._record(row))
            self.say(
                f"{row.name}: up to date, measured {measured.provenance.finished} with the "
                f"{measured.profile} profile. To measure it all the same: -- --again"
            )
            if not any(place.folder.glob("lib/python*/site-packages/torch")):
                shutil.rmtree(place.folder, ignore_errors=True)  # nothing in it that was to be kept
            return
        self.say(f"{row.name}: {why}{self._left(row)}")
        self.used = True
        try:
            self._measure(row, place)
        finally:
            if not options.keep:
                self.dropper.drop(place.folder)

    def _left(self, row: Row) -> str:
        """Say which of the rows to be measured this is, and how long they may take by those that are done.

        Nothing is said of the first, for only behind it is nox asked which others there are.
        """
        done = phases.read(self.phases, self.name)
        selected = self._selected or ()
        if not done or row not in selected:
            return ""
        ahead = [each for each in selected[selected.index(row) :] if self.why(each)]
        seconds = len(ahead) * sum(each.install + each.probe for each in done) / len(done)
        place = f"row {len(done) + 1} of {len(done) + len(ahead)}"
        return f" ({place}, about {phases.minutes(seconds)} left)"

    def end(self) -> None:
        """Leave no process behind, and no wheels unless they were to be kept."""
        self.prefetcher.stop()
        self.dropper.finish()
        if self.used and not self.options.keep:
            self.cache.drop()

    def summary(self) -> str:
        """Say what the rows of this run cost."""
        return phases.summarise(phases.read(self.phases, self.name))

    def _record(self, row: Row) -> Path:
        return record_path(row, self.records, self.options.device)

    def _measure(self, row: Row, place: Place) -> None:
        begin = time.monotonic()
        prefetched = self.prefetcher.finish(row)
        wheels, words = self._install(row, place, prefetched)
        installed = time.monotonic()
        self.say(f"{row.name}: installed in {installed - begin:.1f} s, {_source(wheels)}")
        self.prefetcher.start(after=row)
        code = self._probe(row, place, wheels)
        probed = time.monotonic()
        self.say(f"{row.name}: measured in {probed - installed:.1f} s")
        phases.append(
            phases.Phases(
                run=self.name,
                row=row.name,
                wheels=wheels,
                prefetch=round(prefetched.seconds, 2) if prefetched else 0.0,
                paused=round(prefetched.paused_seconds, 2) if prefetched else 0.0,
                install=round(installed - begin, 2),
                probe=round(probed - installed, 2),
                downloaded=phases.downloaded(prefetched.output if prefetched else words),
                environment=phases.occupied(place.folder),
                disk=phases.occupied(self.work),
            ),
            self.phases,
        )
        self._judge(row, code)

    def _install(self, row: Row, place: Place, prefetched: Prefetched | None) -> tuple[str, str]:
        """Install a row; return the source of its wheels and uv's words."""
        wanted, log = self.requirements(row), self.work / "install.log"
        if prefetched is None:
            self._make_room(row, wanted)
        words = ""
        for wheels in self.sources:
            # --exact, because an environment that was kept may hold what the row no longer wants
            arguments = ("--exact", *installs.backend(wheels), *wanted)
            if place.install(arguments, self.environment, log) == 0:
                return wheels, log.read_text(encoding="utf-8", errors="replace")
            words = log.read_text(encoding="utf-8", errors="replace")
            self.say(f"{row.name}: could not be installed, {_source(wheels)}")
        self._fail(row, "install", words.strip() or "uv said nothing", self.sources[-1])
        message = f"{row.name} could not be installed. uv said last:\n{words.strip()[-2000:]}"
        raise RowError(message)

    def _make_room(self, row: Row, wanted: Sequence[str]) -> None:
        """Keep the cache small where nothing was prefetched."""

        def run(command: Sequence[str]) -> Finished:
            return run_quietly(command, self.environment)

        pins = resolve(self.cache.uv, wanted, row.python, self.sources[0], run, self.work / "resolve")
        if pins:
            self.cache.make_room(pins, run)
            self.cache.hold(pins)

    def _probe(self, row: Row, place: Place, wheels: str) -> int:
        record = self._record(row)
        record.parent.mkdir(parents=True, exist_ok=True)
        return place.python(
            [
                *("-m", "compat.probe", "--out", str(record)),
                *(*self.options.measures, "--wheels", wheels),
            ],
            {QUIET_LOCK: str(self.prefetcher.lock)},
        )

    def _judge(self, row: Row, code: int) -> None:
        """Raise RowError unless the probe measured."""
        if code not in {ExitCode.HOLDS, ExitCode.INCONCLUSIVE}:
            message = f"the probe ended with exit code {code} before it wrote its record"
            self._fail(row, "probe", message, self.sources[0])
            raise RowError(f"{row.name}: {message}")
        record = read_record(self._record(row))
        if record.status != "measured":
            said = record.failure.message.strip() if record.failure else "no message"
            message = f"{row.name}: {record.status}: {said}"
            raise RowError(message)

    def _fail(self, row: Row, phase: str, message: str, wheels: str) -> None:
        """Write that a row failed, unless that would destroy a record that is still good."""
        record = self._record(row)
        good = freshness.why_measure(row, self.records, self.digests, Options(device=self.options.device))
        if good is None:
            self.say(f"{row.name}: the record of before is still good and stays")
            return
        write_failure(
            record,
            api=read_contract(paths.CONTRACT)["api"],
            torch=row.torch,
            python=row.python,
            phase=phase,
            message=message,
            digests=self.digests,
            device=self.options.device,
            profile=self.options.profile or "quick",
            wheels=wheels,
        )


def _source(wheels: str) -> str:
    return "CPU wheels" if wheels == "cpu" else "wheels of the index"
