"""An index on this machine with made-up wheels, whose server misbehaves as a test asks it to."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import re
import threading
import time
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STUB = (
    "def _foreach_norm(self: tuple[Tensor, ...] | list[Tensor], ord: Number = 2) -> tuple[Tensor, ...]: ...\n"
)
SCHEMA = "_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]"
HEADER = f'static constexpr const char* schema_str = "{SCHEMA}";\n'
CLIP = "import torch\n\ndef get_total_norm(tensors):\n    return torch._foreach_norm(tensors)\n"
MEMBERS = {
    "torch/_C/_VariableFunctions.pyi": "def other() -> Tensor: ...\n" + STUB,
    "torch/include/ATen/ops/_foreach_norm_ops.h": HEADER,
    "torch/include/ATen/ops/_foreach_norms_alike.h": "nothing\n",
    "torch/version.py": "cuda: str | None = '13.0'\n__version__ = '1'\n",
    "torch/nn/utils/clip_grad.py": CLIP,
    "torch/nn/utils/__init__.py": "from .clip_grad import get_total_norm\n",
    "torch/testing/uses.py": "torch._foreach_norm([])\n",
    "torch/lib/libtorch.so": "x" * 300_000,
}


def wheel(torch: str, **changed: str) -> bytes:
    """Make a wheel; ``changed`` replaces what a member holds, by the end of its name."""
    content = dict(MEMBERS)
    content[f"torch-{torch}.dist-info/METADATA"] = (
        f"Name: torch\nVersion: {torch}\nRequires-Python: >=3.9\n"
        "Requires-Dist: filelock\nRequires-Dist: sympy\n"
    )
    for end, text in changed.items():
        (name,) = (each for each in content if each.endswith(end))
        content[name] = text
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            stored = zipfile.ZIP_STORED if name.endswith(".so") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), text, stored)
    return stream.getvalue()


@dataclass(kw_only=True)
class Served:
    """What the server has, and how it behaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the index says of a file otherwise than it is."""
    html: bool = False
    page: bytes | None = None
    """What the index answers in place of its page."""
    behave: dict[str, str] = field(default_factory=dict)
    """By the end of a path: ``whole`` (no ranges), ``503``, ``503 once``, ``404``, ``cut``, ``garbage``,
    ``drips`` (a byte now and then)."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Each path with the range that was asked for."""
    url: str = ""

    def offer(self, torch: str, *, tags: str = "cp311-cp311-manylinux_2_28_x86_64", **changed: str) -> str:
        """Put a wheel on the index; return its file name."""
        name = f"torch-{torch}-{tags}.whl"
        self.files[name] = wheel(torch, **changed)
        return name


class _Handler(http.server.BaseHTTPRequestHandler):
    served: Served
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.served.asked.append((self.path, asked))
        how = next((how for end, how in self.served.behave.items() if self.path.endswith(end)), "")
        if how == "503 once":
            self.served.behave = {end: how for end, how in self.served.behave.items() if how != "503 once"}
        if how.startswith("503") or how == "404":
            return self._send(int(how[:3]), b"")
        name = self.path.rpartition("/")[2]
        if self.path == "/simple/torch/":
            return self._page()
        if name not in self.served.files:
            return self._send(404, b"")
        return self._file(self.served.files[name], asked, how)

    def _file(self, content: bytes, asked: str, how: str) -> None:
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", asked)
        if match is None or how == "whole":
            return self._send(200, content)
        if match[1]:
            first, last = int(match[1]), min(int(match[2]), len(content) - 1)
        else:
            first, last = max(0, len(content) - int(match[2])), len(content) - 1
        part = content[first : last + 1]
        if how == "garbage":
            part = bytes(len(part))
        told = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
        if how == "drips":
            return self._drip(part, told)
        return self._send(206, part[: len(part) // 2] if how == "cut" else part, told, length=len(part))

    def _drip(self, part: bytes, headers: Mapping[str, str]) -> None:
        self._send(206, b"", headers, length=len(part))
        for place in range(len(part)):
            try:
                self.wfile.write(part[place : place + 1])
            except OSError:
                return
            time.sleep(0.05)

    def _page(self) -> None:
        if self.served.page is not None:
            return self._send(200, self.served.page, {"Content-Type": "text/plain"})
        files = [
            {
                "filename": name,
                "url": f"../../files/{name}",
                "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
                "size": len(content),
                "upload-time": "2026-01-01T00:00:00Z",
                "yanked": False,
                **self.served.entries.get(name, {}),
            }
            for name, content in self.served.files.items()
        ]
        if not self.served.html:
            kind = "application/vnd.pypi.simple.v1+json"
            return self._send(200, json.dumps({"files": files}).encode(), {"Content-Type": kind})
        links = "\n".join(
            f'<a href="{each["url"]}#sha256={each["hashes"]["sha256"]}"'
            f"{' data-yanked' if each['yanked'] else ''}>{each['filename']}</a>"
            for each in files
        )
        return self._send(200, f"<!doctype html><body>{links}".encode(), {"Content-Type": "text/html"})

    def _send(
        self, status: int, body: bytes, headers: Mapping[str, str] | None = None, length: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        if length not in (None, len(body)):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def serving() -> Iterator[Served]:
    """Serve an index for as long as the context lasts."""
    served = Served()
    handler = type("Handler", (_Handler,), {"served": served})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        served.url = f"http://127.0.0.1:{server.server_port}/simple"
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
