"""The piece of the report that a README shows, kept between two marks by ``compat report --readme``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

BEGIN, END = "<!-- excerpt:begin -->", "<!-- excerpt:end -->"
_SECTIONS = ("The note", "Claims")


def excerpt(markdown: str) -> str:
    """Return the verdict's sentence, the note and the claims of a report in Markdown."""
    sentence = next(line for line in markdown.splitlines() if line.startswith("**"))
    bodies = [markdown.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0].strip() for title in _SECTIONS]
    return "\n\n".join([sentence, *bodies])


def with_excerpt(path: Path, markdown: str) -> str:
    """Return a file's text with the excerpt between its marks; ConfigurationError where it has none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error}).") from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ConfigurationError(f"{path}: put {BEGIN} and {END} where the excerpt is to stand.")
    return f"{before}{BEGIN}\n{excerpt(markdown)}\n{END}{after}"
