"""The page for maintainers: its commands exist, and its table says of each workflow what its file says."""

from __future__ import annotations

import re
import shlex

import pytest

from bootstrap import is_main_job
from compat import paths
from compat.freshness import read_options
from tests.ci.test_workflows import unknown
from tests.ci.workflows import FOLDER, NAMES, load

PAGE = (paths.ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (\S.*)$", PAGE, re.MULTILINE)
GITLAB = [
    line
    for job in load(paths.ROOT / "docs" / "gitlab-ci.yml").values()
    if isinstance(job, dict)
    for line in job.get("script", ())
]


@pytest.mark.parametrize("line", [*COMMANDS, *GITLAB])
def test_every_command_is_one_of_ours(line: str) -> None:
    first, *words = shlex.split(line)
    if first == ".venv/bin/compat":
        assert unknown(words) == []
    elif first == "python":
        assert (words[0], is_main_job(words[1:], {})) == ("bootstrap.py", False)
        read_options(words[words.index("--") + 1 :] if "--" in words else [])
    else:
        assert first == ".ci/run"


def test_every_workflow_is_in_the_table_with_its_times() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    assert sorted(rows) == NAMES
    for name, when in rows.items():
        on = load(FOLDER / "workflows" / f"{name}.yml")["on"]
        times = [each["cron"].split()[2:] for each in on.get("schedule", ())]
        assert ("daily" in when) == (times == [["*", "*", "*"]])
        assert ("2nd of each month" in when) == (times == [["2", "*", "*"]])


def test_every_variable_that_a_workflow_reads_is_explained() -> None:
    read = {
        name
        for path in (FOLDER / "workflows").glob("*.yml")
        for name in re.findall(r"vars\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert read == set(re.findall(r"`(COMPAT_\w+)`", PAGE))
