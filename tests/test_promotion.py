"""What exploring found joins the corpus once, and says ever after where it came from."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.cli import main
from compat.errors import ConfigurationError, ExitCode
from compat.origins import origins
from compat.probe import digests
from compat.probe.corpus import DRAWN, PROMOTED, read_corpus, read_promoted
from compat.probe.record import sealed
from compat.promotion import promote
from tests.builders import content, record

if TYPE_CHECKING:
    from pathlib import Path

    from compat.record_format import Record


def case(size: int) -> dict[str, Any]:
    return {"ord": 2, "tensors": [["float32", [size, 7777], "contiguous", "unit", 1]]}


def found(torch: str, *sizes: int, **changes: Any) -> dict[str, Any]:
    failures = [{"case": case(size), "codes": {"norm": "X"}, "message": "differ"} for size in sizes]
    explored = {"seed": 1, "examples": 300, "failures": failures, "passed": False}
    return content(torch, exploration=explored, **changes)


def records(*wholes: dict[str, Any]) -> list[Record]:
    return [record(each) for each in wholes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "mine"
    shutil.copytree(paths.CONTRACT, copy)
    (copy / PROMOTED).unlink(missing_ok=True)
    return copy


def test_what_was_found_is_added_sorted_and_once(folder: Path) -> None:
    wholes = records(found("2.10.0", 5), found("2.9.0", 4, 3), found("2.0.0", 4), content("2.1.0"))
    promotion = promote(folder, wholes)
    assert (len(promotion.added), promotion.total) == (3, 3)
    entries = read_promoted(folder / PROMOTED)
    assert [(each["torch"], each["case"]) for each in entries] == [
        ("2.0.0", case(4)),
        ("2.9.0", case(3)),
        ("2.10.0", case(5)),
    ]
    assert entries[0] == {
        "case": case(4),
        "torch": "2.0.0",
        "python": "3.9",
        "device": "cpu",
        "codes": {"norm": "X"},
        "date": "2026-11-23",
    }


def test_promoting_twice_adds_nothing(folder: Path) -> None:
    promote(folder, records(found("2.0.0", 4)))
    before = (folder / PROMOTED).read_bytes()
    promotion = promote(folder, records(found("2.0.0", 4), found("2.9.0", 4)))
    assert (promotion.added, promotion.total) == ((), 1)
    assert (folder / PROMOTED).read_bytes() == before
    promote(folder, records(found("1.11.0", 9)))
    assert [each["torch"] for each in read_promoted(folder / PROMOTED)] == ["1.11.0", "2.0.0"]


def test_a_drawn_case_and_one_of_a_planted_fault_are_not_added(folder: Path) -> None:
    drawn = read_corpus(folder / DRAWN)[3]
    whole = found("2.0.0", 4)
    whole["exploration"]["failures"][0]["case"] = drawn
    assert promote(folder, records(whole, found("2.1.0", 4, planted="zeros"))).added == ()
    assert not (folder / PROMOTED).exists()


def test_a_case_of_which_no_tensors_can_be_made_is_not_added(folder: Path) -> None:
    whole = found("2.0.0", 4)
    whole["exploration"]["failures"][0]["case"] = {"tensors": []}
    assert promote(folder, records(whole)).added == ()


def test_promoted_cases_are_asked_behind_the_drawn_and_change_the_digest(folder: Path) -> None:
    before, drawn = digests.current(folder), read_corpus(folder / DRAWN)
    promote(folder, records(found("1.11.0", 4)))
    assert read_corpus(folder / DRAWN) == [*drawn, case(4)]
    assert digests.current(folder)["corpus"] != before["corpus"]
    assert origins(folder) == {len(drawn): "found by exploring torch 1.11.0"}


def test_without_promoted_cases_there_are_no_origins(folder: Path, tmp_path: Path) -> None:
    assert origins(folder) == {}
    assert origins(tmp_path / "nowhere") == {}


def test_a_damaged_file_is_named_with_its_line(folder: Path) -> None:
    (folder / PROMOTED).write_text("{", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"promoted\.jsonl, line 1: no JSON"):
        promote(folder, [])


def test_the_command_says_what_was_added_and_that_records_are_stale(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filed = tmp_path / "records"
    filed.mkdir()
    for whole in (found("1.11.0", 4, 5), found("2.0.0", 6), found("2.1.0", 7, api="torch._other")):
        name = f"torch-{whole['torch']}-py3.9-cpu.json"
        (filed / name).write_text(json.dumps(sealed(whole)), encoding="utf-8")
    arguments = ["corpus", str(folder), "--promote", "--records", str(filed)]
    assert main(arguments) == ExitCode.HOLDS
    said = capsys.readouterr().out
    assert "found by exploring torch 1.11.0: 2 cases" in said
    assert "3 cases added, 3 promoted in all. Every record is stale now" in said
    assert main(arguments) == ExitCode.HOLDS
    assert "0 cases added, 3 promoted in all\n" in capsys.readouterr().out


def test_check_validates_the_promoted_cases_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / PROMOTED).write_text('{"case": {}}\n', encoding="utf-8")
    assert main(["corpus", str(folder), "--check"]) == ExitCode.USAGE
    assert "promoted.jsonl, line 1: no text torch" in capsys.readouterr().err
