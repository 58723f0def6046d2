"""What is installed beside a torch, and how is uv told to do it?

Hypothesis and pytest are the releases that the project's own tests use, taken from
``pyproject.toml``: other releases draw other cases, so every environment has the same ones.
"""

from __future__ import annotations

import functools
import threading
import tomllib
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compat.matrix import Row

SHARED = frozenset({"hypothesis", "pytest"})
NUMPY = "numpy"
"""Wanted beside every torch: see the head of matrix.toml."""

CPU_WHEELS = "https://download.pytorch.org/whl/cpu/torch/"
"""Where uv's torch backend for CPU looks; COMPAT_CPU_WHEELS names another place to try."""

CPU_WHEELS_VARIABLE = "COMPAT_CPU_WHEELS"
PATIENCE_SECONDS = 1.5


def requirements(row: Row, pyproject: Path) -> tuple[str, ...]:
    """Return all that is installed for a row, its constraints included."""
    return (f"torch=={row.torch}", *shared_pins(pyproject), NUMPY, *row.constraints)


@functools.cache
def shared_pins(pyproject: Path) -> tuple[str, ...]:
    """Return the pins of what measures in every environment, from the project's test group."""
    group: Sequence[str] = tomllib.loads(pyproject.read_text(encoding="utf-8"))["dependency-groups"]["test"]
    return tuple(item for item in group if Requirement(item).name in SHARED)


def backend(wheels: str) -> tuple[str, ...]:
    """Return uv's arguments for a source of wheels: ``cpu`` or ``index``."""
    return ("--torch-backend", "cpu") if wheels == "cpu" else ()


def sources(environment_value: str | None) -> tuple[str, ...]:
    """Return the sources of wheels to try, best first: CPU wheels only where they can be reached."""
    return ("cpu", "index") if answers(environment_value or CPU_WHEELS) else ("index",)


@functools.cache
def answers(url: str, patience: float = PATIENCE_SECONDS) -> bool:
    """Whether a URL answers within ``patience`` seconds, the look-up of its name included."""
    found = threading.Event()

    def ask() -> None:
        try:
            request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - our own or the user's URL
            with urllib.request.urlopen(request, timeout=patience):  # noqa: S310
                found.set()
        except (OSError, ValueError, urllib.error.URLError):
            pass

    # a thread, because no timeout covers the resolution of a name
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience)
    return found.is_set()
