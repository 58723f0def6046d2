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


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch, contract = context.torch, context.contract
    folder = Path(torch.__file__).parent
    name = contract["api"].rsplit(".", 1)[1]

    def callers(*parts: str) -> list[str]:
        """Torch's own files that call the function, in some parts of torch's folder."""
        return [path for part in parts for path in callers_of(folder, name, part)]

    def mentions(*parts: str) -> list[str]:
        """Torch's own files that name it, in some parts of torch's folder."""
        return [relative for part in parts for relative, _ in mentioning(folder, name, part)]

    return {
        "stub": lambda: stub_of(folder / contract["stub"], name),
        "schemas": lambda: schemas_of(torch, contract["operator"]),
        "arguments": arguments,
        "callers": callers,
        "mentions": mentions,
    }


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


def arguments(signature: str | None) -> list[str]:
    """Return the names of the arguments in a stub's or a schema's signature, or none where there is none."""
    match = re.search(r"\((.*)\) ?->", signature or "")
    if match is None:
        return []
    inside = match.group(1)
    while "[" in inside:
        inside = re.sub(r"\[[^\[\]]*\]", "", inside)
    parts = [part.split("=")[0].split(":")[0].split() for part in inside.split(",")]
    return [part[-1] for part in parts if part and part != ["*"]]


def callers_of(folder: Path, name: str, part: str = "") -> list[str]:
    """Return torch's own Python files that call the function, relative to torch's folder, tests left out.

    Args:
        folder: torch's folder.
        name: the function's own name.
        part: the folder or file within it to look at; all of it when left out.
    """
    call = re.compile(rf"(?:torch|aten)\.{re.escape(name)}\(")
    return [relative for relative, source in mentioning(folder, name, part) if call.search(source)]


def mentioning(folder: Path, name: str, part: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, source) of torch's own Python files that name the function, tests left out."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    place = folder / part
    for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
        relative = path.relative_to(folder).as_posix()
        if relative.startswith(NOT_CALLERS):
            continue
        source = path.read_bytes()
        if name.encode() in source:
            text = source.decode("utf-8", errors="replace")
            if whole.search(text):
                yield relative, text
