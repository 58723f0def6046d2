"""Records on disk, up to date with the contract as it lies in the checkout; none was ever measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compat import paths
from compat.probe.digests import current
from compat.probe.record import sealed
from tests.builders import absent, content

if TYPE_CHECKING:
    from pathlib import Path


def file_records(folder: Path, *wholes: dict[str, Any]) -> list[Path]:
    """Write records' contents to a folder, with today's digests; without any, two that differ in presence."""
    folder.mkdir(parents=True, exist_ok=True)
    today = current(paths.CONTRACT)
    written = []
    for whole in wholes or (absent("1.10.2"), content("1.11.0")):
        path = folder / f"torch-{whole['torch']}-py{whole['python']}-{whole['device']}.json"
        path.write_text(json.dumps(sealed({**whole, "digests": today})), encoding="utf-8")
        written.append(path)
    return written
