"""Which releases of torch does the index offer, for which Pythons, and what does a wheel of each declare?

The index is asked through the simple API, and wheels are read by ranges (`compat.surveying`); nothing is
installed. Only what this project can measure is kept: releases since 1.9.0 with a wheel for the platform,
by default Linux on x86_64.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version
from pydantic import TypeAdapter, ValidationError

from compat.errors import ConfigurationError
from compat.surveying.facts import WheelFacts  # noqa: TC001 - pydantic reads the annotations when it runs
from compat.surveying.reading import read_wheels
from compat.surveying.settings import Index, configured
from compat.surveying.simple_index import list_files
from compat.surveying.web import Web, WebError
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from compat.surveying.cache import Cache
    from compat.surveying.declarations import Sought
    from compat.surveying.simple_index import IndexFile

FORMAT = 2
PACKAGE = "torch"
OLDEST = Version("1.9.0")
PLATFORM = "linux_x86_64"
PLATFORMS = (PLATFORM, "linux_aarch64", "macosx_arm64", "macosx_x86_64", "win_amd64", "win_arm64")
"""Operating system and processor, as the ends of a platform tag name them."""

PREFERRED = ("3.9", "3.11")
"""The Pythons whose wheel is read, if there is one: those that the matrix measures with."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release on the index; ``bytes`` is its largest wheel for the platform, ``pythons`` are CPythons."""

    torch: str
    date: str
    """The day of its first wheel, YYYY-MM-DD; empty where the index does not tell."""
    pythons: tuple[str, ...]
    yanked: bool
    bytes: int
    platforms: tuple[str, ...] = ()
    """The platform tags of all its wheels."""
    wheel: WheelFacts | None = None
    """What the wheel declares that was read for it."""
    unread: str | None = None
    """Why no wheel could be read; None where one was, or none was asked for."""


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
class Scope:
    """What to look at: an index (None: those of uv and pip), a platform, and pre-releases or not."""

    index: str | None = None
    platform: str = PLATFORM
    pre: bool = False


@dataclass(frozen=True, kw_only=True)
class _Wheel:
    file: IndexFile
    version: Version
    pythons: frozenset[str]
    """The CPythons that it is for, if it is for the platform; none otherwise."""
    platforms: frozenset[str]


def read_index(
    index: str | None = None, *, web: Web | None = None, pre: bool = False, today: dt.date | None = None
) -> Survey:
    """Ask an index, by default those of uv and pip, which releases there are; no wheel is read.

    Raises:
        WebError: it is out of reach, speaks no simple API, or lists no wheel for the platform.

    """
    wheels, source = _listed(web or Web(), index)
    return _survey(_releases(wheels, source, Scope(index=index, pre=pre)), today)


def take_survey(
    web: Web,
    sought: Sought,
    cache: Cache,
    *,
    scope: Scope,
    before: Survey | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Survey:
    """Ask the index and read a wheel of every release, as far as the cache does not know it.

    What an earlier survey read of the same file is taken where the file cannot be read now.

    Raises:
        WebError: the index cannot be read, so that nothing is known.

    """
    wheels, source = _listed(web, scope.index)
    releases = _releases(wheels, source, scope)
    chosen = {torch: _choose(each) for torch, each in _by_release(wheels, scope).items()}
    known = {torch: facts for torch, file in chosen.items() if (facts := cache.get(file)) is not None}
    wanted = [file for torch, file in chosen.items() if torch not in known]
    found = read_wheels(web, wanted, sought, progress)
    for facts in found.facts.values():
        cache.put(facts)
    earlier = {each.torch: each for each in before.releases} if before else {}
    return _survey(
        [
            _with_facts(
                each,
                known.get(each.torch) or found.facts.get(chosen[each.torch].filename),
                found.unread.get(chosen[each.torch].filename),
                earlier.get(each.torch),
            )
            for each in releases
        ],
        None,
    )


def _with_facts(
    release: Release, facts: WheelFacts | None, unread: str | None, earlier: Release | None
) -> Release:
    old = earlier.wheel if earlier else None
    if facts is None and old is not None and old.sha256:
        facts, unread = old, None
    date = release.date or (earlier.date if earlier else "")
    return replace(release, wheel=facts, unread=unread, date=date)


def write_survey(survey: Survey, path: Path) -> None:
    """Write a survey, one release a line so that git shows what was released."""
    lines = ",\n".join("  " + json.dumps(asdict(release), ensure_ascii=False) for release in survey.releases)
    head = f'{{"format": {survey.format}, "date": {json.dumps(survey.date)}, "releases": [\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, f"{head}{lines}\n]}}\n")


def load_survey(path: Path) -> Survey:
    """Read a survey; ConfigurationError says what is wrong with the file and how to renew it."""
    remedy = "Write it anew with: python -m compat survey"
    try:
        content = json.loads(path.read_bytes())
        given = content.get("format") if isinstance(content, dict) else None
        if given != FORMAT and isinstance(given, int):
            message = f"{path}: format {given}, but this program reads format {FORMAT}. {remedy}"
            raise ConfigurationError(message)
        return TypeAdapter(Survey).validate_python(content)
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}). {remedy}"
        raise ConfigurationError(message) from error
    except ValidationError as error:
        message = f"{path}: not a survey. {_first_mistakes(error)}. {remedy}"
        raise ConfigurationError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"{path}: not a survey. {error}. {remedy}"
        raise ConfigurationError(message) from error


def _survey(releases: Iterable[Release], today: dt.date | None) -> Survey:
    day = today or dt.datetime.now(dt.UTC).date()
    return Survey(format=FORMAT, date=day.isoformat(), releases=tuple(releases))


def _listed(web: Web, index: str | None) -> tuple[list[_Wheel], str]:
    """Return the wheels that the indexes list, and the name of what was asked."""
    named = (Index(url=index, named_by="--index"),) if index else configured(os.environ, Path.cwd())
    listing = list_files(web, named, PACKAGE)
    return list(_wheels(listing.files)), " and ".join(listing.answered)


def _wheels(files: Iterable[IndexFile]) -> Iterator[_Wheel]:
    for file in files:
        try:
            _, version, _, tags = parse_wheel_filename(file.filename)
        except InvalidWheelFilename:
            continue
        # abi == interpreter, cp37m, or none, as on macOS: but no free-threaded build (cp313t)
        plain = [tag for tag in tags if tag.abi in {tag.interpreter, f"{tag.interpreter}m", "none"}]
        yield _Wheel(
            file=file,
            version=version,
            pythons=frozenset(
                f"{tag.interpreter[2]}.{tag.interpreter[3:]}" for tag in plain if tag.interpreter[:2] == "cp"
            ),
            platforms=frozenset(tag.platform for tag in plain),
        )


def _by_release(wheels: Iterable[_Wheel], scope: Scope) -> Mapping[str, list[_Wheel]]:
    """Return the wheels for the platform by release, oldest first."""
    system, _, processor = scope.platform.partition("_")
    found: dict[Version, list[_Wheel]] = defaultdict(list)
    for wheel in wheels:
        version = wheel.version
        if (
            version < OLDEST
            or version.local
            or (version.is_prerelease and not scope.pre)
            or not wheel.pythons
        ):
            continue
        if any(system in tag and tag.endswith(processor) for tag in wheel.platforms):
            found[version].append(wheel)
    return {str(version): found[version] for version in sorted(found)}


def _releases(wheels: Sequence[_Wheel], source: str, scope: Scope) -> tuple[Release, ...]:
    found = _by_release(wheels, scope)
    if not found:
        raise WebError(
            f"the index at {source} lists no {PACKAGE} wheel for {scope.platform}; is it the right index? "
            "Name another with --index URL."
        )
    return tuple(
        Release(
            torch=torch,
            date=min((each.file.date for each in known if each.file.date), default=""),
            pythons=_pythons(known),
            yanked=all(each.file.yanked for each in known),
            bytes=max(each.file.size or 0 for each in known),
            platforms=tuple(
                sorted({tag for each in wheels if str(each.version) == torch for tag in each.platforms})
            ),
        )
        for torch, known in found.items()
    )


def _pythons(wheels: Iterable[_Wheel]) -> tuple[str, ...]:
    return tuple(sorted({python for each in wheels for python in each.pythons}, key=Version))


def _choose(wheels: Sequence[_Wheel]) -> IndexFile:
    """Choose the wheel to read: of a Python that is measured with, else of the newest."""
    pythons = _pythons(wheels)
    python = next((each for each in PREFERRED if each in pythons), pythons[-1])
    fitting = [each.file for each in wheels if python in each.pythons]
    return min(fitting, key=lambda file: (file.yanked, file.filename))


def _first_mistakes(error: ValidationError, limit: int = 3) -> str:
    mistakes = error.errors()
    shown = [f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg']}" for item in mistakes[:limit]]
    rest = len(mistakes) - limit
    return "; ".join(shown) + (f"; and {rest} more" if rest > 0 else "")
