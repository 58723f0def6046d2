"""Damage to what a record answers: questions, replay and exploring."""

from __future__ import annotations

from typing import Any

from compat.judge_check.damage import Content, changed, damages, with_keys, without
from compat.judge_check.sample import checksums

_CAVEAT = {"is_caveat": True}


def _answer(question: str, kind: str, text: str = "") -> Any:
    return with_keys(questions={question: {"kind": kind, "text": text}})


def _replay(**parts: Any) -> Any:
    return with_keys(agreement=parts)


def _codes(**codes: str) -> Any:
    """Return what sets codes of the replay."""
    return changed(lambda content: content["agreement"]["codes"].update(codes))


def _all_codes(code: str, cases: int) -> Any:
    """Return what makes every comparison give one code alone, over so many cases."""

    def change(content: Content) -> None:
        codes = dict.fromkeys(content["agreement"]["codes"], code * cases)
        content["agreement"].update(cases=cases, codes=codes, errors=[], values=checksums(cases))

    return changed(change)


def _cut_short(content: Content) -> None:
    codes = {key: each[:2] for key, each in content["agreement"]["codes"].items()}
    content["agreement"].update(cases=2, codes=codes, errors=[], values=checksums(2))


_FOUND = {"case": {}, "codes": {"norm": "X"}, "message": ""}


def _explored(codes: dict[str, str]) -> Any:
    return with_keys(exploration={"failures": [{"case": {}, "codes": codes, "message": ""}], "passed": False})


def _of_another_contract(content: Content) -> None:
    content["questions"] = {f"other-{key}": each for key, each in content["questions"].items()}


DAMAGES = (
    *damages(
        "questions",
        (
            "relied-on answer is another",
            _answer("positional-list", "value", "[6.0]"),
            "positional-list: expected",
        ),
        (
            "relied-on question raises",
            _answer("positional-list", "error", "TypeError"),
            "positional-list: expected",
        ),
        ("relied-on question crashes", _answer("inputs-unchanged", "crash", "SIGSEGV"), "inputs-unchanged"),
        ("relied-on question hangs", _answer("inputs-unchanged", "timeout", "10 s"), "inputs-unchanged"),
        (
            "relied-on answer unstable",
            _answer("positional-list", "unstable", "[5.0] | [6.0]"),
            "positional-list",
        ),
        (
            "relied-on question takes all memory",
            _answer("positional-list", "out-of-memory"),
            "positional-list",
        ),
        (
            "relied-on question unasked",
            _answer("positional-list", "unasked"),
            "not measured: positional-list",
        ),
        (
            "relied-on question failed by the harness",
            _answer("positional-list", "harness-error"),
            "positional-list",
        ),
        ("relied-on question absent", _answer("positional-list", "absent"), "absent for positional-list"),
        (
            "relied-on question removed",
            without("questions", "positional-list"),
            "not measured: positional-list",
        ),
        ("other answer is another", _answer("empty-list", "value", "()"), "empty-list"),
        ("other question crashes", _answer("mixed-dtypes", "crash", "SIGSEGV"), "mixed-dtypes"),
        ("other question unasked", _answer("mixed-dtypes", "unasked"), "mixed-dtypes"),
        (
            "other question failed by the harness",
            _answer("mixed-dtypes", "harness-error"),
            "mixed-dtypes",
            _CAVEAT,
        ),
        ("other question removed", without("questions", "mixed-dtypes"), "mixed-dtypes"),
        ("answer of an unknown kind", _answer("mixed-dtypes", "splendid"), "'splendid'"),
        ("questions of another contract", changed(_of_another_contract), "not measured: positional-list"),
        (
            "no questions",
            changed(lambda content: content.update(questions={})),
            "not measured: positional-list",
        ),
        ("questions gone", with_keys(questions=None), "needs questions"),
        ("surface gone", with_keys(surface=None), "needs surface"),
        ("nobody calls it", with_keys(surface={"callers": []}), "not called by"),
        ("declared otherwise", with_keys(surface={"stub": "def _foreach_norm(tensors)"}), "stub"),
        (
            "a relative forgotten",
            changed(lambda content: content["surface"]["relatives"].clear()),
            "torch.foreach.norm",
        ),
        ("operator gone", with_keys(surface={"schemas": []}), "schema"),
    ),
    *damages(
        "replay",
        ("disagrees", _codes(norm="=X-=E"), "agreement:norm: disagrees in 1 of 5 cases"),
        ("consumer disagrees", _codes(monitor="~X-~~"), "agreement:monitor: disagrees in 1 of 5 cases"),
        ("unstable", _codes(norm="=U-=E"), "two calls of the function differ"),
        ("crashed", _codes(norm="=!-=E"), "crashed in 1 of 5 cases"),
        ("timed out", _codes(norm="=T-=E"), "timed out in 1 of 5 cases"),
        ("the function alone raises", _codes(vector_norm="=f==E"), "only the function raises"),
        ("the reference alone raises", _codes(vector_norm="=r==E"), "only the reference raises"),
        ("crashed beside another reference", _codes(total="=!==="), "agreement:total: crashed", _CAVEAT),
        ("disagrees with another reference", _codes(total="=X==="), "agreement:total: disagrees", _CAVEAT),
        ("other bits", _codes(norm="=~-=E"), "identity:norm", {**_CAVEAT, "only_on": "cpu"}),
        ("harness failed", _codes(norm="=H-=E"), "1 cases of norm (harness error)"),
        ("harness failed beside another reference", _codes(total="=H==="), "1 cases of total", _CAVEAT),
        ("unknown code", _codes(norm="=?-=E"), "norm has unknown codes ['?']"),
        ("a code too few", _codes(norm="=--="), "norm has 4 codes for 5 cases"),
        ("corpus empty", _all_codes("", 0), "5 cases, not 0"),
        ("corpus cut short", changed(_cut_short), "5 cases, not 2"),
        ("no case asked", _all_codes("-", 5), "not measured: agreement with norm"),
        ("harness failed throughout", _all_codes("H", 5), "not measured: agreement with norm"),
        ("bits gone", _replay(values=None), "the bits of every norm"),
        ("bits of other cases", _replay(values="AAAA"), "its bits are not those of 5 cases"),
        ("replay gone", with_keys(agreement=None), "not measured: agreement with norm"),
        (
            "comparison removed",
            changed(lambda content: content["agreement"]["codes"].pop("norm")),
            "not measured: agreement with norm",
        ),
        (
            "other comparison removed",
            changed(lambda content: content["agreement"]["codes"].pop("total")),
            "not measured: comparison with total",
        ),
        (
            "disagreement that no code says",
            _replay(disagreements=[{"case": 1, "against": "norm", "got": "1", "expected": "2"}]),
            "case 1 disagrees with norm",
        ),
        (
            "error that no code says",
            _replay(errors=[{"text": "RuntimeError", "count": 1, "case": 0}]),
            "case 0 raised an error",
        ),
        (
            "within the bound, and beyond it",
            _replay(
                worst=[{"against": "norm", "dtype": "float32", "ulps": 9.0, "case": 0, "bound_share": 3.0}]
            ),
            "case 0 is beyond the bound of norm",
        ),
    ),
    *damages(
        "exploring",
        ("not run", with_keys(exploration={"not_run": "no pytest"}), "no fresh examples"),
        ("no example", with_keys(exploration={"examples": 0}), "no example was tried"),
        ("gone", with_keys(exploration=None), "nothing is recorded of it"),
        (
            "failed without an example",
            with_keys(exploration={"passed": False}),
            "exploring failed, and no example says why",
        ),
        ("stopped early", with_keys(exploration={"stopped": "3 died"}), "explored: 3 died", _CAVEAT),
        (
            "passed, and found a disagreement",
            with_keys(exploration={"failures": [_FOUND]}),
            "exploring passed, and found what fails",
        ),
        ("found a disagreement", _explored({"norm": "X"}), "1 example found by exploring"),
        ("found a crash", _explored({"vector_norm": "!"}), "1 example found by exploring"),
        ("found something else", _explored({"stranger": "X"}), "exploration:other", _CAVEAT),
    ),
)
