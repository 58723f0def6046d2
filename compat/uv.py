"""Which uv is at hand, whom does it trust, and how is it told to work on this project's own cache?

The cache is ours alone: wheels of torch are dropped from it between rows, which must never touch the
cache that a person's other projects share.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Settings by which a person has already said which certificates uv is to trust.
TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS")


def find_uv() -> str | None:
    """Return the uv installed beside nox, else the one on PATH, else None."""
    with contextlib.suppress(ImportError, FileNotFoundError):
        from uv import find_uv_bin  # noqa: PLC0415 - present only where nox came with its uv extra

        return os.fspath(find_uv_bin())
    return shutil.which("uv")


def cache_environment(cache: Path) -> dict[str, str]:
    """Return the variables that make uv work on ``cache`` and link from it, so that a copy costs nothing."""
    return {"UV_CACHE_DIR": os.fspath(cache), "UV_LINK_MODE": "hardlink"}


def trust(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make uv trust the certificates that this machine trusts, as pip does.

    By itself uv knows Mozilla's alone, and fails behind a company's proxy where pip succeeds. Nothing
    is returned where a person has decided, or where the machine keeps no certificates.
    """
    store = ssl.get_default_verify_paths()
    if any(name in environment for name in TRUST) or not (store.cafile or store.capath):
        return {}
    return {"UV_SYSTEM_CERTS": "1"}
