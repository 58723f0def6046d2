"""Must a row be measured, and why? And what may be said behind ``--`` to change the answer?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from compat.errors import ConfigurationError
from compat.probe import budgets
from compat.probe.record import file_name
from compat.records import read_record, why_stale
from compat.verdict import DEVICES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from compat.matrix import Row
    from compat.record_format import Record

DEVICE = "cpu"
"""What is measured where nobody names another device."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a person asked of the rows, behind ``--`` on nox's command line."""

    again: bool = False
    keep: bool = False
    device: str = DEVICE
    profile: str | None = None
    """One of ``budgets.PROFILES``; None takes a record of any for up to date, and measures quick."""
    seconds: float | None = None
    """How long the soak profile explores."""

    @property
    def measures(self) -> tuple[str, ...]:
        """What the probe is told of it."""
        seconds = () if self.seconds is None else ("--seconds", f"{self.seconds:g}")
        return ("--device", self.device, "--profile", self.profile or budgets.PROFILES[0], *seconds)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        text = (
            f"behind --: {message}. "
            "A row understands: [--again] [--keep] [--device cpu|cuda] "
            "[--profile quick|full | --profile soak --seconds N]"
        )
        raise ConfigurationError(text)


def read_options(arguments: Sequence[str]) -> Options:
    """Read the arguments behind ``--``; ConfigurationError names what is not understood."""
    parser = _Parser(prog="matrix", add_help=False, allow_abbrev=False)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--device", choices=DEVICES, default=DEVICE)
    parser.add_argument("--profile", choices=budgets.PROFILES)
    parser.add_argument("--seconds", type=float)
    options = Options(**vars(parser.parse_args(arguments)))
    if options.seconds is not None and options.profile in (None, *budgets.SECONDS):
        parser.error("--seconds goes with --profile soak; the others explore for a time of their own")
    wrong = budgets.mistake(options.profile, options.seconds) if options.profile else None
    if wrong:
        parser.error(wrong)
    return options


def record_path(row: Row, folder: Path, device: str = DEVICE) -> Path:
    """Return where the record of a row lies."""
    return folder / file_name(row.torch, row.python, device)


def why_measure(row: Row, folder: Path, digests: Mapping[str, str], options: Options) -> str | None:
    """Return why a row is to be measured now, or None while its record is up to date."""
    record = record_path(row, folder, options.device)
    if options.again:
        return "measured again, as asked"
    stale = why_stale(record, torch=row.torch, python=row.python, device=options.device, digests=digests)
    return stale or (_why_shallow(read_record(record), options) if options.profile else None)


def _why_shallow(record: Record, options: Options) -> str | None:
    """Return why a good record does not answer for the profile that was asked for, or None."""
    if not budgets.answers_for(record.profile, options.profile or budgets.PROFILES[0]):
        return f"its record was measured with the {record.profile} profile"
    explored = record.exploration.seconds if record.exploration else None
    if options.seconds is not None and explored is not None and explored < options.seconds:
        return f"its record explored for {explored:g} s, and {options.seconds:g} s are asked for"
    return None
