"""With which symbol, word and tone is a status shown? The one place that decides it, for every format."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from compat.claims import Decision
from compat.errors import ExitCode
from compat.verdict import Status


class Tone(enum.StrEnum):
    """What a status means to the reader; each format gives a tone its colour."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    MUTED = "muted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A status as shown. The word alone tells it; symbol and tone only help the eye."""

    symbol: str
    word: str
    tone: Tone
    meaning: str


STATUSES = {
    Status.COMPATIBLE: Mark(
        symbol="✓",
        word="compatible",
        tone=Tone.GOOD,
        meaning="everything that callers rely on was seen to hold",
    ),
    Status.CAVEAT: Mark(
        symbol="△", word="caveat", tone=Tone.WARNING, meaning="usable; something else is not as expected"
    ),
    Status.INCOMPATIBLE: Mark(
        symbol="✗", word="incompatible", tone=Tone.BAD, meaning="something that callers rely on does not hold"
    ),
    Status.ABSENT: Mark(symbol="○", word="absent", tone=Tone.MUTED, meaning="the function is not there"),
    Status.CONFLICT: Mark(
        symbol="≠", word="conflict", tone=Tone.BAD, meaning="records of this release contradict each other"
    ),
    Status.NOT_MEASURED: Mark(
        symbol="?", word="not measured", tone=Tone.UNKNOWN, meaning="nothing is known; this is no good news"
    ),
}

DECISIONS = {
    Decision.SUPPORTED: Mark(
        symbol="✓", word="supported", tone=Tone.GOOD, meaning="no counterexample within the scope"
    ),
    Decision.REFUTED: Mark(
        symbol="✗", word="refuted", tone=Tone.BAD, meaning="a counterexample was measured"
    ),
    Decision.INCONCLUSIVE: Mark(
        symbol="?", word="inconclusive", tone=Tone.UNKNOWN, meaning="the records cannot decide it"
    ),
}

EXITS = {
    ExitCode.HOLDS: Mark(symbol="✓", word="holds", tone=Tone.GOOD, meaning=ExitCode.HOLDS.meaning),
    ExitCode.CONTRADICTED: Mark(
        symbol="✗", word="contradicted", tone=Tone.BAD, meaning=ExitCode.CONTRADICTED.meaning
    ),
    ExitCode.INCONCLUSIVE: Mark(
        symbol="?", word="inconclusive", tone=Tone.UNKNOWN, meaning=ExitCode.INCONCLUSIVE.meaning
    ),
}
"""The only three answers that a verdict has; every other code is about the tool, not the contract."""

AS_EXPECTED = Mark(symbol="✓", word="as expected", tone=Tone.GOOD, meaning="the outcome that callers expect")
UNEXPECTED = Mark(
    symbol="△", word="not as expected", tone=Tone.WARNING, meaning="another outcome than expected"
)
BREAKS = Mark(
    symbol="✗", word="breaks callers", tone=Tone.BAD, meaning="another outcome than callers rely on"
)
RECORDED = Mark(
    symbol="·", word="recorded", tone=Tone.MUTED, meaning="nothing is expected; kept to see changes"
)
NOT_THERE = Mark(symbol="○", word="absent", tone=Tone.MUTED, meaning="the function is not there")
UNASKED = Mark(
    symbol="·", word="not asked", tone=Tone.MUTED, meaning="this torch lacks what the question needs"
)
DISPUTED = Mark(symbol="≠", word="conflict", tone=Tone.BAD, meaning="records contradict each other")
