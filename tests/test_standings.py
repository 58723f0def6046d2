"""From raw seconds to ratios: paired by round, with an interval, and void where the control is off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.contract import Contestant
from compat.errors import ConfigurationError
from compat.probe.record import sealed
from compat.report.memory_view import memory_rows
from compat.report.numbers import byte_count, seconds
from compat.report.race_view import races
from compat.speed_records import SpeedLedger, read_speed
from compat.standings import by_length, grown, instead, shares, standings
from tests.builders import contract
from tests.raced import NAME, ROUNDS, cell, record, timed, whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_drift_of_the_machine_is_in_no_ratio() -> None:
    found = {each.against: each for each in standings(record())}
    assert set(found) == {"norm", "public", "itself"}
    norm = found["norm"]
    assert (norm.ratio, norm.low, norm.high) == pytest.approx((2.5, 2.5, 2.5))
    assert (norm.samples, norm.first, norm.why) == (ROUNDS, "foreach_norm", None)
    assert found["public"].ratio == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("control", "why"),
    [
        ({"itself": 1.01}, None),
        ({"itself": 1.05}, "its control is off: the first against itself took 1.05 times as long"),
        ({"itself": 0.9}, "its control is off"),
        ({}, "its control has too few samples"),
    ],
)
def test_a_control_that_is_off_makes_its_cell_unusable(control: dict[str, float], why: str | None) -> None:
    made = record(cells=[cell(ratios={"foreach_norm": 1.0, "norm": 2.0, **control})])
    norm = next(each for each in standings(made) if each.against == "norm")
    assert norm.why is None if why is None else why in (norm.why or "")
    (row,) = races(SpeedLedger(records=(made,)), contract()).tables[0].rows
    assert row.usable == (why is None)


@pytest.mark.parametrize(
    ("error", "first", "accurate"),
    [
        (1e-3, 1e-3, True),
        (2.1e-3, 1e-3, False),
        (5e-8, 0.0, True),
        ("inf", 1e-3, False),
        ("nan", "nan", True),
        (None, 1e-3, False),
    ],
)
def test_who_is_less_accurate_is_no_better(error: Any, first: Any, accurate: bool) -> None:  # noqa: FBT001
    made = cell()
    made["contestants"][0]["error"], made["contestants"][2]["error"] = first, error
    found = record(cells=[made])
    public = next(each for each in standings(found) if each.against == "public")
    assert public.accurate == accurate
    (table,) = races(SpeedLedger(records=(found,)), contract()).tables
    assert ("in 1 of 1 cell" in table.seen) == accurate
    assert (table.rows[0].cells[1][0] == "0.900") == accurate


def test_memory_is_told_where_it_is_most_for_the_gradients_size() -> None:
    small, large = cell(bytes=100), cell(bytes=10_000, model="large")
    small["contestants"][1]["peak"], large["contestants"][1]["peak"] = 200, 3000
    found = {each.way: each for each in memory_rows(record(cells=[small, large]), "norms")}
    assert set(found) == {"foreach_norm", "norm", "public"}
    norm = found["norm"]
    assert (norm.most, norm.share, norm.where) == ("200 B", "200.0 %", "gpt2, float32")


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (4_200_000, "4.2 MB"), (5e9, "5 GB")]
)
def test_memory_has_units(number: int, told: str) -> None:
    assert byte_count(int(number)) == told


def test_shares_are_of_the_step_alone() -> None:
    found = {each.way: each for each in shares(record())}
    assert found["monitor"].share == pytest.approx(0.02)
    assert found["ticket"].share == pytest.approx(0.5)
    assert found["ticket"].lacks == "counts"
    assert found["monitor"].why is None
    off = record(
        training={"tensors": 1, "lacks": {}, "timed": timed(nothing=1.0, nothing_again=1.2, monitor=1.3)}
    )
    assert all(each.why for each in shares(off))


@pytest.mark.parametrize(
    ("ways", "nothing_again", "share"),
    [
        (("monitor", "ticket"), 1.0, 0.48),
        (("ticket", "monitor"), 1.0, -0.48),
        (("monitor", "ticket"), 1.1, None),
    ],
)
def test_what_one_way_adds_beyond_another(
    ways: tuple[str, str], nothing_again: float, share: float | None
) -> None:
    step = timed(nothing=1.0, nothing_again=nothing_again, monitor=1.02, ticket=1.5)
    found = instead(record(training={"tensors": 26, "lacks": {}, "timed": step}), *ways)
    assert found is not None
    assert found.share == (None if share is None else pytest.approx(share))
    assert (found.record, found.samples) == (f"speed/{NAME}", ROUNDS)


def test_a_way_that_was_not_timed_adds_nothing_known() -> None:
    assert instead(record(), "monitor", "another") is None


@pytest.mark.parametrize(("device", "counted"), [("cpu", "operators"), ("cuda", "launches")])
def test_growth_is_fitted_to_what_the_device_counts(device: str, counted: str) -> None:
    other = {"operators": 99, "launches": 99}
    made = record(
        device=device,
        by_length=[
            {"length": n, "told": {"foreach_norm": {**other, counted: 1 + 2 * n}}, "timed": []}
            for n in (1, 10, 100)
        ],
        by_size=[{"elements": n, "told": {"foreach_norm": {**other, counted: 21}}} for n in (1, 32, 1024)],
    )
    (found,) = grown(made)
    assert found.way == "foreach_norm"
    assert found.by_length.text == "1 + 2 n operators for n tensors"
    assert found.by_size is not None
    assert found.by_size.kind == "constant"
    assert list(grown(record())) == []  # two lengths tell no shape


def test_lengths_have_their_ratios() -> None:
    found = {(length, name): each.median for length, name, each, _ in by_length(record())}
    assert found == {(1, "norm"): pytest.approx(2.5), (10, "norm"): pytest.approx(11.5)}


def test_equal_counts_of_the_advice_are_in_the_order_of_their_names() -> None:
    names = ["fast", "able", "dear", "even", "calm", "bold"]
    about = contract(
        contestants=tuple(Contestant(id=each, answer="norms", call="f()", public=True) for each in names)
    )
    ratios = {"foreach_norm": 1.0, **dict.fromkeys(names, 0.9), "itself": 1.0}
    (line,) = races(SpeedLedger(records=(record(cells=[cell(ratios=ratios)]),)), about).advice
    assert line.endswith("in 1 of 1 cell: able (1), bold (1), calm (1), dear (1), even (1), fast (1).")


def test_what_is_seen_is_said() -> None:
    made = record(
        cells=[
            cell(),
            cell("health", ratios={"monitor": 1.0, "other": 0.5, "itself": 1.0}, lacks={"other": "counts"}),
        ],
        skipped=[{"model": "llama-1b", "why": "needs 25 GB"}],
    )
    found = races(SpeedLedger(records=(made,), unusable=(("old.json", "stale"),)), contract())
    norms, health = found.tables
    assert norms.seen == (
        "foreach_norm is beaten by another as accurate with the whole answer in 1 of 1 cell; "
        "at most by public, in 0.900 of its time (gpt2, float32)."
    )
    assert health.seen == "monitor is beaten by another as accurate with the whole answer in 0 of 1 cell."
    assert norms.rows[0].first == "1.5 ms"
    assert found.lengths[0].rows[0][:2] == ("1", "3")
    assert ("llama-1b, 2.15.0 on CPU", "needs 25 GB") in found.left_out
    assert [plot.heading for plot in norms.plots] == ["norm", "public"]
    assert norms.plots[0].seen == (
        "From 2.50 (gpt2, float32) to 2.50 times the time (gpt2, float32); wholly above 1 in 1, wholly below "
        "in 0 of 1 cell."
    )
    assert health.plots == ()  # what gives less is not drawn
    assert found.training[0].plot.marks[-1].middle == pytest.approx(50)
    assert found.lengths[0].plots[0].seen == "2.50 times the time for 1 tensor, 11.5 times for 10."
    assert ("old.json", "stale") in found.left_out


@pytest.mark.parametrize(
    ("value", "told"), [(1.234e-6, "1.23 µs"), (0.0005, "500 µs"), (0.0123, "12.3 ms"), (2.0, "2 s")]
)
def test_times_have_units(value: float, told: str) -> None:
    assert seconds(value) == told


def write(folder: Path, content: dict[str, Any], name: str = NAME) -> None:
    (folder / name).write_text(json.dumps(sealed(content)), encoding="utf-8")


def test_speed_records_count_while_nothing_has_changed(tmp_path: Path) -> None:
    assert read_speed(tmp_path / "none", "today", "torch._foreach_norm") == SpeedLedger()
    write(tmp_path, whole())
    write(tmp_path, whole(torch="2.6.0", digest="yesterday"), NAME.replace("2.15.0", "2.6.0"))
    write(tmp_path, whole(torch="2.7.0", api="torch._foreach_abs"), NAME.replace("2.15.0", "2.7.0"))
    found = read_speed(tmp_path, "today", "torch._foreach_norm")
    assert [each.torch for each in found.records] == ["2.15.0"]
    assert dict(found.unusable) == {
        NAME.replace("2.15.0", "2.6.0"): "stale: what is timed, or how, has changed since",
        NAME.replace("2.15.0", "2.7.0"): "it timed torch._foreach_abs",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not a whole JSON file"),
        ("[" * 100_000, "not a whole JSON file"),
        ("[]", "not format 1 of a speed record"),
        (json.dumps({**whole(), "format": 2}), "not format 1"),
        (json.dumps(whole()), "does not fit its seal"),
        (json.dumps({**sealed(whole()), "torch": "2.14.0"}), "does not fit its seal"),
        (
            json.dumps(sealed(whole(cells=[cell(tensors="x")]))),
            "cells.0.tensors: Input should be a valid integer",
        ),
        (json.dumps(sealed(whole(torch="2.14.0"))), "its content says torch-2.14.0-py3.11-cpu.json"),
    ],
)
def test_what_is_no_speed_record_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_speed(tmp_path, "today", "torch._foreach_norm")
    assert f"speed/{NAME}: " in str(caught.value)
    assert says in str(caught.value)
