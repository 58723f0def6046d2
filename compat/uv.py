"""Which uv is at hand, and how is it told to work on this project's own cache?

The cache is ours alone: wheels of torch are dropped from it between rows, which must never touch the
cache that a person's other projects share.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def find_uv() -> str | None:
    """Return the uv installed beside nox, else the one on PATH, else None."""
    with contextlib.suppress(ImportError, FileNotFoundError):
        from uv import find_uv_bin  # noqa: PLC0415 - present only where nox came with its uv extra

        return os.fspath(find_uv_bin())
    return shutil.which("uv")


def cache_environment(cache: Path) -> dict[str, str]:
    """Return the variables that make uv work on ``cache`` and link from it, so that a copy costs nothing."""
    return {"UV_CACHE_DIR": os.fspath(cache), "UV_LINK_MODE": "hardlink"}
