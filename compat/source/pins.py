"""Which releases of the library does a project say that it takes?"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compat.source.files import Source


@dataclass(frozen=True, kw_only=True)
class Pin:
    """A requirement of the library as it is written, and what it admits."""

    line: int
    text: str
    admits: SpecifierSet


def pins_of(source: Source, library: str) -> Iterator[Pin]:
    """Yield the requirements of a project file on a library, in order of lines.

    Raises:
        ValueError: the file is not what its name says.

    """
    name = source.path.name
    if name == "pyproject.toml":
        written: Iterable[str] = _of_toml(tomllib.loads(source.text), library)
    elif name == "setup.cfg":
        written = _of_cfg(source.text)
    elif name == "setup.py":
        written = _of_strings(ast.parse(source.text))
    else:
        written = source.text.splitlines()
    taken: dict[str, int] = {}
    for text in written:
        admits = _admits(text, library)
        if admits is not None:
            line = _line_of(source.text, text, after=taken.get(text, 0))
            taken[text] = line
            yield Pin(line=line, text=text.strip(), admits=admits)


def _admits(text: str, library: str) -> SpecifierSet | None:
    """Return what a requirement admits; None where it is none, or of another library."""
    stripped = re.split(r"\s#|^#", text, maxsplit=1)[0].strip()
    poetry = re.fullmatch(rf'{re.escape(library)}\s*=\s*"([^"]*)"', stripped)
    if poetry:
        return _of_poetry(poetry.group(1))
    try:
        requirement = Requirement(stripped.split(" --", maxsplit=1)[0])
    except InvalidRequirement:
        return None
    return requirement.specifier if requirement.name.lower() == library else None


def _of_poetry(text: str) -> SpecifierSet | None:
    """Return what poetry's own signs admit: ``^2.1`` up to the next major, ``~2.1`` the next minor."""
    rest = text.lstrip("^~")
    sign = text[: len(text) - len(rest)]
    try:
        if sign not in ("^", "~"):
            return SpecifierSet("" if text == "*" else text)
        release = (*Version(rest).release, 0)
        upper = (release[0] + 1,) if sign == "^" else (release[0], release[1] + 1)
        return SpecifierSet(f">={rest},<{'.'.join(map(str, upper))}")
    except (InvalidSpecifier, InvalidVersion):
        return None


def _of_toml(content: dict[str, Any], library: str) -> Iterator[str]:
    project = _table(content, "project")
    groups = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    groups += _table(content, "dependency-groups").values()
    for group in groups:
        if isinstance(group, list):
            yield from (each for each in group if isinstance(each, str))
    poetry = _table(_table(content, "tool"), "poetry")
    for table in (poetry, *_table(poetry, "group").values()):
        wanted = _table(table, "dependencies").get(library) if isinstance(table, dict) else None
        version = wanted.get("version") if isinstance(wanted, dict) else wanted
        if isinstance(version, str):
            yield f'{library} = "{version}"'


def _table(content: dict[str, Any], key: str) -> dict[str, Any]:
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _of_cfg(text: str) -> Iterable[str]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error).replace("\n", " ")) from error
    for section, keys in (("options", ("install_requires",)), ("options.extras_require", None)):
        if parser.has_section(section):
            for key, value in parser.items(section):
                if keys is None or key in keys:
                    yield from value.splitlines()


def _of_strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
            yield node.value


def _line_of(text: str, written: str, *, after: int) -> int:
    """Return the line on which a requirement stands; the first where it cannot be found."""
    wanted = re.sub(r"\s", "", written)
    for number, line in enumerate(text.splitlines(), start=1):
        if number > after and wanted in re.sub(r"\s", "", line):
            return number
    library = re.split(r"[^\w.-]", written.strip(), maxsplit=1)[0]
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if re.search(rf"\b{re.escape(library)}\b", line)), 1)
