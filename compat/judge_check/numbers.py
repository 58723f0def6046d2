"""Damage to what a record measured in numbers: accuracy and cost."""

from __future__ import annotations

from typing import Any

from compat.judge_check.damage import Content, changed, damages, with_keys
from compat.judge_check.sample import point

_CAVEAT = {"is_caveat": True}


def _accuracy(**changes: Any) -> Any:
    """Return what changes the last point of the accuracy level."""
    return changed(lambda content: content["accuracy"][-1].update(changes))


def _point(factor: float) -> Any:
    return _accuracy(**point("float32", 1 << 20, factor))


def _timings(**pairs: Any) -> Any:
    """Return what replaces the pairs of a timing, or with None the timing itself."""

    def change(content: Content) -> None:
        timings = [
            {**each, "pairs": pairs.get(each["against"], each["pairs"])}
            for each in content["cost"]["timings"]
        ]
        content["cost"]["timings"] = [each for each in timings if each["pairs"] is not None]

    return changed(change)


def _growing(content: Content) -> None:
    for each in content["cost"]["dispatches"]:
        each["operators"] = {"cudaLaunchKernel": each["length"] ** 2}


DAMAGES = (
    *damages(
        "accuracy",
        ("off by more than rounding", _point(1.5), "accuracy:float32: off by more than rounding", _CAVEAT),
        (
            "infinite",
            _accuracy(got="inf", relative_error="inf", bound_share="inf"),
            "accuracy:float32: off by more than rounding",
            _CAVEAT,
        ),
        ("crashed", _accuracy(stopped={"kind": "crash", "text": "SIGSEGV"}), "crash: SIGSEGV", _CAVEAT),
        ("disagrees at a size", _accuracy(codes={"norm": "X"}), "1 size of the accuracy level"),
        (
            "other bits at a size",
            _accuracy(codes={"norm": "~"}),
            "identity:norm",
            {**_CAVEAT, "only_on": "cpu"},
        ),
        ("error that does not follow", _accuracy(relative_error=1e-9), "and its error says 1e-09"),
        ("share that does not follow", _accuracy(bound_share=1e-9), "of its bound, and says 1e-09"),
        ("norm edited", _accuracy(got=float(3 << 20)), "and its error says"),
        ("share removed", _accuracy(bound_share=None), "is told in part"),
        ("norm removed", _accuracy(got=None), "is told in part"),
        ("exact norm of 0", _accuracy(exact=0.0), "has the exact norm 0"),
        ("largest size removed", changed(lambda content: content["accuracy"].pop()), "at 1,048,576 elements"),
        ("no point", with_keys(accuracy=[]), "not measured: accuracy"),
        ("gone", with_keys(accuracy=None), "not measured: accuracy"),
    ),
    *damages(
        "cost",
        ("slow", _timings(norm=[[9.0, 1.0]] * 8), "slow:norm", _CAVEAT),
        ("not as fast as claimed", _timings(norm=[[1.0, 1.2]] * 8), "lie wholly below", {"only_on": "cpu"}),
        ("control off", _timings(itself=[[1.0, 1.3]] * 8), "1 timing not usable", {"only_on": "cpu"}),
        ("control missing", _timings(itself=None), "timing many-small against itself"),
        ("too few samples", _timings(norm=[[1.0, 2.0]] * 3), "1 timing not usable", {"only_on": "cpu"}),
        ("no time at all", _timings(norm=[[1.0, 0.0]] * 8), "took no time"),
        ("time run backwards", _timings(norm=[[-1.0, -2.0]] * 8), "took no time"),
        (
            "a part not run",
            with_keys(cost={"not_run": "it was busy"}),
            "it was busy",
            {**_CAVEAT, "only_on": "cpu"},
        ),
        ("timing missing", _timings(norm=None), "timing many-small against norm"),
        ("operators grow with the list", changed(_growing), "operators", _CAVEAT),
        ("nobody counted", with_keys(cost={"dispatches": []}), "operators for"),
        ("training step missing", with_keys(cost={"overhead": None}), "timing training-step"),
        ("gone", with_keys(cost=None), "not measured: cost"),
    ),
)
