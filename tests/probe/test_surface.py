"""Presence, stub and callers are read from torch's own files, whatever way they are written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import surface
from compat.probe.context import resolve
from compat.probe.surface import callers_of, stub_of
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path

ONE_LINE = "def _private(self: Tuple[Tensor, ...], ord: Number = 2) -> Tuple[Tensor, ...]: ..."
STUBS = {
    "one line": (ONE_LINE, ONE_LINE[:-5]),
    "many lines": (
        "def _private(\n    self: list[Tensor] | None,\n    ord: Number = 2,\n) -> list[Tensor]:\n    ...\n",
        "def _private(self: list[Tensor] | None, ord: Number = 2) -> list[Tensor]",
    ),
    "behind others": (
        f"def _private_(self) -> None: ...\ndef _other(x) -> int: ...\n{ONE_LINE}\ndef _z(y) -> int: ...\n",
        ONE_LINE[:-5],
    ),
    "a default with parentheses": (
        "def _private(self, size: tuple = (1, 2)) -> Tensor: ...\n",
        "def _private(self, size: tuple = (1, 2)) -> Tensor",
    ),
    "another name": ("def _private_(self) -> None: ...\ndef x_private(self) -> None: ...\n", None),
    "in a class": (f"class A:\n    {ONE_LINE}\n", None),
    "commented out": (f"# {ONE_LINE}\n", None),
    "empty": ("", None),
}


@pytest.mark.parametrize("form", STUBS)
def test_stub_of(form: str, tmp_path: Path) -> None:
    text, expected = STUBS[form]
    path = tmp_path / "stub.pyi"
    path.write_text(text, encoding="utf-8")
    assert stub_of(path, "_private") == expected


def test_a_torch_without_the_stub_file_declares_nothing(tmp_path: Path) -> None:
    assert stub_of(tmp_path / "stub.pyi", "_private") is None


SOURCES = {
    "nn/utils/clip.py": "norms = torch._private(grads)\n",
    "optim/fused.py": "x = torch.ops.aten._private(grads)\n",
    "a.py": "    y = aten._private([t])\n",
    "definition.py": "def _private(x): ...\n",
    "mention.py": "'''Like torch._private, but slower.'''\n",
    "other.py": "torch._private_(x); torch._privately(x); not_torch_private(x)\n",
    "testing/check.py": "torch._private(x)\n",
    "test/check.py": "torch._private(x)\n",
    "notes.txt": "torch._private(x)\n",
    "odd.py": "s = 'caf\xe9'; torch._private(x)\n",
}


def test_callers_of(tmp_path: Path) -> None:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="latin-1")
    assert callers_of(tmp_path, "_private") == ["a.py", "nn/utils/clip.py", "odd.py", "optim/fused.py"]


def test_no_file_is_no_caller(tmp_path: Path) -> None:
    assert callers_of(tmp_path, "_private") == []


@pytest.mark.parametrize(
    ("part", "callers", "mentions"),
    [
        ("nn", ["nn/utils/clip.py"], ["nn/utils/clip.py"]),
        ("mention.py", [], ["mention.py"]),
        ("other.py", [], []),
        ("testing", [], []),
        ("gone", [], []),
    ],
)
def test_a_part_of_torch_is_looked_at(
    part: str, callers: list[str], mentions: list[str], tmp_path: Path
) -> None:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="latin-1")
    torch = SimpleNamespace(__file__=str(tmp_path / "__init__.py"))
    words = surface.helpers(fakes.context(tmp_path, len, torch=torch))
    assert words["callers"](part) == callers
    assert words["mentions"](part) == mentions


@pytest.mark.parametrize(
    ("signature", "names"),
    [
        ("def _f(self: Tuple[Tensor, ...], ord: Number = 2) -> Tuple[Tensor, ...]", ["self", "ord"]),
        ("def _f(self: Union[Tuple[Tensor, ...], List[Tensor]], *, dtype=None) -> None", ["self", "dtype"]),
        ("aten::_f.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]", ["self", "ord"]),
        ("aten::_f.out(Tensor[] self, *, Tensor(a!)[] out) -> ()", ["self", "out"]),
        ("aten::_f() -> ()", []),
        (None, []),
    ],
)
def test_arguments(signature: str | None, names: list[str]) -> None:
    assert surface.arguments(signature) == names


TORCH = SimpleNamespace(_private=len, nn=SimpleNamespace(utils=SimpleNamespace(clip=abs)), empty=None)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("torch._private", len),
        ("torch.nn.utils.clip", abs),
        ("torch.nn.utils.missing", None),
        ("torch.missing.norm", None),
        ("torch.empty", None),
        (surface.ABSENT_NAME, None),
    ],
)
def test_resolve(name: str, found: Any) -> None:
    assert resolve(TORCH, name) is found


@pytest.mark.parametrize("present", [True, False])
def test_surface_says_what_is_there(present: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a table's column
    def schemas(operator: str) -> list[str]:
        return [f"{operator}.b", f"{operator}.a"] if present else []

    (tmp_path / "_C").mkdir()
    (tmp_path / "_C" / "stub.pyi").write_text(ONE_LINE if present else "", encoding="utf-8")
    torch = SimpleNamespace(
        __file__=str(tmp_path / "__init__.py"), _C=SimpleNamespace(_jit_get_schemas_for_operator=schemas)
    )
    ((key, step),) = surface.steps(fakes.context(tmp_path, len if present else None, torch=torch))
    assert key == "surface"
    assert step() == {
        "present": present,
        "canary_absent": True,
        "stub": ONE_LINE[:-5] if present else None,
        "schemas": ["aten::_private.a", "aten::_private.b"] if present else [],
        "callers": [],
        "relatives": {"torch.public": False},
    }
