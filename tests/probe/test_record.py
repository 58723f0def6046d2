"""A record on disk is whole, or the one of before: nothing between, and nothing that is not JSON."""

from __future__ import annotations

import json
import math
import os
import re
import stat
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import record
from compat.records import read_record

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY: dict[str, Any] = {
    "api": "torch._private",
    "torch": "2.6.0",
    "python": "3.9",
    "digests": {"contract": "sha256:1", "corpus": "sha256:2", "probe": "sha256:3"},
}


def test_the_file_holds_what_was_written_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "yet" / "one.json"
    written = record.skeleton(**IDENTITY, status="died")
    record.write(path, written)
    assert json.loads(path.read_text(encoding="utf-8")) == record.sealed(written)
    assert [each.name for each in path.parent.iterdir()] == ["one.json"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("broken", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_a_failure_in_the_middle_leaves_the_old_file(
    broken: str, kind: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.json"
    path.write_text("the old one", encoding="utf-8")

    def fail(*_: Any) -> None:
        raise kind("no space left")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(kind):
        record.write(path, record.skeleton())
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_has_not_are_refused_before_the_old_file_is_touched(
    number: float, tmp_path: Path
) -> None:
    path = tmp_path / "one.json"
    path.write_text("the old one", encoding="utf-8")
    for place in ({"surface": number}, {"cost": {"a": [number]}}, {"accuracy": [{"got": number}]}):
        with pytest.raises(ValueError, match="not JSON compliant"):
            record.write(path, {**record.skeleton(), **place})
    assert path.read_text(encoding="utf-8") == "the old one"
    assert list(tmp_path.iterdir()) == [path]


VALUES: list[Any] = [
    {},
    {"a": None},
    {"a": {}, "b": []},
    {"a": {"b": {"c": [1, 2.5, True, None]}}},
    {"list": [1, {"x": "y"}, []]},
    {"ellipsis …": 'quote " and \\ and \n and \x00 and é'},
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_dumps_is_json_and_equal_for_equal_input(value: Any) -> None:
    text = record.dumps(value)
    assert json.loads(text) == value
    assert text == record.dumps(json.loads(text))
    assert text.isascii()
    assert text.endswith("}\n")


def test_each_entry_two_levels_deep_has_its_line() -> None:
    text = record.dumps(
        {"questions": {"one": {"kind": "value"}, "two": {"kind": "error"}}, "accuracy": [1, 2]}
    )
    assert text.splitlines() == [
        "{",
        ' "questions": {',
        '  "one": {"kind":"value"},',
        '  "two": {"kind":"error"}',
        " },",
        ' "accuracy": [',
        "  1,",
        "  2",
        " ]",
        "}",
    ]


def test_skeleton_names_what_is_no_key_of_a_record() -> None:
    with pytest.raises(KeyError, match="not keys of a record: colour, size"):
        record.skeleton(torch="2.6.0", size=1, colour=2)


@pytest.mark.parametrize(
    ("phase", "status"),
    [
        ("interpreter", "interpreter-missing"),
        ("install", "install-failed"),
        ("import", "import-failed"),
        ("device", "device-missing"),
        ("probe", "died"),
        ("anything else", "died"),
    ],
)
def test_write_failure_says_what_failed_and_how_it_ended(phase: str, status: str, tmp_path: Path) -> None:
    path = tmp_path / record.file_name("2.6.0", "3.9", "cpu")
    message = "the beginning" + "." * record.MESSAGE_LIMIT + "the end"
    record.write_failure(path, phase=phase, message=message, wheels="index", **IDENTITY)
    read = read_record(path)
    assert (read.status, read.torch, read.python, read.device) == (status, "2.6.0", "3.9", "cpu")
    assert read.failure is not None
    assert read.failure.phase == phase
    assert read.failure.message.endswith("the end")
    assert len(read.failure.message) == record.MESSAGE_LIMIT
    assert read.provenance.wheels == "index"
    assert read.questions is None
    assert read.canaries is None


def test_write_failure_keeps_the_provenance_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / record.file_name("2.6.0", "3.9", "cpu")
    record.write_failure(
        path, phase="probe", message="m", **IDENTITY, provenance={"cpu": "a", "wheels": "cpu"}
    )
    written = json.loads(path.read_text(encoding="utf-8"))["provenance"]
    assert (written["cpu"], written["wheels"]) == ("a", "cpu")


def test_now_is_utc_to_the_second() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record.now())


def test_a_place_that_can_be_written_to_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "one.json"
    record.check_place(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("make", ["folder", "below a file"])
def test_a_place_that_cannot_be_written_to_is_refused(make: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    path = tmp_path if make == "folder" else tmp_path / "file" / "one.json"
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        record.check_place(path)


def test_the_seal_is_the_same_whatever_the_order_of_keys_and_of_no_other_content() -> None:
    written = record.sealed({"a": 1, "b": {"c": [0.1, 2], "d": "\u2026"}})
    assert list(written)[-1] == "seal"
    assert (
        record.seal_of({"b": {"d": "\u2026", "c": [0.1, 2]}, "a": 1, "seal": "anything"}) == written["seal"]
    )
    assert record.sealed(written) == written
    changed = {"a": 1, "b": {"c": [0.1, 2.0000000000000004], "d": "\u2026"}}
    assert record.seal_of(changed) != written["seal"]
    assert record.seal_of(json.loads(record.dumps(written))) == written["seal"]
