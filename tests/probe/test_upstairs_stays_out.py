"""What runs beside a measured torch needs Python 3.9, torch and its own files: no import from upstairs."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compat.probe import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Modules of the standard library that Python 3.9 does not have.
NEWER = {"tomllib", "compression", "annotationlib", "pathlib.types", "asyncio.taskgroups"}

#: Names that Python 3.9's modules do not have, by module.
NEWER_NAMES = {
    "typing": {
        *("Concatenate", "Never", "NotRequired", "ParamSpec", "Required", "Self", "TypeAlias", "TypeGuard"),
        *("TypeVarTuple", "Unpack", "assert_never", "override", "assert_type", "reveal_type", "TypeIs"),
    },
    "types": {"NoneType", "EllipsisType", "UnionType"},
    "enum": {"StrEnum", "ReprEnum", "verify", "member"},
    "itertools": {"pairwise", "batched"},
    "datetime": {"UTC"},
    "contextlib": {"aclosing", "chdir"},
}

#: Which packages may be imported beside the standard library, by folder.
ALLOWED = {
    "compat/probe": {"torch", "compat.probe"},
    "compat/speed": {"torch", "compat.probe", "compat.speed"},
    "compat/bench/beside": {"torch", "compat.probe"},
    "compat/contracts": {"torch", "compat.probe", "compat.contracts", "monitor"},
    "compat/reproduction/literal": {"compat.probe.cases", "compat.reproduction.literal"},
    "monitor": {"torch", "monitor"},
    "tests/contract": {
        *(
            "torch",
            "compat.probe",
            "compat.speed",
            "compat.reproduction.literal",
            "monitor",
            "tests.contract",
        ),
        *("pytest", "hypothesis"),
    },
}

#: The modules of the probe that need Hypothesis; only the exploring process imports them.
EXPLORING = {ROOT / "compat" / "probe" / name for name in ("strategies.py", "search.py", "explorer.py")}

FILES = [
    ROOT / "compat" / "__init__.py",
    *(path for folder in ALLOWED for path in sorted((ROOT / folder).rglob("*.py"))),
]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def allowed_in(path: Path) -> set[str]:
    folder = next((folder for folder in ALLOWED if name_of(path).startswith(f"{folder}/")), "")
    return ALLOWED.get(folder, set()) | ({"hypothesis"} if path in EXPLORING else set())


def imported(tree: ast.Module, path: Path) -> Iterator[tuple[str, str | None]]:
    """Yield (module, name or None) of every import, wherever in the file it is."""
    package = name_of(path).rpartition("/")[0].split("/")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield module, alias.name


def is_allowed(module: str, name: str | None, allowed: set[str]) -> bool:
    if module.split(".", maxsplit=1)[0] in sys.stdlib_module_names:
        return module not in NEWER and name not in NEWER_NAMES.get(module, set())
    full = f"{module}.{name}" if name else module
    return any(f"{whole}.".startswith(f"{each}.") for each in allowed for whole in (module, full))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_is_imported_from_upstairs(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = allowed_in(path)
    strangers = [each for each in imported(tree, path) if not is_allowed(*each, allowed)]
    assert strangers == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_it_is_python_3_9(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    annotated = any(isinstance(node, ast.FunctionDef | ast.AnnAssign) for node in ast.walk(tree))
    futures = {name for module, name in imported(tree, path) if module == "__future__"}
    assert not annotated or "annotations" in futures, "X | None is evaluated, and Python 3.9 cannot"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            keywords = {keyword.arg for keyword in node.keywords}
            assert not (node.func.id == "zip" and "strict" in keywords), f"line {node.lineno}: zip(strict=)"
            assert not (node.func.id == "dataclass" and keywords & {"kw_only", "slots"}), (
                f"line {node.lineno}"
            )


@pytest.mark.parametrize(
    ("module", "name", "allowed"),
    [
        ("json", None, True),
        ("torch.nn", None, True),
        ("compat.probe", "cases", True),
        ("compat.probe.cases", "Case", True),
        ("compat", "probe", True),
        ("compat", "errors", False),
        ("compat.probes", None, False),
        ("compat.records", "Record", False),
        ("numpy", None, False),
        ("pydantic", "BaseModel", False),
        ("tomllib", None, False),
        ("typing", "Self", False),
        ("torchvision", None, False),
        ("hypothesis", None, False),
    ],
)
def test_the_rule_has_its_controls(module: str, name: str | None, *, allowed: bool) -> None:
    assert is_allowed(module, name, ALLOWED["compat/probe"]) is allowed


def test_the_newer_syntax_is_refused() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass\n", feature_version=(3, 9))


def test_every_folder_has_files() -> None:
    assert {folder for folder in ALLOWED for path in FILES if name_of(path).startswith(folder)} == set(
        ALLOWED
    )


def test_the_supervising_process_imports_no_torch() -> None:
    code = "import sys, compat.probe.__main__; print(sorted({'torch', 'hypothesis'} & set(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert finished.stdout.strip() == "[]"
