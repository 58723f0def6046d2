"""Commands about other people's source: what it says of the API, and where it calls it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from compat import paths
from compat.cli.application import app
from compat.cli.options import STANDARD, Contract, Matrix, Records, SurveyFile, examples, workplace
from compat.cli.output import complain, say, shown
from compat.contract import load_contract
from compat.errors import ConfigurationError, ExitCode
from compat.report.json_format import FILE as REPORT
from compat.source import sarif, text
from compat.source.annotations import commands
from compat.source.calls import Use, uses_of
from compat.source.checking import check
from compat.source.files import found_files, read_source
from compat.source.marked import with_note
from compat.source.shapes import measured_shapes
from compat.source.verdicts import read_knowledge
from compat.whole_files import write_whole
from compat.workplace import contract_folder

Files = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files, or folders of them.")]
Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="A compatibility.json; by default that of this tool."),
]


@app.command(
    epilog=examples(
        "compat note                             the note, to put above the call",
        "compat note --check src pyproject.toml  what the source says, against the evidence",
        "compat note --check src --sarif note.sarif",
        "compat note --write src/health.py       renews a marked note",
    )
)
def note(
    files: Files = None,
    *,
    check_: Annotated[
        bool, typer.Option("--check", help="Hold what the files say of the function against the evidence.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Put the note between the marks of the files.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What --check finds, for machines.")] = False,
    sarif_: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Write what --check finds as SARIF.")
    ] = None,
    annotate: Annotated[
        bool, typer.Option("--annotations", help="What --check finds, as annotations of GitHub's runners.")
    ] = False,
    report: Report = None,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Print the note that the evidence allows; or hold notes in source files against the evidence.

    With --check: 0 nothing is contradicted, 1 something is, 3 something cannot be decided. With --write,
    what lies between the lines "# compat: note begin" and "# compat: note end" becomes the note of today.
    """
    if check_ and write:
        raise ConfigurationError("give one of --check and --write.")
    if not check_ and not write:
        if files:
            raise ConfigurationError("say what to do with the files: --check or --write.")
        say(workplace(contract, records, matrix, survey).view().page.note_after)
        return
    if not files:
        raise ConfigurationError("name the files, or a folder of them.")
    place = report or standard_report()
    knowledge = read_knowledge(place, load_contract(contract_folder(contract)))
    if write:
        _write(files, knowledge.note)
        return
    checked = check(files, knowledge)
    if sarif_ is not None:
        write_whole(sarif_, sarif.render(checked))
    if as_json:
        say(text.as_json(checked))
    elif annotate:
        for line in commands(checked):
            say(line)
    else:
        say(text.told(checked, shown(place)))
    raise typer.Exit(checked.exit_code)


@app.command(
    epilog=examples(
        "compat find src",
        "compat find src --json",
    )
)
def find(
    files: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of them.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    contract: Contract = STANDARD,
) -> None:
    """List where a code base calls the function, in which shape, and whether that shape was measured."""
    known = load_contract(contract_folder(contract))
    name = known.api.rpartition(".")[2]
    uses: list[Use] = []
    for path in found_files(files):
        source = read_source(path, name)
        if source is None or not source.is_python:
            continue
        try:
            uses += uses_of(source, known.api)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            complain(f"{path}: not read as a program ({error})")
    measured = measured_shapes(known)
    say(text.uses_json(uses, measured) if as_json else text.told_uses(uses, measured))


def standard_report() -> Path:
    """Return the report of this tool: of the checkout, or the one that was installed with it."""
    own, installed = paths.REPORTS / REPORT, Path(sys.prefix) / "share" / "compat" / REPORT
    return installed if installed.is_file() and not own.is_file() else own


def _write(files: list[Path], note_: str) -> None:
    """Renew the notes of all the files, or of none where one of them cannot be."""
    texts: dict[Path, bytes] = {}
    for path in found_files(files):
        source = read_source(path)
        if source is None:
            continue
        renewed = with_note(source.text, note_, str(path))
        if renewed != source.text:
            texts[path] = renewed.encode(source.encoding)
    for path, content in texts.items():
        write_whole(path, content)
        say(f"written: {shown(path)}")
    if not texts:
        say("every marked note is that of today")
    raise typer.Exit(ExitCode.HOLDS)
