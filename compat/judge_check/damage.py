"""What can be done to a record on disk, and which words must the judge find for it?"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compat.probe.record import dumps, sealed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Content = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One way of damaging a record, or the folder around it."""

    name: str
    family: str
    do: Callable[[Path], None]
    """Damages the record that lies there."""
    says: str
    """What must stand in the judge's reason, so that the reader is led to the thing itself."""
    is_caveat: bool = False
    """Whether the contract may hold all the same: the release is then not compatible without a word."""
    only_on: str | None = None
    """The only device on whose records it is damage at all."""


def damages(family: str, *table: tuple[Any, ...]) -> tuple[Damage, ...]:
    """Make a family from rows of name, damage, words, and further keys where there are some."""
    return tuple(
        Damage(name=name, family=family, do=do, says=says, **(rest[0] if rest else {}))
        for name, do, says, *rest in table
    )


def content_of(path: Path) -> Content:
    """Read a record's content without judging it."""
    content: Content = json.loads(path.read_text(encoding="utf-8"))
    return content


def put(path: Path, content: Content) -> None:
    """Write a record's content under a seal that fits it."""
    path.write_text(dumps(sealed(content)), encoding="utf-8")


def changed(change: Callable[[Content], object]) -> Callable[[Path], None]:
    """Return what changes a record's content in place and seals it anew, as if it had been measured so."""

    def do(path: Path) -> None:
        content = content_of(path)
        change(content)
        put(path, content)

    return do


def with_keys(**keys: Any) -> Callable[[Path], None]:
    """Return what sets keys of a record; those of a dict go into the dict that is there."""

    def change(content: Content) -> None:
        for key, value in copy.deepcopy(keys).items():
            old = content.get(key)
            content[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value

    return changed(change)


def without(part: str, key: str) -> Callable[[Path], None]:
    """Return what removes a key of a part of a record."""
    return changed(lambda content: content[part].pop(key))
