"""The JSON Schema of the report for machines, published beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from compat.report.json_format import SCHEMA

if TYPE_CHECKING:
    from compat.report.view import View

FILE = SCHEMA


def render(_view: View) -> str:
    """Return the schema, which is the same for every report of the format."""
    return Path(__file__).with_name(SCHEMA).read_text(encoding="utf-8")
