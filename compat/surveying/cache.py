"""Keeps what was read from a wheel, by the wheel's own hash: a wheel never changes, or it is another file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from compat.surveying.facts import WheelFacts
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from compat.surveying.simple_index import IndexFile

_FACTS = TypeAdapter(WheelFacts)


@dataclass(frozen=True, kw_only=True)
class Cache:
    """A folder with one file for each wheel and question."""

    folder: Path
    sought: str
    """Digest of what was looked for."""
    again: bool = False
    """Whether all is to be read again, whatever is known."""

    def get(self, file: IndexFile) -> WheelFacts | None:
        """Return what was read from a wheel; None where it is not known or not wanted, or damaged."""
        if self.again or not file.sha256:
            return None
        try:
            entry = json.loads(self._path(file).read_text(encoding="utf-8"))
            facts = _FACTS.validate_python(entry["facts"])
            sound = entry["digest"] == _digest(facts)
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None
        return facts if sound and (facts.file, facts.sha256) == (file.filename, file.sha256) else None

    def put(self, facts: WheelFacts) -> None:
        """Keep what was read from a wheel whose hash the index told."""
        if facts.sha256:
            self.folder.mkdir(parents=True, exist_ok=True)
            entry = {"digest": _digest(facts), "facts": asdict(facts)}
            write_whole(self._path_of(facts.sha256), json.dumps(entry) + "\n")

    def _path(self, file: IndexFile) -> Path:
        return self._path_of(file.sha256)

    def _path_of(self, sha256: str) -> Path:
        name = hashlib.sha256(f"{sha256} {self.sought}".encode()).hexdigest()
        return self.folder / f"{name}.json"


def _digest(facts: WheelFacts) -> str:
    text = json.dumps(asdict(facts), sort_keys=True)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
