"""How are many lines of a log folded into one, where a service can do that?"""

from __future__ import annotations

import contextlib
import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@contextlib.contextmanager
def grouped(
    title: str,
    environment: Mapping[str, str],
    write: Callable[[str], None],
    clock: Callable[[], float] = time.time,
) -> Iterator[None]:
    """Fold what is written within, under a title, where GitHub's or GitLab's runners read it."""
    if "GITHUB_ACTIONS" in environment:
        begin, end = f"::group::{title}", "::endgroup::"
    elif "GITLAB_CI" in environment:
        name = re.sub(r"\W+", "_", title)
        begin = f"\x1b[0Ksection_start:{clock():.0f}:{name}[collapsed=true]\r\x1b[0K{title}"
        end = f"\x1b[0Ksection_end:{clock():.0f}:{name}\r\x1b[0K"
    else:
        yield
        return
    write(begin)
    try:
        yield
    finally:
        write(end)
