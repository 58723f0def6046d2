"""Tonight's torch: what is installed, where its record lies, and what is said when there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from compat.errors import CompatError, ExitCode
from compat.nightly import INDEX_VARIABLE, Nightly
from compat.probe.record import sealed
from tests.builders import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TONIGHT = "2.16.0.dev20261126"
INDEX = "https://wheels.example/nightly"


@dataclass
class FakePlace:
    """An environment in which a torch of some version can be had, or not."""

    folder: Path
    version: str | None = TONIGHT
    install_code: int = 0
    asked: list[str] = field(default_factory=list)

    def install(self, arguments: Sequence[str], _environment: Mapping[str, str], log: Path) -> int:
        self.asked.append(" ".join(arguments))
        log.write_text("no such wheel", encoding="utf-8")
        return self.install_code

    def python(self, arguments: Sequence[str], _environment: Mapping[str, str]) -> int:
        self.asked.append(" ".join(arguments))
        if self.version is None:
            return -11
        out = arguments[arguments.index("--out") + 1]
        with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123 - as the probe does, by a text
            json.dump(sealed(content(self.version, python="3.11")), file)
        return 0


@pytest.fixture
def accepted(tmp_path: Path) -> Path:
    folder = tmp_path / "accepted"
    folder.mkdir()
    for torch in ("2.14.1", "2.15.0"):
        record = json.dumps(sealed(content(torch, python="3.11")))
        (folder / f"torch-{torch}-py3.11-cpu.json").write_text(record, encoding="utf-8")
    (folder / "notes.json").write_text("{}", encoding="utf-8")
    return folder


def measure(place: FakePlace, accepted: Path, index: str | None = INDEX) -> str:
    night = Nightly(folder=place.folder / "nightly")
    return night.measure(place, index, accepted=accepted, pins=["hypothesis==1"], environment={})


def test_tonights_record_lies_beside_copies_of_the_accepted_ones(tmp_path: Path, accepted: Path) -> None:
    place = FakePlace(tmp_path)
    (tmp_path / "nightly" / "records").mkdir(parents=True)
    (tmp_path / "nightly" / "records" / "torch-2.16.0.dev1-py3.11-cpu.json").touch()
    before = sorted(path.name for path in accepted.iterdir())
    assert measure(place, accepted) == TONIGHT
    assert place.asked[0] == f"--index {INDEX} torch hypothesis==1 numpy"
    assert sorted(path.name for path in (tmp_path / "nightly" / "records").iterdir()) == [
        "torch-2.14.1-py3.11-cpu.json",
        "torch-2.15.0-py3.11-cpu.json",
        f"torch-{TONIGHT}-py3.11-cpu.json",
    ]
    assert sorted(path.name for path in accepted.iterdir()) == before


@pytest.mark.parametrize(
    ("changes", "index", "code", "says"),
    [
        ({}, None, ExitCode.USAGE, f"{INDEX_VARIABLE} names no index"),
        ({}, "", ExitCode.USAGE, f"{INDEX_VARIABLE} names no index"),
        ({"install_code": 1}, INDEX, ExitCode.INCONCLUSIVE, "uv said last:\nno such wheel"),
        ({"version": None}, INDEX, ExitCode.INCONCLUSIVE, "exit code -11 before it wrote its record"),
        ({"version": "2.15.0"}, INDEX, ExitCode.INCONCLUSIVE, "torch 2.15.0, which is released"),
    ],
)
def test_a_night_without_a_measurement_says_why(
    tmp_path: Path, accepted: Path, changes: dict[str, object], index: str | None, code: ExitCode, says: str
) -> None:
    with pytest.raises(CompatError) as caught:
        measure(FakePlace(tmp_path, **changes), accepted, index)  # type: ignore[arg-type]
    assert says in str(caught.value)
    assert caught.value.exit_code == code
