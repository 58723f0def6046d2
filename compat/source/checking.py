"""Which sentences, pins and marked notes of some files does the evidence contradict?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.claims import Decision
from compat.errors import ExitCode
from compat.source.blocks import blocks_of
from compat.source.calls import uses_of
from compat.source.files import found_files, is_pinned, read_source
from compat.source.forms import said_in
from compat.source.marked import indented, marked_blocks
from compat.source.pins import pins_of
from compat.source.sentences import is_about, sentences_of
from compat.source.verdicts import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from compat.contract import Contract
    from compat.source.blocks import Block
    from compat.source.calls import Use
    from compat.source.files import Source
    from compat.source.verdicts import Knowledge

_ABOVE = 2
"""A comment that ends so few lines above a call speaks of it."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A sentence, a pin or a marked note, and what the evidence says of it."""

    path: Path
    line: int
    kind: str
    sentence: str
    words: str
    """The part of it that was judged."""
    judgement: Judgement


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at, and what was found, whatever it came to."""

    files: int
    findings: tuple[Finding, ...]
    unreadable: tuple[str, ...] = ()
    """Programs that this Python cannot read as such; their comments were read up to the break."""

    def of(self, decision: Decision) -> tuple[Finding, ...]:
        """Return the findings that came to this."""
        return tuple(each for each in self.findings if each.judgement.decision is decision)

    @property
    def exit_code(self) -> ExitCode:
        """A contradiction first, then what could not be decided."""
        if self.of(Decision.REFUTED):
            return ExitCode.CONTRADICTED
        return ExitCode.INCONCLUSIVE if self.of(Decision.INCONCLUSIVE) else ExitCode.HOLDS


def check(paths: Iterable[Path], knowledge: Knowledge) -> Checked:
    """Hold what files say of the API against the evidence.

    A pin is held against it where one of the files uses the API, or where only project files were given.
    """
    findings: list[Finding] = []
    pinned: list[Source] = []
    unreadable: list[str] = []
    count, used, programs = 0, False, False
    for path in found_files(paths):
        count += 1
        programs |= not is_pinned(path)
        if is_pinned(path) and (project := read_source(path)) is not None:
            pinned.append(project)
        source = read_source(path, knowledge.name)
        if source is None:
            continue
        uses: tuple[Use, ...] = ()
        if source.is_python:
            try:
                uses = tuple(uses_of(source, knowledge.api))
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                unreadable.append(f"{path}: not read as a program ({error}); its comments were")
        used |= bool(uses)
        findings += _of_source(source, uses, knowledge)
    if used or not programs:
        findings += [each for project in pinned for each in _of_pins(project, knowledge, unreadable)]
    ordered = sorted(findings, key=lambda each: (str(each.path), each.line, each.kind))
    return Checked(files=count, findings=tuple(ordered), unreadable=tuple(unreadable))


def _of_source(source: Source, uses: Sequence[Use], knowledge: Knowledge) -> Iterator[Finding]:
    notes = marked_blocks(source.text, str(source.path))
    for note in notes:
        if note.inside != indented(knowledge.note, note.indent):
            judgement = Judgement(
                decision=Decision.REFUTED,
                because="it is not the note that the evidence allows today; compat note --write renews it",
                claim="the note",
            )
            yield _finding(source, note.begin, "note", "the marked note", "", judgement)
    related = related_names(knowledge.contract)
    for block in blocks_of(source):
        if any(note.begin <= block.first and block.last <= note.end for note in notes):
            continue
        tied = _is_tied(block, uses, knowledge.name)
        for sentence in sentences_of(block):
            if not is_about(sentence.text, knowledge.name, related, tied=tied):
                continue
            for said in said_in(sentence.text):
                judgement_or_none = knowledge.judge(said)
                if judgement_or_none is not None:
                    yield _finding(
                        source, sentence.line, said.kind, sentence.text, said.words, judgement_or_none
                    )


def _finding(
    source: Source, line: int, kind: str, sentence: str, words: str, judgement: Judgement
) -> Finding:
    return Finding(
        path=source.path, line=line, kind=kind, sentence=sentence, words=words, judgement=judgement
    )


def _is_tied(block: Block, uses: Sequence[Use], name: str) -> bool:
    """Whether a block speaks of the function as a whole: it names it, or stands at a call of it."""
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", block.text):
        return True
    return any(use.line - _ABOVE <= block.last <= use.last for use in uses if use.shape is not None)


def _of_pins(project: Source, knowledge: Knowledge, unreadable: list[str]) -> Iterator[Finding]:
    library = knowledge.api.partition(".")[0]
    try:
        pins = list(pins_of(project, library))
    except (ValueError, SyntaxError) as error:
        unreadable.append(f"{project.path}: not read as what its name says ({error})")
        return
    for pin in pins:
        yield _finding(project, pin.line, "pin", pin.text, pin.text, knowledge.judge_pin(pin.admits))


def related_names(contract: Contract) -> frozenset[str]:
    """Return the words that may stand beside the function in a sentence about it, in lower case."""
    texts = [contract.api, contract.fallback, contract.note_before, contract.successor or "", "pytorch"]
    texts += [each.claim for each in contract.claims] + [each.call for each in contract.references]
    return frozenset(word.lower() for text in texts for word in re.findall(r"\w+", text))
