"""Which releases are new, and how does each stand to what was accepted before it?

Two of the watch's three steps, with the files by which they hand over. Neither may write anywhere but into
its own folder; the third step (`compat.ci.acting`) reads what they wrote as if it came from a stranger.
"""

from __future__ import annotations

import enum
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from packaging.version import Version
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from compat.ci.merging import NAME
from compat.ci.summary import cut
from compat.errors import CompatError, ConfigurationError, ExitCode
from compat.releases import in_order
from compat.report.text import printable
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from compat.ci.merging import Merge
    from compat.ci.tools import Tools

LOOKED = "look.json"
JUDGED = "judged.json"
MATRIX = "matrix.toml"
SURVEY = "reports/survey.json"
RECORDS = "records"
MOST_BYTES = 4_000_000
MOST_TEXT = 50_000
"""Bytes of one release's text: an issue takes 65,536 characters in all."""

Torch = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){1,3}((a|b|rc)[0-9]+)?$", max_length=40)]


class Standing(enum.Enum):
    """How a new release stands to the accepted state."""

    GOOD = "good"
    REGRESSION = "regression"
    INCONCLUSIVE = "inconclusive"


_STANDINGS = {
    ExitCode.HOLDS: Standing.GOOD,
    ExitCode.CONTRADICTED: Standing.REGRESSION,
    ExitCode.INCONCLUSIVE: Standing.INCONCLUSIVE,
}


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


F = TypeVar("F", bound=_File)


class Look(_File):
    """What the index has that was never measured, and what had been by then."""

    format: Literal[1] = 1
    accepted: Annotated[tuple[Torch, ...], Field(max_length=1000)]
    new: Annotated[tuple[Torch, ...], Field(max_length=256)]


class Finding(_File):
    """How one new release stands, compared with which, and the text for people."""

    torch: Torch
    against: Torch | None
    standing: Standing
    text: Annotated[str, StringConstraints(max_length=MOST_TEXT + 200)]


class Judged(_File):
    """How every new release stands."""

    format: Literal[1] = 1
    findings: Annotated[tuple[Finding, ...], Field(max_length=256)]


def look(tools: Tools, records: Path, out: Path) -> Look:
    """Ask the index, and write what is new into ``out``, with the matrix and the survey that know of it.

    New is what has no record of any kind: a release whose record is merely stale is for a person, who knows
    why the probe was changed, and would make the watch measure everything.
    """
    tools.renew()
    accepted = accepted_releases(records)
    new = [each for each in _releases(tools.without_record()) if each not in accepted]
    found = Look(accepted=accepted, new=in_order(new))
    for name in (MATRIX, SURVEY):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tools.folder / name, out / name)
    write_whole(out / LOOKED, found.model_dump_json(indent=1) + "\n")
    return found


def accepted_releases(records: Path) -> tuple[str, ...]:
    """Return the releases that have a record, by the names of the files."""
    names = [path.name for path in records.glob("*.json") if NAME.fullmatch(path.name)]
    return in_order(torch_of(name) for name in names)


def torch_of(record: str) -> str:
    """Return the release in the name of a record."""
    return record.removeprefix("torch-").partition("-py")[0]


def judge(found: Look, tools: Tools, measured: Iterable[str]) -> Judged:
    """Hold every new release against the newest accepted before it, and never against another new one.

    Args:
        found: what the first step found.
        tools: in a checkout that has the new records.
        measured: the releases that have one.

    """
    there = set(measured)
    return Judged(findings=tuple(_judge(torch, found.accepted, tools, there) for torch in found.new))


def of_releases(arrived: Merge, releases: Sequence[str]) -> Merge:
    """Return those of the records that arrived which are of these releases."""
    return replace(
        arrived, texts={name: text for name, text in arrived.texts.items() if torch_of(name) in releases}
    )


def write(judged: Judged, folder: Path) -> None:
    """Write what `judge` found, for the step that acts on it."""
    write_whole(folder / JUDGED, judged.model_dump_json(indent=1) + "\n")


def predecessor(torch: str, accepted: Sequence[str]) -> str | None:
    """Return the newest accepted release before this one; a late patch has its own line's past."""
    older = [each for each in accepted if Version(each) < Version(torch)]
    return max(older, key=Version, default=None)


def read(kind: type[F], path: Path) -> F:
    """Read a file that a step before wrote; ConfigurationError where it is not what it should be."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise ConfigurationError(
                f"{path}: no plain file of a sane size. Run the step that writes it again."
            )
        return kind.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError, ValueError, RecursionError) as error:
        told = printable(str(error).splitlines()[0])
        raise ConfigurationError(
            f"{path}: not what the watch writes ({told}). Run that step again."
        ) from error


def _judge(torch: str, accepted: Sequence[str], tools: Tools, measured: set[str]) -> Finding:
    against = predecessor(torch, accepted)
    if torch not in measured:
        text = f"torch {torch} could not be measured: its job left no record."
        return Finding(torch=torch, against=against, standing=Standing.INCONCLUSIVE, text=text)
    if against is None:
        text = f"There is no accepted release before torch {torch} to hold it against."
        return Finding(torch=torch, against=None, standing=Standing.INCONCLUSIVE, text=text)
    code, text = tools.gate(torch, against)
    return Finding(
        torch=torch,
        against=against,
        standing=_STANDINGS[ExitCode(code)],
        text=cut(printable(text), "run compat gate", MOST_TEXT),
    )


def _releases(listed: Any) -> list[str]:
    """Return the final releases that are not yanked, of what ``compat releases --json`` prints."""
    try:
        return [str(each["torch"]) for each in listed["releases"] if not (each["pre"] or each["yanked"])]
    except (KeyError, TypeError) as error:
        raise CompatError(f"compat releases --json listed something without {error}.") from error
