"""What people write of the function, in many words, and what the evidence says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat.claims import Decision
from compat.errors import ConfigurationError, ExitCode
from compat.source.checking import check
from tests.source.known import knowledge

if TYPE_CHECKING:
    from pathlib import Path

BAD, OPEN, GOOD = Decision.REFUTED, Decision.INCONCLUSIVE, Decision.SUPPORTED


def findings(folder: Path, text: str, name: str = "health.py") -> list[tuple[str, Decision]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [(each.kind, each.judgement.decision) for each in check([path], knowledge()).findings]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        # the ticket's comment, whole and in pieces
        (
            "NOTE: _foreach_norm is private but stable since PyTorch 1.9",
            [("present-since", BAD), ("stable", BAD)],
        ),
        ("_foreach_norm gives O(1) kernel launches instead of O(n)", [("constant-cost", BAD)]),
        ("_foreach_norm is 10-50x faster", [("speedup", BAD)]),
        ("torch._foreach_norm is used internally by torch.nn.utils.clip_grad_norm_", [("called-by", GOOD)]),
        # presence
        ("_foreach_norm: PyTorch 2.0+", [("present-since", GOOD)]),
        ("_foreach_norm needs torch >= 1.10", [("present-since", BAD)]),
        ("_foreach_norm needs torch>=1.11", [("present-since", GOOD)]),
        ("_foreach_norm exists since v1.9", [("present-since", BAD)]),
        ("`_foreach_norm` is available from PyTorch 1.8.1", [("present-since", BAD)]),
        ("_foreach_norm was introduced in 1.9", [("present-since", BAD)]),
        ("_foreach_norm requires PyTorch 1.10 or newer", [("present-since", BAD)]),
        ("_foreach_norm, as of torch 3.7, is there", [("present-since", OPEN)]),
        # stability
        ("_foreach_norm has been unchanged since 2.1", [("present-since", GOOD), ("stable", GOOD)]),
        ("_foreach_norm hasn't changed since 1.11", [("present-since", GOOD), ("stable", BAD)]),
        ("_foreach_norm is stable", [("stable", BAD)]),
        ("the signature of _foreach_norm never changed", [("stable", BAD)]),
        ("_foreach_norm is not stable", []),
        ("_foreach_norm is unstable and may change", []),
        # callers
        ("clip_grad_norm_ has used _foreach_norm since 1.9", [("present-since", BAD)]),
        (
            "_foreach_norm is used by clip_grad_norm_ since 1.12",
            [("called-by", BAD), ("present-since", GOOD)],
        ),
        ("clip_grad_norm_ relies on _foreach_norm", [("called-by", GOOD)]),
        # speed
        ("_foreach_norm is 10\N{MULTIPLICATION SIGN} faster", [("speedup", BAD)]),
        ("_foreach_norm: up to 20 times faster than a loop", [("speedup", BAD)]),
        ("_foreach_norm is an order of magnitude faster", [("speedup", BAD)]),
        ("a speedup of 15x by _foreach_norm", [("speedup", BAD)]),
        ("_foreach_norm is 2x faster", [("speedup", BAD)]),
        ("_foreach_norm is 0.5x faster", [("speedup", GOOD)]),
        ("_foreach_norm is faster", []),
        # launches, equality, overhead
        ("_foreach_norm is one fused kernel", [("constant-cost", BAD)]),
        ("_foreach_norm does it in a single kernel launch", [("constant-cost", BAD)]),
        ("_foreach_norm gives the same norms as a loop", [("agreement", GOOD)]),
        ("falling back from _foreach_norm to a loop is measurably slower", [("overhead", OPEN)]),
        # what it is
        ("_foreach_norm is a public API", [("public", BAD)]),
        ("_foreach_norm is not public", []),
        ("_foreach_norm has no public equivalent", [("successor", BAD)]),
        ("the public successor of _foreach_norm is torch.foreach.norm", []),
        # words that say nothing which was measured
        ("see _foreach_norm in version 3 of the design", []),
        ("_foreach_norm of 10 tensors in 50 steps", []),
        ("TODO(ann): replace _foreach_norm", []),
        ("shape of _foreach_norm: (10, 50)", []),
    ],
)
def test_what_is_said_in_a_sentence(tmp_path: Path, sentence: str, found: list[tuple[str, Decision]]) -> None:
    assert sorted(findings(tmp_path, f"# {sentence}\n")) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "# torch.compile is stable since 2.0 and 3x faster\n",
        "# _foreach_norm is private.\n# torch.compile is stable since 1.9.\n",
        "# _foreach_norm is private.\n# `vmap()` has been stable since 1.9 and is 10x faster.\n",
        "# our_helper() is 100x faster than _foreach_normalise\n",
        "x = '_foreach_norm is stable since 1.9'\n",
        "# _foreach_norm_v2 is stable since 1.9\n",
        "# stable since 1.9\nx = 1\n",
        "import torch\ntorch._foreach_norm(g)\n\n\n# stable since 1.9\n",
        "import torch\n# adam is stable since 1.9\n\n\n\ntorch._foreach_norm(g)\n",
    ],
)
def test_what_is_said_of_something_else_is_left_alone(tmp_path: Path, text: str) -> None:
    assert findings(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "import torch\n# stable since 1.9\ntorch._foreach_norm(g)\n",
        "import torch\ntorch._foreach_norm(g)  # stable since 1.9\n",
        "import torch\n\tx = 1\n# _foreach_norm is stable since 1.9\n",
        "def f():\n    '''Takes _foreach_norm, stable since 1.9.'''\n",
        '"""Norms.\n\n_foreach_norm is\nstable since 1.9.\n"""\n',
        "\ufeff# _foreach_norm: stable since 1.9\r\nx = 1\r\n",
        "# _foreach_norm \N{EM DASH} stable since 1.9\n",
        "#: _foreach_norm is private,\n#: but stable since 1.9.\nx = 1\n",
        "# _foreach_norm is stable since 1.9\ndef broken(:\n",
        "# _foreach_norm is private, e.g. stable since 1.9\n",
    ],
)
def test_comments_and_docstrings_are_read_wherever_they_stand(tmp_path: Path, text: str) -> None:
    assert ("stable", BAD) in findings(tmp_path, text)


def test_a_sentence_is_told_with_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "health.py"
    path.write_text(
        "x = 1\n# _foreach_norm is private;\n# used here.\n# Stable since 1.9.\n", encoding="utf-8"
    )
    (since, stable) = check([path], knowledge()).findings
    assert (since.line, stable.line, stable.words) == (4, 4, "Stable")


def test_text_that_is_no_program_is_read_in_paragraphs(tmp_path: Path) -> None:
    text = "# Ticket\n\n`_foreach_norm` is stable since 1.9.\n\nElsewhere: stable since 1.8.\n"
    assert findings(tmp_path, text, "ticket.md") == [("present-since", BAD), ("stable", BAD)]


def test_a_broken_program_is_named_and_its_comments_are_read(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("# _foreach_norm is stable\ndef broken(:\n", encoding="utf-8")
    checked = check([path], knowledge())
    assert "broken.py: not read as a program" in checked.unreadable[0]
    assert checked.exit_code is ExitCode.CONTRADICTED


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"# coding: nonsense\n# _foreach_norm\n", "cannot be decoded"),
        (b"# _foreach_norm \xff\n", "cannot be decoded"),
    ],
)
def test_what_cannot_be_decoded_is_a_mistake_with_its_place(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError, match=says):
        check([path], knowledge())


@pytest.mark.parametrize(
    "raw",
    [
        b"# coding: latin-1\n# _foreach_norm, sch\xf6n stable since 1.9\n",
        b"# _foreach_norm is stable since 1.9\nx = '\x00'\n",
        b"# _foreach_norm is stable since 1.9 " + b"x" * 2_000_000 + b"\n",
    ],
)
def test_odd_files_are_read(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(raw)
    assert check([path], knowledge()).exit_code is ExitCode.CONTRADICTED


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such file or folder"):
        check([tmp_path / "gone"], knowledge())


def test_folders_are_walked_but_not_what_was_made_or_installed(tmp_path: Path) -> None:
    for name in ("a.py", "pkg/b.py", ".venv/c.py", "node_modules/d.py", "x.egg-info/e.py", "notes.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("# _foreach_norm is stable\n", encoding="utf-8")
    checked = check([tmp_path], knowledge())
    assert [each.path.name for each in checked.findings] == ["a.py", "b.py"]
    assert checked.files == 2
