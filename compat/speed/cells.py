"""What does a cell of the table hold: a model's gradients in one dtype, and all ways to one answer."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Callable

from compat.probe import clocks
from compat.probe.context import resolve
from compat.speed.peak import peak
from compat.speed.race import race

ANSWERS = ("norms", "total", "health")

#: The name of a second entry of the first contestant: an A/A control, whose ratio must be 1.
CONTROL = "itself"

#: How much of a refusal is kept.
MOST_OF_AN_ERROR = 160

#: Elements that are added up at once, in float64, for the exact answer.
CHUNK = 1 << 22

#: The share of the parameters that are the seed's: the last ones, as of a network that grows at its end.
SEED = 10

Call = Callable[[], Any]
Refused = list[dict[str, str]]


def cells(
    torch: Any, device: str, setting: Mapping[str, Any], tensors: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    """Yield a cell for each answer, all contestants timed against each other.

    Args:
        torch: the torch under test.
        device: where the tensors are.
        setting: the contestants, the contract's health.py, and the seconds for each race.
        tensors: the gradients.

    Returns:
        Of each the answer, and per contestant calls a sample, seconds by part, relative error and peak bytes;
        who was left out, and why.
    """
    parameters = [torch.nn.Parameter(torch.empty_like(each), requires_grad=True) for each in tensors]
    for parameter, gradient in zip(parameters, tensors):
        parameter.grad = gradient
    exact = [_exact(torch, each) for each in tensors]
    for answer in ANSWERS:
        if answer == "health":
            calls, out, lacks = _of_consumer(torch, setting["health"], parameters)
            wanted: Any = [_total(side) for side in _sides(exact)]
        else:
            calls, out = written(torch, answer, setting, tensors, parameters)
            lacks, wanted = {}, exact if answer == "norms" else [_total(exact)]
        first = next(iter(calls))
        errors = {name: _error(call(), wanted, setting["health"].totals_of) for name, call in calls.items()}
        peaks = {name: peak(torch, device, call) for name, call in calls.items()}
        with torch.no_grad():
            timed = list(timings(torch, device, {**calls, CONTROL: calls[first]}, setting["seconds"], out))
        yield {
            "answer": answer,
            "contestants": [
                {"id": name, "lacks": lacks.get(name, ""), "error": errors.get(name), "peak": peaks.get(name)}
                for name in [*calls, CONTROL]
            ],
            "timed": timed,
            "left_out": out,
        }


def load_health(folder: Path) -> Any:
    """Return the contract's module of ways to the consumer's answer."""
    spec = importlib.util.spec_from_file_location("contract_health", folder / "health.py")
    if spec is None or spec.loader is None:
        message = f"{folder / 'health.py'} cannot be loaded"
        raise ImportError(message)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def written(
    torch: Any, answer: str, setting: Mapping[str, Any], tensors: Sequence[Any], parameters: Any
) -> tuple[dict[str, Call], Refused]:
    """Return the calls of a contract's contestants for an answer, and who cannot take part, and why."""
    calls: dict[str, Call] = {}
    out: Refused = []
    names = {
        "torch": torch,
        "tensors": list(tensors),
        "parameters": parameters,
        "inf": math.inf,
        "health": setting["health"],
    }
    for each in setting["contestants"]:
        if each["answer"] != answer:
            continue
        if "needs" in each and resolve(torch, each["needs"]) is None:
            out.append({"id": each["id"], "why": f"this torch has no {each['needs']}"})
        elif len(tensors) > each.get("most", math.inf):
            out.append({"id": each["id"], "why": f"more than {each['most']} tensors: {each['because']}"})
        else:
            source = each["call"] if each.get("once") else f"lambda: {each['call']}"
            call = eval(source, names)
            _admit(each["id"], call, calls, out)
    return calls, out


def _of_consumer(
    torch: Any, health: Any, parameters: Sequence[Any]
) -> tuple[dict[str, Call], Refused, dict[str, str]]:
    calls: dict[str, Call] = {}
    out: Refused = []
    host, seed = _sides(parameters)
    ways = health.contestants(torch, host, seed)
    for each in ways:
        _admit(each["id"], each["call"], calls, out)
    return calls, out, {each["id"]: each["lacks"] for each in ways}


def _admit(name: str, call: Call, calls: dict[str, Call], out: Refused) -> None:
    """Take a contestant that can do it at all; a compiler needs its first call anyway."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever the measured torch raises is why it is left out
        out.append({"id": name, "why": f"{type(error).__name__}: {str(error)[:MOST_OF_AN_ERROR]}"})
    else:
        calls[name] = call


def timings(
    torch: Any, device: str, calls: dict[str, Call], seconds: float, out: Refused
) -> Iterator[dict[str, Any]]:
    """Yield the samples of a race, and on CUDA those of another for the device alone, of captured graphs.

    Who cannot be captured is added to ``out``, with the reason.
    """
    counts, parts = race(clocks.clock_of(torch, device), calls, seconds)
    yield from entries(counts, parts)
    if device != "cuda":
        return
    replays: dict[str, Call] = {}
    for name, call in calls.items():
        try:
            replays[name] = clocks.graphed(torch, call)
        except RuntimeError as error:  # noqa: PERF203 - a handful of graphs, each of which takes milliseconds
            why = f"the device's part: {str(error)[:MOST_OF_AN_ERROR]}"
            out.append({"id": name, "why": why})
    if len(replays) > 1:
        yield from entries(*race(clocks.GraphClock(torch), replays, seconds))


def entries(
    counts: Mapping[str, int], parts: Mapping[str, Mapping[str, list[float]]]
) -> Iterator[dict[str, Any]]:
    """Yield what a race gave as a record keeps it: an entry for each contestant and part."""
    for part, seconds in parts.items():
        for name, samples in seconds.items():
            yield {"id": name, "part": part, "calls": counts[name], "seconds": samples}


def _sides(items: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Split into the host's and the seed's."""
    cut = len(items) - max(1, len(items) // SEED)
    return list(items[:cut]), list(items[cut:])


def _exact(torch: Any, tensor: Any) -> float:
    """Return a norm by sums of float64 over chunks, of whose errors no dtype that is timed can tell."""
    flat = tensor.detach().reshape(-1)
    sums = [float((part.double() ** 2).sum()) for part in torch.split(flat, CHUNK)]
    return math.sqrt(math.fsum(sums))


def _total(norms: Sequence[float]) -> float:
    return math.sqrt(math.fsum(norm * norm for norm in norms))


def _error(answer: Any, wanted: Sequence[float], totals_of: Callable[[Any], Sequence[float]]) -> Any:
    """Return the largest relative error of an answer's norms, a word where one is not finite."""
    if hasattr(answer, "item"):
        got = [float(answer.item())]
    elif isinstance(answer, (list, tuple)) and answer and hasattr(answer[0], "item"):
        got = [float(each.item()) for each in answer]
    else:
        got = list(totals_of(answer))
    worst = max(abs(a - b) / b if b else abs(a) for a, b in zip(got, wanted))
    return worst if math.isfinite(worst) else str(worst)
