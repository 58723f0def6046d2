"""Where did a case of the corpus come from, if not from drawing?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compat.probe.corpus import DRAWN, PROMOTED, corpus_bytes, read_promoted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def origins(folder: Path) -> dict[int, str]:
    """Return by case number where each promoted case of a contract's folder came from."""
    try:
        drawn = json.loads(corpus_bytes(folder / DRAWN).partition(b"\n")[0])["cases"]
        promoted = read_promoted(folder / PROMOTED)
    except (OSError, ValueError, KeyError):
        return {}  # whoever needs the corpus itself says so
    return {drawn + place: origin(entry) for place, entry in enumerate(promoted)}


def origin(entry: Mapping[str, Any]) -> str:
    """Say where a promoted case came from."""
    device = "" if entry["device"] == "cpu" else f" on {entry['device'].upper()}"
    return f"found by exploring torch {entry['torch']}{device}"
