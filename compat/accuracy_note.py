"""Which hazard of accuracy must a comment in the source warn of? One line, or none where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.accuracy_remedies import CONVERSIONS
from compat.releases import listing
from compat.report.numbers import rounded_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.accuracy_remedies import Remedy
    from compat.accuracy_rules import Rule

_MANY = 8


def accuracy_lines(rules: Sequence[Rule], remedies: Sequence[Remedy]) -> Iterator[str]:
    """Yield a line for each device on which some dtype is not good enough at every measured size.

    It tells the newest releases measured, and in brackets an older one that is worse: who reads the comment
    may have either.
    """
    for device in dict.fromkeys(rule.device for rule in rules):
        newest = [rule for rule in rules if rule.device == device and rule.span.to is None]
        failing = [rule for rule in newest if rule.good_enough.stops is not None]
        if not failing:
            continue
        told = listing([_told(rule, rules) for rule in failing], many=_MANY)
        helping = dict.fromkeys(_help(each) for each in remedies if each.device == device)
        beyond = f" Beyond: {'; '.join(helping)}." if helping else ""
        where = f"{device.upper()} in {failing[0].span.last}, at the sizes measured"
        yield f"Relative error on {where}: {told}.{beyond}"


def _told(rule: Rule, rules: Sequence[Rule]) -> str:
    bound = rule.good_enough
    error = rounded_up(bound.error)
    if bound.elements is None:
        return f"{rule.dtype} above {error} at every size"
    same = [each for each in rules if (each.device, each.dtype) == (rule.device, rule.dtype)]
    worst = min(same, key=lambda each: each.good_enough.elements or 0)
    before = worst.good_enough.elements or 0
    older = f" (in {worst.span.last}: {before:,})" if before < bound.elements else ""
    return f"{rule.dtype} under {error} up to {bound.elements:,} elements{older}"


def _help(remedy: Remedy) -> str:
    ways = []
    if remedy.result and remedy.spans:
        span = remedy.spans[-1]
        since = f"from {span.first}" if span.exact else span.since  # in a comment, no word too many
        ways.append(f"dtype=torch.{remedy.result} ({since})")
    if remedy.conversion:
        ways.append(f"{CONVERSIONS[remedy.conversion]} before the norm")
    return ", or ".join(ways) or f"nothing measured helps {remedy.dtype}"
