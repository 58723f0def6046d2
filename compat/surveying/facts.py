"""What a wheel declares of one API, as the survey keeps it."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WheelFacts:
    """Read from one wheel, without installing it."""

    file: str
    """The file name of the wheel that was read."""
    sha256: str
    """Its digest, as the index gives it; empty where it gives none."""
    stub: tuple[str, ...]
    """The signatures that the type stub declares of the function."""
    schemas: tuple[str, ...]
    """The operator's schemas, from the headers that are generated for it (since 1.11)."""
    headers: tuple[str, ...]
    """The names of those headers."""
    callers: tuple[str, ...]
    """Torch's own Python files that call the function, tests left out."""
    mentions: tuple[str, ...]
    """Those that name it."""
    relatives: Mapping[str, bool | None]
    """Public ways and siblings by name: whether they are there; None where only running torch would tell."""
    searched: int
    """How many Python files were looked through."""
    cuda: str | None
    """The CUDA version that it was built with."""
    requires: tuple[str, ...]
    requires_python: str
