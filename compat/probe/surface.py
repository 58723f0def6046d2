"""Level 1: is the function there, and what do stub, operator schema and torch's own Python code say?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

from compat.probe.context import Context, resolve

#: A name that no torch has: finding it would mean that "present" says nothing.
ABSENT_NAME = "torch._foreach_norm_canary_that_no_release_has"

#: Folders of torch that do not show use by torch itself.
NOT_CALLERS = ("testing/", "test/", "_inductor/fx_passes/serialized")


def steps(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the one step of this level."""
    yield "surface", lambda: surface(context)


def helpers(_context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    return {}


def surface(context: Context) -> dict[str, Any]:
    """Return presence, stub, schemas, callers and public relatives of the contract's function."""
    torch, contract = context.torch, context.contract
    folder = Path(torch.__file__).parent
    name = contract["api"].rsplit(".", 1)[1]
    return {
        "present": context.function is not None,
        "canary_absent": resolve(torch, ABSENT_NAME) is None,
        "stub": stub_of((folder / contract["stub"]), name),
        "schemas": schemas_of(torch, contract["operator"]),
        "callers": callers_of(folder, name),
        "relatives": {relative: resolve(torch, relative) is not None for relative in contract["relatives"]},
    }


def stub_of(path: Path, name: str) -> str | None:
    """Return the signature that the type stub declares, on one line, or None where it declares none."""
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8", errors="replace")
    match = re.search(rf"^def {re.escape(name)}\(.*?\) -> .*?:", text, re.MULTILINE | re.DOTALL)
    if match is None:
        return None
    return re.sub(r"\s+", " ", match.group(0)).rstrip(":").replace("( ", "(").replace(", )", ")")


def schemas_of(torch: Any, operator: str) -> list[str]:
    """Return the operator's registered schemas, one for each overload."""
    return sorted(str(schema) for schema in torch._C._jit_get_schemas_for_operator(operator))


def callers_of(folder: Path, name: str) -> list[str]:
    """Return torch's own Python files that call the function, relative to torch's folder, tests left out."""
    call = re.compile(rf"(?:torch|aten)\.{re.escape(name)}\(")
    found = []
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder).as_posix()
        if relative.startswith(NOT_CALLERS):
            continue
        source = path.read_bytes()
        if name.encode() in source and call.search(source.decode("utf-8", errors="replace")):
            found.append(relative)
    return found
