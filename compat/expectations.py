"""Is an outcome what the contract expects?

An expectation is the whole text of an answer, the type of an exception, or ``error`` for any; ``or`` stands
between several that are as good as each other, also between those of one item of a row. Processors round
otherwise, so numbers of float32 and float64 may be off by what rounding explains; whether the bits are
those of per-parameter norms, computed beside them, is asked elsewhere (``compat.oddities``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from compat.rows import read_row
from compat.ulps import is_rounding

if TYPE_CHECKING:
    from compat.record_format import Outcome

EITHER = " or "


def meets(outcome: Outcome, expect: str) -> bool:
    """Whether an outcome is an expected one."""
    return _meets(outcome.kind, outcome.text, expect)


@lru_cache(maxsize=1 << 14)
def _meets(kind: str, text: str, expect: str) -> bool:
    """Decide once for all the releases that give the same answer."""
    if kind == "error":
        named = ("error", text, text.split(":", 1)[0])
        return any(each in named for each in expect.split(EITHER))
    return kind == "value" and (_is_one_of(text, expect) or _meets_row(text, expect))


def _meets_row(text: str, expect: str) -> bool:
    answers, expected = read_row(text), read_row(expect)
    if not answers or not expected or answers.keys() != expected.keys():
        return False
    return all(_is_one_of(answer, expected[item]) for item, answer in answers.items())


def _is_one_of(text: str, expect: str) -> bool:
    return any(text == each or is_rounding(each, text) for each in expect.split(EITHER))
