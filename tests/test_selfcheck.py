"""The self-check: what counts as caught, what as clean, and which level is named; no torch takes part."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from compat.errors import ConfigurationError
from compat.probe.faults import FAULTS, HARMLESS
from compat.probe.record import sealed
from compat.selfcheck import CLEAN, Check, check_faults, chosen, judge_record, probe_with
from compat.statuses import Status
from tests.builders import DIGESTS, content, contract, question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ABOUT = contract(
    [
        question("positional-list", relied=True, expect="5.0"),
        question("empty-list", level="special values", expect="error"),
    ],
    relied_agreement=("norm",),
)
FAULT = "order-ignored"

OTHER = {"questions": {"positional-list": {"kind": "value", "text": "6.0"}}}
SILENT = {"questions": {"empty-list": {"kind": "value", "text": "()"}}}
LEFT = {"left": [{"level": "effects", "key": "q", "what": "threads: 1 -> 2"}]}


class Runs:
    """Hands out a record's content by fault, in place of a probe."""

    def __init__(self, folder: Path, wholes: Mapping[str | None, dict[str, Any] | None]) -> None:
        self._folder, self._wholes = folder, wholes
        self.asked: list[str | None] = []

    def __call__(self, fault: str | None) -> Path | None:
        whole = self._wholes.get(fault, content("2.0.0"))
        self.asked.append(fault)
        if whole is None:
            return None
        path = self._folder / f"{len(self.asked)}.json"
        path.write_text(json.dumps(sealed({**whole, "planted": fault})), encoding="utf-8")
        return path


def run(folder: Path, *, clean: int = 0, **changes: Any) -> list[Check]:
    """Check one fault whose record has these changes."""
    runs = Runs(folder, {FAULT: content("2.0.0", **changes)})
    return checked(runs, clean=clean)


def checked(runs: Runs, *, clean: int = 0) -> list[Check]:
    judge = partial(judge_record, ABOUT, DIGESTS)
    return list(check_faults([FAULT], clean=clean, jobs=1, probe=runs, judge=judge))


@pytest.mark.parametrize(
    ("changes", "status", "levels"),
    [
        (OTHER, Status.INCOMPATIBLE, ("call shapes",)),
        (SILENT, Status.CAVEAT, ("special values",)),
        ({"agreement": {"codes": {"norm": "=X=E"}}}, Status.INCOMPATIBLE, ("agreement",)),
        ({"agreement": {"codes": {"norm": "=~=E"}}}, Status.CAVEAT, ("agreement",)),
        (
            {"exploration": {"seed": 1, "failures": [{"case": {}, "codes": {"norm": "X"}, "message": ""}]}},
            Status.INCOMPATIBLE,
            ("exploration",),
        ),
        (
            {
                "accuracy": [
                    {"dtype": "float32", "elements": 9, "relative_error": 1.0, "codes": {"norm": "X"}}
                ]
            },
            Status.INCOMPATIBLE,
            ("accuracy",),
        ),
        (
            {"accuracy": [{"dtype": "float32", "elements": 9, "relative_error": 1.0, "bound_share": 7.0}]},
            Status.CAVEAT,
            ("accuracy",),
        ),
        (
            {"cost": {"timings": [{"workload": "w", "against": "norm", "pairs": [[9.0, 1.0]] * 9}]}},
            Status.CAVEAT,
            ("cost",),
        ),
        (LEFT, Status.CAVEAT, ("effects",)),
        (
            {"given_up": [{"level": "effects", "behind": "q", "why": "2 of its steps hung"}]},
            Status.NOT_MEASURED,
            ("isolation",),
        ),
        ({"canaries": {"planted: x": False}}, Status.NOT_MEASURED, ("canaries",)),
        ({"digests": {"probe": "sha256:0"}}, Status.NOT_MEASURED, ("isolation",)),
    ],
)
def test_a_fault_is_caught_by_what_its_record_is_judged(
    changes: dict[str, Any], status: Status, levels: tuple[str, ...], tmp_path: Path
) -> None:
    (check,) = run(tmp_path, **changes)
    assert (check.good, check.judgement.status, check.levels) == (True, status, levels)
    assert "yes" in check.line


def test_a_fault_that_changes_nothing_has_slipped_through(tmp_path: Path) -> None:
    (check,) = run(tmp_path)
    assert (check.good, check.judgement.status, check.levels) == (False, Status.COMPATIBLE, ())
    assert "NO" in check.line


def test_that_it_was_planted_does_not_count_as_caught(tmp_path: Path) -> None:
    (check,) = run(tmp_path)
    assert "planted" not in check.judgement.why


def test_a_probe_without_a_record_is_a_finding(tmp_path: Path) -> None:
    (check,) = checked(Runs(tmp_path, {FAULT: None}))
    assert (check.good, check.judgement.status, check.levels) == (True, Status.NOT_MEASURED, ("isolation",))


def test_a_finding_that_the_function_has_anyway_catches_no_fault(tmp_path: Path) -> None:
    known = content("2.0.0", **SILENT)
    (check,) = checked(Runs(tmp_path, dict.fromkeys((None, HARMLESS, FAULT), known)))
    assert not check.good


def test_a_finding_that_is_gone_catches_no_fault(tmp_path: Path) -> None:
    known = content("2.0.0", **SILENT)
    (check,) = checked(Runs(tmp_path, dict.fromkeys((None, HARMLESS), known)))
    assert not check.good


def test_a_wrapper_that_is_seen_itself_stops_the_check(tmp_path: Path) -> None:
    runs = Runs(tmp_path, {HARMLESS: content("2.0.0", **SILENT)})
    with pytest.raises(ConfigurationError, match="planting itself is seen"):
        checked(runs)


def test_the_unmodified_function_must_be_judged_alike_each_time(tmp_path: Path) -> None:
    found = run(tmp_path, clean=3, **OTHER)
    assert [each.name for each in found] == [FAULT, CLEAN, CLEAN, CLEAN]
    assert all(each.good for each in found)


def test_an_unmodified_function_that_is_judged_otherwise_is_told(tmp_path: Path) -> None:
    class Moody(Runs):
        def __call__(self, fault: str | None) -> Path | None:
            self._wholes = {None: content("2.0.0", **SILENT)} if len(self.asked) == 3 else {FAULT: None}
            return super().__call__(fault)

    found = checked(Moody(tmp_path, {}), clean=2)
    assert [each.good for each in found] == [True, False, True]


def test_chosen() -> None:
    assert chosen([]) == list(FAULTS)
    assert chosen([FAULT]) == [FAULT]
    with pytest.raises(ConfigurationError, match="no-such: no such fault"):
        chosen([FAULT, "no-such"])


def test_an_interpreter_that_writes_no_record_gives_none(tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    silent.chmod(0o755)
    assert probe_with(silent, tmp_path)(None) is None


def test_exploring_is_cut_short_beside_a_fault_alone(tmp_path: Path) -> None:
    told, python = tmp_path / "told", tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {told}\n', encoding="utf-8")
    python.chmod(0o755)
    measure = probe_with(python, tmp_path, exploring=5)
    measure("hangs")
    measure(None)
    planted, unmodified = told.read_text(encoding="utf-8").splitlines()
    assert planted.endswith("--plant hangs --seconds 5")
    assert "--seconds" not in unmodified
