"""Which files of a package does an index list, be it in JSON or in HTML?

Both forms of the simple API are read (https://packaging.python.org/en/latest/specifications/simple-repository-api/);
JSON is asked for first. HTML tells neither dates nor sizes: a size is then found out with the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from compat.surveying.web import MissingError, WebError, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.surveying.settings import Index
    from compat.surveying.web import Web

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
ACCEPT = f"{JSON}, {HTML};q=0.2, text/html;q=0.1"


@dataclass(frozen=True, kw_only=True)
class IndexFile:
    """One file as an index lists it; what it does not tell is empty, or None."""

    filename: str
    url: str
    sha256: str = ""
    size: int | None = None
    date: str = ""
    yanked: bool = False
    yanked_because: str = ""
    requires_python: str = ""
    metadata: bool = False
    """Whether the metadata can be fetched beside the file (PEP 658)."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What all the indexes list together, and what went wrong with some of them."""

    files: tuple[IndexFile, ...]
    answered: tuple[str, ...]
    problems: tuple[str, ...] = ()


def list_files(web: Web, indexes: Sequence[Index], package: str) -> Listing:
    """Ask every index for a package; a file that several have is the first one's.

    Raises:
        WebError: none of them answered with a list.

    """
    files: dict[str, IndexFile] = {}
    answered, missing, problems = [], [], []
    for index in indexes:
        url = f"{index.url.rstrip('/')}/{package}/"
        try:
            page = web.page(url, ACCEPT)
            listed = read_page(page.body, page.headers.get("content-type", ""), url)
        except MissingError as error:
            missing.append(f"{error} (named by {index.named_by})")
            continue
        except WebError as error:
            problems.append(f"{error} (named by {index.named_by})")
            continue
        answered.append(shown(index.url))
        for file in listed:
            files.setdefault(file.filename, file)
    if not answered:
        raise WebError(
            f"cannot read the index at {'; '.join([*problems, *missing])}. "
            "Check the network, or name another with --index URL."
        )
    return Listing(files=tuple(files.values()), answered=tuple(answered), problems=tuple(problems))


def read_page(body: bytes, kind: str, url: str) -> tuple[IndexFile, ...]:
    """Read a page of either form.

    Raises:
        WebError: it is neither, or lists what is no file.

    """
    if "json" in kind or body.lstrip()[:1] in (b"{", b"["):
        return _read_json(body, url)
    text = body.decode("utf-8", errors="replace")
    if "html" not in kind and "<" not in text[:1000]:
        raise WebError(f"{shown(url)}: the answer is neither the JSON nor the HTML simple API")
    parser = _Links(url)
    parser.feed(text)
    return tuple(parser.files)


def _read_json(body: bytes, url: str) -> tuple[IndexFile, ...]:
    try:
        page = json.loads(body)
        return tuple(_json_file(entry, url) for entry in page["files"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise WebError(
            f"{shown(url)}: the answer is no JSON simple API ({type(error).__name__}: {error})"
        ) from error


def _json_file(entry: Any, url: str) -> IndexFile:
    yanked = entry.get("yanked", False)
    metadata = entry.get("core-metadata", entry.get("dist-info-metadata", False))
    size = entry.get("size")
    return IndexFile(
        filename=str(entry["filename"]),
        url=urljoin(url, str(entry["url"])),
        sha256=str((entry.get("hashes") or {}).get("sha256", "")),
        size=size if type(size) is int and size >= 0 else None,
        date=str(entry.get("upload-time") or "")[:10],
        yanked=bool(yanked),
        yanked_because=yanked if isinstance(yanked, str) else "",
        requires_python=str(entry.get("requires-python") or ""),
        metadata=bool(metadata),
    )


class _Links(HTMLParser):
    """Collects the links of a page that lead to files."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._base = url
        self.files: list[IndexFile] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link; a base that the page names holds from there on."""
        given = dict(attrs)
        if tag == "base" and (base := given.get("href")):
            self._base = urljoin(self._base, base)
        if tag != "a" or not (link := given.get("href")):
            return
        whole = urljoin(self._base, link)
        parts = urlsplit(whole)
        algorithm, _, digest = parts.fragment.partition("=")
        file = IndexFile(
            filename=unquote(parts.path.rpartition("/")[2]),
            url=parts._replace(fragment="").geturl(),
            sha256=digest if algorithm == "sha256" else "",
            requires_python=given.get("data-requires-python") or "",
            metadata="data-core-metadata" in given or "data-dist-info-metadata" in given,
        )
        if "data-yanked" in given:
            file = replace(file, yanked=True, yanked_because=given["data-yanked"] or "")
        self.files.append(file)
