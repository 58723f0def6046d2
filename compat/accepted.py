"""Which differences has a maintainer looked at and accepted, for which release, why, and until when?

They are written in ``accepted.toml`` in the contract's folder; without the file, nothing is accepted.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

from packaging.version import Version
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from compat.errors import ConfigurationError
from compat.toml_lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "accepted.toml"
_TABLE = "accepted"


def _parses(text: str) -> str:
    Version(text)  # InvalidVersion is a ValueError, which pydantic tells
    return text


_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Accepted(BaseModel):
    """One difference that is accepted, and on whose word."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    release: Annotated[str, AfterValidator(_parses)]
    """The release that brought it; a later one with the same outcome brings nothing new."""
    question: str | None = None
    """The id of a question, or of an agreement such as ``agreement:norm``."""
    claim: str | None = None
    """The id of a claim that the release contradicts."""
    device: str | None = None
    """The only device on which it is accepted; on every one when left out."""
    outcome: str | None = None
    """The outcome that is accepted, whole; any other one is not. Of a question alone."""
    reason: _Text
    link: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    """Where it was discussed."""
    reviewer: _Text
    expires: dt.date
    """The last day on which it is accepted."""

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.question is None) is (self.claim is None):
            message = "either a question or a claim is needed, and not both"
            raise ValueError(message)
        if self.outcome is not None and self.claim is not None:
            message = "a claim has no outcome; leave it out"
            raise ValueError(message)
        return self

    @property
    def name(self) -> str:
        """What it is called in messages."""
        about = f"question {self.question}" if self.question else f"claim {self.claim}"
        where = f" on {self.device.upper()}" if self.device else ""
        return f"{about} in {self.release}{where}, accepted by {self.reviewer}"

    def expired(self, today: dt.date) -> bool:
        """Whether it is no longer accepted."""
        return today > self.expires

    def covers(
        self, device: str, *, question: str | None = None, claim: str | None = None, outcome: str = ""
    ) -> bool:
        """Whether a difference of its release is the accepted one."""
        return (
            (self.question, self.claim) == (question, claim)
            and self.device in (None, device)
            and self.outcome in (None, outcome)
        )


@dataclass(frozen=True, kw_only=True)
class Acceptances:
    """All that is accepted, as it stands on a day."""

    entries: tuple[Accepted, ...] = ()
    today: dt.date

    def of_release(self, release: str) -> tuple[Accepted, ...]:
        """Return what is accepted of a release and has not expired."""
        return tuple(
            each for each in self.entries if each.release == release and not each.expired(self.today)
        )

    def remarks(self, release: str, used: Iterable[Accepted | None]) -> tuple[str, ...]:
        """Say what has expired, and what of this release matched nothing."""
        matched = {id(each) for each in used}
        unused = [each for each in self.of_release(release) if id(each) not in matched]
        return (
            *(
                f"{each.name}: expired on {each.expires}; look at it again, or take it out"
                for each in self.entries
                if each.expired(self.today)
            ),
            *(
                f"{each.name}: matches no difference of {release}; correct it, or take it out"
                for each in unused
            ),
        )


def today() -> dt.date:
    """Return the day of today, where nothing expires before its end anywhere on Earth."""
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=-12))).date()


def load_accepted(folder: Path) -> tuple[Accepted, ...]:
    """Read what is accepted of a contract; ConfigurationError names every mistake with its line and key."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:  # broken TOML or no UTF-8
        raise ConfigurationError(f"{path}: not TOML: {error}.") from error
    lines = Lines.read(text, _TABLE)
    mistakes = [
        f"line {lines.top(key)}, {key}: unknown key; what is accepted is written as [[{_TABLE}]]"
        for key in content
        if key != _TABLE
    ]
    tables = content.get(_TABLE, [])
    if not (isinstance(tables, list) and all(isinstance(each, dict) for each in tables)):
        mistakes.append(f"line {lines.top(_TABLE)}, {_TABLE}: what is accepted is written as [[{_TABLE}]]")
        tables = []
    found: list[Accepted] = []
    for number, values in enumerate(tables):
        try:
            found.append(Accepted.model_validate(values))
        except ValidationError as error:
            for each in error.errors():
                key = str(each["loc"][0]) if each["loc"] else ""
                what = each["msg"].removeprefix("Value error, ")
                mistakes.append(f"line {lines.of(number, key)}, {key or _TABLE}: {what}")
    if mistakes:
        raise ConfigurationError("\n  ".join([f"{path}: correct this and try again:", *mistakes]))
    return tuple(found)
