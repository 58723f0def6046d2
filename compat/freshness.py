"""Must a row be measured, and why? And what may be said behind ``--`` to change the answer?"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from compat.errors import ConfigurationError
from compat.probe.record import file_name
from compat.records import read_record, why_stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from compat.matrix import Row

DEVICE = "cpu"
"""The matrix runs on this; another device's records come from the probe alone, on such a machine."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a person asked of the rows, behind ``--`` on nox's command line."""

    again: bool = False
    keep: bool = False
    profile: str | None = None
    """``quick`` or ``full``; None takes a record of either for up to date, and measures quick."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        text = f"behind --: {message}. A row understands: [--again] [--keep] [--profile quick|full]"
        raise ConfigurationError(text)


def read_options(arguments: Sequence[str]) -> Options:
    """Read the arguments behind ``--``; ConfigurationError names what is not understood."""
    parser = _Parser(prog="matrix", add_help=False, allow_abbrev=False)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--profile", choices=("quick", "full"))
    return Options(**vars(parser.parse_args(arguments)))


def record_path(row: Row, folder: Path) -> Path:
    """Return where the record of a row lies."""
    return folder / file_name(row.torch, row.python, DEVICE)


def why_measure(row: Row, folder: Path, digests: Mapping[str, str], options: Options) -> str | None:
    """Return why a row is to be measured now, or None while its record is up to date."""
    record = record_path(row, folder)
    if options.again:
        return "measured again, as asked"
    stale = why_stale(record, torch=row.torch, python=row.python, device=DEVICE, digests=digests)
    if stale is None and options.profile == "full" and read_record(record).profile != "full":
        return "its record was measured with the quick profile"
    return stale
