"""Which of the records that other machines sent may join ours? Whole ones, each for what it says it is.

What arrives is hostile until shown otherwise: an artifact may hold links, folders, huge files, or a record
under another's name. A file is opened once, without following a link, and what was validated is what is
written, byte for byte. Whether a record counts as evidence is judged later, as it is on one machine.
"""

from __future__ import annotations

import enum
import os
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat.errors import ConfigurationError
from compat.record_format import FORMAT
from compat.records import parse_record
from compat.report.text import one_line, printable
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

MOST_BYTES = 4_000_000
"""Of one record; the largest of those committed has under 200,000."""
MOST_FILES = 1_000
MOST_DEPTH = 3
"""``DIR/ARTIFACT/torch-….json``, and a folder more where the artifacts were unpacked one level deeper."""

NAME = re.compile(r"torch-[0-9][0-9A-Za-z.+]{0,40}-py\d{1,2}\.\d{1,3}-(?:cpu|cuda)\.json", re.ASCII)


class Fate(enum.Enum):
    """What becomes of a file; the value is the word shown."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "there already"
    REFUSED = "refused"
    CONFLICTING = "in conflict"


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One file that arrived, what became of it, and why."""

    name: str
    fate: Fate
    why: str = ""

    @property
    def bad(self) -> bool:
        """Whether a person has to look at it."""
        return self.fate in (Fate.REFUSED, Fate.CONFLICTING)

    @property
    def line(self) -> str:
        """What is said of it."""
        return one_line(printable(f"{self.fate.value}: {self.name}" + (f": {self.why}" if self.why else "")))


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What arrived, and the texts to write by name; nothing is written yet."""

    arrivals: tuple[Arrival, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def bad(self) -> tuple[Arrival, ...]:
        """Those that were not taken."""
        return tuple(each for each in self.arrivals if each.bad)


def sort_out(folders: Sequence[Path], into: Path, digests: Mapping[str, str]) -> Merge:
    """Decide about every file in these folders; nothing is written.

    Args:
        folders: where artifacts were unpacked.
        into: the records that are there already, which newer ones of the same row replace.
        digests: today's; a record measured with others is refused.

    Raises:
        ConfigurationError: a folder is missing, or there are too many files to be artifacts of ours.

    """
    texts: dict[str, str] = {}
    refused: list[Arrival] = []
    conflicting: set[str] = set()
    for path in _files(folders):
        try:
            text = _validated(path, digests)
        except ConfigurationError as error:
            refused.append(Arrival(name=path.name, fate=Fate.REFUSED, why=str(error)))
            continue
        if texts.setdefault(path.name, text) != text:
            conflicting.add(path.name)
    taken = {name: text for name, text in texts.items() if name not in conflicting}
    arrivals = [
        *(Arrival(name=name, fate=_fate(into / name, text)) for name, text in sorted(taken.items())),
        *(
            Arrival(name=name, fate=Fate.CONFLICTING, why="two that differ arrived; neither is taken")
            for name in sorted(conflicting)
        ),
        *refused,
    ]
    return Merge(arrivals=tuple(arrivals), texts=taken)


def write(merge: Merge, into: Path) -> None:
    """Write the records that were taken, each whole or not at all; ConfigurationError where that fails."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        for name, text in merge.texts.items():
            write_whole(into / name, text)
    except OSError as error:
        message = (
            f"{into}: the records cannot be written ({error.strerror}). Name another folder with --into."
        )
        raise ConfigurationError(message) from error


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    count = 0
    for folder in folders:
        if folder.is_symlink() or not folder.is_dir():
            raise ConfigurationError(f"{folder}: no folder. Name where the artifacts were unpacked.")
        for path in _below(folder, MOST_DEPTH):
            count += 1
            if count > MOST_FILES:
                message = (
                    f"more than {MOST_FILES:,} files: these are no artifacts of ours. Nothing was merged."
                )
                raise ConfigurationError(message)
            yield path


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Yield all that is no folder, in name order; a folder too deep is yielded itself, to be refused."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and depth > 1:
            yield from _below(path, depth - 1)
        else:
            yield path


def _validated(path: Path, digests: Mapping[str, str]) -> str:
    if not NAME.fullmatch(path.name):
        raise ConfigurationError("not the name of a record")
    text = _read(path)
    record = parse_record(text, path.name)
    if record.planted is not None:
        raise ConfigurationError("no evidence: a fault was planted into what it measured")
    if record.format != FORMAT:
        raise ConfigurationError(f"stale: its format is {record.format}, and today's is {FORMAT}")
    changed = [key for key, value in digests.items() if getattr(record.digests, key) != value]
    if changed:
        raise ConfigurationError(
            f"stale: it was made with another {' and '.join(changed)} than this checkout's"
        )
    return text


def _read(path: Path) -> str:
    """Read a regular file of a sane size, through one descriptor and never through a link."""
    try:
        # without O_NONBLOCK, opening a named pipe would wait for a writer for ever
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise ConfigurationError(f"not a plain file, or not readable ({error.strerror})") from error
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ConfigurationError("not a plain file")
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ConfigurationError(f"more than {MOST_BYTES:,} bytes, which no record has")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"not UTF-8 ({error.reason})") from error


def _fate(path: Path, text: str) -> Fate:
    """Compare with what lies there; a link in its place is not followed, and replaced."""
    if path.is_symlink() or not path.is_file():
        return Fate.ADDED
    return Fate.SAME if path.read_bytes() == text.encode() else Fate.REPLACED
