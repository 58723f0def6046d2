"""What do the files of a wheel declare of one API? Pure functions of their text.

The files come from a server and are hostile until shown otherwise: nothing here runs them.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import warnings
from dataclasses import asdict, dataclass
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from compat.probe.surface import NOT_CALLERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compat.contract import Subject

READER = 1
"""Raised when other facts are read from a wheel, so that what is in the cache is read again."""

PACKAGE = "torch/"
OPERATORS = f"{PACKAGE}include/ATen/ops/"
VERSION = f"{PACKAGE}version.py"


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What to look for, in the contract's words."""

    api: str
    stub: str
    operator: str
    relatives: tuple[str, ...]

    @classmethod
    def of(cls, contract: Subject) -> Sought:
        """Take it from a contract."""
        relatives = dict.fromkeys(
            [*contract.relatives, *([contract.successor] if contract.successor else [])]
        )
        return cls(
            api=contract.api,
            stub=PACKAGE + contract.stub,
            operator=contract.operator.rpartition(":")[2],
            relatives=tuple(sorted(relatives)),
        )

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.api.rpartition(".")[2]

    @property
    def digest(self) -> str:
        """Tell questions to a wheel apart, so that no other question's answer is taken from the cache."""
        text = json.dumps({"reader": READER, "left_out": NOT_CALLERS, **asdict(self)}, sort_keys=True)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    @property
    def header(self) -> re.Pattern[str]:
        """The headers that are generated for the operator, and for no other that begins like it."""
        kinds = r"(?:_ops|_native|_meta|_[a-z]+_dispatch|_compositeimplicitautograd[a-z_]*_dispatch)?"
        return re.compile(rf"{re.escape(OPERATORS + self.operator)}{kinds}\.h")

    def modules_of(self, relative: str) -> tuple[str, ...]:
        """Return the files of which one must bind a relative; its function's stub, for one of torch's own."""
        inside = relative.split(".")[1:-1]
        if not inside:
            return (self.stub,)
        path = PACKAGE + "/".join(inside)
        return f"{path}/__init__.py", f"{path}.py"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What one Python file says: whether it calls the function, names it, and which relatives it binds."""

    calls: bool = False
    names: bool = False
    binds: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """Relatives that it may bind in a way that only running it would tell."""


def is_searched(path: str) -> bool:
    """Whether a member is one of torch's own Python files, as the probe understands that."""
    inside = path.removeprefix(PACKAGE)
    return path.startswith(PACKAGE) and path.endswith(".py") and not inside.startswith(NOT_CALLERS)


def look(path: str, content: bytes, sought: Sought) -> Looked:
    """Look at one Python file."""
    calls = names = False
    if sought.name.encode() in content:
        text = content.decode("utf-8", errors="replace")
        name = re.escape(sought.name)
        names = re.search(rf"(?<!\w){name}(?!\w)", text) is not None
        calls = names and re.search(rf"(?:torch|aten)\.{name}\(", text) is not None
    here = [each for each in sought.relatives if path in sought.modules_of(each)]
    bound, open_ended = _bindings(content) if here else (frozenset[str](), False)
    own = {each: each.rpartition(".")[2] for each in here}
    return Looked(
        calls=calls,
        names=names,
        binds=tuple(each for each in here if own[each] in bound),
        unclear=tuple(each for each in here if own[each] not in bound and open_ended),
    )


def signatures(stub: str, name: str) -> tuple[str, ...]:
    """Return every signature that a type stub declares of a function, each on one line."""
    found = re.finditer(rf"^def {re.escape(name)}\(.*?\) -> .*?:", stub, re.MULTILINE | re.DOTALL)
    lines = (re.sub(r"\s+", " ", match.group(0)).rstrip(":") for match in found)
    return tuple(line.replace("( ", "(").replace(", )", ")") for line in lines)


def schemas(header: str) -> tuple[str, ...]:
    """Return the operator schemas that a generated header holds, written as torch tells them itself."""
    found = re.findall(r'\bschema_str\s*(?:=|,)\s*"((?:[^"\\]|\\.)*)"', header)
    return tuple(sorted(f"aten::{text}" for text in found))


def build_facts(version: str) -> dict[str, str | None]:
    """Return the texts that ``torch/version.py`` assigns, such as ``cuda``; the file is not run."""
    found: dict[str, str | None] = {}
    for node in _parsed(version.encode()).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() | None as value)):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str() | None as value)):
                found[name] = value
            case _:
                pass
    return found


def requirements(metadata: str) -> tuple[tuple[str, ...], str]:
    """Return what a wheel requires, and the Pythons that it is for."""
    headers = HeaderParser().parsestr(metadata)
    required = (re.sub(r"\s+", " ", str(each)) for each in headers.get_all("Requires-Dist", ()))
    return tuple(required), str(headers.get("Requires-Python", ""))


def _bindings(content: bytes) -> tuple[frozenset[str], bool]:
    """Return the names that a module binds, and whether it may bind more than can be read off."""
    names: set[str] = set()
    open_ended = False
    try:
        body: Iterable[ast.stmt] = _parsed(content).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(), True
    for node in _statements(body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {each.asname or each.name.partition(".")[0] for each in aliases}
            case ast.Assign() | ast.AnnAssign(value=ast.expr()):
                names |= {
                    each.id
                    for each in ast.walk(node)
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
                }
            case _:
                pass
    open_ended = "*" in names or "__getattr__" in names
    return frozenset(names), open_ended


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported, also inside of conditions."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = getattr(node, part, ())
                for each in inner:
                    yield from _statements(each.body if isinstance(each, ast.ExceptHandler) else [each])


def _parsed(content: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that are no longer right in today's Python
        return ast.parse(content)
