"""What a service runs: commands of ours alone, with no right that a job does not need."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from bootstrap import is_main_job
from compat import paths
from compat.ci.planning import Job
from compat.cli.application import app
from compat.freshness import read_options
from tests.ci.workflows import ACTIONS, NAMES, WORKFLOWS, jobs, lines, load, steps

if TYPE_CHECKING:
    from pathlib import Path

FILES = [*WORKFLOWS, *ACTIONS]
IDS = [*NAMES, *(path.parent.name for path in ACTIONS)]
COMPAT, BOOTSTRAP, CHECK = ".venv/bin/compat ", "python bootstrap.py ", ".ci/run"
each_file = pytest.mark.parametrize("path", FILES, ids=IDS)
each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)

MAY_WRITE = {
    ("watch", "act"): {"contents", "issues", "pull-requests"},
    # to the pages alone; the second calls the first
    ("pages", "deploy"): {"pages", "id-token"},
    ("measure", "pages"): {"pages", "id-token"},
}


def test_there_is_a_workflow_for_all_that_is_promised() -> None:
    assert NAMES == ["matrix", "measure", "nightly", "pages", "tests", "watch"]


@each_workflow
def test_only_one_job_may_write_to_the_repository(path: Path) -> None:
    assert load(path)["permissions"] == {}
    for name, job in jobs(path).items():
        written = {right for right, level in job["permissions"].items() if level != "read"}
        assert written == MAY_WRITE.get((path.stem, name), set()), name


def test_the_job_that_writes_reads_what_was_judged_and_its_token_is_seen_by_one_step() -> None:
    act = jobs(paths.ROOT / ".github" / "workflows" / "watch.yml")["act"]
    fetched = [each["with"]["name"] for each in act["steps"] if "download-artifact" in each.get("uses", "")]
    assert fetched == ["judged"]
    with_token = [each for each in act["steps"] if "token" in str(each.get("env", ""))]
    assert [each["run"] for each in with_token] == [".venv/bin/compat ci watch act judged"]


@each_workflow
def test_every_job_has_a_time_limit(path: Path) -> None:
    for name, job in jobs(path).items():
        assert "uses" in job or 0 < job["timeout-minutes"] <= 90, name


@each_file
def test_every_action_is_pinned_by_its_hash_or_is_ours(path: Path) -> None:
    uses = [step["uses"] for step in steps(path) if "uses" in step]
    uses += [job["uses"] for job in load(path).get("jobs", {}).values() if "uses" in job]
    assert uses
    for each in uses:
        assert each.startswith("./") or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each), each
    for each in uses:
        assert not each.startswith("./") or (paths.ROOT / each).exists(), each


@each_file
def test_no_checkout_leaves_a_token_behind(path: Path) -> None:
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@each_file
def test_no_expression_stands_in_a_shell_line(path: Path) -> None:
    for line in lines(path):
        assert "${{" not in line
        assert all(f'"{name}"' in line for name in re.findall(r"\$\w+", line)), f"{line}: quote it"


@each_file
def test_every_shell_line_is_a_command_of_ours_that_understands_its_options(path: Path) -> None:
    for line in lines(path):
        words = shlex.split(line)
        if line.startswith(COMPAT):
            assert unknown(words[1:]) == []
        elif line.startswith(BOOTSTRAP):
            assert not is_main_job(words[2:], {})
            if "-s" in words and "$SESSION" in words:
                read_options([{"$DEVICE": "cuda", "$PROFILE": "full"}.get(w, w) for w in words[5:]])
        else:
            assert line == CHECK
            assert (paths.ROOT / CHECK).exists()


def test_an_option_that_no_command_has_is_found() -> None:
    assert unknown(shlex.split('ci plan --tag "$TAG" --relaeses "$X"')) == ["--relaeses"]
    assert unknown(["ci", "plam"]) == ["plam"]


def test_the_rows_are_planned_with_all_that_a_job_refers_to() -> None:
    text = (paths.ROOT / ".github" / "workflows" / "matrix.yml").read_text(encoding="utf-8")
    referred = set(re.findall(r"matrix\.(\w+)", text)) - {"toml", "outputs"}
    assert referred
    assert referred <= set(Job.__dataclass_fields__) | {"matrix"}


@pytest.mark.parametrize("caller", ["measure", "watch"])
def test_a_called_workflow_is_given_what_it_takes(caller: str) -> None:
    called = [
        job for job in jobs(paths.ROOT / ".github" / "workflows" / f"{caller}.yml").values() if "uses" in job
    ]
    assert called
    for job in called:
        taken = load(paths.ROOT / job["uses"])["on"]["workflow_call"]["inputs"]
        assert set(job["with"]) <= set(taken)


def unknown(words: list[str]) -> list[str]:
    """Return the words of a command line that name neither a command nor one of its options."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return words[:1]
        command, words = command.commands[words[0]], words[1:]
    known = {name for parameter in command.params for name in parameter.opts}
    return [word for word in words if word.startswith("--") and word not in known]
