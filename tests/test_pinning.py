"""What to pin: from where on nothing is broken, and from where on nothing else is to be minded."""

from __future__ import annotations

from typing import Any

import pytest

from compat.pinning import pins
from compat.verdict import judge_all
from tests.builders import INDEX, absent, content, contract, failed, ledger

BROKEN = {"positional-list": {"kind": "value", "text": "6.0"}}
SILENT = {"empty-list": {"kind": "value", "text": "()"}}
ABOUT = contract()


@pytest.mark.parametrize(
    ("wholes", "pin"),
    [
        ([content("2.0.0"), content("2.1.0")], ("2.0.0", "2.1.0", 2, None, ())),
        ([absent("1.10.2"), content("1.11.0"), content("2.0.0")], ("1.11.0", "2.0.0", 2, None, ())),
        (
            [content("1.11.0"), content("2.0.0", questions=BROKEN), content("2.1.0")],
            ("2.1.0", "2.1.0", 1, None, ()),
        ),
        (
            [content("1.11.0", questions=SILENT), content("2.0.0"), content("2.1.0")],
            ("1.11.0", "2.1.0", 3, "2.0.0", ()),
        ),
        (
            [content("1.11.0", questions=SILENT), content("2.0.0"), content("2.1.0", questions=SILENT)],
            ("1.11.0", "2.1.0", 3, None, ("empty-list",)),
        ),
        ([content("2.0.0"), content("2.1.0", questions=BROKEN)], None),
        ([content("2.0.0"), absent("2.1.0")], None),
        ([content("1.11.0"), failed("2.0.0"), content("2.1.0")], ("1.11.0", "2.1.0", 2, None, ())),
        ([failed("2.0.0")], None),
        ([], None),
    ],
)
def test_a_pin_for_the_host(wholes: list[dict[str, Any]], pin: tuple[Any, ...] | None) -> None:
    filed = ledger(*wholes)
    found = pins(ABOUT, filed, judge_all(ABOUT, filed, (), INDEX).releases)
    told = [(each.release, each.newest, each.measured, each.calm, each.left) for each in found]
    assert told == ([] if pin is None else [pin])


def test_each_device_has_its_own() -> None:
    filed = ledger(content("2.0.0"), content("2.1.0", device="cuda"))
    found = pins(ABOUT, filed, judge_all(ABOUT, filed, (), INDEX).releases)
    assert [(each.device, each.release) for each in found] == [("cpu", "2.0.0"), ("cuda", "2.1.0")]
