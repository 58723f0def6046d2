"""The findings as commands that GitHub's runners turn into annotations of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.claims import Decision
from compat.source.sarif import relative

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.source.checking import Checked

_LEVELS = {Decision.REFUTED: "error", Decision.INCONCLUSIVE: "notice"}


def commands(checked: Checked) -> Iterator[str]:
    """Yield a line for each finding that is not good news; nothing foreign can begin another command."""
    for decision, level in _LEVELS.items():
        for each in checked.of(decision):
            place = f"file={_property(relative(each.path))},line={each.line}"
            text = f"{each.words or each.sentence}: {each.judgement.because} ({each.judgement.claim})"
            yield f"::{level} {place},title={_property('compat: ' + each.kind)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
