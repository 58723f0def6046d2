"""Digests say which records are stale: those measured with another question, never with another sentence."""

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import ROOT, digests
from compat.probe.cases import UnreadableError
from compat.probe.context import read_contract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the contract, to change."""
    copy = tmp_path / "contract"
    shutil.copytree(digests.CONTRACT_FOLDER, copy)
    return copy


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "contract.json"
    built = json.loads(path.read_text(encoding="utf-8"))
    change(built)
    path.write_text(json.dumps(built), encoding="utf-8")


SAME: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nothing": lambda _: None,
    "a question's sentence": lambda built: built["question"][0].update(asks="Another sentence?"),
    "why it is asked": lambda built: built["question"][0].update(why="Because."),
    "what is expected": lambda built: built["question"][0].update(expect="1"),
    "whether it is relied on": lambda built: built["question"][0].update(relied=False),
    "a claim": lambda built: built["claim"].pop(),
    "the note": lambda built: built["contract"].update(note_before="Another note."),
    "what a workload describes": lambda built: built["workload"][0].update(describes="Another."),
}

OTHER: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a call": lambda built: built["question"][0].update(call="f([])"),
    "a question's id": lambda built: built["question"][0].update(id="another"),
    "a question's level": lambda built: built["question"][0].update(level="effects"),
    "one question fewer": lambda built: built["question"].pop(),
    "the api": lambda built: built["contract"].update(api="torch.other"),
    "a reference's call": lambda built: built["contract"]["references"][0].update(call="[]"),
    "a reference's orders": lambda built: built["contract"]["references"][0].update(orders=[2]),
    "a workload's shapes": lambda built: built["workload"][0].update(shapes=[[[1], 1]]),
}


@pytest.mark.parametrize("what", SAME)
def test_what_is_judged_upstairs_leaves_the_contract_digest(what: str, folder: Path) -> None:
    before = digests.of_contract(folder)
    edit(folder, SAME[what])
    assert digests.of_contract(folder) == before


@pytest.mark.parametrize("what", OTHER)
def test_what_is_measured_changes_the_contract_digest(what: str, folder: Path) -> None:
    before = digests.of_contract(folder)
    edit(folder, OTHER[what])
    assert digests.of_contract(folder) != before


def test_the_consumer_is_part_of_what_is_measured(folder: Path) -> None:
    before = digests.of_contract(folder)
    with (folder / "consumer.py").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert digests.of_contract(folder) != before


def test_a_corpus_is_its_cases_however_they_are_packed(folder: Path) -> None:
    path = folder / "corpus.jsonl.gz"
    before, content = digests.of_corpus(path), gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(content, compresslevel=1))
    assert digests.of_corpus(path) == before
    path.write_bytes(gzip.compress(content[:-2] + b" \n"))
    assert digests.of_corpus(path) != before


def test_a_damaged_corpus_is_named(folder: Path) -> None:
    path = folder / "corpus.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableError, match=r"corpus\.jsonl\.gz: cannot be unpacked"):
        digests.current(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"contract": {}}', "null"])
def test_what_is_no_contract_is_refused_by_its_name(text: str, folder: Path) -> None:
    (folder / "contract.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"contract\.json: not a contract"):
        read_contract(folder)


def test_references_are_asked_every_order_and_timed_unless_they_say_otherwise(folder: Path) -> None:
    references = {each["id"]: each for each in read_contract(folder)["references"]}
    assert references["vector_norm"]["orders"] == []
    assert references["vector_norm"]["timed"]
    assert references["norm"]["orders"] == [2]
    assert not references["norm-of-order"]["timed"]


MEASURING = [
    "compat/probe/tolerances.py",
    "compat/probe/worker.py",
    "compat/probe/search.py",
    "monitor/monitor.py",
]
NOT_MEASURING = [
    "tests/contract/test_explore.py",
    "compat/probe/__pycache__/one.pyc",
    "compat/verdict.py",
]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the measuring files in a checkout of their own."""
    for part in ("compat/probe", "monitor", "tests/contract"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(digests, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", MEASURING)
def test_one_byte_of_the_probe_changes_its_digest(name: str, checkout: Path) -> None:
    before = digests.current()
    path = checkout / name
    path.write_bytes(path.read_bytes() + b"#")
    after = digests.current()
    assert after["probe"] != before["probe"]
    assert {**after, "probe": ""} == {**before, "probe": ""}


@pytest.mark.parametrize("name", NOT_MEASURING)
def test_what_does_not_measure_makes_no_record_stale(name: str, checkout: Path) -> None:
    before = digests.current()
    (checkout / name).parent.mkdir(parents=True, exist_ok=True)
    with (checkout / name).open("ab") as stream:
        stream.write(b"#")
    assert digests.current() == before


def test_a_file_more_or_renamed_changes_the_probes_digest(checkout: Path) -> None:
    before = digests.current()["probe"]
    (checkout / "compat" / "probe" / "new.py").write_bytes(b"")
    more = digests.current()["probe"]
    (checkout / "compat" / "probe" / "new.py").rename(checkout / "compat" / "probe" / "other.py")
    assert len({before, more, digests.current()["probe"]}) == 3


def test_a_checkout_without_tests_has_a_digest(checkout: Path) -> None:
    shutil.rmtree(checkout / "tests")
    assert digests.current()["probe"].startswith("sha256:")


def test_content_does_not_flow_from_one_file_into_the_next(tmp_path: Path) -> None:
    for name, content in (("a", "12"), ("b", "3")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    before = digests.of_files([tmp_path / "b", tmp_path / "a"], tmp_path)
    assert before == digests.of_files([tmp_path / "a", tmp_path / "b"], tmp_path)
    for name, content in (("a", "1"), ("b", "23")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert digests.of_files([tmp_path / "a", tmp_path / "b"], tmp_path) != before
