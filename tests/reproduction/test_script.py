"""A script prints expected and got, and its exit code says whether they agree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat.contract import Reference
from compat.probe import tolerances
from compat.reproduction.script import Finding, bounds, render
from tests.builders import contract

if TYPE_CHECKING:
    from compat.probe.cases import Case

FAKE = Path(__file__).parent / "fake_torch.py"
CASE: Case = {
    "ord": 2,
    "tensors": [["float32", [3], "contiguous", "unit", 1], ["float32", [2], "contiguous", "unit", 5]],
}
NORM = Reference(id="norm", call="[t.norm(ord) for t in tensors]")


def script(case: Case = CASE, reference: Reference = NORM) -> str:
    finding = Finding(case=case, reference=reference, what="disagrees", where="Seen in torch 1.11.0 on CPU.")
    return render(finding, contract(references=(reference,)), "norm-0123456789.py")


def run(folder: Path, how: str, text: str) -> Any:
    (folder / "torch.py").write_text(FAKE.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "script.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(folder / "script.py")],
        env={**os.environ, "HOW": how},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("how", "code", "says"),
    [
        ("right", 0, "got:      [("),
        ("wrong", 1, "expected: [("),
        ("short", 1, "got:      [("),
        ("unstable", 1, "again:    [("),
        ("raises", 1, "got:      RuntimeError: no"),
        ("absent", 2, "this torch has no torch._foreach_norm"),
    ],
)
def test_the_exit_code_says_whether_they_agree(how: str, code: int, says: str, tmp_path: Path) -> None:
    finished = run(tmp_path, how, script())
    assert (finished.returncode, finished.stderr) == (code, "")
    assert says in finished.stdout
    assert finished.stdout.startswith("torch 1.99\n")


@pytest.mark.parametrize(
    ("how", "code", "says"),
    [
        ("wrong", 1, "expected: [("),
        ("right", 0, "got:      [("),
        ("no device", 2, "this torch sees no CUDA device"),
    ],
)
def test_what_was_seen_on_a_device_is_shown_on_it(how: str, code: int, says: str, tmp_path: Path) -> None:
    finding = Finding(case=CASE, reference=NORM, what="disagrees", where="On CUDA.", device="cuda")
    text = render(finding, contract(references=(NORM,)), "norm-0123456789.py")
    assert text.count('.to("cuda")') == len(CASE["tensors"])
    assert "needs torch alone and a CUDA device" in text
    finished = run(tmp_path, how, text)
    assert (finished.returncode, finished.stderr) == (code, "")
    assert says in finished.stdout


def test_both_raising_is_agreement(tmp_path: Path) -> None:
    raising = Reference(id="norm", call="[1 / 0 for t in tensors]")
    assert run(tmp_path, "raises", script(reference=raising)).returncode == 0
    assert run(tmp_path, "right", script(reference=raising)).returncode == 1


def test_a_torch_without_the_reference_is_told(tmp_path: Path) -> None:
    lacking = Reference(
        id="total", call="[torch.nn.total(tensors, ord)]", needs="torch.nn.total", combine="norms"
    )
    finished = run(tmp_path, "right", script(reference=lacking))
    assert (finished.returncode, finished.stdout.splitlines()[-1]) == (2, "this torch has no torch.nn.total")


def test_it_imports_torch_and_nothing_else_that_is_not_pythons() -> None:
    large = {"ord": "inf", "tensors": [["float32", [4096], "contiguous", "unit", 1]]}
    for text in (script(), script(large)):
        names = [line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))]
        assert set(names) <= {"math", "random", "sys", "torch"}
        compile(text, "script", "exec")
    assert 'ORD = float("inf")' in script(large)


def test_it_says_what_it_shows_and_where() -> None:
    text = script()
    assert text.startswith(
        '"""torch._foreach_norm against norm: disagrees.\n\nSeen in torch 1.11.0 on CPU.\n'
    )
    assert "python norm-0123456789.py" in text


def test_bounds_are_those_of_the_probe() -> None:
    case: Case = {
        "ord": 2,
        "tensors": [
            ["float32", [8], "contiguous", "unit", 1],
            ["same", 0],
            ["tail", 0],
            ["float16", [], "offset", "unit", 1],
        ],
    }
    for (relative, absolute), (dtype, elements) in zip(
        bounds(case, total=False),
        [("float32", 8), ("float32", 8), ("float32", 4), ("float16", 1)],
        strict=True,
    ):
        assert relative * 3.0 + absolute == tolerances.allowed(3.0, 2.5, dtype, elements, 2)
    parts = [("float32", 8), ("float32", 8), ("float32", 4), ("float16", 1)]
    ((relative, absolute),) = bounds(case, total=True)
    assert relative * 3.0 + absolute == pytest.approx(
        tolerances.allowed_of_total(3.0, 2.5, "float32", parts, 2)
    )
