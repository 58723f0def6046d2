"""Which warnings does a call give, whatever was warned of before in this process?

Kept is what a caller sees by Python's own rules: the deprecations that modules of torch's owe to each
other or to their imports are for torch's authors. What torch warns of only once in a process is warned
of each time here, so that no outcome depends on which question came first. A once-only warning of
Python code that keeps its own list of what it said cannot be had again; it counts where it is given.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from typing import Any

from compat.probe import ROOT
from compat.probe.messages import normalise

TEXT_LIMIT = 300

#: Where the callers' code lies, as a warning names it: the call itself, and the helpers that calls use.
CALLERS = ("<string>", *(str(ROOT / folder) + os.sep for folder in ("compat", "monitor")))

#: What Python shows only to those who wrote the line that it is about.
FOR_AUTHORS = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


@contextlib.contextmanager
def recorded(torch: Any) -> Iterator[list[str]]:
    """Collect the warnings given within, each once, as texts that two runs can be compared by.

    Args:
        torch: the torch under test, or None.
    """
    texts: list[str] = []
    with warnings.catch_warnings(record=True) as given, _saying_all(torch):
        warnings.simplefilter("always")
        yield texts
    texts += dict.fromkeys(_text(each) for each in given if _concerns_callers(each))


@contextlib.contextmanager
def _saying_all(torch: Any) -> Iterator[None]:
    """Have torch warn each time of what it would warn of once."""
    choose = getattr(torch, "set_warn_always", None)
    if choose is None:
        yield
        return
    before = torch.is_warn_always_enabled()
    choose(True)  # noqa: FBT003 - torch's own signature
    try:
        yield
    finally:
        choose(before)


def _concerns_callers(warning: warnings.WarningMessage) -> bool:
    if not issubclass(warning.category, FOR_AUTHORS):
        return True
    return warning.filename.startswith(CALLERS)


def _text(warning: warnings.WarningMessage) -> str:
    return f"{warning.category.__name__}: {normalise(str(warning.message))}"[:TEXT_LIMIT]
