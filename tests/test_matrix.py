"""The matrix file: what a sound one gives, and that each planted mistake is named with line and key."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

import pytest

from compat import paths
from compat.errors import ConfigurationError, ExitCode
from compat.matrix import Row, load_matrix, select
from compat.survey import Release, Survey, load_survey
from compat.toml_lines import Lines
from tests.committed import committed_report

if TYPE_CHECKING:
    from pathlib import Path

SURVEY = Survey(
    format=1,
    date="2026-11-23",
    releases=tuple(
        Release(torch=torch, date="2025-01-29", pythons=pythons, yanked=False, bytes=1)
        for torch, pythons in {"2.6.0": ("3.9", "3.11"), "2.9.1": ("3.10", "3.11")}.items()
    ),
)

SOUND = """\
[[row]]
torch = "2.6.0"
python = "3.9"
constraints = [
    "numpy<2", # why
]
tags = ["quick", "every"]

[[row]]
torch = "2.6.0"
python = "3.11"
tags = ["every"]
"""


def load(tmp_path: Path, text: str) -> tuple[Row, ...]:
    path = tmp_path / "matrix.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return load_matrix(path, SURVEY)


def refuse(tmp_path: Path, text: str) -> list[str]:
    """Return the lines of the complaint about a text."""
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    assert caught.value.exit_code is ExitCode.USAGE
    return str(caught.value).splitlines()


def test_sound_rows_are_read_and_named(tmp_path: Path) -> None:
    first, second = load(tmp_path, SOUND)
    assert first == Row(torch="2.6.0", python="3.9", constraints=("numpy<2",), tags=("quick", "every"))
    assert (first.name, second.name) == ("torch-2.6.0", "torch-2.6.0-py3.11")


ROW = '[[row]]\ntorch = "2.6.0"\npython = "3.9"\ntags = ["quick"]\n'


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        pytest.param(ROW + 'pythn = "3.9"', 5, "pythn", "unknown key", id="unknown key in a row"),
        pytest.param('pythn = "3.9"\n' + ROW, 1, "pythn", "unknown key", id="unknown key above the rows"),
        pytest.param(ROW + '[[rows]]\ntorch = "2.6.0"', 5, "rows", "unknown key", id="unknown table"),
        pytest.param(ROW.replace('"3.9"', "3.9"), 3, "python", "valid string, not 3.9", id="number for text"),
        pytest.param(
            ROW + 'constraints = "numpy<2"', 5, "constraints", "valid list", id="text for a list of texts"
        ),
        pytest.param(ROW.replace('"3.9"', '"3"'), 3, "python", "should match", id="half a Python"),
        pytest.param(ROW.replace("2.6.0", "2.6.x"), 2, "torch", '"2.6.x" is no version', id="no version"),
        pytest.param(ROW.replace("2.6.0", "2.6"), 2, "torch", 'on the index: "2.6.0"', id="spelling"),
        pytest.param(ROW.replace("2.6.0", "2.6.9"), 2, "torch", "not on the index", id="no such release"),
        pytest.param(
            ROW.replace("2.6.0", "2.9.1"),
            3,
            "python",
            "no wheel for Python 3.9; it has 3.10, 3.11",
            id="wheel",
        ),
        pytest.param(ROW + ROW, 6, "torch", "as the row in line 2", id="duplicate row"),
        pytest.param(
            ROW + 'constraints = [\n  "numpy<<2",\n]', 5, "constraints", '"numpy<<2" is no', id="requirement"
        ),
        pytest.param(ROW.replace('["quick"]', "[]"), 4, "tags", "selected by nothing", id="no tag"),
        pytest.param(ROW.replace('"quick"', '""'), 4, "tags", "at least 1 character", id="empty tag"),
        pytest.param(ROW.replace('tags = ["quick"]', ""), 1, "tags", "missing", id="missing key"),
        pytest.param("# nothing yet\n", 1, "row", "nothing would be measured", id="no row"),
        pytest.param("row = 3\n", 1, "row", "nothing would be measured", id="rows of the wrong type"),
    ],
)
def test_a_planted_mistake_is_named_with_line_and_key(
    tmp_path: Path, text: str, line: int, key: str, says: str
) -> None:
    heading, *mistakes = refuse(tmp_path, text)
    assert heading.endswith("matrix.toml: 1 mistake. Correct them and start again.")
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"  line {line}, {key}: ")
    assert says in mistakes[0]


def test_every_mistake_is_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    heading, *mistakes = refuse(
        tmp_path,
        """\
        [[row]]
        torch = "2.6"
        python = "3.8"
        tags = ["quick"]

        [[row]]
        torch = "2.9.1"
        python = "3.9"
        colour = "red"
        constraints = ["numpy<<2", "setuptools<70", "=="]
        tags = []
        """,
    )
    assert heading.endswith("6 mistakes. Correct them and start again.")
    assert [mistake.split(":")[0] for mistake in mistakes] == [
        "  line 2, torch",
        "  line 8, python",
        "  line 9, colour",
        "  line 10, constraints",
        "  line 10, constraints",
        "  line 11, tags",
    ]


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (complaint,) = refuse(tmp_path, '[[row]]\ntorch = "2.6.0\n')
    assert "matrix.toml: not TOML" in complaint
    assert "at line 2" in complaint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml: cannot be read"):
        load_matrix(tmp_path / "nowhere.toml", SURVEY)


def test_selecting_by_tag(tmp_path: Path) -> None:
    rows = load(tmp_path, SOUND)
    assert [row.name for row in select(rows, "quick")] == ["torch-2.6.0"]
    assert len(select(rows, "every")) == 2
    with pytest.raises(ConfigurationError, match=r'has the tag "ful"\. Tags in use: every, quick'):
        select(rows, "ful")


def test_lines_are_found_in_any_spelling() -> None:
    text = 'top = 1\n[[row]]\n"torch" = "a"\nlist = [\n  "numpy==1",\n]\n[other]\nx = 1\n[[row]]\n'
    lines = Lines.read(text, "row")
    assert (lines.top("top"), lines.top("other"), lines.top("never")) == (1, 7, 1)
    assert (lines.of(0, "torch"), lines.of(0, "list"), lines.of(0, "never")) == (3, 4, 2)
    assert (lines.of(1, "torch"), lines.of(7, "torch")) == (9, 1)


class TestTheProjectsOwnMatrix:
    """The committed file keeps its promises against the committed survey."""

    survey = load_survey(paths.SURVEY)
    rows = load_matrix(paths.MATRIX, survey)

    def test_every_means_every_release(self) -> None:
        every = {row.torch for row in select(self.rows, "every")}
        assert every == {release.torch for release in self.survey.releases}

    def test_full_holds_the_newest_patch_of_every_minor(self) -> None:
        newest = {
            release.torch.rpartition(".")[0]: release.torch for release in self.survey.releases
        }  # oldest first, so the last one wins
        assert set(newest.values()) <= {row.torch for row in select(self.rows, "full")}

    def test_quick_holds_the_neighbours_of_the_first_change_and_the_newest(self) -> None:
        quick = [row.torch for row in select(self.rows, "quick")]
        assert {"1.10.2", "1.11.0", self.survey.releases[-1].torch} <= set(quick)
        assert set(quick) <= {row.torch for row in select(self.rows, "full")}

    def test_full_holds_both_neighbours_of_every_change_found(self) -> None:
        spans = json.loads(committed_report("compatibility.json", "matrix.toml"))["spans"]
        turned = [(span["question"], (span["after"], span["from"])) for span in spans if span["after"]]
        full = {row.torch for row in select(self.rows, "full")}
        assert len(turned) > 1
        assert [each for each in turned if not set(each[1]) <= full] == []
