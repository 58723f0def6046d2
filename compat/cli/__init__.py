"""The command line: ``python -m compat COMMAND``, also installed as ``compat``.

Every command ends with a code of ``ExitCode``, and a mistake of the user's with a message and no
traceback. What a command does lies elsewhere; here are its name, its options and its help.
"""

from __future__ import annotations

from compat.cli import asking, ci, judging, moving, source, upkeep
from compat.cli.application import main

__all__ = ["asking", "ci", "judging", "main", "moving", "source", "upkeep"]
