"""Level 7: what a call costs: operators dispatched against list length, and time against the alternatives.

Contestants are timed in interleaved rounds of alternating order; raw seconds are kept and judged upstairs.
While it times, the probe holds the quiet lock, so that no second timing and no background download runs
beside it.
"""

from __future__ import annotations

import fcntl
import functools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Callable, TextIO

from compat.probe import clocks
from compat.probe.cases import Materialiser
from compat.probe.context import Context, resolve
from compat.probe.silence import silence

#: A file to lock exclusively while timing; set by whoever runs things in the background.
QUIET_LOCK = "COMPAT_QUIET_LOCK"

LENGTHS = (1, 2, 5, 10, 30, 100, 300, 1000, 3000, 10000)
ROUNDS = {"quick": 16, "full": 40}

#: Background work looks at the lock a few times a second; this long after it was taken, all is still.
SETTLING_SECONDS = 0.3

#: Why a record has no timings.
UNTIMED = "nothing was timed"

#: The beginnings of the names by which CUDA's profiler counts what the host tells the device. A wait for the
#: whole device is left out: the profiler waits itself, at its end.
TOLD = {
    "launches": ("cudaLaunchKernel", "cuLaunchKernel"),
    "copies": ("cudaMemcpy", "cuMemcpy"),
    "waits": ("cudaStreamSynchronize", "cuStreamSynchronize", "cudaEventSynchronize", "cuEventSynchronize"),
}

#: How much of a refusal to be captured in a graph is kept.
MOST_OF_AN_ERROR = 100


def steps(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield one step for each list length, each pair of contestants, and the training step."""
    if context.function is None:
        return
    for length in LENGTHS:
        yield f"dispatches/{length}", functools.partial(dispatches, context, length)
    hold_quiet()  # here, between two steps: the wait for others to end is no step's own time
    for workload in context.contract["workloads"]:
        for against in alternatives(context):
            yield f"timing/{workload['id']}/{against}", functools.partial(timing, context, workload, against)
    yield "overhead", lambda: overhead(context)


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    torch = context.torch

    def dispatched(call: Callable[[], Any]) -> int:
        """How many operators a call dispatches, those within others included."""
        call()
        with silence(), profiler(context) as profile:  # some profilers log their beginning and their end
            call()
        return sum(count for name, count in counted(profile).items() if name.startswith("aten::"))

    def on_device(call: Callable[[], Any]) -> str:
        """How many kernels a call has the host launch, and how often it copies memory and waits."""
        call()
        torch.cuda.synchronize()
        with silence(), profiler(context) as profile:
            call()
        told = {
            what: sum(count for name, count in counted(profile).items() if name.startswith(starts))
            for what, starts in TOLD.items()
        }
        return ", ".join(f"{what} {count}" for what, count in told.items() if count) or "nothing"

    def references_kept(tensors: list[Any]) -> int:
        """How many references to its tensors a call leaves behind, when its results are gone."""
        before = sum(map(sys.getrefcount, tensors))
        context.function(tensors)
        return sum(map(sys.getrefcount, tensors)) - before

    def peak(tensors: list[Any]) -> int:
        """How many bytes a call allocates at its peak, on the device."""
        context.function(tensors)
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        context.function(tensors)
        return int(torch.cuda.max_memory_allocated() - before)

    return {
        "dispatched": dispatched,
        "on_device": on_device,
        "references_kept": references_kept,
        "peak": peak,
    }


def dispatches(context: Context, length: int) -> dict[str, Any]:
    """Return how often each operator is dispatched by one call on a list of ``length`` small tensors.

    On CUDA the runtime's calls are counted as well, kernel launches among them.
    """
    torch = context.torch
    tensors = [torch.ones(4, device=context.device) for _ in range(length)]
    with torch.no_grad():
        context.function(tensors)
        with profiler(context) as profile:
            context.function(tensors)
            if context.device == "cuda":
                torch.cuda.synchronize()
    return {"length": length, "operators": counted(profile)}


def counted(profile: Any) -> dict[str, int]:
    """Return how often each event came, by name.

    Counted are the events as they were recorded, where this torch shows them: the list that torch 1.12 makes
    of them loses some of two operators of one name that follow each other within a microsecond.
    """
    recorded = getattr(getattr(profile, "profiler", profile), "kineto_results", None)
    if recorded is None:
        return {event.key: event.count for event in profile.key_averages()}
    return dict(Counter(event.name() for event in recorded.events()))


def profiler(context: Context) -> Any:
    """Return a profiler that counts what is dispatched, and on CUDA what is launched."""
    if context.device == "cpu":
        return context.torch.autograd.profiler.profile()
    profiling = context.torch.profiler
    activities = [profiling.ProfilerActivity.CPU, profiling.ProfilerActivity.CUDA]
    return profiling.profile(activities=activities)


def timing(context: Context, workload: dict[str, Any], against: str) -> dict[str, Any]:
    """Return paired seconds a call of the function and of one alternative on a workload's tensors.

    Returns:
        The timings, one for each part of a call that the device's clocks tell apart, and what was lost.
    """
    tensors, torch = workload_tensors(context, workload), context.torch
    pair = [lambda: context.function(tensors), contestant(context, against, tensors)]
    rounds, lost = ROUNDS[context.profile], None
    with torch.no_grad():
        timed = [_timed(clocks.clock_of(torch, context.device), pair, rounds)]
        if context.device == "cuda":
            try:
                replays = [clocks.graphed(torch, call) for call in pair]
            except RuntimeError as error:
                lost = f"the device's part: {str(error)[:MOST_OF_AN_ERROR]}"
            else:
                timed.append(_timed(clocks.GraphClock(torch), replays, rounds))
    about = {"workload": workload["id"], "against": against, "unit": "s", "threads": torch.get_num_threads()}
    entries = [
        {**about, "part": part, "calls": calls, "pairs": pairs}
        for calls, parts in timed
        for part, pairs in parts.items()
    ]
    return {"timings": entries, "lost": lost}


def _timed(clock: Any, pair: list[clocks.Call], rounds: int) -> tuple[int, dict[str, list[list[float]]]]:
    """Return how many calls a sample has, and the pairs of seconds by part; the first calibrates."""
    calls = clocks.calibrate(clock, pair[0])
    clock.sample(pair[1], calls)
    return calls, clocks.interleaved(clock, pair, calls, rounds)


def contestant(context: Context, against: str, tensors: list[Any]) -> clocks.Call:
    """Return the alternative of this name, ready to be called."""
    if against == "itself":
        return lambda: context.function(tensors)
    for reference in context.contract["references"]:
        if reference["id"] == against:
            call = eval(f"lambda tensors, ord: {reference['call']}", {"torch": context.torch})
            return lambda: call(tensors, 2)
    successor = resolve(context.torch, against)
    return lambda: successor(tensors)


def workload_tensors(context: Context, workload: dict[str, Any]) -> list[Any]:
    """Return the tensors of a workload: gradient-like values in the shapes that it lists."""
    make = Materialiser(context.torch, context.device).tensor
    shapes = [shape for shape, count in workload["shapes"] for _ in range(count)]
    return [
        make(workload["dtype"], shape, "contiguous", "gradient", seed) for seed, shape in enumerate(shapes)
    ]


def overhead(context: Context) -> dict[str, Any]:
    """Return seconds of a training step alone, with the consumer, and with per-parameter norms instead."""
    clock = clocks.clock_of(context.torch, context.device)
    with context.torch.random.fork_rng():  # the network's weights are drawn
        steps = context.consumer().training_steps(context.torch, context.device)
    calls = max(clocks.calibrate(clock, step) for step in steps)
    return {
        "workload": "training-step",
        "threads": context.torch.get_num_threads(),
        "calls": calls,
        "triples": clocks.interleaved(clock, steps, calls, ROUNDS[context.profile])[clocks.WHOLE],
    }


@functools.cache
def hold_quiet() -> TextIO | None:
    """Take the quiet lock, where there is one, and keep it until this process ends."""
    path = os.environ.get(QUIET_LOCK)
    if not path:
        return None
    lock = open(path, "a", encoding="utf-8")  # noqa: PTH123, SIM115 - held open on purpose: closing unlocks
    fcntl.flock(lock, fcntl.LOCK_EX)
    time.sleep(SETTLING_SECONDS)
    return lock


def gather(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the record's part: dispatches, timings and overhead, with what was not measured and why."""
    measured = {key: result["ok"] for key, result in results.items() if "ok" in result}
    timed = {key: value for key, value in measured.items() if key.startswith("timing/")}
    lost = [f"{key}: {result}" for key, result in results.items() if "ok" not in result and _is_own(key)]
    lost += [f"{key}: {value['lost']}" for key, value in timed.items() if value["lost"]]
    if not any(key.startswith("timing/") for key in results):
        lost.append(UNTIMED)
    return {
        "dispatches": [value for key, value in measured.items() if key.startswith("dispatches/")],
        "timings": [each for value in timed.values() for each in value["timings"]],
        "overhead": measured.get("overhead"),
        "not_run": "; ".join(lost)[:500] or None,
    }


def alternatives(context: Context) -> list[str]:
    """Return whom the function is timed against: itself as a control, the references, the successor."""
    timed = [reference["id"] for reference in context.contract["references"] if reference["timed"]]
    successor = context.contract["successor"]
    there = successor is not None and resolve(context.torch, successor) is not None
    return ["itself", *timed, *([successor] if there else [])]


def _is_own(key: str) -> bool:
    """Tell this level's own steps from its questions."""
    return "/" in key or key == "overhead"
