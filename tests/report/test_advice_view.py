"""What a maintainer is told to do: with its scope, and never more than the records say."""

from __future__ import annotations

from compat.report.accuracy_rules_view import RemedyRow
from compat.report.advice_view import next_steps, pin_advice
from compat.verdict import judge_all
from tests.builders import INDEX, content, contract, ledger
from tests.report.samples import empty, sample

SILENT = {"empty-list": {"kind": "value", "text": "()"}}


def test_two_pins_with_their_reasons() -> None:
    about = contract()
    filed = ledger(content("1.11.0", questions=SILENT), content("2.0.0"), content("2.1.0"))
    least, better = pin_advice(about, filed, judge_all(about, filed, (), INDEX))
    assert (least.code, better.code) == ("torch>=1.11.0", "torch>=2.0.0")
    assert "3 releases to 2.1.0 measured on CPU" in least.why
    assert "nothing to mind but what 2.1.0 has as well: nothing" in better.why


def test_steps_name_successor_remedy_and_fallback() -> None:
    about = contract()
    filed = ledger(content("2.0.0"))
    remedy = RemedyRow(device="cpu", dtypes=("float16",), sentence="On CPU, for float16: ask for more.")
    steps = next_steps(about, judge_all(about, filed, (), INDEX), [remedy])
    assert [each.what for each in steps] == ["Move to", "For accuracy", "Where it is gone"]
    assert steps[0].code == "torch.foreach.norm"
    assert steps[1].why == remedy.sentence
    assert steps[2].code == "[p.norm() for p in grads]"


def test_where_nothing_was_measured_there_is_nothing_to_pin() -> None:
    assert empty().page.pins == ()
    assert sample().page.steps_ahead
