"""The published schema is true: of every report, of every key, and it notices what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from compat import paths
from compat.report import schema
from compat.report.json_format import FILE, SCHEMA, render
from tests.report.samples import empty, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE = json.loads(schema.render(sample()))
VALIDATOR = Draft202012Validator(WHOLE)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(WHOLE)
    assert WHOLE["$id"] == SCHEMA == schema.FILE


@pytest.mark.parametrize("which", ["sample", "empty", "committed"])
def test_reports_are_as_it_says(which: str) -> None:
    texts = {
        "sample": lambda: render(sample()),
        "empty": lambda: render(empty()),
        "committed": lambda: (paths.REPORTS / FILE).read_text(encoding="utf-8"),
    }
    mistakes = [
        f"{list(each.absolute_path)}: {each.message[:200]}"
        for each in VALIDATOR.iter_errors(json.loads(texts[which]()))
    ]
    assert mistakes == []


def keys(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every key, of lists the first entry's."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from keys(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from keys(value[0], (*path, 0))


CONTENT = json.loads(render(sample()))


@pytest.mark.parametrize("path", [each for each in keys(CONTENT) if each[-2:-1] != ("patterns",)], ids=str)
def test_a_key_that_is_missing_or_renamed_is_noticed(path: tuple[Any, ...]) -> None:
    content = json.loads(render(sample()))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[f"{path[-1]}-renamed"] = place.pop(path[-1])
    assert list(VALIDATOR.iter_errors(content))


def described(node: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of properties without a description."""
    for name, inner in node.get("properties", {}).items():
        if not inner.get("description"):
            yield f"{path}/{name}"
        yield from described(inner, f"{path}/{name}")
    if isinstance(node.get("items"), dict):
        yield from described(node["items"], f"{path}[]")


def test_every_key_is_described() -> None:
    assert list(described(WHOLE)) == []
