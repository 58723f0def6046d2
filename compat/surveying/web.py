"""How are bytes fetched from a server that may be slow, broken or lying, and never too many of them?

Every answer is read against a time limit that grows with what was asked for, is asked for again
where that may help, and counts towards the totals that a survey reports.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Retry, Timeout, make_headers, parse_url

from compat.errors import CompatError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be another one a moment later."""

OK, PARTIAL, NOT_FOUND = 200, 206, 404
CHUNK = 1 << 16
PAGE_LIMIT = 64 << 20
"""Bytes of an index page at most; torch's has half a million."""
TYPICAL = 16 << 20
"""Bytes for which an answer is granted time at most."""


class WebError(CompatError):
    """What could not be fetched, and why, in one sentence."""

    exit_code = ExitCode.INCONCLUSIVE


class MissingError(WebError):
    """The server knows no such page."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How patient to be. Seconds, and bytes in a second under which an answer counts as stuck."""

    connect: float = 10.0
    silence: float = 20.0
    answer: float = 30.0
    slowest: float = 50_000.0
    attempts: int = 3
    pause: float = 0.3


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The body of an answer, with its headers in lower case."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(kw_only=True)
class Web:
    """Fetches over http, https and file addresses; safe to share between threads."""

    limits: Limits = field(default_factory=Limits)
    connections: int = 16
    sleep: Callable[[float], None] = time.sleep
    requests: int = 0
    received: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pools: dict[str, Any] = field(default_factory=dict)
    _dead: dict[str, str] = field(default_factory=dict)
    _alive: set[str] = field(default_factory=set)
    _closed: bool = False

    def page(self, url: str, accept: str) -> Answer:
        """Fetch a whole page.

        Raises:
            MissingError: there is none.
            WebError: it could not be fetched.

        """
        if urlsplit(url).scheme == "file":
            return self._file_page(url)
        return self._fetch(url, {"Accept": accept}, OK, PAGE_LIMIT)

    def tail(self, url: str, length: int) -> tuple[bytes, int]:
        """Fetch the last bytes of a file, ``length`` of them or as many as there are; return its size too.

        Raises:
            WebError: they could not be fetched, or the server would send the whole file.

        """
        if urlsplit(url).scheme == "file":
            return self._file_tail(url, length)
        answer = self._fetch(url, {"Range": f"bytes=-{length}"}, PARTIAL, length)
        first, last, size = _content_range(url, answer)
        if last != size - 1 or len(answer.body) != min(length, size) or first != size - len(answer.body):
            raise WebError(f"{shown(url)}: asked for the last {length:,} bytes, and got others")
        return answer.body, size

    def range(self, url: str, first: int, last: int, size: int) -> bytes:
        """Fetch bytes ``first`` to ``last`` of a file that must have ``size`` of them.

        Raises:
            WebError: they could not be fetched, or the server would send the whole file.

        """
        if urlsplit(url).scheme == "file":
            return self._file_range(url, first, last)
        answer = self._fetch(url, {"Range": f"bytes={first}-{last}"}, PARTIAL, last - first + 1)
        if _content_range(url, answer) != (first, last, size) or len(answer.body) != last - first + 1:
            raise WebError(f"{shown(url)}: asked for bytes {first} to {last} of {size:,}, and got others")
        return answer.body

    def close(self) -> None:
        """End all connections; whoever still reads is refused at the next chunk."""
        self._closed = True
        with self._lock:
            for pool in self._pools.values():
                pool.clear()

    def _fetch(self, url: str, headers: Mapping[str, str], status: int, limit: int) -> Answer:
        host = _host(url)
        why = "" if host in self._alive else self._dead.get(host, "")
        for attempt in range(0 if why else self.limits.attempts):
            if attempt:
                self.sleep(self.limits.pause * 3 ** (attempt - 1))
            try:
                return self._once(url, headers, status, limit)
            except _PassingError as error:
                why = str(error)
        if host not in self._alive:
            self._dead.setdefault(host, why)
        raise WebError(f"{shown(url)}: {why}")

    def _once(self, url: str, headers: Mapping[str, str], status: int, limit: int) -> Answer:
        if self._closed:
            raise WebError(f"{shown(url)}: interrupted")
        start = time.monotonic()
        bare, credentials = _apart(url)
        try:
            response = self._pool(bare).request(
                "GET",
                bare,
                headers={"Accept-Encoding": "identity", **headers, **credentials},
                preload_content=False,
                timeout=Timeout(connect=self.limits.connect, read=self.limits.silence),
                retries=Retry(total=None, connect=0, read=0, redirect=5, status=0, other=0),
            )
        except (HTTPError, OSError) as error:
            raise _PassingError(_reason(error)) from error
        self._count(requests=1)
        try:
            _check_status(url, response.status, status)
            # a host that answers so is not dead, whatever comes of this answer
            self._alive.add(_host(url))
            body = self._body(url, response, limit, start)
        except (HTTPError, OSError) as error:
            response.close()
            raise _PassingError(_reason(error)) from error
        except BaseException:
            response.close()  # what is left of the answer must not be read, nor met by the next request
            raise
        response.release_conn()
        return Answer(body=body, headers={key.lower(): value for key, value in response.headers.items()})

    def _body(self, url: str, response: Any, limit: int, start: float) -> bytes:
        allowed = self.limits.answer + min(limit, TYPICAL) / self.limits.slowest
        body = bytearray()
        while chunk := response.read1(CHUNK):
            body += chunk
            self._count(received=len(chunk))
            if len(body) > limit:
                raise WebError(f"{shown(url)}: it sends more than the {limit:,} bytes that were asked for")
            if time.monotonic() - start > allowed:
                raise _PassingError(f"too slow: {len(body):,} bytes in {allowed:.0f} s")
            if self._closed:
                raise WebError(f"{shown(url)}: interrupted")
        return bytes(body)

    def _count(self, *, requests: int = 0, received: int = 0) -> None:
        with self._lock:
            self.requests += requests
            self.received += received

    def _pool(self, url: str) -> Any:
        """Return the pool for this address: through the proxy that the environment names, if it does."""
        proxy = _proxy(url)
        with self._lock:
            if proxy not in self._pools:
                options: dict[str, Any] = {
                    "maxsize": self.connections,
                    "block": True,
                    "ssl_context": ssl.create_default_context(),
                }
                self._pools[proxy] = (
                    urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
                )
            return self._pools[proxy]

    def _file_page(self, url: str) -> Answer:
        folder = _path(url)
        for name, kind in (
            ("index.json", "application/vnd.pypi.simple.v1+json"),
            ("index.html", "text/html"),
        ):
            if (folder / name).is_file():
                body = (folder / name).read_bytes()
                self._count(requests=1, received=len(body))
                return Answer(body=body, headers={"content-type": kind})
        raise MissingError(f"{url}: no such page")

    def _file_tail(self, url: str, length: int) -> tuple[bytes, int]:
        try:
            size = _path(url).stat().st_size
        except OSError as error:
            raise WebError(f"{url}: cannot be read ({error.strerror})") from error
        return self._file_range(url, max(0, size - length), size - 1), size

    def _file_range(self, url: str, first: int, last: int) -> bytes:
        try:
            with _path(url).open("rb") as stream:
                stream.seek(first)
                body = stream.read(last - first + 1)
        except OSError as error:
            raise WebError(f"{url}: cannot be read ({error.strerror})") from error
        if len(body) != last - first + 1:
            raise WebError(f"{url}: it ends before byte {last}")
        self._count(requests=1, received=len(body))
        return body


class _PassingError(Exception):
    """A failure that may be gone a moment later."""


def shown(url: str) -> str:
    """Return an address without a name and a password that it may hold."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _content_range(url: str, answer: Answer) -> tuple[int, int, int]:
    """Return first byte, last byte and size, as a partial answer tells them."""
    given = answer.headers.get("content-range", "")
    match = re.fullmatch(r"bytes\s+(\d+)-(\d+)/(\d+)", given.strip())
    if match is None:
        raise WebError(f"{shown(url)}: the server does not tell which bytes it sent ({given!r})")
    first, last, size = map(int, match.groups())
    return first, last, size


def _check_status(url: str, status: int, wanted: int) -> None:
    if status == wanted:
        return
    if status in PASSING:
        raise _PassingError(f"the server answers {status}")
    if wanted == PARTIAL and status == OK:
        raise WebError(
            f"{shown(url)}: the server ignores ranges and would send the whole file, "
            "which is not downloaded. Name an index whose files can be read in parts, with --index URL"
        )
    kind = MissingError if status == NOT_FOUND else WebError
    raise kind(f"{shown(url)}: the server answers {status}")


def _apart(url: str) -> tuple[str, dict[str, str]]:
    """Take a name and a password out of an address and make them the header that sends them."""
    auth = parse_url(url).auth
    if not auth:
        return url, {}
    return shown(url), make_headers(basic_auth=unquote(auth))


def _proxy(url: str) -> str:
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(_host(url)):
        return ""
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme) or proxies.get("all") or ""


def _path(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


def _reason(error: Exception) -> str:
    """Say what happened, without the addresses of objects that urllib3 names."""
    reason = getattr(error, "reason", None)
    inner = reason if isinstance(reason, Exception) else error
    text = str(inner).rpartition("object at 0x")[2].partition(": ")[2] or str(inner)
    return text or type(inner).__name__
