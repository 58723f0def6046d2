"""A rehearsal of the watch: an index on this machine gains releases, day by day, and a fake gh is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.probe import digests
from compat.probe.record import dumps, sealed
from tests.wheels import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN = ("2.13.0", "2.14.1", "2.15.0")
NEWEST = "torch-2.15.0-py3.11-cpu.json"
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org")


def without_overhead(content: dict[str, Any]) -> dict[str, Any]:
    """Leave the claim about time open in every record: it goes by a majority, by what was timed that day."""
    del content["seal"]
    for number, triple in enumerate(content["cost"]["overhead"]["triples"]):
        triple[2] = triple[1] + triple[0] * (0.03 if number % 2 else 0.0)
    return content


class Stage:
    """A checkout with a remote, an index, and a gh, all of them in one folder."""

    def __init__(self, folder: Path, served: Served) -> None:
        self.served, self.root, self.origin = served, folder / "checkout", folder / "origin.git"
        self.folder, self._gh = folder, folder / "gh.json"
        self.root.mkdir()
        for part in ("compat", "monitor"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(paths.ROOT / part, self.root / part, ignore=ignored)
        (self.root / "reports" / "records").mkdir(parents=True)
        rows = [f'[[row]]\ntorch = "{torch}"\npython = "3.11"\ntags = ["full", "every"]\n' for torch in KNOWN]
        (self.root / "matrix.toml").write_text("\n".join(rows), encoding="utf-8")
        for torch in KNOWN:
            name = NEWEST.replace("2.15.0", torch)
            content = without_overhead(json.loads((paths.RECORDS / name).read_text(encoding="utf-8")))
            (self.root / "reports" / "records" / name).write_text(dumps(sealed(content)), encoding="utf-8")
            served.offer(torch)
        (folder / "bin").mkdir()
        gh = folder / "bin" / "gh"
        gh.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("fake_gh.py")} "$@"\n')
        gh.chmod(0o755)
        self.compat("survey")
        self.run(*GIT, "init", "--quiet", "--initial-branch=main")
        self.run(*GIT, "init", "--quiet", "--bare", str(self.origin))
        self.run("git", "remote", "add", "origin", str(self.origin))
        (self.root / ".gitignore").write_text(".nox/\n__pycache__/\n")
        self.commit("begin")

    def run(self, *command: str, codes: tuple[int, ...] = (0,)) -> str:
        environment = {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "UV_DEFAULT_INDEX": self.served.url,
            "PIP_CONFIG_FILE": os.devnull,
            "FAKE_GH": str(self._gh),
        }
        done = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in codes, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def compat(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        return self.run(sys.executable, "-m", "compat", *arguments, codes=codes)

    def commit(self, message: str) -> None:
        self.run("git", "add", "--all")
        self.run(*GIT, "commit", "--quiet", "--message", message)

    def record(self, torch: str, **answers: str) -> dict[str, Any]:
        """Make up a record of a new release, like the newest one's but for some answers."""
        content: dict[str, Any] = json.loads((paths.RECORDS / NEWEST).read_text(encoding="utf-8"))
        content["torch"] = torch
        content["provenance"]["torch_version"] = f"{torch}+cpu"
        if "packages" in content["provenance"]:
            content["provenance"]["packages"]["torch"] = torch
        content = without_overhead(content)
        for question, text in answers.items():
            content["questions"][question.replace("_", "-")] = {"kind": "value", "text": text}
        return content

    def day(self, *records: dict[str, Any], codes: tuple[int, ...] = (0,)) -> tuple[str, list[str]]:
        """Let the watch run once; return what it printed, and what gh was asked to change."""
        handed, artifacts = self.folder / "handed", self.folder / "artifacts"
        for each in (handed, artifacts):
            shutil.rmtree(each, ignore_errors=True)
        for content in records:
            place = artifacts / f"record-{content['torch']}"
            place.mkdir(parents=True)
            (place / NEWEST.replace("2.15.0", content["torch"])).write_text(
                dumps(sealed(content)), encoding="utf-8"
            )
        before = len(self.gh()["said"])
        said = self.compat("ci", "watch", "look", str(handed))
        self.renew()  # each step has a checkout of its own
        said += self.compat("ci", "watch", "rows", str(handed))
        said += self.compat("ci", "watch", "gate", str(handed), str(artifacts))
        self.renew()
        said += self.compat("ci", "watch", "act", str(handed), codes=codes)
        assert self.run("git", "status", "--porcelain") == ""
        return said, self.gh()["said"][before:]

    def renew(self) -> None:
        self.run("git", "checkout", "--quiet", "--", ".")
        self.run("git", "clean", "--quiet", "-fd")

    def gh(self) -> dict[str, Any]:
        return json.loads(self._gh.read_text()) if self._gh.is_file() else {"issue": [], "pr": [], "said": []}

    def merge(self) -> None:
        """Merge the pull request, as a maintainer does."""
        self.run("git", "pull", "--quiet", "origin", "compat-watch/releases")
        state = self.gh()
        for each in state["pr"]:
            each["state"] = "MERGED"
        self._gh.write_text(json.dumps(state))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    record = json.loads((paths.RECORDS / NEWEST).read_text(encoding="utf-8"))
    if record["digests"] != digests.current():
        pytest.skip(f"{NEWEST} is stale, so no record can be made up after it; measure anew: nox -s matrix")
    with serving() as served:
        yield Stage(tmp_path, served)


def test_releases_come_regress_and_are_taken_in(stage: Stage) -> None:
    said, asked = stage.day()
    assert "new releases: none; 3 have a record" in said
    assert "nothing to do" in said
    assert asked == []

    stage.served.offer("2.16.0")
    said, asked = stage.day(stage.record("2.16.0"))
    assert "torch 2.16.0, held against 2.15.0: good" in said
    assert asked == ["pr create"]
    (pull,) = stage.gh()["pr"]
    assert pull["title"] == "Records of torch 2.16.0"
    offered = stage.run("git", "--git-dir", str(stage.origin), "show", "compat-watch/releases:matrix.toml")
    assert 'torch = "2.16.0"' in offered
    assert '"quick"' in offered
    files = stage.run(
        "git", "--git-dir", str(stage.origin), "ls-tree", "-r", "--name-only", "compat-watch/releases"
    )
    assert NEWEST.replace("2.15.0", "2.16.0") in files
    assert "reports/compatibility.html" in files

    _, asked = stage.day(stage.record("2.16.0"))
    assert asked == []

    stage.served.offer("2.17.0")
    bad = stage.record("2.17.0", positional_list="tuple(float32[] 6.0)")
    said, asked = stage.day(stage.record("2.16.0"), bad)
    assert "torch 2.17.0, held against 2.15.0: regression" in said
    assert asked == ["label create", "issue create"]
    (issue,) = stage.gh()["issue"]
    assert issue["title"] == "torch 2.17.0: a relied-on clause or a claim is contradicted"
    assert "positional-list" in issue["body"]

    _, asked = stage.day(stage.record("2.16.0"), bad)
    assert asked == []

    worse = stage.record(
        "2.17.0", positional_list="tuple(float32[] 6.0)", positional_tuple="tuple(float32[] 6.0)"
    )
    _, asked = stage.day(stage.record("2.16.0"), worse)
    assert asked == ["issue edit"]
    assert "positional-tuple" in stage.gh()["issue"][0]["body"]

    said, asked = stage.day(stage.record("2.16.0"), codes=(3,))
    assert "nothing can be told of 2.17.0" in said
    assert asked == []

    stage.merge()
    said, asked = stage.day(stage.record("2.17.0"))
    assert asked == ["issue close", "pr create"], said
    assert stage.gh()["issue"][0]["state"] == "CLOSED"

    stage.merge()
    said, asked = stage.day()
    assert "new releases: none; 5 have a record" in said
    assert asked == []


def test_what_was_handed_over_is_not_trusted(stage: Stage) -> None:
    stage.served.offer("2.16.0")
    stage.day(stage.record("2.16.0"))
    handed = stage.folder / "handed"
    name = NEWEST.replace("2.15.0", "2.16.0")
    text = (handed / "records" / name).read_text(encoding="utf-8")
    matrix = (handed / "matrix.toml").read_text(encoding="utf-8")
    for path, changed in (
        (handed / "records" / name, text.replace('"cpu"', '"gpu"', 1)),
        (
            handed / "matrix.toml",
            matrix.replace('python = "3.11"', 'python = "3.11"\nconstraints = ["evil"]', 1),
        ),
        (handed / "judged.json", '{"findings": []}'),
    ):
        whole = path.read_text(encoding="utf-8")
        path.write_text(changed, encoding="utf-8")
        stage.compat("ci", "watch", "act", str(handed), codes=(2,))
        path.write_text(whole, encoding="utf-8")
    assert stage.gh()["said"] == ["pr create"]
