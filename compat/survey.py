"""Which final releases of torch does the index offer, for which Pythons, and how large are they?

The index is asked through the JSON simple API; nothing is installed. Only what this project can
measure is kept: final releases since 1.9.0 with a wheel for Linux on x86_64.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version
from pydantic import TypeAdapter, ValidationError

from compat.errors import CompatError, ConfigurationError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FORMAT = 1
OLDEST = Version("1.9.0")
DEFAULT_INDEX = "https://pypi.org/simple"
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")
ACCEPT = "application/vnd.pypi.simple.v1+json"


class UnreadIndexError(CompatError):
    """What is on the index could not be learnt, so nothing follows."""

    exit_code = ExitCode.INCONCLUSIVE


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release on the index; ``bytes`` is its largest Linux x86_64 wheel, ``pythons`` are CPythons."""

    torch: str
    date: str
    pythons: tuple[str, ...]
    yanked: bool
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the index offered on a day, oldest release first."""

    format: int
    date: str
    releases: tuple[Release, ...]

    def find(self, torch: str) -> Release | None:
        """Return the release of this exact version, or None."""
        return next((release for release in self.releases if release.torch == torch), None)


@dataclass(frozen=True, kw_only=True)
class _Wheel:
    version: Version
    pythons: frozenset[str]
    date: str
    yanked: bool
    bytes: int


def refresh(index: str | None, out: Path) -> Survey:
    """Ask the index (by default the one that uv or pip would use) and write the answer to ``out``."""
    survey = read_index(index or configured_index(os.environ))
    write_survey(survey, out)
    return survey


def configured_index(environment: Mapping[str, str]) -> str:
    """Return the index that uv or pip are told to use, else the public one."""
    found = (environment.get(name) for name in INDEX_VARIABLES)
    return next((url for url in found if url), DEFAULT_INDEX)


def read_index(index: str, *, today: dt.date | None = None, pre: bool = False) -> Survey:
    """Ask an index what it has of torch; UnreadIndexError when it is out of reach or speaks no JSON."""
    url = f"{index.rstrip('/')}/torch/"
    request = urllib.request.Request(url, headers={"Accept": ACCEPT})  # noqa: S310 - the user's own index
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            page = json.load(answer)
    except (OSError, urllib.error.URLError) as error:
        message = (
            f"cannot read the index at {url}: {error}. Check the network, or name another with --index URL."
        )
        raise UnreadIndexError(message) from error
    except ValueError as error:
        message = (
            f"the index at {url} did not answer with the JSON simple API ({error}). "
            "Name one that speaks it with --index URL."
        )
        raise UnreadIndexError(message) from error
    day = today or dt.datetime.now(dt.UTC).date()
    return Survey(format=FORMAT, date=day.isoformat(), releases=parse_page(page, url, pre=pre))


def parse_page(page: Any, source: str, *, pre: bool = False) -> tuple[Release, ...]:
    """Return the releases in a simple-API page; UnreadIndexError when the page lists no torch wheel."""
    files = page.get("files") if isinstance(page, dict) else None
    wheels = [wheel for file in files or () if (wheel := _read_file(file, source, pre=pre))]
    if not wheels:
        message = f"the index at {source} lists no torch wheel for Linux x86_64; is it the right index?"
        raise UnreadIndexError(message)
    versions = sorted({wheel.version for wheel in wheels})
    return tuple(_summarise([wheel for wheel in wheels if wheel.version == version]) for version in versions)


def write_survey(survey: Survey, path: Path) -> None:
    """Write a survey, one release a line so that git shows what was released."""
    lines = ",\n".join("  " + json.dumps(asdict(release)) for release in survey.releases)
    head = f'{{"format": {survey.format}, "date": {json.dumps(survey.date)}, "releases": [\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")


def load_survey(path: Path) -> Survey:
    """Read a survey; ConfigurationError says what is wrong with the file and how to renew it."""
    remedy = "Write it anew with: python -m compat survey"
    try:
        survey = TypeAdapter(Survey).validate_json(path.read_bytes())
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}). {remedy}"
        raise ConfigurationError(message) from error
    except ValidationError as error:
        message = f"{path}: not a survey. {_first_mistakes(error)}. {remedy}"
        raise ConfigurationError(message) from error
    if survey.format != FORMAT:
        message = f"{path}: format {survey.format}, but this program reads format {FORMAT}. {remedy}"
        raise ConfigurationError(message)
    return survey


def _read_file(file: Mapping[str, Any], source: str, *, pre: bool) -> _Wheel | None:
    """Return the wheel if it is one that we can measure; UnreadIndexError when the entry is no file entry."""
    try:
        name, uploaded, size = file["filename"], file["upload-time"], file["size"]
        _, version, _, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return None
    except (KeyError, TypeError) as error:
        message = f"the index at {source} lists a file without {error}; it is no complete simple API."
        raise UnreadIndexError(message) from error
    pythons = frozenset(
        f"{tag.interpreter[2]}.{tag.interpreter[3:]}"
        for tag in tags
        # abi == interpreter, or cp37m: neither free-threaded (cp313t) nor abi-less builds
        if tag.interpreter.startswith("cp")
        and tag.abi in {tag.interpreter, f"{tag.interpreter}m"}
        and "linux" in tag.platform
        and tag.platform.endswith("x86_64")
    )
    if not pythons or (version.is_prerelease and not pre) or version.local or version < OLDEST:
        return None
    yanked = bool(file.get("yanked", False))
    return _Wheel(version=version, pythons=pythons, date=uploaded[:10], yanked=yanked, bytes=size)


def _summarise(wheels: Iterable[_Wheel]) -> Release:
    known = list(wheels)
    pythons = {Version(python) for wheel in known for python in wheel.pythons}
    return Release(
        torch=str(known[0].version),
        date=min(wheel.date for wheel in known),
        pythons=tuple(str(python) for python in sorted(pythons)),
        yanked=all(wheel.yanked for wheel in known),
        bytes=max(wheel.bytes for wheel in known),
    )


def _first_mistakes(error: ValidationError, limit: int = 3) -> str:
    mistakes = error.errors()
    shown = [f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg']}" for item in mistakes[:limit]]
    rest = len(mistakes) - limit
    return "; ".join(shown) + (f"; and {rest} more" if rest > 0 else "")
