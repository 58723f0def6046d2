"""What can go wrong, and the exit code that says so: one table for every command."""

from __future__ import annotations

import enum


class ExitCode(enum.IntEnum):
    """The exit codes of every command; ``meaning`` is the sentence shown to people."""

    HOLDS = 0
    CONTRADICTED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    INTERNAL = 4
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """The sentence for this code."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.HOLDS: "the contract holds",
    ExitCode.CONTRADICTED: "a relied-on clause or a claim is contradicted",
    ExitCode.USAGE: "usage or configuration",
    ExitCode.INCONCLUSIVE: "inconclusive",
    ExitCode.INTERNAL: "internal error",
    ExitCode.INTERRUPTED: "interrupted",
}


class CompatError(Exception):
    """A problem shown to the user as one message: what happened, where, and what to do next."""

    exit_code = ExitCode.INTERNAL


class ConfigurationError(CompatError):
    """A file or an argument of the user's is wrong; the message names every mistake at once."""

    exit_code = ExitCode.USAGE
