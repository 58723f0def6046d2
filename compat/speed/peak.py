"""How much memory does a call take beside its inputs, at its peak?"""

from __future__ import annotations

import itertools
from typing import Any, Callable

from compat.probe.silence import silence

#: What torch's profiler calls the event of an allocation, or of its end, with its bytes.
ALLOCATION = "[memory]"


def peak(torch: Any, device: str, call: Callable[[], Any]) -> int | None:
    """Return the bytes that torch holds at most beyond those before, or None where it does not tell.

    Results that the call returns are among them. What libraries take by themselves is not.
    """
    if device == "cuda":
        call()
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        call()
        torch.cuda.synchronize()
        return int(torch.cuda.max_memory_allocated() - before)
    with silence(), torch.autograd.profiler.profile(profile_memory=True) as profile:
        kept = call()
    del kept
    events = getattr(getattr(profile, "profiler", profile), "kineto_results", None)
    if events is None:
        return None
    sizes: list[int] = [event.nbytes() for event in events.events() if event.name() == ALLOCATION]
    return max([0, *itertools.accumulate(sizes)])
