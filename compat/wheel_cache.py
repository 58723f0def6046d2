"""How much does the cache of wheels hold? No more than the row at hand and the next one.

Beside the cache lies a list of what it holds; before another row is downloaded, every package that
the row does not use in that very version is dropped. What is installed is linked, so it stays.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compat.commands import Run


@dataclass(frozen=True, kw_only=True)
class WheelCache:
    """The cache in ``folder`` as the program ``uv`` keeps it."""

    folder: Path
    uv: str

    @property
    def held(self) -> dict[str, str]:
        """What the cache holds by our own account: package to version."""
        if not self.folder.is_dir():
            return {}
        try:
            return dict(json.loads(self._list.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}

    def hold(self, pins: Mapping[str, str]) -> None:
        """Note what has come into the cache."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._list.write_text(json.dumps({**self.held, **pins}, indent=1), encoding="utf-8")

    def make_room(self, pins: Mapping[str, str], run: Run) -> tuple[str, ...]:
        """Drop what is held in another version than pinned, or not pinned; return the names."""
        held = self.held
        unused = tuple(sorted(name for name, version in held.items() if pins.get(name) != version))
        if unused and run([self.uv, "cache", "clean", *unused]).code == 0:
            kept = {name: version for name, version in held.items() if name not in unused}
            self._list.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        return unused

    def drop(self) -> None:
        """Remove the cache."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._list.unlink(missing_ok=True)

    @property
    def _list(self) -> Path:
        return self.folder.with_suffix(".json")


def read_pins(text: str) -> dict[str, str]:
    """Read the ``name==version`` lines of a resolution; other lines are left out."""
    pins: dict[str, str] = {}
    for line in text.splitlines():
        try:
            requirement = Requirement(line.partition("#")[0].strip())
        except InvalidRequirement:
            continue
        specifiers = list(requirement.specifier)
        if len(specifiers) == 1 and specifiers[0].operator == "==":
            pins[canonicalize_name(requirement.name)] = specifiers[0].version
    return pins
