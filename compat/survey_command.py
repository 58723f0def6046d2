"""``compat survey``: takes one, writes it, and says what it cost and what is still not known."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat import paths
from compat.errors import ConfigurationError
from compat.releases import counted, in_order, ranges
from compat.survey import load_survey, take_survey, write_survey
from compat.surveying.cache import Cache
from compat.surveying.web import Web, WebError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from compat.survey import Scope, Survey
    from compat.surveying.declarations import Sought


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a survey says when it is done."""

    told: str
    remarks: tuple[str, ...]
    incomplete: bool


def take_and_write(
    path: Path,
    sought: Sought,
    *,
    scope: Scope,
    again: bool,
    bar: AbstractContextManager[Callable[[int, int], None]],
) -> Taken:
    """Take a survey and write it.

    Raises:
        WebError: nothing could be learnt; the file is left as it is, and the message says what it knows.

    """
    before = _before(path)
    web, started = Web(), time.monotonic()
    cache = Cache(folder=paths.SURVEY_CACHE, sought=sought.digest, again=again)
    try:
        with bar as progress:
            survey = take_survey(
                web,
                sought,
                cache,
                scope=scope,
                before=None if again else before,
                progress=progress,
            )
    except WebError as error:
        if before is None:
            raise
        known = f"What is known is the survey of {before.date}, which stays: {path}."
        raise WebError(f"{error} {known}") from error
    finally:
        web.close()
    write_survey(survey, path)
    seconds = time.monotonic() - started
    told = (
        f"{counted(len(survey.releases), 'release')}, of them new: {_new(survey, before)}; "
        f"{web.received / 1e6:,.0f} MB in {counted(web.requests, 'request')}, {seconds:.1f} s"
    )
    return Taken(
        told=told, remarks=tuple(_remarks(survey, before)), incomplete=any(r.unread for r in survey.releases)
    )


def _before(path: Path) -> Survey | None:
    try:
        return load_survey(path)
    except ConfigurationError:
        return None  # there is none, or one of another format: this one takes its place


def _new(survey: Survey, before: Survey | None) -> str:
    known = {each.torch for each in before.releases} if before else set()
    return ", ".join(each.torch for each in survey.releases if each.torch not in known) or "none"


def _remarks(survey: Survey, before: Survey | None) -> list[str]:
    offered = {each.torch for each in survey.releases}
    found = [
        f"torch {each.torch} is no longer on the index; it was in the survey of {before.date}"
        for each in (before.releases if before else ())
        if before and each.torch not in offered
    ]
    found += [f"torch {each.torch} is yanked from the index" for each in survey.releases if each.yanked]
    unread: dict[str, list[str]] = {}
    for each in survey.releases:
        if each.unread:
            unread.setdefault(each.unread.partition(": ")[2] or each.unread, []).append(each.torch)
    everything = in_order(offered)
    found += [
        f"the wheel of torch {ranges(releases, everything)} could not be read: {why}"
        for why, releases in unread.items()
    ]
    return found
