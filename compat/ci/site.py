"""Which files does a web site of the report consist of? The report's forms, and the records it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from compat.errors import ConfigurationError
from compat.report import html
from compat.report.writing import write_reports
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from compat.workplace import Workplace

INDEX = "index.html"
RECORDS = "records"


def write_site(place: Workplace, out: Path) -> tuple[Path, ...]:
    """Write the site into a new or empty folder, and return what was written.

    Raises:
        ConfigurationError: the folder holds something already, or cannot be written.

    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigurationError(f"{out}: there already. Name a new or empty folder for the site.")
    try:
        (out / RECORDS).mkdir(parents=True)
        for path in sorted(place.records.glob("*.json")):
            write_whole(out / RECORDS / path.name, path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{out}: the site cannot be written ({error.strerror}). Name another folder."
        raise ConfigurationError(message) from error
    # from the copies, so that the page's links lead to them
    written = write_reports(replace(place, records=out / RECORDS).view(out), out)
    write_whole(out / INDEX, (out / html.FILE).read_text(encoding="utf-8"))
    return (out / INDEX, *written, out / RECORDS)
