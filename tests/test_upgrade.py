"""What changes for a caller who moves: either way, within a pin, and where nothing can be told."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from compat.errors import ConfigurationError, ExitCode
from compat.report.terminal import console_for
from compat.report.upgrade_text import upgrade_json, upgrade_screen
from compat.upgrade import Upgrade, compare_releases, within_pin
from compat.verdict import judge_all
from tests.builders import INDEX, absent, content, contract, failed, ledger

BROKEN = {"positional-list": {"kind": "value", "text": "6.0"}}
SILENT = {"empty-list": {"kind": "value", "text": "()"}}
ABOUT = contract(relied_agreement=("norm",))


def moved(*wholes: dict[str, Any], old: str = "2.0.0", new: str = "2.1.0") -> Upgrade:
    return compare_releases(ABOUT, ledger(*wholes), INDEX, old, new, "cpu")


def screen(upgrade: Upgrade, **options: bool) -> str:
    stream = io.StringIO()
    console_for(stream).print(upgrade_screen(upgrade, **options))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("before", "now", "code", "broken", "changed"),
    [
        (content("2.0.0"), content("2.1.0"), ExitCode.HOLDS, [], []),
        (content("2.0.0"), content("2.1.0", questions=SILENT), ExitCode.HOLDS, [], ["empty-list"]),
        (
            content("2.0.0"),
            content("2.1.0", questions=BROKEN),
            ExitCode.CONTRADICTED,
            ["positional-list"],
            ["positional-list"],
        ),
        (content("2.0.0", questions=BROKEN), content("2.1.0"), ExitCode.HOLDS, [], ["positional-list"]),
        (content("2.0.0"), absent("2.1.0"), ExitCode.CONTRADICTED, ["present"], []),
        (absent("2.0.0"), content("2.1.0"), ExitCode.HOLDS, [], []),
        (content("2.0.0"), failed("2.1.0"), ExitCode.INCONCLUSIVE, [], []),
    ],
)
def test_what_callers_rely_on_decides(
    before: dict[str, Any], now: dict[str, Any], code: ExitCode, broken: list[str], changed: list[str]
) -> None:
    upgrade = moved(before, now)
    assert upgrade.exit_code is code
    assert [each.id for each in upgrade.broken] == broken
    assert [each.id for each in upgrade.changes] == changed


def test_the_way_back_is_the_other_way_round() -> None:
    there = moved(content("2.0.0"), content("2.1.0", questions=SILENT))
    back = moved(content("2.0.0"), content("2.1.0", questions=SILENT), old="2.1.0", new="2.0.0")
    (forward,), (backward,) = there.changes, back.changes
    assert (forward.before, forward.now) == (backward.now, backward.before)
    assert "empty-list" in [identity for identity, _ in there.mind]
    assert "empty-list" in back.gone


def test_the_function_alone_in_one_of_them_is_said() -> None:
    assert moved(absent("2.0.0"), content("2.1.0")).presence == "torch._foreach_norm is in 2.1.0 alone."
    assert "is in 2.0.0 alone" in screen(moved(content("2.0.0"), absent("2.1.0")))


def test_what_lies_unmeasured_in_between_is_named() -> None:
    upgrade = moved(content("1.12.0"), content("2.1.0"), old="1.12.0", new="2.1.0")
    assert upgrade.between
    assert set(upgrade.between) < set(INDEX)
    assert "Not measured in between" in screen(upgrade)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2.0", "2.1.0", "no release on the index, nor a record of one. There is 2"),
        ("new", "2.1.0", "'new' is no version"),
        ("2.1.0", "2.1.0", "2.1.0 is one release; name two"),
    ],
)
def test_mistakes_are_told(old: str, new: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        moved(content("2.0.0"), content("2.1.0"), old=old, new=new)


def test_of_many_changes_the_worst_dozen_are_shown() -> None:
    questions = {f"q{n}": {"kind": "value", "text": "1"} for n in range(20)}
    others = {name: {"kind": "value", "text": "2"} for name in questions}
    upgrade = moved(content("2.0.0", questions=questions), content("2.1.0", questions=others))
    assert "and 8 more changes: --all" in screen(upgrade)
    assert "--all" not in screen(upgrade, everything=True)
    assert len(json.loads(upgrade_json(upgrade))["changes"]) == 20


@pytest.mark.parametrize(
    ("pin", "ends", "unfit", "code"),
    [
        (">=2.0", ("2.0.0", "2.1.0"), [], ExitCode.HOLDS),
        (">=1.10", ("2.0.0", "2.1.0"), ["1.10.2"], ExitCode.CONTRADICTED),
    ],
)
def test_a_pin_has_two_ends_and_may_admit_what_does_not_fit(
    pin: str, ends: tuple[str, str], unfit: list[str], code: ExitCode
) -> None:
    filed = ledger(absent("1.10.2"), content("2.0.0"), content("2.1.0"))
    verdict = judge_all(ABOUT, filed, (), INDEX)
    upgrade = within_pin(ABOUT, filed, verdict, SpecifierSet(pin), f"torch{pin}", "cpu")
    assert ((upgrade.old, upgrade.new), [release for release, _ in upgrade.unfit]) == (ends, unfit)
    assert upgrade.exit_code is code
    assert f"within torch{pin}" in screen(upgrade)


def test_a_pin_on_one_release_leaves_nothing_to_compare() -> None:
    filed = ledger(content("2.0.0"))
    with pytest.raises(ConfigurationError, match="admits 1 measured release on CPU"):
        within_pin(
            ABOUT, filed, judge_all(ABOUT, filed, (), INDEX), SpecifierSet("==2.0.0"), "torch==2.0.0", "cpu"
        )
