"""How are templates found and filled? Strictly: a name that is not there is an error, never a blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2

from compat.report import numbers
from compat.report.text import counted, one_line, sentence, shortened

if TYPE_CHECKING:
    from collections.abc import Callable


def environment(*, autoescape: bool = False, **filters: Callable[..., Any]) -> jinja2.Environment:
    """Return an environment over our templates, with filters for numbers and text."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("compat.report"),
        undefined=jinja2.StrictUndefined,
        autoescape=autoescape,  # noqa: S701 - on for HTML; Markdown has an escaping of its own
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        counted=counted,
        one_line=one_line,
        sentence=sentence,
        shortened=shortened,
        size=numbers.size,
        **filters,
    )
    return made
