"""What is to be done with the issue and the pull request, as things stand? Pure: nothing is done here.

There is at most one issue and one pull request of the watch. The issue is open exactly while a release is
known to regress; the pull request holds every new release that does not. A day on which something cannot
be told closes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.ci.summary import cut
from compat.ci.watching import Standing
from compat.releases import in_order, listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.ci.watching import Finding

ISSUE_MARK = "<!-- compat-watch -->"
"""By this first line the watch knows its own issue."""
_PULL_MARK = "<!-- compat-watch {} -->"
MOST_TEXT = 60_000
"""Bytes of an issue or a pull request; GitHub takes 65,536 characters."""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """The open issue of the watch."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Pull:
    """A pull request of the watch's branch, in whatever state: OPEN, CLOSED or MERGED."""

    number: int
    state: str
    body: str


@dataclass(frozen=True, kw_only=True)
class OpenIssue:
    """Nobody has been told yet."""

    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class EditIssue:
    """What was told is no longer the whole truth."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class CloseIssue:
    """It is over."""

    number: int
    comment: str


@dataclass(frozen=True, kw_only=True)
class Propose:
    """Offer the records and rows of these releases; ``number`` is the open pull request to renew, if any."""

    releases: tuple[str, ...]
    title: str
    body: str
    number: int | None


@dataclass(frozen=True, kw_only=True)
class ClosePull:
    """What it offers has turned out to regress."""

    number: int
    comment: str


Action = OpenIssue | EditIssue | CloseIssue | Propose | ClosePull


def decide(
    findings: Sequence[Finding], issue: Issue | None, pulls: Sequence[Pull], state: str
) -> tuple[Action, ...]:
    """Return what is to be done, in order; nothing where all is as it should be.

    Args:
        findings: how every new release stands today.
        issue: the open issue of the watch.
        pulls: the pull requests of its branch, open and closed.
        state: what a proposal would be made from; another state makes another proposal.

    """
    return (*_about_issue(findings, issue), *_about_pull(findings, pulls, state))


def _about_issue(findings: Sequence[Finding], issue: Issue | None) -> Iterator[Action]:
    bad = _of(findings, Standing.REGRESSION)
    unknown = _of(findings, Standing.INCONCLUSIVE)
    if bad:
        title = (
            f"torch {listing([each.torch for each in bad])}: a relied-on clause or a claim is contradicted"
        )
        body = _issue_body(bad, unknown)
        if issue is None:
            yield OpenIssue(title=title, body=body)
        elif (issue.title, _normal(issue.body)) != (title, _normal(body)):
            yield EditIssue(number=issue.number, title=title, body=body)
    elif issue is not None and not unknown:
        comment = (
            "Over: no new release on the index contradicts the accepted state any more. It was accepted, "
            "withdrawn, or measured again and found good; the watch's last run says which."
        )
        yield CloseIssue(number=issue.number, comment=comment)


def _about_pull(findings: Sequence[Finding], pulls: Sequence[Pull], state: str) -> Iterator[Action]:
    good = _of(findings, Standing.GOOD)
    open_pull = next((each for each in pulls if each.state == "OPEN"), None)
    number = open_pull.number if open_pull else None
    if good:
        releases = in_order(each.torch for each in good)
        mark = _PULL_MARK.format(f"{' '.join(releases)} {state}")
        refused = [each for each in pulls if each.state == "CLOSED" and mark in each.body]
        if refused or (open_pull and mark in open_pull.body):
            return
        title = f"Records of torch {listing(releases)}"
        yield Propose(releases=releases, title=title, body=_pull_body(mark, good), number=number)
    elif number is not None and _of(findings, Standing.REGRESSION):
        comment = "Closed: what it offers contradicts the accepted state today; see the issue of the watch."
        yield ClosePull(number=number, comment=comment)


def _of(findings: Sequence[Finding], standing: Standing) -> list[Finding]:
    return [each for each in findings if each.standing is standing]


def _issue_body(bad: Sequence[Finding], unknown: Sequence[Finding]) -> str:
    ends = (
        "To accept a difference, write it into `accepted.toml` with its reason; to take the release in as it "
        'is, measure it (`nox -s "matrix(torch-V)"`) and commit its record. This issue closes itself then.'
    )
    open_ones = [f"Not known today: {_section(each)}" for each in unknown]
    return _limited([ISSUE_MARK, *map(_section, bad), *open_ones], ends)


def _pull_body(mark: str, good: Sequence[Finding]) -> str:
    ends = (
        "Measured and proposed by the watch: records, rows of the matrix, survey and reports. A pull request "
        "that a workflow opens starts no checks by itself: close and reopen it, or run the tests yourself. "
        "The branch is written anew when main changes; do not commit to it."
    )
    return _limited([mark, *map(_section, good)], ends)


def _section(finding: Finding) -> str:
    # a name behind an @ in somebody's error message must call nobody
    text = finding.text.strip().replace("@", "@\u200b")
    return f"## torch {finding.torch}, held against {finding.against or 'nothing'}\n\n{text}"


def _limited(parts: Sequence[str], ends: str) -> str:
    text = cut("\n\n".join(parts), "the run of the watch", MOST_TEXT - len(ends))
    return f"{text}\n\n{ends}\n"


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
