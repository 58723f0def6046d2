"""What does the index offer now? Asked live, with the survey on file to fall back on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.survey import load_survey, read_index
from compat.surveying.web import WebError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compat.survey import Survey


def known_releases(index: str | None, on_file: Path, *, pre: bool, warn: Callable[[str], None]) -> Survey:
    """Ask the index, or read the survey on file where it does not answer, and say so.

    Raises:
        WebError: neither tells anything.

    """
    try:
        return read_index(index, pre=pre)
    except WebError as error:
        if not on_file.is_file():
            message = f"{error} There is no survey on file either ({on_file}), so nothing is known."
            raise WebError(message) from error
        survey = load_survey(on_file)
        warn(f"{error} What follows is known from the survey of {survey.date}; what is newer is not.")
        return survey
