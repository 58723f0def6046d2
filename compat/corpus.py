"""Draws the corpus: the cases that every torch is asked, drawn once by Hypothesis and kept as plain data.

Derandomised, a pinned Hypothesis draws the same cases on every machine; the corpus is kept in git all the
same, because the cases are evidence and must outlive the version that drew them.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings

from compat.errors import CompatError, ConfigurationError
from compat.probe import strategies
from compat.probe.cases import CORPUS_FORMAT, Case

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

#: The release whose drawing the corpus is; other releases draw other cases.
HYPOTHESIS = "6.141.1"

#: What is drawn how often; duplicates are dropped, so that fewer remain.
DRAWS: tuple[tuple[str, int], ...] = (("ordinary", 2000), ("mixed", 400), ("long", 200), ("large", 120))


def draw() -> list[Case]:
    """Draw all cases, in a fixed order, without duplicates."""
    if hypothesis.__version__ != HYPOTHESIS:
        message = (
            f"The corpus is drawn with Hypothesis {HYPOTHESIS}, and {hypothesis.__version__} is installed, "
            f"which draws other cases. Install it: pip install hypothesis=={HYPOTHESIS}"
        )
        raise ConfigurationError(message)
    cases: dict[str, Case] = {}
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
    (folder / "corpus.jsonl.gz").write_bytes(render(cases))
    return len(cases)


def check(folder: Path) -> None:
    """Raise unless the folder's corpus is what is drawn today."""
    path = folder / "corpus.jsonl.gz"
    try:
        kept = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        message = f"{path}: cannot be read ({error}). Draw it again: python -m compat corpus --draw"
        raise ConfigurationError(message) from error
    if kept != gzip.decompress(render(draw())):
        message = f"{path}: differs from what is drawn today. Draw it again: python -m compat corpus --draw"
        raise CompatError(message)


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
