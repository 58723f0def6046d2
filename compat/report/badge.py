"""The verdict as an endpoint file for a badge service (schema 1 of Shields' "endpoint" badges)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from compat.report.marks import Tone

if TYPE_CHECKING:
    from compat.report.view import Page, View

FILE = "badge.json"

_COLOURS = {Tone.GOOD: "brightgreen", Tone.BAD: "red"}


def render(view: View) -> str:
    """Write the badge: the answer in a word, and how many claims stand behind it."""
    page = view.page
    badge = {
        "schemaVersion": 1,
        "label": page.api,
        "message": _message(page),
        "color": _COLOURS.get(page.mark.tone, "lightgrey"),
    }
    return json.dumps(badge, indent=2) + "\n"


def _message(page: Page) -> str:
    if not page.tally:
        return page.mark.word
    worst, count = page.tally[0]
    return f"{page.mark.word}: {count} of {len(page.claims)} claims {worst.word}"
