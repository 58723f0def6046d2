"""How is a proposal made, and how are an issue and a pull request brought to what was decided?

The one step of the watch that may write to the repository. What the steps before handed over is checked
again, as if a stranger had sent it, and only then is anything done.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compat.ci import merging, new_rows
from compat.ci.deciding import (
    CloseIssue,
    ClosePull,
    EditIssue,
    OpenIssue,
    Propose,
    decide,
)
from compat.ci.tools import Call, Tools, call, expect
from compat.ci.watching import JUDGED, MATRIX, RECORDS, SURVEY, Judged, Standing, read, torch_of
from compat.errors import ConfigurationError
from compat.releases import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compat.ci.deciding import Action
    from compat.ci.hosting import Hosting

BRANCH = "compat-watch/releases"
_ROW = re.compile(r"^\[\[row\]\]", re.MULTILINE)
_AUTHOR = ("-c", "user.name=compat watch", "-c", "user.email=compat-watch@users.noreply.github.com")
# an empty helper first, so that no other one is asked; gh gives the token of its environment
_CREDENTIALS = ("-c", "credential.helper=", "-c", "credential.helper=!gh auth git-credential")


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What the judging step handed over, checked."""

    judged: Judged
    records: Mapping[str, str]
    """Text by file name."""
    matrix: str
    survey: Path


def take(folder: Path, root: Path, digests: Mapping[str, str]) -> Handed:
    """Check what was handed over against the checkout at ``root``; ConfigurationError says what is wrong."""
    judged = read(Judged, folder / JUDGED)
    merge = merging.sort_out([folder / RECORDS], root / "reports" / "records", digests)
    if merge.bad:
        raise ConfigurationError(
            "\n".join(["Nothing was done, because of these:", *(a.line for a in merge.bad)])
        )
    new = {each.torch for each in judged.findings}
    foreign = [each for each in merge.texts if torch_of(each) not in new]
    if foreign:
        raise ConfigurationError(
            f"records of releases that are not new: {listing(foreign)}. Nothing was done."
        )
    new_rows.check(folder, root, new)
    matrix = (folder / MATRIX).read_text(encoding="utf-8")
    return Handed(judged=judged, records=merge.texts, matrix=matrix, survey=folder / SURVEY)


def act(
    handed: Handed, root: Path, hosting: Hosting, digests: Mapping[str, str], git: Call = call
) -> Iterator[str]:
    """Do what there is to do, and tell each thing done in a line."""
    tree = expect(["git", "rev-parse"], git(["git", "rev-parse", "HEAD:reports"], folder=root)).output.strip()
    state = hashlib.sha256(json.dumps([tree, *sorted(digests.items())]).encode()).hexdigest()[:16]
    actions = decide(handed.judged.findings, hosting.issue(), hosting.pulls(BRANCH), state)
    for action in actions:
        yield _do(action, handed, root, hosting, git)
    if not actions:
        yield "nothing to do: issue and pull request are as they should be"


def unknown(judged: Judged) -> tuple[str, ...]:
    """Return the releases of which nothing can be told; neither issue nor proposal speaks for them."""
    return tuple(each.torch for each in judged.findings if each.standing is Standing.INCONCLUSIVE)


def without_rows(text: str, releases: Sequence[str]) -> str:
    """Return a matrix without the rows of some releases; all else keeps its bytes."""
    starts = [found.start() for found in _ROW.finditer(text)]
    head = text[: starts[0]] if starts else text
    blocks = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    kept = [each for each in blocks if tomllib.loads(each)["row"][0].get("torch") not in releases]
    return head + "".join(kept)


def _do(action: Action, handed: Handed, root: Path, hosting: Hosting, git: Call) -> str:
    match action:
        case OpenIssue():
            return f"issue opened: {hosting.open_issue(action.title, action.body)}"
        case EditIssue():
            hosting.edit_issue(action.number, action.title, action.body)
            return f"issue {action.number} updated"
        case CloseIssue():
            hosting.close_issue(action.number, action.comment)
            return f"issue {action.number} closed"
        case ClosePull():
            hosting.close_pull(action.number, action.comment)
            return f"pull request {action.number} closed"
        case Propose():
            _push(action, handed, root, git)
            if action.number is None:
                return f"pull request opened: {hosting.open_pull(BRANCH, action.title, action.body)}"
            hosting.edit_pull(action.number, action.title, action.body)
            return f"pull request {action.number} updated"


def _push(action: Propose, handed: Handed, root: Path, git: Call) -> None:
    """Commit what is proposed on top of the checkout's commit, in a tree beside it, and push that."""
    with tempfile.TemporaryDirectory() as folder:
        beside = Path(folder, "proposal")

        def run(where: Path, *arguments: str) -> None:
            command = ["git", *arguments]
            expect(command, git(command, folder=where))

        run(root, "worktree", "add", "--quiet", "--detach", str(beside), "HEAD")
        try:
            _fill(action, handed, beside, git)
            run(beside, "add", "--", "reports", MATRIX)
            run(beside, *_AUTHOR, "commit", "--quiet", "--message", action.title)
            run(beside, *_CREDENTIALS, "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{BRANCH}")
        finally:
            run(root, "worktree", "remove", "--force", str(beside))


def _fill(action: Propose, handed: Handed, beside: Path, git: Call) -> None:
    texts = {name: text for name, text in handed.records.items() if torch_of(name) in action.releases}
    merging.write(merging.Merge(arrivals=(), texts=texts), beside / "reports" / "records")
    left_out = {each.torch for each in handed.judged.findings} - set(action.releases)
    (beside / MATRIX).write_text(without_rows(handed.matrix, sorted(left_out)), encoding="utf-8")
    shutil.copyfile(handed.survey, beside / SURVEY)
    Tools(folder=beside, call=git).report()
