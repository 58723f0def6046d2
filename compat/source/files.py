"""Which files of a project may speak of the API, and what do they hold?

A file that never names the API is not looked at further, so that a thousand files take no time.
"""

from __future__ import annotations

import io
import os
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compat.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PYTHON = (".py", ".pyi")
PINNED = re.compile(r"(pyproject\.toml|setup\.cfg|setup\.py|(?:.*[-_.])?requirements(?:[-_.].*)?\.txt)")
"""The names of files in which a project says which releases it takes."""

SKIPPED = frozenset(
    {".git", ".hg", ".venv", "venv", ".nox", ".tox", "node_modules", "__pycache__", "build", "dist", ".eggs"}
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file's text as it was decoded, and what is needed to write it back."""

    path: Path
    text: str
    encoding: str = "utf-8"

    @property
    def is_python(self) -> bool:
        """Whether it is read as Python."""
        return self.path.suffix in PYTHON


def found_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files given, and of folders those that hold Python or pins, in name order.

    Raises:
        ConfigurationError: something that was named is not there.

    """
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from _walk(path)
        else:
            message = f"{path}: no such file or folder. Name files of the project, or its folder."
            raise ConfigurationError(message)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(
            each for each in folders if each not in SKIPPED and not each.endswith(".egg-info")
        )
        for name in sorted(files):
            if name.endswith(PYTHON) or PINNED.fullmatch(name):
                yield Path(place, name)


def is_pinned(path: Path) -> bool:
    """Whether a project says in such a file which releases it takes."""
    return PINNED.fullmatch(path.name) is not None


def read_source(path: Path, word: str | None = None) -> Source | None:
    """Return a file's text; None where it does not hold the word.

    Raises:
        ConfigurationError: it cannot be read or decoded.

    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})."
        raise ConfigurationError(message) from error
    if word is not None and word.encode() not in raw:
        return None
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(raw).readline)[0] if _may_say(path) else "utf-8-sig"
        return Source(path=path, text=raw.decode(encoding), encoding=encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be decoded ({error}). Say its encoding in its first line, or leave it out."
        raise ConfigurationError(message) from error


def _may_say(path: Path) -> bool:
    """Whether the file may say its encoding, as Python's may."""
    return path.suffix in PYTHON
