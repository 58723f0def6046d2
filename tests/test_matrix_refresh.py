"""A refresh adds what the index has, and leaves every other byte of the file as people wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat import paths
from compat.errors import CompatError, ConfigurationError
from compat.matrix_refresh import refreshed
from compat.survey import Release, Survey, load_survey

if TYPE_CHECKING:
    from pathlib import Path

MATRIX = """\
# What the file is about.

[[row]]
torch = "2.6.0"
python = "3.9"
constraints = [
    "numpy<2", # why
    "setuptools<70",
]
tags = ["every"]

[[row]]
torch = "2.6.0" # the same with another Python
python = "3.11"
tags = ["every"]

# This one is the newest.
[[row]]
torch = "2.7.0"
python = "3.9" # by hand
constraints = ["numpy"]
tags = ["quick", "full", "every"]
"""


def survey(*releases: str, pythons: tuple[str, ...] = ("3.9", "3.11"), yanked: str = "") -> Survey:
    """Return a survey of two known releases and some more, given as ``2.8.0`` or ``2.8.0:3.11,3.12``."""
    found = []
    for each in ("2.6.0", "2.7.0", *releases):
        torch, _, given = each.partition(":")
        own = tuple(given.split(",")) if given else pythons
        found.append(Release(torch=torch, date="2026-01-01", pythons=own, yanked=torch == yanked, bytes=1))
    found.sort(key=lambda release: [int(part) for part in release.torch.split(".")])
    return Survey(format=1, date="2026-11-23", releases=tuple(found))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A matrix of three rows, written by people."""
    path = tmp_path / "matrix.toml"
    path.write_text(MATRIX, encoding="utf-8")
    return path


def written(path: Path, known: Survey) -> list[str]:
    """Return the rows of the refreshed text, each as its lines, joined."""
    after = refreshed(path, known).after
    return [" ".join(block.split("\n\n")[0].split("\n")).strip() for block in after.split("[[row]]\n")[1:]]


PINS = 'constraints = [     "numpy<2", # why     "setuptools<70", ]'
SIX = f'torch = "2.6.0" python = "3.9" {PINS} tags = ["every"]'
SIX_AGAIN = 'torch = "2.6.0" # the same with another Python python = "3.11" tags = ["every"]'
SEVEN = 'torch = "2.7.0" python = "3.9" # by hand constraints = ["numpy"] tags = ["full", "every"]'


def test_what_is_complete_is_left_alone(path: Path) -> None:
    found = refreshed(path, survey())
    assert (found.after, found.diff, found.plan.changes) == (MATRIX, "", ())


@pytest.mark.parametrize(
    ("releases", "rows"),
    [
        (
            ["2.8.0"],
            [
                SIX,
                SIX_AGAIN,
                SEVEN,
                'torch = "2.8.0" python = "3.9" constraints = ["numpy"] tags = ["quick", "full", "every"]',
            ],
        ),
        (
            ["2.8.0:3.10,3.12", "2.8.1:3.12,3.13", "2.10.0:3.8"],
            [
                SIX,
                SIX_AGAIN,
                SEVEN,
                'torch = "2.8.0" python = "3.10" constraints = ["numpy"] tags = ["every"]',
                'torch = "2.8.1" python = "3.12" constraints = ["numpy"] tags = ["full", "every"]',
                'torch = "2.10.0" python = "3.8" constraints = ["numpy"] tags = ["quick", "full", "every"]',
            ],
        ),
        (
            ["2.5.0", "2.5.1", "2.6.1"],
            [
                'torch = "2.5.0" python = "3.11" tags = ["every"]',
                'torch = "2.5.1" python = "3.11" tags = ["full", "every"]',
                SIX,
                SIX_AGAIN,
                SIX.replace("2.6.0", "2.6.1").replace('["every"', '["full", "every"'),
                SEVEN.replace('["full"', '["quick", "full"'),
            ],
        ),
    ],
)
def test_new_releases_get_rows_at_their_places(path: Path, releases: list[str], rows: list[str]) -> None:
    assert written(path, survey(*releases)) == rows


def test_what_people_wrote_stays_in_order_and_comments_stay_where_they_were(path: Path) -> None:
    after = refreshed(path, survey("2.5.0", "2.6.1", "2.8.0")).after
    lines = iter(after.splitlines())
    kept = [line for line in MATRIX.splitlines() if "quick" not in line]
    assert all(line in lines for line in kept), after
    assert '# This one is the newest.\n[[row]]\ntorch = "2.7.0"' in after


def test_it_is_written_whole_and_then_there_is_nothing_left_to_do(path: Path) -> None:
    known = survey("2.8.0", "2.6.1")
    refreshed(path, known).write()
    assert refreshed(path, known).diff == ""
    assert [each.name for each in path.parent.iterdir()] == ["matrix.toml"]


@pytest.mark.parametrize(
    ("releases", "remarks", "rows"),
    [
        (["2.8.0"], ["torch 2.8.0 is yanked from the index, and gets no row"], 0),
        ([], ["torch 2.7.0 has a row and is yanked from the index; decide whether it stays"], 0),
    ],
)
def test_what_is_yanked_is_told_and_decided_by_people(
    path: Path, releases: list[str], remarks: list[str], rows: int
) -> None:
    found = refreshed(path, survey(*releases, yanked=(releases or ["2.7.0"])[0]))
    assert list(found.plan.remarks) == remarks
    assert len(found.plan.rows) == rows
    assert found.diff == ""


def test_the_main_job_changes_hands_only_where_it_had_the_newest(path: Path) -> None:
    path.write_text(MATRIX.replace('"quick", ', ""), encoding="utf-8")
    assert refreshed(path, survey("2.8.0")).plan.no_longer_quick is None


def test_a_row_whose_release_has_gone_is_a_mistake_of_the_file(path: Path) -> None:
    gone = Survey(format=1, date="2026-11-23", releases=survey().releases[1:])
    with pytest.raises(ConfigurationError, match=r"torch 2\.6\.0 is not on the index"):
        refreshed(path, gone)


def test_rows_in_one_array_are_not_understood_and_nothing_is_lost(path: Path) -> None:
    text = 'row = [{torch = "2.6.0", python = "3.9", tags = ["every"]}]\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CompatError, match="nothing was changed"):
        refreshed(path, survey())
    assert path.read_text(encoding="utf-8") == text


def test_the_matrix_of_this_project_takes_a_new_release() -> None:
    known = load_survey(paths.SURVEY)
    newest = known.releases[-1]
    new = Release(torch="99.0.0", date="2099-01-01", pythons=newest.pythons, yanked=False, bytes=1)
    found = refreshed(paths.MATRIX, Survey(format=1, date=known.date, releases=(*known.releases, new)))
    added = [line for line in found.diff.splitlines()[2:] if line.startswith("+")]
    assert added[-4:] == [
        "+[[row]]",
        '+torch = "99.0.0"',
        '+python = "3.11"',
        '+tags = ["quick", "full", "every"]',
    ]
