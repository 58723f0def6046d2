"""On which line of a TOML file does a key stand? ``tomllib`` forgets, and messages need it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(r"""^\s*\[\[?\s*["']?([\w.-]+)["']?\s*\]""")
_KEY = re.compile(r"""^\s*(?:([\w-]+)|"([^"]*)"|'([^']*)')\s*=(?!=)""")


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Line numbers, from 1: of the keys in each table of an array, and of everything above or beside it."""

    tables: tuple[Mapping[str, int], ...]
    others: Mapping[str, int]

    @classmethod
    def read(cls, text: str, array: str) -> Lines:
        """Find the keys of each ``[[array]]`` table in a text that ``tomllib`` accepts."""
        tables: list[dict[str, int]] = []
        others: dict[str, int] = {}
        inside = others
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                if header[1] == array and line.lstrip().startswith("[["):
                    inside = {"": number}
                    tables.append(inside)
                else:
                    others.setdefault(header[1].partition(".")[0], number)
                    inside = {}
            elif key := _KEY.match(line):
                inside.setdefault(key[1] or key[2] or key[3] or "", number)
        return cls(tables=tuple(tables), others=others)

    def of(self, table: int, key: str) -> int:
        """Return the line of a key, or of its table's header when the key is not written."""
        if table >= len(self.tables):  # written as one inline array: row = [{...}]
            return 1
        found = self.tables[table]
        return found.get(key, found[""])

    def top(self, key: str) -> int:
        """Return the line of a key outside the array, or 1."""
        return self.others.get(key, 1)
