"""Which package indexes are uv and pip told to use here?

uv's settings come before pip's, variables before files, and a file in the project before one of the
user's or the machine's. The index that stands for the public one comes last, as in uv: those that are
named beside it are asked first.
"""

from __future__ import annotations

import configparser
import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compat.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEFAULT_INDEX = "https://pypi.org/simple"


@dataclass(frozen=True, kw_only=True)
class Index:
    """One index, and who named it."""

    url: str
    named_by: str


@dataclass(frozen=True, kw_only=True)
class _Named:
    """What one tool is told: the index in place of the public one, and those beside it."""

    default: Index | None = None
    beside: tuple[Index, ...] = ()


def configured(environment: Mapping[str, str], folder: Path) -> tuple[Index, ...]:
    """Return every index to ask, the first first; ConfigurationError when a settings file is broken.

    Args:
        environment: the variables.
        folder: where the person works; uv looks for its files here and above.

    """
    told = [
        _uv_variables(environment),
        *(_uv_file(path) for path in _uv_files(environment, folder)),
        _pip_variables(environment),
        *(_pip_file(path) for path in _pip_files(environment)),
    ]
    public = Index(url=DEFAULT_INDEX, named_by="nobody: it is the public one")
    default = next((each.default for each in told if each.default), public)
    found = [*(index for each in told for index in each.beside), default]
    return tuple({index.url: index for index in reversed(found)}.values())[::-1]


def _uv_variables(environment: Mapping[str, str]) -> _Named:
    return _Named(
        default=_first(environment, "UV_DEFAULT_INDEX", "UV_INDEX_URL"),
        beside=tuple(_each(environment, "UV_INDEX", "UV_EXTRA_INDEX_URL")),
    )


def _pip_variables(environment: Mapping[str, str]) -> _Named:
    return _Named(
        default=_first(environment, "PIP_INDEX_URL"),
        beside=tuple(_each(environment, "PIP_EXTRA_INDEX_URL")),
    )


def _first(environment: Mapping[str, str], *names: str) -> Index | None:
    found = ((name, environment.get(name, "").strip()) for name in names)
    return next((Index(url=_bare(url), named_by=name) for name, url in found if url), None)


def _each(environment: Mapping[str, str], *names: str) -> Iterator[Index]:
    for name in names:
        for word in environment.get(name, "").split():
            yield Index(url=_bare(word), named_by=name)


def _bare(word: str) -> str:
    """Return the address of an index, which uv lets one write behind a name: ``mirror=https://…``."""
    name, separator, url = word.partition("=")
    return url if separator and "/" not in name else word


def _uv_files(environment: Mapping[str, str], folder: Path) -> Iterator[Path]:
    """Yield the settings files of uv that there are: the project's, the user's, the machine's."""
    if environment.get("UV_NO_CONFIG"):
        return
    if given := environment.get("UV_CONFIG_FILE"):
        yield Path(given)
        return
    for place in (folder, *folder.parents):
        beside = [path for name in ("uv.toml", "pyproject.toml") if (path := place / name).is_file()]
        if beside:
            yield beside[0]
            break
    home = _home(environment)
    user = environment.get("APPDATA") or environment.get("XDG_CONFIG_HOME") or home / ".config"
    shared = environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep)
    yield from _there([Path(place, "uv", "uv.toml") for place in (user, *shared, "/etc") if place])


def _uv_file(path: Path) -> _Named:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, error) from error
    table: Any = content.get("tool", {}).get("uv", {}) if path.name == "pyproject.toml" else content
    default, beside = None, []
    for entry in _tables(table.get("index")):
        if isinstance(url := entry.get("url"), str) and not entry.get("explicit"):
            index = Index(url=url, named_by=str(path))
            if entry.get("default"):
                default = default or index
            else:
                beside.append(index)
    pip = table.get("pip", {})
    for part in (table, pip if isinstance(pip, dict) else {}):
        if isinstance(url := part.get("index-url"), str):
            default = default or Index(url=url, named_by=str(path))
        extra = part.get("extra-index-url", ())
        beside += [Index(url=url, named_by=str(path)) for url in extra if isinstance(url, str)]
    return _Named(default=default, beside=tuple(beside))


def _tables(value: object) -> Iterable[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _pip_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield pip's settings files that there are, the strongest first."""
    name = "pip.ini" if os.name == "nt" else "pip.conf"
    if given := environment.get("PIP_CONFIG_FILE"):
        if given != os.devnull:
            yield Path(given)
        return
    home = _home(environment)
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    appdata = environment.get("APPDATA")
    shared = environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep)
    yield from _there(
        [
            Path(sys.prefix, name),
            *([Path(appdata, "pip", name)] if appdata else []),
            config / "pip" / name,
            home / "Library" / "Application Support" / "pip" / name,
            home / ".pip" / name,
            *(Path(place, "pip", name) for place in shared if place),
            Path("/etc", name),
        ]
    )


def _pip_file(path: Path) -> _Named:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, ValueError, configparser.Error) as error:
        raise _broken(path, error) from error
    default = parser.get("global", "index-url", fallback="").strip()
    beside = parser.get("global", "extra-index-url", fallback="").split()
    return _Named(
        default=Index(url=default, named_by=str(path)) if default else None,
        beside=tuple(Index(url=url, named_by=str(path)) for url in beside),
    )


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())


def _there(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if path.is_file())


def _broken(path: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{path}: cannot be read ({error}). It says which package index to use: correct it, "
        "or name an index with --index URL."
    )
