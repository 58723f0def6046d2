"""Whom uv is told to trust: this machine, unless a person has decided."""

from __future__ import annotations

import ssl
from types import SimpleNamespace

import pytest

from compat import uv

SYSTEM = {"UV_SYSTEM_CERTS": "1"}


@pytest.mark.parametrize(
    ("environment", "cafile", "capath", "told"),
    [
        ({}, "/certificates.pem", None, SYSTEM),
        ({}, None, "/certificates", SYSTEM),
        ({"HOME": "/"}, "/certificates.pem", "/certificates", SYSTEM),
        ({}, None, None, {}),
        *(({name: "x"}, "/certificates.pem", None, {}) for name in uv.TRUST),
    ],
)
def test_trust(
    environment: dict[str, str],
    cafile: str | None,
    capath: str | None,
    told: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = SimpleNamespace(cafile=cafile, capath=capath)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: found)
    assert uv.trust(environment) == told
