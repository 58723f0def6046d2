"""The report as one page that needs nothing else: no network, no scripts to be read, one file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compat.report.accuracy_chart import accuracy_chart, legend_sample
from compat.report.interval_chart import along_chart, interval_chart
from compat.report.launch_chart import launch_chart
from compat.report.templating import environment
from compat.report.text import capital

if TYPE_CHECKING:
    from compat.report.view import View

FILE = "compatibility.html"

_COUNT = re.compile(r"\d+ of \d+ claims? ")


def render(view: View) -> str:
    """Write the page; whatever is not drawn here is escaped by the template."""
    made = environment(autoescape=True, lead=lead, rest=rest)
    template = made.get_template("compatibility.html.jinja")
    return template.render(
        page=view.page,
        accuracy_chart=accuracy_chart,
        along_chart=along_chart,
        interval_chart=interval_chart,
        launch_chart=launch_chart,
        legend_sample=legend_sample,
    )


def lead(sentence: str) -> str:
    """Return the answer that a verdict's sentence begins with."""
    return sentence.partition(": ")[0].rstrip(".")


def rest(sentence: str) -> list[str]:
    """Return the reasons that follow the answer, one by one; the counts of claims stand beside them."""
    reasons = sentence.partition(": ")[2].rstrip(".").split("; ")
    return [capital(each) for each in reasons if each and not _COUNT.match(each)]
