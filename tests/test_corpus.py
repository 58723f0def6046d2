"""The corpus covers what gradients can look like, and is what its strategies draw: nobody edits it."""

from __future__ import annotations

import gzip
import importlib
import json
import math
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

from compat import corpus, paths
from compat.errors import CompatError, ConfigurationError
from compat.probe.cases import FIELDS, FILLS, LAYOUTS, Case
from compat.probe.corpus import read_drawn
from compat.probe.strategies import ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = paths.CONTRACT / "corpus.jsonl.gz"
SHARED = ("same", "tail")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_drawn(FILE)


@pytest.fixture(scope="module")
def tensors(cases: list[Case]) -> list[list[Any]]:
    """Every tensor of every case that shares no memory with another."""
    return [entry for case in cases for entry in case["tensors"] if entry[0] not in SHARED]


def seen(values: Iterable[Any], at_least: int) -> set[Any]:
    """Return what occurs at least so often: once would be an accident."""
    return {value for value, count in Counter(values).items() if count >= at_least}


def elements(entry: list[Any]) -> int:
    return math.prod(entry[1])


def test_there_are_at_least_2000_different_cases(cases: list[Case]) -> None:
    assert len(cases) >= 2000
    assert len({json.dumps(case) for case in cases}) == len(cases)


def test_the_header_counts_them(cases: list[Case]) -> None:
    header = json.loads(gzip.decompress(FILE.read_bytes()).split(b"\n", 1)[0])
    assert header == {"format": 1, "hypothesis": corpus.HYPOTHESIS, "cases": len(cases)}


def test_lists_are_empty_short_and_hundreds_long(cases: list[Case]) -> None:
    lengths = [len(case["tensors"]) for case in cases]
    assert seen(lengths, 1) >= {0, 1, 2, 3, 4, 5, 10, 20}
    assert max(lengths) >= 400
    assert sum(length >= 100 for length in lengths) >= 100


def test_tensors_have_every_rank(tensors: list[list[Any]]) -> None:
    assert seen((len(entry[1]) for entry in tensors), 500) == set(range(6))


def test_tensors_are_empty_small_and_of_a_million_elements(tensors: list[list[Any]]) -> None:
    sizes = [elements(entry) for entry in tensors]
    assert sizes.count(0) >= 1000
    assert sizes.count(1) >= 1000
    for power in range(2, 20):
        assert any(1 << power <= size < 2 << power for size in sizes), power
    assert sum(size >= 1_000_000 for size in sizes) >= 10
    assert any(size > 1 << 20 for size in sizes)
    assert any(size > 1 << 13 and size & (size - 1) for size in sizes)


@pytest.mark.parametrize(("place", "known"), [(0, set(FIELDS)), (2, set(LAYOUTS)), (3, set(FILLS))])
def test_every_dtype_layout_and_fill_is_drawn_often(
    place: int, known: set[str], tensors: list[list[Any]]
) -> None:
    assert seen((entry[place] for entry in tensors), 500) == known


@pytest.mark.parametrize("dtype", sorted(FIELDS))
def test_every_dtype_meets_every_fill_layout_and_order(
    dtype: str, cases: list[Case], tensors: list[list[Any]]
) -> None:
    own = [entry for entry in tensors if entry[0] == dtype and elements(entry)]
    assert {entry[2] for entry in own} == set(LAYOUTS)
    assert {entry[3] for entry in own} == set(FILLS)
    orders = {case["ord"] for case in cases if any(entry[0] == dtype for entry in case["tensors"])}
    assert orders == set(ORDERS)


def test_every_order_is_asked_and_2_most(cases: list[Case]) -> None:
    orders = Counter(case["ord"] for case in cases)
    assert set(orders) == set(ORDERS) >= {0, 1, 2, 3, "inf", "-inf", 0.5}
    assert min(orders.values()) >= 100
    assert orders.most_common(1)[0][0] == 2


def test_empty_tensors_come_first_last_and_between(cases: list[Case]) -> None:
    places: Counter[str] = Counter()
    for case in cases:
        empty = [entry[0] not in SHARED and not elements(entry) for entry in case["tensors"]]
        if len(empty) > 2:
            places += Counter(first=empty[0], last=empty[-1], between=any(empty[1:-1]), every=all(empty))
    assert all(places[place] >= 10 for place in ("first", "last", "between")), places


def test_lists_mix_dtypes_and_share_memory(cases: list[Case]) -> None:
    mixed = [
        case for case in cases if len({entry[0] for entry in case["tensors"] if entry[0] not in SHARED}) > 1
    ]
    assert len(mixed) >= 200
    assert seen((e[0] for case in cases for e in case["tensors"] if e[0] in SHARED), 50) == set(SHARED)


def test_shared_tensors_point_back_into_their_list(cases: list[Case]) -> None:
    for case in cases:
        for place, entry in enumerate(case["tensors"]):
            assert entry[0] not in SHARED or 0 <= entry[1] < place


def test_extreme_values_meet_long_sums(tensors: list[list[Any]]) -> None:
    """Ones, whose sum stops growing in half precision, and a NaN occur in tensors that are large."""
    large = {(entry[0], entry[3]) for entry in tensors if elements(entry) > 10_000}
    for dtype in FIELDS:
        assert {fill for each, fill in large if each == dtype} >= {"ones", "gradient", "unit"}
    assert "nan" in {fill for _, fill in large}


def test_it_is_what_is_drawn_today() -> None:
    corpus.check(paths.CONTRACT)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few cases be drawn, which is quick."""
    monkeypatch.setattr(corpus, "DRAWS", (("ordinary", 5), ("long", 2)))


@pytest.mark.usefixtures("few")
def test_drawing_twice_gives_the_same_file(tmp_path: Path) -> None:
    count = corpus.write(tmp_path)
    first = (tmp_path / FILE.name).read_bytes()
    assert corpus.write(tmp_path) == count == len(read_drawn(tmp_path / FILE.name))
    assert (tmp_path / FILE.name).read_bytes() == first
    corpus.check(tmp_path)


@pytest.mark.usefixtures("few")
def test_what_else_is_imported_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis draws numbers that it finds in imported sources; it must not for the corpus."""
    before = corpus.draw()
    numbers = ", ".join(str(number) for number in range(100, 100_000, 7))
    (tmp_path / "many_numbers.py").write_text(f"NUMBERS = [{numbers}]\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        providers, "is_local_module_file", lambda path: path.endswith(("many_numbers.py", "cases.py"))
    )
    monkeypatch.setattr(providers, "_sys_modules_len", None)
    importlib.import_module("many_numbers")
    assert corpus.draw() == before


@pytest.mark.usefixtures("few")
def test_an_edited_corpus_is_noticed(tmp_path: Path) -> None:
    corpus.write(tmp_path)
    cases = read_drawn(tmp_path / FILE.name)
    (tmp_path / FILE.name).write_bytes(corpus.render(cases[:-1]))
    with pytest.raises(CompatError, match="differs from what is drawn today"):
        corpus.check(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"no corpus"])
def test_a_damaged_corpus_is_noticed(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "DRAWS", ())
    (tmp_path / FILE.name).write_bytes(content)
    with pytest.raises(CompatError, match="Draw it again"):
        corpus.check(tmp_path)


def test_a_corpus_cut_in_the_middle_is_noticed(tmp_path: Path) -> None:
    shutil.copy(FILE, tmp_path)
    whole = FILE.read_bytes()
    (tmp_path / FILE.name).write_bytes(whole[: len(whole) // 2] + b"\0" * 100)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        corpus.check(tmp_path)


def test_another_hypothesis_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hypothesis, "__version__", "6.0.0")
    with pytest.raises(ConfigurationError, match=r"pip install hypothesis==6\.141\.1"):
        corpus.draw()
