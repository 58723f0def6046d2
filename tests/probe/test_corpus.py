"""The corpus: what was drawn, what was promoted, and what is neither."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import digests
from compat.probe.cases import UnreadableError
from compat.probe.corpus import DRAWN, PROMOTED, mistake_of_case, read_corpus, read_promoted

if TYPE_CHECKING:
    from pathlib import Path

HEADER = {"format": 1, "cases": 2}
CASE = {"ord": 2, "tensors": []}


def lines(*entries: Any) -> bytes:
    return gzip.compress(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries))


def test_a_corpus_gives_its_cases_in_order(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(lines(HEADER, CASE, {**CASE, "ord": "inf"}))
    assert read_corpus(path) == [CASE, {**CASE, "ord": "inf"}]


WHOLE = lines(HEADER, CASE, CASE)
UNREADABLE = {
    "too few cases": (lines(HEADER, CASE), "1 cases where the header says 2"),
    "too many cases": (lines(HEADER, CASE, CASE, CASE), "3 cases where the header says 2"),
    "another format": (lines({**HEADER, "format": 2}, CASE, CASE), "corpus format 2, this probe reads 1"),
    "no format": (lines({"cases": 0}), "corpus format None"),
    "no count": (lines({"format": 1}), "the header says None"),
    "header is a list": (lines([1, 2]), "not a corpus"),
    "a case is cut": (gzip.compress(gzip.decompress(WHOLE)[:-5]), "not a corpus"),
    "nothing inside": (gzip.compress(b""), "not a corpus"),
    "no byte": (b"", "not a corpus"),
    "cut in the middle": (WHOLE[: len(WHOLE) // 2], "cannot be unpacked"),
    "damaged": (WHOLE[:20] + b"\xff\xff\xff" + WHOLE[23:], "cannot be unpacked"),
    "not compressed": (b'{"format": 1, "cases": 0}\n', "cannot be unpacked"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_no_whole_corpus_is_refused_by_its_name(what: str, tmp_path: Path) -> None:
    content, message = UNREADABLE[what]
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(UnreadableError) as refused:
        read_corpus(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert message in str(refused.value)


FOUND = {"torch": "1.11.0", "python": "3.9", "device": "cpu", "date": "2026-11-25", "codes": {"norm": "X"}}
TENSOR = ["float32", [2], "contiguous", "unit", 3]


def promoted(*cases: Any) -> str:
    return "".join(json.dumps({"case": case, **FOUND}) + "\n" for case in cases)


def test_promoted_cases_follow_the_drawn_ones(tmp_path: Path) -> None:
    (tmp_path / DRAWN).write_bytes(lines({**HEADER, "cases": 1}, CASE))
    other = {"ord": "inf", "tensors": [TENSOR, ["same", 0], ["tail", 1]]}
    (tmp_path / PROMOTED).write_text(promoted(other), encoding="utf-8")
    assert read_corpus(tmp_path / DRAWN) == [CASE, other]


def test_the_digest_is_over_all_cases_and_not_over_who_found_them(tmp_path: Path) -> None:
    (tmp_path / DRAWN).write_bytes(lines({**HEADER, "cases": 1}, CASE))
    alone = digests.of_corpus(tmp_path / DRAWN)
    (tmp_path / PROMOTED).write_text("", encoding="utf-8")
    assert digests.of_corpus(tmp_path / DRAWN) == alone
    (tmp_path / PROMOTED).write_text(promoted({"ord": 1, "tensors": []}), encoding="utf-8")
    more = digests.of_corpus(tmp_path / DRAWN)
    assert more != alone
    text = promoted({"ord": 1, "tensors": []}).replace("1.11.0", "2.0.0")
    (tmp_path / PROMOTED).write_text(text, encoding="utf-8")
    assert digests.of_corpus(tmp_path / DRAWN) == more


LINES = {
    "no JSON": ("{", "no JSON"),
    "a list": ("[]", "no object"),
    "empty": ("", "no JSON"),
    "no origin": (json.dumps({"case": CASE, **FOUND, "torch": None}), "no text torch"),
    "no codes": (json.dumps({"case": CASE, **FOUND, "codes": {}}), "no codes by reference"),
    "no case": (json.dumps(FOUND), "a case has the keys ord and tensors"),
    "twice": (promoted(CASE).strip(), "the same case as in line 1"),
}


@pytest.mark.parametrize("what", LINES)
def test_a_line_that_is_no_promoted_case_is_named(what: str, tmp_path: Path) -> None:
    line, message = LINES[what]
    path = tmp_path / PROMOTED
    path.write_text(promoted(CASE) + line + "\n", encoding="utf-8")
    with pytest.raises(UnreadableError) as refused:
        read_promoted(path)
    assert str(refused.value).startswith(f"{path}, line 2: ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"ord": 2, "tensors": [TENSOR, ["same", 0]]}, None),
        ({"ord": "-inf", "tensors": []}, None),
        ({"ord": 0.5, "tensors": [TENSOR]}, None),
        ({"ord": "two", "tensors": []}, "ord 'two' is no number"),
        ({"ord": True, "tensors": []}, "ord True is no number"),
        ({"ord": 2, "tensors": {}}, "tensors is no list"),
        ({"ord": 2, "tensors": [["same", 0]]}, "tensor 0: same points to no tensor before it"),
        ({"ord": 2, "tensors": [["int8", [2], "contiguous", "unit", 3]]}, "'int8' is none of float16"),
        ({"ord": 2, "tensors": [["float32", [2], "odd", "unit", 3]]}, "'odd' is none of contiguous"),
        ({"ord": 2, "tensors": [["float32", [-2], "offset", "unit", 3]]}, "sizes and seed are whole numbers"),
        ({"ord": 2, "tensors": [["float32", 2, "offset", "unit", 3]]}, "sizes and seed are whole numbers"),
        ({"ord": 2, "tensors": [["float32", [2]]]}, "not dtype, shape, layout, fill and seed"),
    ],
)
def test_a_case_of_which_no_tensors_can_be_made_is_told(case: Any, says: str | None) -> None:
    mistake = mistake_of_case(case)
    assert mistake is None if says is None else says in (mistake or "")
