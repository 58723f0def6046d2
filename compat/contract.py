"""What do callers of one private API rely on, and what do they claim about it?

A contract is a folder of four files written by people: ``contract.toml``, ``questions.toml``,
``claims.toml`` and ``workloads.toml``. This module reads them, names every mistake at once, and
renders them as one canonical ``contract.json`` for the probe, whose Python may have no ``tomllib``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Question:
    """One small behaviour of the API: the call, why it matters, and what callers rely on."""

    id: str
    level: str
    asks: str
    call: str
    relied: bool
    expect: str | None
    """The outcome callers expect: a whole text, an exception's type, or ``error`` for any error."""
    why: str
    reference: str | None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence about the API that somebody relies on, and the rule that decides it."""

    id: str
    claim: str
    rule: str
    device: str | None
    parameters: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A list of tensors to time: ``shapes`` holds (shape, how many of it)."""

    id: str
    describes: str
    shapes: tuple[tuple[tuple[int, ...], int], ...]
    dtype: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """All four files of a contract folder; ``digest`` is that of its canonical JSON."""

    api: str
    name: str
    stub: str
    operator: str
    relatives: tuple[str, ...]
    fallback: str
    note_before: str
    successor: str | None
    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]
    workloads: tuple[Workload, ...]
    digest: str

    def question(self, identity: str) -> Question | None:
        """The question of that id, or None."""
        return next((each for each in self.questions if each.id == identity), None)

    def claim(self, identity: str) -> Claim | None:
        """The claim of that id, or None."""
        return next((each for each in self.claims if each.id == identity), None)


def load_contract(folder: Path) -> Contract:
    """Read and validate the folder; ConfigurationError names every mistake by file and key."""
    raise NotImplementedError


def build(folder: Path) -> str:
    """Render the folder as the canonical text of ``contract.json``: sorted keys, newline at the end."""
    raise NotImplementedError
