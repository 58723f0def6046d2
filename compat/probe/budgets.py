"""How long is explored? By profile, or as long as was asked for."""

from __future__ import annotations

#: The profiles by how much they ask, least first: a record of one answers for those before it.
PROFILES = ("quick", "full", "soak")

#: How long each explores, in seconds; soak explores as long as was asked for.
SECONDS = {"quick": 20.0, "full": 90.0}

#: How long a finding may be shrunk, beyond the end of the budget where it was found late.
SHRINKING_SECONDS = 10.0

#: How long one example may take before it counts as hanging.
EXAMPLE_SECONDS = 15.0

#: What an exploration may take beyond its budget, in all: the first import of a large torch from a cold disk,
#: two examples that hang, another process behind each, and shrinking, on a machine that is busy.
GRACE_SECONDS = 2 * EXAMPLE_SECONDS + 240.0

#: More is a slip of the finger, not a wish: a week.
MOST_SECONDS = 7 * 24 * 3600.0


def mistake(profile: str, seconds: float | None) -> str | None:
    """Return what is wrong with a profile and a budget that were asked for together, or None."""
    if seconds is None:
        return f"--profile {profile} needs --seconds N" if profile not in SECONDS else None
    if not 0 < seconds <= MOST_SECONDS:
        return f"--seconds must be above 0 and at most {MOST_SECONDS:.0f}, not {seconds:g}"
    return None


def budget(profile: str, seconds: float | None) -> float:
    """Return the seconds to explore for."""
    return SECONDS[profile] if seconds is None else seconds


def answers_for(measured: str, asked: str) -> bool:
    """Tell whether a record of one profile answers for another that is asked for."""
    return measured in PROFILES and PROFILES.index(measured) >= PROFILES.index(asked)


def depth(profile: str) -> str:
    """Return the profile that the other levels are measured with: soak is full, but explores longer."""
    return "quick" if profile == "quick" else "full"
