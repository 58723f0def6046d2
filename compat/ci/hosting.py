"""What does the hosting service have of the watch's, and how is it told of something new? By gh alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compat.ci.deciding import ISSUE_MARK, Issue, Pull
from compat.ci.tools import Call, call, expect
from compat.errors import CompatError

if TYPE_CHECKING:
    from pathlib import Path

LABEL = "compat-watch"
"""Only who may triage can give a label, so nobody from outside can pass an issue off as the watch's."""
_MOST = "100"


@dataclass(frozen=True, kw_only=True)
class Hosting:
    """The issues and pull requests of a repository; ``folder`` is a checkout of it."""

    folder: Path
    call: Call = call

    def issue(self) -> Issue | None:
        """Return the watch's open issue; the oldest, if there is more than one."""
        found = self._list("issue", "--state", "open", "--label", LABEL, "--json", "number,title,body")
        own = [each for each in found if each["body"].startswith(ISSUE_MARK)]
        oldest = min(own, key=lambda each: int(each["number"]), default=None)
        return Issue(number=oldest["number"], title=oldest["title"], body=oldest["body"]) if oldest else None

    def pulls(self, branch: str) -> tuple[Pull, ...]:
        """Return the pull requests of a branch of this repository, not of a fork's branch of that name."""
        fields = "number,state,body,isCrossRepository"
        found = self._list("pr", "--state", "all", "--head", branch, "--json", fields)
        return tuple(
            Pull(number=each["number"], state=each["state"], body=each["body"])
            for each in found
            if not each["isCrossRepository"]
        )

    def open_issue(self, title: str, body: str) -> str:
        """Open an issue, with a label that is made where there is none; return where it is."""
        self._gh(
            "label", "create", LABEL, "--force", "--description", "Kept by the watch over torch releases"
        )
        return self._gh("issue", "create", "--title", title, "--label", LABEL, "--body-file", "-", text=body)

    def edit_issue(self, number: int, title: str, body: str) -> str:
        """Replace an issue's title and text."""
        return self._gh("issue", "edit", str(number), "--title", title, "--body-file", "-", text=body)

    def close_issue(self, number: int, comment: str) -> str:
        """Close an issue with a last word."""
        return self._gh("issue", "close", str(number), "--comment", comment)

    def open_pull(self, branch: str, title: str, body: str) -> str:
        """Ask for a branch to be pulled; return where."""
        return self._gh("pr", "create", "--head", branch, "--title", title, "--body-file", "-", text=body)

    def edit_pull(self, number: int, title: str, body: str) -> str:
        """Replace a pull request's title and text."""
        return self._gh("pr", "edit", str(number), "--title", title, "--body-file", "-", text=body)

    def close_pull(self, number: int, comment: str) -> str:
        """Close a pull request with a last word."""
        return self._gh("pr", "close", str(number), "--comment", comment)

    def _list(self, kind: str, *arguments: str) -> list[dict[str, Any]]:
        text = self._gh(kind, "list", "--limit", _MOST, *arguments)
        try:
            return list(json.loads(text))
        except (ValueError, TypeError) as error:
            raise CompatError(f"gh {kind} list printed no JSON list ({error}).") from error

    def _gh(self, *arguments: str, text: str = "") -> str:
        command = ["gh", *arguments]
        return expect(command, self.call(command, folder=self.folder, text=text)).output.strip()
