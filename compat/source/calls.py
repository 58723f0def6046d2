"""Where does a program call the function, and in which shape?

Followed are attributes of the module, also under another name, names imported from it, names that one of
these was given, and ``getattr`` with the name as a text. What is called through more than that is not seen.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from compat.source.files import Source


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a call is written: how many arguments by place, and which by name; a star takes unknown many."""

    positional: int
    keywords: frozenset[str] = frozenset()
    starred: bool = False

    @property
    def text(self) -> str:
        """The shape as a person would write it: ``(a, dtype=…)``."""
        places = [chr(ord("a") + place) for place in range(self.positional)]
        stars = ["*…"] if self.starred else []
        return f"({', '.join([*places, *(f'{each}=…' for each in sorted(self.keywords)), *stars])})"


@dataclass(frozen=True, kw_only=True)
class Use:
    """A place that calls or names the function; ``shape`` is None where it is not called there."""

    path: Path
    line: int
    last: int
    how: str
    """``attribute``, ``import``, ``getattr``, ``alias`` or ``text``."""
    code: str
    shape: Shape | None = None


def uses_of(source: Source, api: str) -> Iterator[Use]:
    """Yield where a file uses the function, in order of lines.

    Raises:
        SyntaxError: it is no program of this Python's.

    """
    tree = ast.parse(source.text)
    names = _Names(api)
    names.learn(tree)
    lines = source.text.splitlines()
    found = [use for node in ast.walk(tree) for use in _uses(node, names)]
    called = {line for line, _, how, _ in found if how == "getattr"}
    found = [use for use in found if use[2] != "text" or use[0] not in called]
    for line, last, how, shape in sorted(set(found), key=lambda each: (each[0], each[2], each[3] is None)):
        code = lines[line - 1].strip() if line <= len(lines) else ""
        yield Use(path=source.path, line=line, last=last, how=how, code=code, shape=shape)


class _Names:
    """What stands for the module and for the function in one file."""

    def __init__(self, api: str) -> None:
        self.module, _, self.name = api.rpartition(".")
        self.modules: set[str] = set()
        self.functions: dict[str, str] = {}
        """Name to how it came to stand for the function."""

    def learn(self, tree: ast.AST) -> None:
        """Read the imports, then the assignments."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    below = alias.name.startswith(f"{self.module}.") and not alias.asname
                    if alias.name == self.module or below:
                        self.modules.add(alias.asname or self.module)
            elif isinstance(node, ast.ImportFrom) and node.module == self.module and not node.level:
                for alias in node.names:
                    if alias.name == self.name:
                        self.functions[alias.asname or alias.name] = "import"
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and self.how(node.value):
                self.functions.update(
                    {target.id: "alias" for target in node.targets if isinstance(target, ast.Name)}
                )

    def how(self, node: ast.AST) -> str | None:
        """Return how an expression stands for the function; None where it does not."""
        if isinstance(node, ast.Attribute) and node.attr == self.name and self._is_module(node.value):
            return "attribute"
        if isinstance(node, ast.Name):
            return self.functions.get(node.id)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("getattr", "hasattr")
            and len(node.args) > 1
            and isinstance(node.args[1], ast.Constant)
            and node.args[1].value == self.name
        ):
            return "getattr" if node.func.id == "getattr" else None
        return None

    def _is_module(self, node: ast.AST) -> bool:
        return ast.unparse(node) in self.modules if isinstance(node, ast.Name | ast.Attribute) else False


_Found = tuple[int, int, str, Shape | None]


def _uses(node: ast.AST, names: _Names) -> Iterator[_Found]:
    if isinstance(node, ast.Call) and (how := names.how(node.func)):
        yield node.lineno, node.end_lineno or node.lineno, how, shape_of(node)
    elif isinstance(node, ast.ImportFrom) and any(
        names.functions.get(alias.asname or alias.name) == "import" and alias.name == names.name
        for alias in node.names
    ):
        yield node.lineno, node.end_lineno or node.lineno, "import", None
    elif isinstance(node, ast.Assign) and (how := names.how(node.value)):
        yield node.lineno, node.end_lineno or node.lineno, how, None
    elif isinstance(node, ast.Constant) and node.value == names.name:
        yield node.lineno, node.lineno, "text", None
    elif isinstance(node, ast.Call | ast.Return | ast.keyword):
        for value in (*getattr(node, "args", ()), getattr(node, "value", None)):
            if isinstance(value, ast.Attribute | ast.Name) and (how := names.how(value)):
                yield value.lineno, value.end_lineno or value.lineno, how, None


def shape_of(call: ast.Call) -> Shape:
    """Return the shape of a call."""
    starred = any(isinstance(each, ast.Starred) for each in call.args)
    return Shape(
        positional=sum(not isinstance(each, ast.Starred) for each in call.args),
        keywords=frozenset(each.arg for each in call.keywords if each.arg),
        starred=starred or any(each.arg is None for each in call.keywords),
    )
