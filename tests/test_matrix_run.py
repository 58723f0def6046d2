"""A run through rows: what is installed and measured, what is left alone, what a failure leaves behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compat import phases
from compat.commands import Finished
from compat.errors import ExitCode
from compat.freshness import Options, record_path
from compat.matrix import Row
from compat.matrix_run import QUIET_LOCK, MatrixRun, RowError
from compat.prefetch import Prefetched
from compat.probe.record import sealed
from tests.builders import DIGESTS, content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OLD, NEW, NEWEST = (Row(torch=torch, python="3.9") for torch in ("1.10.2", "1.11.0", "2.6.0"))


@dataclass
class FakePlace:
    """An environment in which nothing is real: ``install_codes`` and ``probe_code`` are what happens."""

    folder: Path
    record: Path
    install_codes: list[int] = field(default_factory=lambda: [0])
    probe_code: int = 0
    written: dict[str, object] | None = None
    asked: list[str] = field(default_factory=list)

    def install(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        self.asked.append("install " + " ".join(arguments))
        assert environment["UV_CACHE_DIR"].endswith("uv-cache")
        code = self.install_codes.pop(0)
        log.write_text("Downloading torch (2.0MiB)\n" if code == 0 else "no such wheel", encoding="utf-8")
        return code

    def python(self, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
        self.asked.append("python " + " ".join(arguments))
        assert QUIET_LOCK in environment
        if self.written:
            self.record.write_text(json.dumps(sealed(self.written)), encoding="utf-8")
        return self.probe_code


class FakePrefetcher:
    """A prefetcher that has what it is told to have, and notes what it is asked."""

    lock = Path("quiet.lock")

    def __init__(self, done: Prefetched | None) -> None:
        self.done = done
        self.started: list[Row] = []
        self.stopped = False

    def start(self, after: Row) -> None:
        self.started.append(after)

    def finish(self, _row: Row) -> Prefetched | None:
        return self.done

    def stop(self) -> None:
        self.stopped = True


class Stage:
    """A run over three rows, with nothing real in it."""

    def __init__(
        self, folder: Path, *, prefetched: bool = True, sources: tuple[str, ...] = ("index",)
    ) -> None:
        self.said: list[str] = []
        self.run = MatrixRun(
            rows=(OLD, NEW, NEWEST),
            arguments=["-t", "quick"],
            work=folder / "work",
            say=self.said.append,
            records=folder / "records",
        )
        self.run.work.mkdir()
        self.run.records.mkdir()
        done = Prefetched(row=NEW.name, seconds=7.0, paused_seconds=1.0, output="Downloading torch (9.0MiB)")
        self.prefetcher = FakePrefetcher(done if prefetched else None)
        self.run.prefetcher = self.prefetcher  # type: ignore[assignment]
        self.run.__dict__["digests"] = DIGESTS
        self.run.__dict__["sources"] = sources
        place = self.run.work / "matrix-torch-1-11-0"
        (place / "lib").mkdir(parents=True)
        self.record = record_path(NEW, self.run.records)
        self.place = FakePlace(folder=place, record=self.record, written=content("1.11.0"))

    def measure(self, **options: object) -> None:
        self.run.measure(NEW, Options(**options), self.place)  # type: ignore[arg-type]

    def keep_a_good_record(self) -> str:
        text = json.dumps(sealed(content("1.11.0")))
        self.record.write_text(text, encoding="utf-8")
        return text


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_row_is_installed_measured_and_dropped_while_the_next_is_prefetched(stage: Stage) -> None:
    stage.measure()
    install, probe = stage.place.asked
    assert install.startswith("install --exact torch==1.11.0 hypothesis==")
    assert probe == (
        f"python -m compat.probe --out {stage.record} --device cpu --profile quick --wheels index"
    )
    assert stage.prefetcher.started == [NEW]
    assert not stage.place.folder.exists()
    assert stage.said[0] == "torch-1.11.0: no record yet"
    (row,) = phases.read(stage.run.phases, stage.run.name)
    assert (row.row, row.prefetch, row.paused, row.downloaded) == ("torch-1.11.0", 7.0, 1.0, 9 * 2**20)
    assert stage.run.summary().startswith("1 row measured")


def test_keep_keeps_the_environment_and_the_wheels(stage: Stage) -> None:
    stage.run.cache.hold({"torch": "1.11.0"})
    stage.measure(keep=True, profile="full")
    assert stage.place.folder.exists()
    assert "--profile full" in stage.place.asked[-1]
    stage.run.end()
    assert stage.prefetcher.stopped
    assert stage.run.cache.held == {"torch": "1.11.0"}


def test_the_end_drops_the_wheels_of_a_run_that_installed_any(stage: Stage) -> None:
    stage.run.cache.hold({"torch": "1.11.0"})
    stage.run.end()
    assert stage.run.cache.folder.exists()
    stage.measure()
    stage.run.end()
    assert not stage.run.cache.folder.exists()


def test_a_row_that_is_up_to_date_is_left_alone(stage: Stage) -> None:
    stage.keep_a_good_record()
    stage.measure()
    assert stage.place.asked == []
    assert stage.prefetcher.started == []
    (said,) = stage.said
    assert said.startswith("torch-1.11.0: up to date, measured 2026-11-23T18:00:00Z with the quick profile.")
    assert said.endswith("-- --again")
    assert not stage.place.folder.exists()
    assert stage.run.summary() == "No row was measured in this run."


def test_an_environment_that_was_kept_stays_when_its_row_is_up_to_date(stage: Stage) -> None:
    stage.keep_a_good_record()
    (stage.place.folder / "lib" / "python3.9" / "site-packages" / "torch").mkdir(parents=True)
    stage.measure()
    assert stage.place.folder.exists()


def test_again_measures_what_is_up_to_date(stage: Stage) -> None:
    stage.keep_a_good_record()
    stage.measure(again=True)
    assert len(stage.place.asked) == 2


def test_cpu_wheels_are_tried_first_and_the_record_says_which_were_used(tmp_path: Path) -> None:
    stage = Stage(tmp_path, sources=("cpu", "index"))
    stage.place.install_codes = [2, 0]
    stage.measure()
    first, second, probe = stage.place.asked
    assert first.startswith("install --exact --torch-backend cpu torch==1.11.0")
    assert second.startswith("install --exact torch==1.11.0")
    assert probe.endswith("--wheels index")
    assert "torch-1.11.0: could not be installed, CPU wheels" in stage.said


def test_a_gpu_is_measured_with_wheels_that_can_use_it_into_a_record_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compat.matrix_run.installs.sources", lambda _place: ("cpu", "index"))
    stage = Stage(tmp_path)
    del stage.run.__dict__["sources"]
    text = stage.keep_a_good_record()
    stage.place.record = record_path(NEW, stage.run.records, "cuda")
    stage.place.written = content("1.11.0", device="cuda")
    stage.measure(device="cuda")
    install, probe = stage.place.asked
    assert install.startswith("install --exact torch==1.11.0")
    assert "torch-1.11.0-py3.9-cuda.json --device cuda --profile quick --wheels index" in probe
    assert stage.record.read_text(encoding="utf-8") == text
    stage.measure(device="cuda")
    assert len(stage.place.asked) == 2
    stage.place.record.unlink()
    stage.place.install_codes = [2]
    with pytest.raises(RowError):
        stage.measure(device="cuda")
    assert json.loads(stage.place.record.read_text(encoding="utf-8"))["device"] == "cuda"


def test_without_prefetching_room_is_made_in_the_cache_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def uv(command: Sequence[str], _environment: Mapping[str, str]) -> Finished:
        asked.append(" ".join(command[1:4]))
        return Finished(code=0, output="torch==1.11.0\n", seconds=0)

    monkeypatch.setattr("compat.matrix_run.run_quietly", uv)
    stage = Stage(tmp_path, prefetched=False)
    stage.run.cache.hold({"torch": "1.10.2"})
    stage.measure()
    assert asked == ["pip compile --quiet", "cache clean torch"]
    assert stage.run.cache.held == {"torch": "1.11.0"}
    (row,) = phases.read(stage.run.phases, stage.run.name)
    assert (row.prefetch, row.downloaded) == (0.0, 2 * 2**20)


def test_a_failed_install_leaves_a_record_with_the_end_of_the_error(stage: Stage) -> None:
    stage.place.install_codes = [2]
    with pytest.raises(
        RowError, match=r"torch-1\.11\.0 could not be installed\. uv said last:\nno such wheel"
    ):
        stage.measure()
    record = json.loads(stage.record.read_text(encoding="utf-8"))
    assert (record["status"], record["failure"]) == (
        "install-failed",
        {"phase": "install", "message": "no such wheel"},
    )
    assert (record["torch"], record["python"], record["digests"]) == ("1.11.0", "3.9", DIGESTS)
    assert record["provenance"]["wheels"] == "index"
    assert not stage.place.folder.exists()


def test_a_failed_install_does_not_destroy_a_record_that_is_still_good(stage: Stage) -> None:
    text = stage.keep_a_good_record()
    stage.place.install_codes = [2]
    with pytest.raises(RowError):
        stage.measure(again=True)
    assert stage.record.read_text(encoding="utf-8") == text
    assert "torch-1.11.0: the record of before is still good and stays" in stage.said


def test_a_probe_that_dies_without_a_word_leaves_a_record_that_says_so(stage: Stage) -> None:
    stage.place.probe_code, stage.place.written = -9, None
    with pytest.raises(RowError, match="ended with exit code -9 before it wrote its record"):
        stage.measure()
    assert json.loads(stage.record.read_text(encoding="utf-8"))["status"] == "died"


def test_a_probe_that_could_not_import_fails_the_row_with_its_reason(stage: Stage) -> None:
    stage.place.probe_code = ExitCode.INCONCLUSIVE
    stage.place.written = content(
        "1.11.0", status="import-failed", failure={"phase": "import", "message": "no pkg_resources"}
    )
    with pytest.raises(RowError, match=r"torch-1\.11\.0: import-failed: no pkg_resources"):
        stage.measure()


def test_the_row_that_follows_is_the_next_selected_one_that_is_not_up_to_date(stage: Stage) -> None:
    listed = json.dumps([{"session": f"matrix({row.name})"} for row in (OLD, NEW, NEWEST)])
    asked = 0

    def nox(_command: Sequence[str]) -> Finished:
        nonlocal asked
        asked += 1
        return Finished(code=0, output=listed, seconds=0)

    assert stage.run.following(OLD, nox) is NEW
    stage.keep_a_good_record()
    assert stage.run.following(OLD, nox) is NEWEST
    assert stage.run.following(NEWEST, nox) is None
    assert asked == 1


def test_a_row_behind_the_first_is_told_with_its_place_and_what_is_left(stage: Stage) -> None:
    stage.measure()
    assert not any("row " in line for line in stage.said)
    stage.run._selected = (OLD, NEW, NEWEST)
    done = phases.read(stage.run.phases)[0]
    phases.append(replace(done, run=stage.run.name, row=OLD.name, install=40.0, probe=80.0), stage.run.phases)
    stage.said.clear()
    stage.place.install_codes.append(0)
    stage.measure(again=True)
    assert "(row 3 of 4, about " in stage.said[0]
    assert stage.said[0].endswith(" left)")
