"""The judge's own check: each damage is noticed on each device, and a check that finds nothing can fail."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat.errors import ExitCode
from compat.judge_check import sample
from compat.judge_check.checking import DAMAGED, DAMAGES, REFUSED, check_judge, judged
from compat.judge_check.damage import Content, Damage, changed, with_keys
from compat.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = (DAMAGED, (sample.NEWEST, "3.9", "cuda"))

CASES = [(damage, row) for damage in DAMAGES for row in ROWS if damage.only_on in (None, row[2])]

HARMLESS = Damage(name="harmless", family="", do=lambda _: None, says="nothing else seen")


@pytest.mark.parametrize(
    ("damage", "row"), CASES, ids=[f"{damage.family}: {damage.name} ({row[2]})" for damage, row in CASES]
)
def test_damage_never_passes_for_good_news(damage: Damage, row: tuple[str, str, str]) -> None:
    found = judged(damage, row)
    assert found.good, found.line


@pytest.mark.parametrize("row", sample.ROWS[1:], ids="-".join)
def test_the_undamaged_records_hold_the_contract(row: tuple[str, str, str]) -> None:
    found = judged(None, row)
    assert (found.good, found.code, found.status) == (True, ExitCode.HOLDS, Status.COMPATIBLE)


def test_there_are_many_kinds_and_each_has_a_name_of_its_own() -> None:
    names = Counter((each.family, each.name) for each in DAMAGES)
    assert len(names) == len(DAMAGES) >= 100
    assert len({each.family for each in DAMAGES}) >= 6


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (HARMLESS, "nothing else seen"),
        (replace(HARMLESS, is_caveat=True), "nothing else seen"),
        # Noticed, but not by the name of the thing.
        (replace(HARMLESS, do=Path.unlink, says="a canary"), "nothing says 'a canary'"),
        # A caveat does where it is one, and nowhere else.
        (
            replace(HARMLESS, do=with_keys(left=[{"level": "effects", "key": "q", "what": "x"}]), says="q"),
            "state: q changed x",
        ),
    ],
)
def test_what_the_judge_does_not_notice_is_told(damage: Damage, why: str) -> None:
    found = judged(damage)
    assert not found.good
    assert why in found.why
    assert " NO " in found.line


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each value of a record; of times, which are many, those of the first call."""
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if not {"pairs", "triples"} & set(at) or key in (0, 1):
            yield from places(each, (*at, key))


@pytest.mark.parametrize("value", [None, 1e300, "zzz", []], ids=repr)
def test_no_value_in_no_place_breaks_the_judge(value: object) -> None:
    for at in places(sample.record(*DAMAGED)):

        def change(content: Content, at: tuple[Any, ...] = at) -> None:
            for key in at[:-1]:
                content = content[key]
            content[at[-1]] = value

        found = judged(replace(HARMLESS, do=changed(change)))
        assert found.code in (ExitCode.HOLDS, ExitCode.CONTRADICTED, ExitCode.INCONCLUSIVE, ExitCode.USAGE)


def test_what_the_judge_refuses_to_read_is_told_without_the_folder() -> None:
    found = judged(replace(HARMLESS, do=changed(lambda content: content.pop("status")), says="status"))
    assert (found.good, found.code, found.status) == (True, ExitCode.USAGE, REFUSED)
    assert found.why.startswith("torch-1.12.1-py3.9-cpu.json: status")


def test_records_that_do_not_hold_the_contract_can_check_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "records", dict)
    first = next(check_judge())
    assert (first.name, first.good, first.code) == ("undamaged", False, ExitCode.INCONCLUSIVE)
