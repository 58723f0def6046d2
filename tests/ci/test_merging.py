"""What other machines send is hostile until shown otherwise; whole records are taken byte for byte."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.ci import merging
from compat.ci.merging import Fate
from compat.errors import ConfigurationError
from compat.probe import digests
from compat.probe.record import sealed
from compat.report import html, json_format, markdown
from compat.workplace import Workplace
from tests.builders import DIGESTS, content

if TYPE_CHECKING:
    from pathlib import Path

NAME = "torch-2.6.0-py3.9-cpu.json"


def record(torch: str = "2.6.0", **changes: Any) -> str:
    return json.dumps(sealed(content(torch, **changes)))


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A folder with one artifact's folder in it."""
    folder = tmp_path / "artifacts"
    (folder / "record-1").mkdir(parents=True)
    return folder


def fates(sent: Path, into: Path) -> list[tuple[str, Fate]]:
    merge = merging.sort_out([sent], into, DIGESTS)
    merging.write(merge, into)
    return [(each.name, each.fate) for each in merge.arrivals]


def test_a_whole_record_is_taken_byte_for_byte_and_then_it_is_there(sent: Path, tmp_path: Path) -> None:
    text = record()
    (sent / "record-1" / NAME).write_text(text, encoding="utf-8")
    into = tmp_path / "records"
    assert fates(sent, into) == [(NAME, Fate.ADDED)]
    assert (into / NAME).read_text(encoding="utf-8") == text
    assert fates(sent, into) == [(NAME, Fate.SAME)]
    (into / NAME).write_text("old", encoding="utf-8")
    assert fates(sent, into) == [(NAME, Fate.REPLACED)]
    assert [each.name for each in into.iterdir()] == [NAME]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("torch-2.7.0-py3.9-cpu.json", record(), "2.6.0"),
        (NAME, record().replace('"cases": 4', '"cases": 5'), "does not fit its seal"),
        (NAME, record()[:-30], ""),
        (NAME, "", ""),
        (NAME, "[" * 100_000, ""),
        (NAME, record(planted="off"), "a fault was planted"),
        (NAME, record(digests={"probe": "sha256:0000"}), "stale: it was made with another probe"),
        ("torch-2.6.0-py3.9-cpu.json.exe", record(), "not the name of a record"),
        ("..torch-2.6.0-py3.9-cpu.json", record(), "not the name of a record"),
        ("torch-2.6.0-py3.9-cpu.json\n", record(), "not the name of a record"),
        (NAME, " " * (merging.MOST_BYTES + 1), "more than 4,000,000 bytes"),
    ],
)
def test_what_is_no_record_is_refused_by_name(
    sent: Path, tmp_path: Path, name: str, text: str, why: str
) -> None:
    (sent / "record-1" / name).write_text(text, encoding="utf-8")
    merge = merging.sort_out([sent], tmp_path / "records", DIGESTS)
    (arrival,) = merge.arrivals
    assert (arrival.name, arrival.fate) == (name, Fate.REFUSED)
    assert why in arrival.why
    assert "\n" not in arrival.line
    assert not merge.texts


def test_links_pipes_and_deep_folders_are_not_followed(sent: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(record(), encoding="utf-8")
    (sent / "record-1" / NAME).symlink_to(secret)
    os.mkfifo(sent / "record-1" / "torch-2.7.0-py3.9-cpu.json")
    deep = sent / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / NAME).write_text(record(), encoding="utf-8")
    merge = merging.sort_out([sent], tmp_path / "records", DIGESTS)
    assert {each.fate for each in merge.arrivals} == {Fate.REFUSED}
    assert len(merge.arrivals) == 3
    assert not merge.texts


def test_two_that_differ_are_a_conflict_and_neither_is_taken(sent: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        folder = sent / f"record-{number}"
        folder.mkdir(exist_ok=True)
        (folder / NAME).write_text(record(exploration={"seed": number}), encoding="utf-8")
        (folder / "torch-2.7.0-py3.9-cpu.json").write_text(record("2.7.0"), encoding="utf-8")
    assert dict(fates(sent, tmp_path / "records")) == {
        NAME: Fate.CONFLICTING,
        "torch-2.7.0-py3.9-cpu.json": Fate.ADDED,
    }


def test_a_link_in_the_place_of_a_record_is_replaced_and_not_written_through(
    sent: Path, tmp_path: Path
) -> None:
    into, elsewhere = tmp_path / "records", tmp_path / "elsewhere"
    into.mkdir()
    elsewhere.write_text("mine", encoding="utf-8")
    (into / NAME).symlink_to(elsewhere)
    (sent / "record-1" / NAME).write_text(record(), encoding="utf-8")
    assert fates(sent, into) == [(NAME, Fate.ADDED)]
    assert elsewhere.read_text(encoding="utf-8") == "mine"
    assert not (into / NAME).is_symlink()


def test_folders_that_cannot_be_artifacts_are_a_mistake_of_usage(sent: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no folder"):
        merging.sort_out([tmp_path / "nowhere"], tmp_path, DIGESTS)
    (tmp_path / "link").symlink_to(sent)
    with pytest.raises(ConfigurationError, match="no folder"):
        merging.sort_out([tmp_path / "link"], tmp_path, DIGESTS)
    for number in range(merging.MOST_FILES + 1):
        (sent / f"{number}.json").touch()
    with pytest.raises(ConfigurationError, match="more than 1,000 files"):
        merging.sort_out([sent], tmp_path, DIGESTS)


def test_many_machines_give_the_report_of_one(tmp_path: Path) -> None:
    today = digests.current()
    good = [
        path
        for path in sorted(paths.RECORDS.glob("*.json"))
        if merging.sort_out([_alone(tmp_path / "one by one", path)], tmp_path / "none", today).texts
    ]
    if not good:
        pytest.skip("every committed record is stale; measure anew: nox -s matrix")
    one, many = tmp_path / "one", tmp_path / "many"
    one.mkdir()
    for number, path in enumerate(good):
        shutil.copyfile(path, one / path.name)
        _alone(tmp_path / "artifacts" / f"record-{number}", path)
    merged = merging.sort_out([tmp_path / "artifacts"], many, today)
    assert merged.bad == ()
    merging.write(merged, many)
    reports = [Workplace(records=records).view(records.parent) for records in (one, many)]
    shown = [
        form.render(replace(each, page=replace(each.page, records="records")))
        for each in reports
        for form in (markdown, html, json_format)
    ]
    assert shown[:3] == shown[3:]


def _alone(folder: Path, record: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(record, folder / record.name)
    return folder
