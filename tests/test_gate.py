"""The gate: what callers rely on decides, everything else is told, and nothing unknown passes."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest

from compat.accepted import Acceptances, Accepted
from compat.errors import ConfigurationError, ExitCode
from compat.gate import Gate, judge_new, summary
from compat.report.gate_text import gate_json, gate_markdown, gate_screen
from compat.report.terminal import console_for
from compat.statuses import Status
from tests.builders import INDEX, absent, claim, content, contract, failed, ledger

DAY = dt.date(2026, 11, 27)
BROKEN = {"positional-list": {"kind": "value", "text": "6.0"}}
OTHER = {"positional-list": {"kind": "value", "text": "7.0"}}
SILENT = {"empty-list": {"kind": "value", "text": "()"}}
REWORDED = {"empty-list": {"kind": "error", "text": "RuntimeError: nothing there"}}


def accepts(release: str = "2.1.0", **about: Any) -> Accepted:
    about = about or {"question": "positional-list"}
    known: dict[str, Any] = {
        "release": release,
        "reason": "seen",
        "link": "https://example.org/1",
        "reviewer": "Ada",
        "expires": dt.date(2027, 1, 1),
    }
    return Accepted(**{**known, **about})


def codes(norm: str) -> dict[str, Any]:
    return {"cases": 4, "codes": {"norm": norm, "vector_norm": "===E"}}


def judged(
    *wholes: dict[str, Any], new: str = "2.1.0", accepted: tuple[Accepted, ...] = (), **options: Any
) -> Gate:
    changes = options.pop("contract", {})
    about = contract(**{"relied_agreement": ("norm",), **changes})
    known = {"device": "cpu", "acceptances": Acceptances(entries=accepted, today=DAY), **options}
    return judge_new(about, ledger(*wholes), INDEX, new, **known)


@pytest.mark.parametrize(
    ("before", "now", "code", "broken"),
    [
        (content("2.0.0"), content("2.1.0"), ExitCode.HOLDS, []),
        (content("2.0.0"), content("2.1.0", questions=SILENT), ExitCode.HOLDS, []),
        (content("2.0.0"), content("2.1.0", questions=REWORDED), ExitCode.HOLDS, []),
        (content("2.0.0"), content("2.1.0", questions=BROKEN), ExitCode.CONTRADICTED, ["positional-list"]),
        (content("2.0.0", questions=BROKEN), content("2.1.0", questions=BROKEN), ExitCode.HOLDS, []),
        (
            content("2.0.0", questions=BROKEN),
            content("2.1.0", questions=OTHER),
            ExitCode.CONTRADICTED,
            ["positional-list"],
        ),
        (content("2.0.0", questions=BROKEN), content("2.1.0"), ExitCode.HOLDS, []),
        (
            content("2.0.0"),
            content("2.1.0", agreement=codes("=X=E")),
            ExitCode.CONTRADICTED,
            ["agreement:norm"],
        ),
        (
            content("2.0.0", agreement=codes("=X=E")),
            content("2.1.0", agreement=codes("=X=E")),
            ExitCode.HOLDS,
            [],
        ),
        (
            content("2.0.0", agreement=codes("=X=E")),
            content("2.1.0", agreement=codes("X==E")),
            ExitCode.CONTRADICTED,
            ["agreement:norm"],
        ),
        (content("2.0.0"), absent("2.1.0"), ExitCode.CONTRADICTED, ["present"]),
        (absent("2.0.0"), absent("2.1.0"), ExitCode.HOLDS, []),
        (absent("2.0.0"), content("2.1.0"), ExitCode.HOLDS, []),
        (absent("2.0.0"), content("2.1.0", questions=BROKEN), ExitCode.CONTRADICTED, ["positional-list"]),
    ],
)
def test_what_callers_rely_on_decides(
    before: dict[str, Any], now: dict[str, Any], code: ExitCode, broken: list[str]
) -> None:
    gate = judged(before, now)
    assert (gate.exit_code, [each.id for each in gate.broken]) == (code, broken), summary(gate)


@pytest.mark.parametrize(
    ("wholes", "options", "says"),
    [
        ([content("2.0.0")], {}, "no record of torch 2.1.0 on CPU"),
        ([content("2.0.0"), failed("2.1.0")], {}, "2.1.0 on CPU: "),
        ([content("2.1.0")], {}, "no release before 2.1.0 has a record that counts on CPU"),
        ([failed("2.0.0"), content("2.1.0")], {}, "no release before 2.1.0 has a record that counts on CPU"),
        ([content("2.0.0"), content("2.1.0")], {"against": "1.11.0"}, "1.11.0 has no record that counts"),
        ([content("2.0.0"), content("2.1.0")], {"device": "cuda"}, "no record of torch 2.1.0 on CUDA"),
        (
            [content("2.0.0"), content("2.1.0"), content("2.1.0", python="3.11", questions=SILENT)],
            {},
            "contradict each other on empty-list",
        ),
        ([content("2.0.0"), content("2.1.0", accuracy=[])], {}, "not measured: accuracy"),
        ([content("2.0.0"), content("2.1.0", canaries={"absent-name": False})], {}, "2.1.0 on CPU: "),
    ],
)
def test_what_is_unknown_is_open(wholes: list[dict[str, Any]], options: dict[str, Any], says: str) -> None:
    gate = judged(*wholes, **options)
    assert gate.exit_code is ExitCode.INCONCLUSIVE
    assert says in summary(gate)


def test_a_contradiction_is_told_though_something_else_is_open() -> None:
    gate = judged(content("2.0.0"), content("2.1.0", accuracy=[], questions=BROKEN))
    assert gate.exit_code is ExitCode.CONTRADICTED


def test_a_claim_that_the_release_refutes_is_a_contradiction_and_one_refuted_before_is_not() -> None:
    stable = {"claims": [claim("stable", levels=["special values"])]}
    wholes = [content("1.11.0"), content("2.0.0"), content("2.1.0", questions=SILENT)]
    gate = judged(*wholes, contract=stable)
    assert [(each.id, each.is_claim, each.before) for each in gate.broken] == [
        ("the-claim", True, "supported")
    ]
    assert gate.exit_code is ExitCode.CONTRADICTED
    again = judged(*wholes, content("2.9.0", questions=REWORDED), new="2.9.0", contract=stable)
    assert (again.broken, again.exit_code) == ((), ExitCode.HOLDS)


def test_later_releases_and_other_devices_take_no_part() -> None:
    later = content("2.9.0", questions=BROKEN)
    elsewhere = content("2.1.0", device="cuda", questions=BROKEN)
    gate = judged(content("2.0.0"), content("2.1.0"), later, elsewhere)
    assert (gate.exit_code, gate.changes) == (ExitCode.HOLDS, ())
    assert judged(content("2.0.0"), content("2.1.0"), later, elsewhere, new="2.9.0").against == "2.1.0"


def test_a_bad_release_in_between_is_not_held_against_the_next_one() -> None:
    stable = {"claims": [claim("stable", levels=["special values"])]}
    wholes = [content("1.11.0"), content("2.0.0"), content("2.1.0", questions=SILENT), content("2.9.0")]
    gate = judged(*wholes, new="2.9.0", against="2.0.0", contract=stable)
    assert (gate.exit_code, gate.broken) == (ExitCode.HOLDS, ())


def test_changes_are_ordered_by_who_relies_on_them_and_then_by_harm() -> None:
    now = content("2.1.0", questions={**OTHER, **SILENT})
    gate = judged(content("2.0.0"), now)
    assert [(each.id, each.relied, each.difference.harm.words) for each in gate.changes] == [
        ("positional-list", True, "other answer, silently"),
        ("empty-list", False, "answers now"),
    ]
    assert gate.compared > 2


def test_what_is_new_to_mind_is_told() -> None:
    gate = judged(content("2.0.0"), content("2.1.0", questions=SILENT))
    assert gate.mind == (("empty-list", "gives ()"),)
    assert judged(content("2.0.0", questions=SILENT), content("2.1.0", questions=SILENT)).mind == ()


@pytest.mark.parametrize(
    ("entry", "code", "remarks"),
    [
        (accepts(), ExitCode.HOLDS, ()),
        (accepts(question="positional-list", outcome="6.0"), ExitCode.HOLDS, ()),
        (
            accepts(question="positional-list", outcome="7.0"),
            ExitCode.CONTRADICTED,
            ("matches no difference",),
        ),
        (
            accepts(question="positional-list", device="cuda"),
            ExitCode.CONTRADICTED,
            ("matches no difference",),
        ),
        (accepts("2.0.0"), ExitCode.CONTRADICTED, ()),
        (
            accepts(question="positional-list", expires=dt.date(2026, 11, 26)),
            ExitCode.CONTRADICTED,
            ("expired on",),
        ),
        (accepts(question="empty-list"), ExitCode.CONTRADICTED, ("matches no difference",)),
    ],
)
def test_what_a_maintainer_accepts(entry: Accepted, code: ExitCode, remarks: tuple[str, ...]) -> None:
    gate = judged(content("2.0.0"), content("2.1.0", questions=BROKEN), accepted=(entry,))
    assert gate.exit_code is code
    assert len(gate.remarks) == len(remarks)
    assert all(each in line for each, line in zip(remarks, gate.remarks, strict=True))


def test_an_agreement_and_a_claim_can_be_accepted_by_name() -> None:
    gate = judged(
        content("2.0.0"),
        content("2.1.0", agreement=codes("=X=E")),
        accepted=(accepts(question="agreement:norm"),),
    )
    assert (gate.exit_code, gate.remarks) == (ExitCode.HOLDS, ())
    gate = judged(
        content("1.11.0"),
        content("2.0.0"),
        content("2.1.0", questions=SILENT),
        contract={"claims": [claim("stable", levels=["special values"])]},
        accepted=(accepts(claim="the-claim"),),
    )
    assert (gate.exit_code, gate.remarks) == (ExitCode.HOLDS, ())


@pytest.mark.parametrize(
    ("new", "against", "says"),
    [
        ("3.0.0", None, "3.0.0: no release on the index"),
        ("2.1.0", "new", "new: no release on the index"),
        ("2.1.0", "2.9.0", "2.9.0 is not older than 2.1.0"),
        ("2.1.0", "2.1.0", "2.1.0 is not older than 2.1.0"),
    ],
)
def test_a_wrong_version_is_a_mistake_of_usage(new: str, against: str | None, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        judged(content("2.0.0"), content("2.1.0"), new=new, against=against)


def shown(gate: Gate) -> str:
    stream = io.StringIO()
    console_for(stream).print(gate_screen(gate))
    return stream.getvalue()


def test_every_form_says_the_same() -> None:
    hostile = {"positional-list": {"kind": "value", "text": "\x1b[31m<b>|6.0"}}
    gate = judged(
        content("2.0.0"),
        content("2.1.0", questions={**hostile, **SILENT}),
        accepted=(accepts("2.1.0", question="x"),),
    )
    screen, markdown, machine = shown(gate), gate_markdown(gate), json.loads(gate_json(gate))
    for text in (screen, markdown):
        assert "Torch 2.1.0 on CPU is refused: positional-list newly contradicted." in text.replace("\\", "")
        assert "\x1b" not in text
        assert "matches no difference of 2.1.0" in text.replace("\\", "")
        assert "outcomes compared: 2 changed" in text
    assert "<b>" not in "".join(markdown.split("```")[::2])  # within a fence it is no markup
    assert "Exit code 1" in screen
    assert machine["exit_code"] == 1
    assert [each["id"] for each in machine["broken"]] == ["positional-list"]
    assert [each["question"] for each in machine["changes"]] == ["positional-list", "empty-list"]
    assert (machine["status"], machine["status_before"]) == ("incompatible", "compatible")


def test_an_open_gate_has_every_form_as_well() -> None:
    gate = judged(content("2.0.0"))
    assert gate.status is Status.NOT_MEASURED
    assert "Exit code 3" in shown(gate)
    assert "is open" in gate_markdown(gate)
    assert json.loads(gate_json(gate))["open"]
