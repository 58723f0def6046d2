"""What do callers of one private API rely on, and what do they claim about it?

A contract is a folder of four files written by people: ``contract.toml``, ``questions.toml``,
``claims.toml`` and ``workloads.toml``. This module reads them, names every mistake at once, and
renders them as one ``contract.json`` for the probe, whose Python may have no ``tomllib``.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections import Counter
from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations when it runs
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from compat.claims import parameter_mistakes
from compat.errors import ConfigurationError
from compat.origins import origins
from compat.outcomes import SURFACE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The seven levels of a probe (`compat.probe.context.LEVELS`); a test keeps the two alike.
Level = Literal["surface", "call shapes", "agreement", "accuracy", "special values", "effects", "cost"]

STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One small behaviour of the API: the call, why it matters, and what callers rely on."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    level: Level
    asks: str
    call: str
    why: str
    relied: bool = False
    expect: str | None = None
    """What callers expect: a whole text, an exception's type, ``error`` for any; ``or`` between several."""
    avoid: str | None = None
    """What to avoid where the outcome is not the expected one, as the note says it after "Avoid"."""
    reference: str | None = None
    """Where to read of it: an issue or a change of torch's."""
    needs: str | None = None
    """A dotted name that torch must have; where it has not, the question is ``unasked``."""
    device: Literal["cpu", "cuda"] | None = None
    """The only device on which it is asked; on every one when left out."""
    warns: bool = False
    """Whether torch may warn of what is asked; where it may not, a warning is a caveat."""
    notice: bool = False
    """Whether it asks for a name, a declaration or a cost: another one is no other answer."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence about the API that somebody relies on, and the rule that decides it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    claim: str
    rule: str
    device: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Workload:
    """A list of tensors to time: ``shapes`` holds (shape, how many of it)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    describes: str
    shapes: tuple[tuple[tuple[int, ...], int], ...]
    dtype: str


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model whose gradients are timed: ``shapes`` holds (shape, how many of it)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    describes: str
    tensors: int
    elements: int
    shapes: tuple[tuple[tuple[int, ...], int], ...]
    backward: Mapping[str, Any] | None = None
    """How its network is built, for gradients of a real backward pass; else they are made."""


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A way to one answer; the first of an answer is the function itself."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    answer: Literal["norms", "total"]
    call: str
    needs: str | None = None
    public: bool = False
    once: bool = False
    """The call makes what is then called."""
    most: int | None = None
    """The longest list that it is tried on."""
    because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Another way to the same norms: an expression over ``tensors`` and ``ord``."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    id: str
    call: str
    orders: tuple[float | str, ...] = ()
    """The orders of the cases that it is asked; all when empty."""
    timed: bool = True
    combine: str | None = None
    """Where the call gives not these norms but what callers make of them: how it is made of ``norms``."""
    needs: str | None = None
    """A dotted name that torch must have; no case is asked where it has not."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The table of ``contract.toml``: which API, and what stands in the source about it today."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    api: str
    name: str
    stub: str
    operator: str
    fallback: str
    note_before: str
    references: tuple[Reference, ...]
    """What the probe compares and times the function against, besides the consumer under test."""
    relatives: tuple[str, ...] = ()
    successor: str | None = None
    relied_agreement: tuple[str, ...] = ()
    """References whose disagreement contradicts the contract; any other is a caveat."""


@dataclass(frozen=True, kw_only=True)
class Contract(Subject):
    """All files of a contract folder; ``digest`` is that of ``contract.json`` as built from them."""

    questions: tuple[Question, ...]
    claims: tuple[Claim, ...]
    workloads: tuple[Workload, ...]
    digest: str
    models: tuple[Model, ...] = ()
    contestants: tuple[Contestant, ...] = ()
    origins: Mapping[int, str] = field(default_factory=dict)
    """By number of the case, where those that were promoted into the corpus came from."""

    @property
    def compared(self) -> tuple[str, ...]:
        """Everything that the function is compared with: the references, and what else is relied on."""
        return tuple(dict.fromkeys([*(each.id for each in self.references), *self.relied_agreement]))

    def question(self, identity: str) -> Question | None:
        """Return the question of that id, or None."""
        return self._by_id.get(identity)

    @cached_property
    def _by_id(self) -> dict[str, Question]:
        return {each.id: each for each in reversed(self.questions)}

    def claim(self, identity: str) -> Claim | None:
        """Return the claim of that id, or None."""
        return next((each for each in self.claims if each.id == identity), None)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One file of the folder: the key that it holds, and what must be under it."""

    file: str
    key: str
    holds: TypeAdapter[Any]
    optional: bool = False


_PARTS = (
    _Part(file="contract.toml", key="contract", holds=TypeAdapter(Subject)),
    _Part(file="questions.toml", key="question", holds=TypeAdapter(tuple[Question, ...])),
    _Part(file="claims.toml", key="claim", holds=TypeAdapter(tuple[Claim, ...])),
    _Part(file="workloads.toml", key="workload", holds=TypeAdapter(tuple[Workload, ...])),
    _Part(file="models.toml", key="model", holds=TypeAdapter(tuple[Model, ...]), optional=True),
    _Part(
        file="contestants.toml", key="contestant", holds=TypeAdapter(tuple[Contestant, ...]), optional=True
    ),
)


def build(folder: Path) -> str:
    """Render the folder as the canonical text of ``contract.json``: sorted keys, newline at the end.

    It holds what people wrote, key by key. Which of it a measurement depends on, and so what makes
    a record stale, is the probe's to say.
    """
    return _text(_load(folder)[1])


def load_contract(folder: Path) -> Contract:
    """Read and validate the folder; ConfigurationError names every mistake by file and key."""
    values, raw = _load(folder)
    subject = {each.name: getattr(values["contract"], each.name) for each in fields(Subject)}
    return Contract(
        **subject,
        questions=values["question"],
        claims=values["claim"],
        workloads=values["workload"],
        models=values["model"],
        contestants=values["contestant"],
        digest="sha256:" + hashlib.sha256(_text(raw).encode()).hexdigest(),
        origins=origins(folder),
    )


def _text(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, sort_keys=True, indent=2, ensure_ascii=False, default=str) + "\n"


def _load(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the validated values and, beside them, what was written, both by key."""
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    raw: dict[str, Any] = {}
    for part in _PARTS:
        try:
            absent = part.optional and not (folder / part.file).exists()
            raw[part.key] = [] if absent else _read(folder / part.file, part.key)
            values[part.key] = part.holds.validate_json(json.dumps(raw[part.key], default=str))
        except ConfigurationError as error:
            mistakes.append(str(error))
        except ValidationError as error:
            mistakes += [_located(part, raw[part.key], each) for each in error.errors()]
    mistakes += _cross_mistakes(values)
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}"
        message = f"The contract in {folder} has {count}; correct and try again:"
        raise ConfigurationError("\n  ".join([message, *mistakes]))
    return values, raw


def _read(path: Path, key: str) -> Any:
    """Return what lies under the only key that this file may have."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path.name}: cannot be read: {error}"
        raise ConfigurationError(message) from error
    unknown = sorted(set(content) - {key})
    if unknown or key not in content:
        found = f"unknown key {', '.join(unknown)}" if unknown else "nothing"
        message = f"{path.name}: {found} found at the top, where only `{key}` belongs"
        raise ConfigurationError(message)
    return content[key]


def _located(part: _Part, raw: Any, error: Any) -> str:
    """Place one pydantic error by file, entry and key."""
    where, keys = part.key, [str(each) for each in error["loc"]]
    if isinstance(raw, list) and keys:
        entry = raw[int(keys.pop(0))]
        where = f"{part.key} {entry.get('id', '(no id)') if isinstance(entry, dict) else entry}"
    key = ".".join(keys)
    return f"{part.file}: {where}: {key + ': ' if key else ''}{error['msg']}"


def _cross_mistakes(values: Mapping[str, Any]) -> Iterator[str]:
    """Find what no single key can show: ids used twice, rules unknown, reliance on nothing."""
    for part in _PARTS[1:]:
        counts = Counter((getattr(each, "answer", None), each.id) for each in values.get(part.key, ()))
        yield from (
            f"{part.file}: {part.key} {identity}: id: used {n} times"
            for (_, identity), n in counts.items()
            if n > 1
        )
    for model in values.get("model", ()):
        for key, found in (
            ("tensors", sum(count for _, count in model.shapes)),
            ("elements", sum(count * math.prod(shape) for shape, count in model.shapes)),
        ):
            if getattr(model, key) != found:
                said = getattr(model, key)
                yield f"models.toml: model {model.id}: {key}: says {said}, its shapes add up to {found}"
    for question in values.get("question", ()):
        if question.id in SURFACE or ":" in question.id:
            yield f"questions.toml: question {question.id}: id: reserved for what the surface answers"
        if question.relied and question.expect is None:
            yield f"questions.toml: question {question.id}: expect: callers rely on it, so say on what"
    for claim in values.get("claim", ()):
        for mistake in parameter_mistakes(claim.rule, claim.parameters):
            yield f"claims.toml: claim {claim.id}: {mistake}"
