"""A plan as GitLab's child pipeline: a job for each row, nothing but its own command in it, and a report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.ci import gitlab, planning
from compat.cli import main
from tests.ci.test_planning import LISTED

if TYPE_CHECKING:
    from pathlib import Path


def pipeline(**options: Any) -> dict[str, Any]:
    return dict(json.loads(gitlab.pipeline(planning.plan(LISTED, **options), "full")))


def test_every_row_has_a_job_that_keeps_its_record() -> None:
    found = pipeline(tag="quick", cuda="quick")
    assert list(found) == ["image", "stages", "torch-2.10.0 on cpu", "torch-2.10.0 on cuda", "report"]
    cpu, cuda = found["torch-2.10.0 on cpu"], found["torch-2.10.0 on cuda"]
    assert cpu["script"] == [
        "python bootstrap.py -s 'matrix(torch-2.10.0)' -- --again --device cpu --profile full"
    ]
    assert cpu["artifacts"]["paths"] == ["reports/records/torch-2.10.0-py3.11-cpu.json"]
    assert ("tags" in cpu, cuda["tags"]) == (False, ["cuda"])
    assert all("timeout" in job for job in (cpu, cuda, found["report"]))


def test_the_command_writes_it(tmp_path: Path) -> None:
    listed, out = tmp_path / "listed.json", tmp_path / "measure.yml"
    listed.write_text(LISTED, encoding="utf-8")
    assert main(["ci", "plan", str(listed), "--gitlab", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["report"]["when"] == "always"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--profile", "soak"], "--profile soak: there is quick and full."),
        (["--gitlab", "nowhere/measure.yml"], "nowhere/measure.yml: cannot be written"),
    ],
)
def test_mistakes_are_told(
    options: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "listed.json").write_text(LISTED, encoding="utf-8")
    assert main(["ci", "plan", "listed.json", *options]) == 2
    assert says in capsys.readouterr().err
