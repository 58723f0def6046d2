"""Must a row be measured? And what may stand behind ``--``?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.errors import ConfigurationError
from compat.freshness import Options, read_options, record_path, why_measure
from compat.matrix import Row
from compat.probe.record import sealed
from tests.builders import DIGESTS, content

if TYPE_CHECKING:
    from pathlib import Path

ROW = Row(torch="2.6.0", python="3.9")
SOAK = Options(profile="soak", seconds=600.0)


def explored(seconds: float) -> dict[str, Any]:
    return {"seed": 1, "examples": 9, "failures": [], "passed": True, "seconds": seconds}


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], Options()),
        (["--again"], Options(again=True)),
        (["--keep", "--profile", "full"], Options(keep=True, profile="full")),
        (["--profile=quick"], Options(profile="quick")),
        (["--device", "cuda"], Options(device="cuda")),
        (["--profile", "soak", "--seconds", "600"], Options(profile="soak", seconds=600.0)),
    ],
)
def test_options_are_read(arguments: list[str], options: Options) -> None:
    assert read_options(arguments) == options


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--agian"], "unrecognized arguments: --agian"),
        (["--aga"], "unrecognized arguments: --aga"),
        (["torch"], "unrecognized arguments: torch"),
        (["--profile", "slow"], "invalid choice: 'slow'"),
        (["--device", "mps"], "invalid choice: 'mps'"),
        (["--profile", "soak"], "--profile soak needs --seconds N"),
        (["--profile", "soak", "--seconds", "0"], "--seconds must be above 0"),
        (["--profile", "soak", "--seconds", "long"], "invalid float value: 'long'"),
        (["--profile", "quick", "--seconds", "9"], "--seconds goes with --profile soak"),
        (["--seconds", "9"], "--seconds goes with --profile soak"),
    ],
)
def test_what_is_not_understood_is_named_with_what_would_be(arguments: list[str], says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_options(arguments)
    assert says in str(caught.value)
    understood = "[--again] [--keep] [--device cpu|cuda] [--profile quick|full | --profile soak --seconds N]"
    assert understood in str(caught.value)


def test_the_probe_is_told_the_profile_and_the_seconds_of_a_soak() -> None:
    assert Options().measures == ("--device", "cpu", "--profile", "quick")
    assert Options(device="cuda", profile="full").measures == ("--device", "cuda", "--profile", "full")
    soak = ("--device", "cpu", "--profile", "soak", "--seconds", "3600")
    assert Options(profile="soak", seconds=3600.0).measures == soak


def test_a_row_without_a_record_is_measured(tmp_path: Path) -> None:
    assert why_measure(ROW, tmp_path, DIGESTS, Options()) == "no record yet"


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        pytest.param({}, Options(), None, id="up to date"),
        pytest.param({}, Options(again=True), "again, as asked", id="as asked"),
        pytest.param({}, Options(profile="quick"), None, id="the same profile"),
        pytest.param({}, Options(profile="full"), "with the quick profile", id="a deeper profile"),
        pytest.param({"profile": "full"}, Options(profile="quick"), None, id="a shallower profile"),
        pytest.param({"profile": "soak"}, Options(profile="full"), None, id="soaked, which is deeper"),
        pytest.param({"profile": "full"}, SOAK, "with the full profile", id="soaking is deeper still"),
        pytest.param({"profile": "soak", "exploration": explored(600.0)}, SOAK, None, id="soaked as long"),
        pytest.param(
            {"profile": "soak", "exploration": explored(60.0)}, SOAK, "explored for 60 s", id="less"
        ),
        pytest.param(
            {"status": "install-failed", "failure": {"phase": "install", "message": "no network"}},
            Options(),
            "install-failed: no network",
            id="failed the last time",
        ),
        pytest.param({"digests": {**DIGESTS, "probe": "sha256:x"}}, Options(), "probe was x", id="stale"),
        pytest.param({"python": "3.11"}, Options(), "unreadable", id="another Python"),
        pytest.param({}, Options(device="cuda"), "no record yet", id="another device"),
    ],
)
def test_a_record_answers_only_for_what_is_asked_today(
    tmp_path: Path, changes: dict[str, Any], options: Options, says: str | None
) -> None:
    record_path(ROW, tmp_path).write_text(json.dumps(sealed(content("2.6.0", **changes))), encoding="utf-8")
    why = why_measure(ROW, tmp_path, DIGESTS, options)
    assert why is None if says is None else says in (why or "")
