"""The verdict as JUnit's XML, which services show as the results of tests.

A claim that is refuted and a release that breaks callers fail; what is not known is skipped, and says why, so
that no service counts it as passed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from compat.report.marks import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.report.marks import Mark
    from compat.report.view import View

FILE = "compatibility.junit.xml"

_NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""What XML 1.0 has no way to say, not even escaped."""


def render(view: View) -> str:
    """Write a suite of the claims, and one of the releases."""
    page = view.page
    claims = [(each.id, each.mark, each.because) for each in page.claims]
    releases = [(f"{each.label} on {each.device.upper()}", each.mark, each.why) for each in page.releases]
    suites = [("claims", claims), ("releases", releases)]
    lines = [line for name, cases in suites for line in _suite(f"{page.api} {name}", cases)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *lines, "</testsuites>", ""])


def _suite(name: str, cases: list[tuple[str, Mark, str]]) -> Iterator[str]:
    tones = [mark.tone for _, mark, _ in cases]
    failures, skipped = tones.count(Tone.BAD), tones.count(Tone.UNKNOWN)
    yield (
        f'  <testsuite name={_attribute(name)} tests="{len(cases)}" failures="{failures}" errors="0" '
        f'skipped="{skipped}">'
    )
    for case, mark, why in cases:
        yield f"    <testcase classname={_attribute(name)} name={_attribute(case)}>"
        message = _attribute(f"{mark.word}: {why}")
        if mark.tone is Tone.BAD:
            yield f"      <failure message={message}>{_text(why)}</failure>"
        elif mark.tone is Tone.UNKNOWN:
            yield f"      <skipped message={message}/>"
        else:
            yield f"      <system-out>{_text(f'{mark.word}: {why}')}</system-out>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))
