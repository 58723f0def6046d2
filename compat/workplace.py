"""Which files does a command work on, and what do they say? The one place that reads them all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from compat import paths
from compat.contract import Contract, load_contract
from compat.errors import ConfigurationError
from compat.matrix import load_matrix
from compat.probe import digests
from compat.probe.corpus import DRAWN, read_corpus
from compat.records import Ledger
from compat.report.view import View, build_view
from compat.speed.digest import digest as speed_digest
from compat.speed_records import SpeedLedger, read_speed
from compat.survey import Survey, load_survey
from compat.verdict import Verdict, judge_all

if TYPE_CHECKING:
    from collections.abc import Sequence

PLANNED = "full"
"""The tag of the rows that a report is about, whether they have records or not."""


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """The files of one contract. Each is read when it is first needed, and only then."""

    contract_folder: Path = paths.CONTRACT
    records: Path = paths.RECORDS
    files: tuple[Path, ...] = ()
    """Records to judge alone; none stands for all of the folder and all planned rows."""
    matrix: Path = paths.MATRIX
    survey_file: Path = paths.SURVEY
    speed: Path | None = None
    """The speed records; by default those beside the records."""

    @cached_property
    def contract(self) -> Contract:
        """The contract; ConfigurationError names every mistake in it."""
        return load_contract(self.contract_folder)

    @cached_property
    def survey(self) -> Survey:
        """The releases on the index."""
        return load_survey(self.survey_file)

    @cached_property
    def ledger(self) -> Ledger:
        """The records, those that are stale or of another API marked as such."""
        today = self._digests()
        read = (
            Ledger.read_files(self.files, digests=today)
            if self.files
            else Ledger.read(self.records, digests=today)
        )
        return read.about(self.contract.api)

    @cached_property
    def speed_ledger(self) -> SpeedLedger:
        """The speed records; none where records are given one by one."""
        if self.files:
            return SpeedLedger()
        folder = self.speed or self.records.parent / paths.SPEED.name
        return read_speed(folder, speed_digest(self.contract_folder), self.contract.api)

    @cached_property
    def planned(self) -> tuple[tuple[str, str], ...]:
        """The (torch, Python) of every row that the verdict is about beside those with a record."""
        if self.files:
            return ()
        rows = load_matrix(self.matrix, self.survey)
        return tuple((row.torch, row.python) for row in rows if PLANNED in row.tags)

    @cached_property
    def verdict(self) -> Verdict:
        """What it all says."""
        timed = self.speed_ledger.records
        return judge_all(self.contract, self.ledger, self.planned, self.dates, timed=timed)

    @cached_property
    def dates(self) -> dict[str, str]:
        """The date of every release on the index."""
        return {release.torch: release.date for release in self.survey.releases}

    def view(self, out: Path = paths.REPORTS) -> View:
        """Return what a report in the folder ``out`` shows."""
        folder = Path(os.path.relpath(self.records.resolve(), out.resolve())).as_posix()
        cases = read_corpus(self.contract_folder / DRAWN) if self.ledger.usable else ()
        return build_view(
            self.verdict,
            self.ledger,
            self.contract,
            self.survey,
            records=folder,
            cases=cases,
            timed=self.speed_ledger,
        )

    def _digests(self) -> dict[str, str]:
        try:
            return digests.current(self.contract_folder)
        except FileNotFoundError as error:
            message = (
                f"{error.filename}: not there. Make it with: python -m compat contract --build "
                "(contract.json) or python -m compat corpus --draw (the corpus)."
            )
            raise ConfigurationError(message) from error
        except (OSError, ValueError, KeyError) as error:
            message = (
                f"{self.contract_folder}: contract.json or the corpus is damaged ({error}). Restore them "
                "from git, or make them anew: python -m compat contract --build (corpus --draw)."
            )
            raise ConfigurationError(message) from error


def contract_folder(name: str) -> Path:
    """Return a contract's folder by its name under ``compat/contracts``, or by its path."""
    for folder in (paths.CONTRACTS / name, Path(name)):
        if (folder / "contract.toml").is_file():
            return folder
    known = ", ".join(sorted(each.parent.name for each in paths.CONTRACTS.glob("*/contract.toml")))
    message = f"{name}: no contract of this name, nor a folder with a contract.toml. There is: {known}."
    raise ConfigurationError(message)


def record_files(given: Sequence[Path]) -> tuple[Path, ...]:
    """Check that records given one by one are there; ConfigurationError names those that are not."""
    missing = [str(path) for path in given if not path.is_file()]
    if missing:
        message = f"{', '.join(missing)}: no such file. Records lie in {paths.RECORDS.name}/ of the reports."
        raise ConfigurationError(message)
    return tuple(given)
