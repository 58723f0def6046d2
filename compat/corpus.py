"""Draws the corpus: the cases that every torch is asked, drawn once by Hypothesis and kept as plain data.

Derandomised, a pinned Hypothesis draws the same cases on every machine; the corpus is kept in git all the
same, because the cases are evidence and must outlive the version that drew them.
"""

from __future__ import annotations

import contextlib
import gzip
import json
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from sortedcontainers import SortedSet  # type: ignore[import-untyped]

from compat.errors import CompatError, ConfigurationError
from compat.probe import strategies
from compat.probe.cases import Case, UnreadableError
from compat.probe.corpus import CORPUS_FORMAT, DRAWN, PROMOTED, read_promoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

#: The release whose drawing the corpus is; other releases draw other cases.
HYPOTHESIS = "6.141.1"

#: What is drawn how often; duplicates are dropped, so that fewer remain.
DRAWS: tuple[tuple[str, int], ...] = (("ordinary", 2000), ("mixed", 400), ("long", 200), ("large", 120))

#: Now and then Hypothesis draws a number that it found in the source of an imported module. Left alone,
#: it draws other cases for whoever has imported more, and after every edit of a number. These are the
#: numbers that it had found when the corpus was drawn; no others take part.
FOUND_IN_SOURCES = (120, 130, 200, 256, 257, 400, 500, 1023, 2000, 4096, 20_261_123, 2_654_435_761)


def draw() -> list[Case]:
    """Draw all cases, in a fixed order, without duplicates."""
    if hypothesis.__version__ != HYPOTHESIS:
        message = (
            f"The corpus is drawn with Hypothesis {HYPOTHESIS}, and {hypothesis.__version__} is installed, "
            f"which draws other cases. Install it: pip install hypothesis=={HYPOTHESIS}"
        )
        raise ConfigurationError(message)
    cases: dict[str, Case] = {}
    with _nothing_else_found():
        for name, examples in DRAWS:
            for case in _examples(getattr(strategies, name)(), examples):
                cases.setdefault(json.dumps(case), case)
    return list(cases.values())


def render(cases: list[Case]) -> bytes:
    """Return the corpus file of these cases: a header line, then one case a line, compressed reproducibly."""
    header = {"format": CORPUS_FORMAT, "hypothesis": HYPOTHESIS, "cases": len(cases)}
    lines = [json.dumps(entry, separators=(",", ":")) for entry in (header, *cases)]
    return gzip.compress("\n".join(lines).encode("ascii") + b"\n", compresslevel=9, mtime=0)


def write(folder: Path) -> int:
    """Draw the corpus into a contract's folder; return the number of cases."""
    cases = draw()
    (folder / DRAWN).write_bytes(render(cases))
    return len(cases)


def check(folder: Path) -> None:
    """Raise unless the folder's corpus is what is drawn today, and the promoted cases can be made."""
    try:
        read_promoted(folder / PROMOTED)
    except UnreadableError as error:
        raise ConfigurationError(f"{error}.") from error
    path = folder / DRAWN
    try:
        kept = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        message = f"{path}: cannot be read ({error}). Draw it again: python -m compat corpus --draw"
        raise ConfigurationError(message) from error
    if kept != gzip.decompress(render(draw())):
        message = f"{path}: differs from what is drawn today. Draw it again: python -m compat corpus --draw"
        raise CompatError(message)


@contextlib.contextmanager
def _nothing_else_found() -> Iterator[None]:
    """Let Hypothesis know of no numbers in sources but those of ``FOUND_IN_SOURCES``."""
    found = Constants(integers=SortedSet(FOUND_IN_SOURCES))
    ordinary = providers._get_local_constants  # noqa: SLF001 - there is no setting, and the release is pinned
    providers._get_local_constants = lambda: found  # noqa: SLF001
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = ordinary  # noqa: SLF001
        providers.CONSTANTS_CACHE.cache.clear()


def _examples(strategy: SearchStrategy[Case], examples: int) -> list[Case]:
    drawn: list[Case] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Any) -> None:
        drawn.append(case)

    collect()
    return drawn
