"""What is accepted: written by people, checked to the letter, and never for ever."""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import TYPE_CHECKING

import pytest

from compat.accepted import Acceptances, load_accepted
from compat.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

SOUND = """\
[[accepted]]
release = "2.11.0"
question = "meta-last"
outcome = "tuple(5.0)"
reason = "nobody passes meta tensors"
link = "https://example.org/1"
reviewer = "Ada"
expires = 2027-03-01

[[accepted]]
release = "2.12.0"
claim = "speedup"
device = "cuda"
reason = "known"
link = "https://example.org/2"
reviewer = "Bob"
expires = 2026-11-01
"""


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "accepted.toml").write_text(textwrap.dedent(text), encoding="utf-8")
    return tmp_path


def test_without_a_file_nothing_is_accepted(tmp_path: Path) -> None:
    assert load_accepted(tmp_path) == ()


def test_sound_entries_cover_what_they_name_and_no_more(tmp_path: Path) -> None:
    question, claim = load_accepted(written(tmp_path, SOUND))
    assert question.covers("cpu", question="meta-last", outcome="tuple(5.0)")
    assert question.covers("cuda", question="meta-last", outcome="tuple(5.0)")
    assert not question.covers("cpu", question="meta-last", outcome="tuple(6.0)")
    assert not question.covers("cpu", question="meta-first", outcome="tuple(5.0)")
    assert not question.covers("cpu", claim="meta-last")
    assert claim.covers("cuda", claim="speedup")
    assert not claim.covers("cpu", claim="speedup")


@pytest.mark.parametrize(
    ("today", "valid", "remarks"),
    [
        (
            dt.date(2026, 11, 1),
            ["claim speedup in 2.12.0 on CUDA, accepted by Bob"],
            ["matches no difference"],
        ),
        (
            dt.date(2026, 11, 2),
            [],
            ["claim speedup in 2.12.0 on CUDA, accepted by Bob: expired on 2026-11-01"],
        ),
        (dt.date(2027, 3, 2), [], ["question meta-last in 2.11.0", "claim speedup"]),
    ],
)
def test_the_last_day_is_the_one_that_is_written(
    tmp_path: Path, today: dt.date, valid: list[str], remarks: list[str]
) -> None:
    all_of_it = Acceptances(entries=load_accepted(written(tmp_path, SOUND)), today=today)
    assert [each.name for each in all_of_it.of_release("2.12.0")] == valid
    told = all_of_it.remarks("2.12.0", [])
    assert len(told) == len(remarks)
    assert all(each in line for each, line in zip(remarks, told, strict=True))


def test_what_was_used_is_no_remark(tmp_path: Path) -> None:
    entries = load_accepted(written(tmp_path, SOUND))
    all_of_it = Acceptances(entries=entries, today=dt.date(2026, 1, 1))
    assert all_of_it.remarks("2.12.0", [None, entries[1]]) == ()


ENTRY = SOUND.split("\n\n", maxsplit=1)[0] + "\n"


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        (ENTRY.replace('release = "2.11.0"', 'release = "new"'), ["line 2, release: Invalid version: 'new'"]),
        (ENTRY.replace('reviewer = "Ada"\n', ""), ["line 1, reviewer: Field required"]),
        (
            ENTRY.replace('reviewer = "Ada"', 'reviewer = " "'),
            ["line 7, reviewer: String should have at least 1"],
        ),
        (ENTRY.replace("2027-03-01", '"soon"'), ["line 8, expires: Input should be a valid date"]),
        (ENTRY.replace("https://example.org/1", "somewhere"), ["line 6, link: String should match pattern"]),
        (ENTRY + 'why = "?"\n', ["line 9, why: Extra inputs are not permitted"]),
        (
            ENTRY + 'claim = "speedup"\n',
            ["line 1, accepted: either a question or a claim is needed, and not both"],
        ),
        (ENTRY.replace("question", "claim"), ["line 1, accepted: a claim has no outcome; leave it out"]),
        (
            '[other]\n[[accepted]]\nrelease = "x"\n',
            ["line 1, other: unknown key", "line 3, release", "line 2, reason"],
        ),
        ("accepted = 1\n", ["line 1, accepted: what is accepted is written as [[accepted]]"]),
        ("accepted = [", ["not TOML"]),
    ],
)
def test_every_mistake_is_named_at_once(tmp_path: Path, text: str, mistakes: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_accepted(written(tmp_path, text))
    message = str(caught.value)
    assert "accepted.toml" in message
    assert all(each in message for each in mistakes), message
