"""Which torch releases are to be measured, with which Python and beside what?

The answer is written by people in ``matrix.toml``; this module reads it and names every mistake in
it at once, each with its line and key.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Shape

from compat.errors import ConfigurationError
from compat.toml_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from compat.survey import Release, Survey

Tag = Annotated[str, StringConstraints(min_length=1, pattern=r"^[A-Za-z][\w-]*$")]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One torch release to measure. ``constraints`` are requirements installed beside it."""

    torch: str
    python: str
    constraints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    first: bool = True
    """Whether this is the first row of its torch; a later one needs its Python in the name."""

    @property
    def name(self) -> str:
        """What the row is called in session names and messages: ``torch-2.6.0``."""
        return f"torch-{self.torch}" if self.first else f"torch-{self.torch}-py{self.python}"


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    torch: str
    python: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    constraints: list[str] = []
    tags: Annotated[list[Tag], Shape(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class _Mistake:
    line: int
    key: str
    what: str


@dataclass(frozen=True)
class _Table:
    """One ``[[row]]`` as written: its values, and where they stand in the file."""

    number: int
    values: dict[str, Any]
    lines: Lines
    wrong: set[str] = field(default_factory=set)

    def mistake(self, key: str, what: str) -> _Mistake:
        self.wrong.add(key)
        return _Mistake(line=self.lines.of(self.number, key), key=key, what=what)

    def sound(self, key: str) -> Any:
        """Return the value of a key of the right shape; None when it is missing or misshapen."""
        return None if key in self.wrong else self.values.get(key)


def load_matrix(path: Path, survey: Survey) -> tuple[Row, ...]:
    """Read the rows; ConfigurationError names every mistake with its line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})."
        raise ConfigurationError(message) from error
    except ValueError as error:
        message = f"{path}: not TOML: {error}."
        raise ConfigurationError(message) from error
    return read_matrix(text, path, survey)


def read_matrix(text: str, path: Path, survey: Survey) -> tuple[Row, ...]:
    """Read the rows from the text of a file; ConfigurationError names every mistake as `load_matrix` does."""
    try:
        content = tomllib.loads(text)
    except ValueError as error:  # tomllib's message has line and column
        message = f"{path}: not TOML: {error}."
        raise ConfigurationError(message) from error
    lines = Lines.read(text, "row")
    mistakes = [*_outside_rows(content, lines)]
    tables = [_Table(number, values, lines) for number, values in enumerate(_rows(content))]
    for table in tables:
        mistakes += _misshapen(table)
        mistakes += _unmeasurable(table, survey)
    mistakes += _duplicates(tables)
    if mistakes:
        raise ConfigurationError(_listing(path, mistakes))
    return tuple(_build(tables))


def select(rows: Sequence[Row], tag: str) -> tuple[Row, ...]:
    """Return the rows that carry a tag; ConfigurationError when there are none."""
    selected = tuple(row for row in rows if tag in row.tags)
    if not selected:
        known = ", ".join(sorted({name for row in rows for name in row.tags})) or "none"
        message = f'no row of the matrix has the tag "{tag}". Tags in use: {known}.'
        raise ConfigurationError(message)
    return selected


def _rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    rows = content.get("row", [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _outside_rows(content: dict[str, Any], lines: Lines) -> Iterator[_Mistake]:
    for key in content:
        if key != "row":
            yield _Mistake(line=lines.top(key), key=key, what="unknown key; rows are written as [[row]]")
    if not _rows(content):
        line = lines.top("row")
        yield _Mistake(line=line, key="row", what="there is no [[row]]; nothing would be measured")


def _misshapen(table: _Table) -> Iterator[_Mistake]:
    try:
        _Shape.model_validate(table.values)
    except ValidationError as error:
        for item in error.errors():
            yield table.mistake(str(item["loc"][0]), _explain(item["type"], item["msg"], item["input"]))


def _explain(kind: str, message: str, given: object) -> str:
    match kind:
        case "extra_forbidden":
            return f"unknown key; a row has {', '.join(_Shape.model_fields)}"
        case "missing":
            return "missing"
        case "too_short":
            return "empty; a row without a tag is selected by nothing"
        case _:
            return f"{message[0].lower()}{message[1:]}, not {given!r}"


def _unmeasurable(table: _Table, survey: Survey) -> Iterator[_Mistake]:
    """Find what has the right shape but cannot be installed."""
    release = None
    torch, python = table.sound("torch"), table.sound("python")
    if torch is not None:
        release = survey.find(torch)
        if release is None:
            yield table.mistake("torch", _not_a_release(torch, survey))
    if release and python and python not in release.pythons:
        has = ", ".join(release.pythons)
        yield table.mistake("python", f"torch {torch} has no wheel for Python {python}; it has {has}")
    for constraint in table.sound("constraints") or ():
        try:
            Requirement(constraint)
        except InvalidRequirement as error:
            reason = re.sub(r"\s+", " ", str(error).splitlines()[0])
            yield table.mistake("constraints", f'"{constraint}" is no requirement: {reason}')


def _not_a_release(torch: str, survey: Survey) -> str:
    try:
        version = Version(torch)
    except InvalidVersion:
        return f'"{torch}" is no version'
    same: list[Release] = [item for item in survey.releases if Version(item.torch) == version]
    if same:
        return f'"{torch}" must be spelled as on the index: "{same[0].torch}"'
    return (
        f"torch {torch} is not on the index (survey of {survey.date}; renew it with: python -m compat survey)"
    )


def _duplicates(tables: Sequence[_Table]) -> Iterator[_Mistake]:
    seen: dict[tuple[str, str], _Table] = {}
    for table in tables:
        key = (str(table.values.get("torch")), str(table.values.get("python")))
        first = seen.setdefault(key, table)
        if first is not table:
            line = first.lines.of(first.number, "torch")
            yield table.mistake("torch", f"same torch {key[0]} and Python {key[1]} as the row in line {line}")


def _listing(path: Path, mistakes: Sequence[_Mistake]) -> str:
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    ordered = sorted(mistakes, key=lambda mistake: mistake.line)
    listed = (f"  line {mistake.line}, {mistake.key}: {mistake.what}" for mistake in ordered)
    return "\n".join([f"{path}: {count}. Correct them and start again.", *listed])


def _build(tables: Sequence[_Table]) -> Iterator[Row]:
    seen: set[str] = set()
    for table in tables:
        shape = _Shape.model_validate(table.values)
        yield Row(
            torch=shape.torch,
            python=shape.python,
            constraints=tuple(shape.constraints),
            tags=tuple(shape.tags),
            first=shape.torch not in seen,
        )
        seen.add(shape.torch)
