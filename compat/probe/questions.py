"""Asks the questions of a level: evaluates each call in this torch and writes down what came of it.

It does so once for each pattern that memory is filled with, so that an answer read from memory that
nobody wrote is not taken for a value.

A call is a Python expression, trusted as code (see the authoring guide beside the questions), and is
evaluated in the probe's worker process only.
"""

from __future__ import annotations

import collections
import copy
import fractions
import functools
import inspect
import math
import pickle
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, Callable

from compat.probe import outcomes, poison, warned
from compat.probe.context import Context, resolve
from compat.probe.messages import normalise
from compat.probe.outcomes import Outcome

Step = tuple[str, Callable[[], Outcome]]


def steps(context: Context, level: str, helpers: dict[str, Callable[..., Any]]) -> Iterator[Step]:
    """Yield one step for each question of a level that is asked on this device.

    A question that needs what this torch lacks is answered ``unasked``, with what it needs.

    Args:
        context: the measurement's surroundings.
        level: the level's name as the questions write it.
        helpers: functions that this level's calls may use, by name.
    """
    if context.function is None:
        return
    names = {**vocabulary(context), **helpers}
    memory = poison.Memory(context.torch, context.device)
    for question in of_device(context.contract["questions"], context.device):
        if question["level"] == level:
            yield question["id"], functools.partial(_answer, context, question, names, memory)


def of_device(questions: list[dict[str, Any]], device: str) -> list[dict[str, Any]]:
    """Return the questions that are asked on a device."""
    return [each for each in questions if each.get("device", device) == device]


def vocabulary(context: Context) -> dict[str, Any]:
    """Return the names that any call may use: the function is ``f``, ``T`` is ``torch.tensor``."""
    torch, device = context.torch, context.device
    return {
        "torch": torch,
        "collections": collections,
        "copy": copy,
        "fractions": fractions,
        "inspect": inspect,
        "math": math,
        "pickle": pickle,
        "each": each,
        "inf": math.inf,
        "nan": math.nan,
        "f": context.function,
        "device": device,
        "T": lambda data, dtype=None, **kwargs: torch.tensor(data, dtype=dtype, device=device, **kwargs),
        "full": lambda shape, value, dtype=None: torch.full(shape, value, dtype=dtype, device=device),
    }


def each(items: Iterable[Any], call: Callable[[Any], Any]) -> dict[str, Any]:
    """Return by item what a call gives for it, or the type of the exception that it raises."""

    def answer(item: Any) -> Any:
        try:
            return call(item)
        except Exception as exception:  # noqa: BLE001 - whatever the measured torch raises is the answer
            return type(exception).__name__

    return {str(item): answer(item) for item in items}


def ask(call: str, names: dict[str, Any], memory: poison.Memory) -> Outcome:
    """Return the outcome of a call; one that differs between its evaluations is ``unstable``.

    Args:
        call: the expression.
        names: what it may use.
        memory: what is filled with another pattern for each evaluation.
    """
    answers = []
    for pattern in poison.PATTERNS:
        with memory.filled(pattern):
            answers.append(evaluate(call, names))
    return functools.reduce(outcomes.settled, answers)


def evaluate(call: str, names: dict[str, Any]) -> Outcome:
    """Return the outcome of one evaluation of a call, with the warnings that it gave."""
    with warned.recorded(names.get("torch")) as given:
        try:
            result, raised = eval(call, dict(names)), None
        except Exception as exception:  # noqa: BLE001 - whatever the measured torch raises is the outcome
            result, raised = None, exception
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        home = names.get("device", "cpu")
        outcome = outcomes.value(result, home) if raised is None else outcomes.error(raised)
    return {**outcome, "warnings": given} if given else outcome


def gather(asked: list[dict[str, Any]], results: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Outcome]:
    """Return the record's part: the outcome of each question that was asked, a crash or a hang among them.

    Args:
        asked: the contract's questions.
        results: by level and step.
    """
    return {
        each["id"]: _outcome(results[each["level"]][each["id"]])
        for each in asked
        if each["id"] in results.get(each["level"], {})
    }


def _answer(
    context: Context, question: dict[str, Any], names: dict[str, Any], memory: poison.Memory
) -> Outcome:
    needed = question.get("needs")
    if needed is not None and resolve(context.torch, needed) is None:
        return {"kind": "unasked", "text": f"needs {needed}"}
    return ask(question["call"], names, memory)


def _outcome(result: dict[str, Any]) -> Outcome:
    if "ok" in result:
        outcome: Outcome = result["ok"]
        return outcome
    kind = next(iter(result))
    return {"kind": kind, "text": normalise(str(result[kind]))}
