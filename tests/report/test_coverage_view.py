"""What was not measured is said, always with a reason."""

from __future__ import annotations

from compat.report.coverage_view import gaps, machines
from tests.builders import INDEX, content, ledger
from tests.report.samples import empty, sample


def test_every_kind_of_gap_is_told() -> None:
    told = {(gap.what, gap.where) for gap in sample().page.gaps}
    assert ("CUDA as a whole", "1.10.2 to 2.10.0") in told
    assert ("CPU", "2.10.0") in told
    assert ("a record that does not count", "torch-2.9.0-py3.9-cpu.json") in told
    assert ("2 releases on the index", "1.9.0 to 1.9.1") in told
    assert ("fresh exploration with Hypothesis", "2.1.0 on CPU") in told
    assert all(gap.why for gap in sample().page.gaps)


def test_a_question_that_the_harness_could_not_ask_is_a_gap() -> None:
    whole = content("2.0.0")
    whole["questions"]["empty-list"] = {"kind": "harness-error", "text": "no such helper"}
    view = empty()
    found = gaps(view.verdict, view.page.releases, ledger(whole), list(INDEX))
    assert ("question empty-list", "2.0.0 on CPU", "no such helper") in {
        (gap.what, gap.where, gap.why) for gap in found
    }


def test_what_is_unknown_of_a_machine_is_said_to_be() -> None:
    machine = machines(ledger(content("2.0.0")))[0]
    assert (machine.cpu, machine.threads, machine.wheels, machine.build) == (
        "unknown",
        "unknown",
        "unknown",
        "2.0.0+cpu",
    )
    assert machine.counts == "2 questions, 4 cases, 105 explored"
