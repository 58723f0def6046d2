"""What the watch does with its issue and its pull request: once, and only what changed."""

from __future__ import annotations

import pytest

from compat.ci.deciding import (
    MOST_TEXT,
    CloseIssue,
    ClosePull,
    EditIssue,
    Issue,
    OpenIssue,
    Propose,
    Pull,
    decide,
)
from compat.ci.watching import Finding, Standing

GOOD, BAD, UNKNOWN = Standing.GOOD, Standing.REGRESSION, Standing.INCONCLUSIVE


def finding(standing: Standing, torch: str = "2.16.0", text: str = "why") -> Finding:
    return Finding(torch=torch, against="2.15.0", standing=standing, text=text)


def issue_of(*findings: Finding) -> Issue:
    """Return the issue that the watch opens for these."""
    (opened,) = decide(findings, None, (), "s")
    assert isinstance(opened, OpenIssue)
    return Issue(number=7, title=opened.title, body=opened.body.replace("\n", "\r\n"))


def pull_of(*findings: Finding, state: str = "OPEN") -> Pull:
    (proposed,) = decide(findings, None, (), "s")
    assert isinstance(proposed, Propose)
    return Pull(number=9, state=state, body=proposed.body)


@pytest.mark.parametrize(
    ("findings", "issue", "actions"),
    [
        ([], None, []),
        ([finding(BAD)], None, [OpenIssue]),
        ([finding(BAD)], issue_of(finding(BAD)), []),
        ([finding(BAD, text="more")], issue_of(finding(BAD)), [EditIssue]),
        ([finding(BAD), finding(BAD, "2.17.0")], issue_of(finding(BAD)), [EditIssue]),
        ([], issue_of(finding(BAD)), [CloseIssue]),
        ([finding(UNKNOWN)], issue_of(finding(BAD)), []),
        ([finding(UNKNOWN)], None, []),
        ([finding(BAD), finding(UNKNOWN, "2.17.0")], None, [OpenIssue]),
    ],
)
def test_the_issue_is_open_while_a_release_regresses(
    findings: list[Finding], issue: Issue | None, actions: list[type]
) -> None:
    assert [type(each) for each in decide(findings, issue, (), "s")] == actions


@pytest.mark.parametrize(
    ("findings", "pulls", "state", "actions"),
    [
        ([finding(GOOD)], [], "s", [Propose]),
        ([finding(GOOD)], [pull_of(finding(GOOD))], "s", []),
        ([finding(GOOD)], [pull_of(finding(GOOD))], "t", [Propose]),
        ([finding(GOOD), finding(GOOD, "2.17.0")], [pull_of(finding(GOOD))], "s", [Propose]),
        ([finding(GOOD)], [pull_of(finding(GOOD), state="CLOSED")], "s", []),
        ([finding(GOOD)], [pull_of(finding(GOOD), state="CLOSED")], "t", [Propose]),
        ([finding(GOOD)], [pull_of(finding(GOOD), state="MERGED")], "s", [Propose]),
        ([finding(UNKNOWN)], [pull_of(finding(GOOD))], "s", []),
        ([], [pull_of(finding(GOOD))], "s", []),
    ],
)
def test_the_pull_request_offers_what_is_good(
    findings: list[Finding], pulls: list[Pull], state: str, actions: list[type]
) -> None:
    assert [type(each) for each in decide(findings, None, pulls, state)] == actions


def test_what_was_offered_and_regresses_is_withdrawn() -> None:
    actions = decide([finding(BAD)], issue_of(finding(BAD)), [pull_of(finding(GOOD))], "s")
    assert [type(each) for each in actions] == [ClosePull]


def test_an_open_pull_request_is_renewed_and_not_opened_twice() -> None:
    (action,) = decide([finding(GOOD, "2.17.0")], None, [pull_of(finding(GOOD))], "s")
    assert isinstance(action, Propose)
    assert action.number == 9
    assert action.releases == ("2.17.0",)


def test_names_in_a_text_call_nobody_and_long_texts_fit() -> None:
    body = issue_of(
        finding(BAD, text="by @somebody\n" + "x\n" * 24_000), finding(BAD, "2.17.0", "y\n" * 20_000)
    ).body
    assert "@somebody" not in body
    assert len(body.replace("\r\n", "\n")) <= MOST_TEXT + 100
    assert "Cut here" in body
    assert body.rstrip().endswith("This issue closes itself then.")
