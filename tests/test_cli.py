"""The command line: every ending has its exit code and its message, and none is a traceback."""

from __future__ import annotations

import json
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from compat import bisect, paths
from compat.cli import application, asking, main
from compat.errors import CompatError, ExitCode
from compat.judge_check import sample
from compat.report.writing import formats
from compat.workplace import Workplace
from tests.filed import file_records

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "records"
    file_records(folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--nope"], "No such option: --nope"),
        (["nope"], "No such command"),
        (["verdict", "--nope"], "No such option: --nope"),
        (["verdict", "/no/such.json"], "/no/such.json: no such file"),
        (["verdict", "--contract", "nope"], "nope: no contract of this name"),
        (["verdict", "--survey", "/no/survey"], "/no/survey: cannot be read"),
        (["verdict", "--matrix", "/no/matrix"], "/no/matrix: cannot be read"),
        (["explain"], "Missing argument"),
        (["explain", "empty-lists"], "Did you mean empty-list"),
        (["contract"], "give one of --build and --check"),
        (["contract", "--build", "--check"], "give one of --build and --check"),
        (["corpus"], "give one of --draw, --check and --promote"),
        (["corpus", "--draw", "--promote"], "give one of --draw, --check and --promote"),
        (["selfcheck"], "--python: no such file"),
        (["selfcheck", "--python", "/no/python"], "/no/python: no such file"),
        (["selfcheck", "no-such"], "no-such: no such fault"),
        (["bisect"], "Missing argument"),
        (["bisect", "empty-lists"], "Did you mean empty-list"),
        (["bisect", "empty-list", "--good", "x"], "--good x: no version"),
        (["bisect", "empty-list", "--good", "1.0.0"], "--good 1.0.0: no row of the matrix"),
        (["bisect", "empty-list", "--good", "2.0.0", "--bad", "2.0"], "both ends are 2.0.0"),
    ],
)
def test_a_mistake_of_the_users(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments[0] in ("verdict", "explain"):
        arguments = [*arguments, "--records", str(tmp_path)] if "--nope" not in arguments else arguments
    assert main(arguments) == ExitCode.USAGE
    output = capsys.readouterr()
    assert output.err.startswith("compat: ")
    assert message in output.err
    assert "Traceback" not in output.err


def test_without_a_command_there_is_help_and_the_code_of_a_mistake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == ExitCode.USAGE
    assert "Usage: compat" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["survey"],
        ["report"],
        ["verdict"],
        ["list"],
        ["explain"],
        ["note"],
        ["contract"],
        ["corpus"],
        ["bisect"],
    ],
)
def test_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == ExitCode.HOLDS
    text = capsys.readouterr().out
    assert text.startswith("Usage: compat")
    assert "--help" in text


@pytest.mark.parametrize(
    ("question", "ends", "code", "lines"),
    [
        (
            "present",
            ("1.10.2", "1.11.0"),
            ExitCode.HOLDS,
            [
                "1.10.2: absent (known from its record)",
                "1.11.0: present (known from its record)",
                "  up to 1.10.2: absent",
                "  from 1.11.0: present",
                "0 releases of 2 installed, 2 known before, 2 saved; at most 2 are needed.",
            ],
        ),
        (
            "present",
            ("1.11.0", "1.12.0"),
            ExitCode.INCONCLUSIVE,
            [
                "1.12.0: could not be measured",
                "1.12.0 could not be measured, so there is nothing to search between.",
                "1 release of 2 installed (1.12.0), 1 known before, 1 saved; at most 2 are needed.",
            ],
        ),
    ],
)
def test_bisect(
    question: str,
    ends: tuple[str, str],
    code: ExitCode,
    lines: list[str],
    records: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bisect, "measure_with_nox", lambda _: 1)
    monkeypatch.setattr(asking, "Workplace", partial(Workplace, records=records))
    assert main(["bisect", question, "--good", ends[0], "--bad", ends[1]]) == code
    told = capsys.readouterr().out.splitlines()
    assert [each for each in lines if each not in told] == []


def test_help_lists_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    text = capsys.readouterr().out
    assert all(f"{int(code)}  {code.meaning}" in text for code in ExitCode)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == ExitCode.HOLDS
    assert capsys.readouterr().out.startswith("compat 0.")


def test_the_verdict_on_all_records(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", "--records", str(records)]) == ExitCode.CONTRADICTED
    text = capsys.readouterr().out
    assert "No report is written yet" in text
    assert text.endswith("Exit code 1: a relied-on clause or a claim is contradicted.\n")
    assert "? not measured" in text


def test_planned_rows_without_a_record_are_named(
    records: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    main(["verdict", "--records", str(records)])
    assert "no record of this torch with this Python" in capsys.readouterr().out


def test_the_verdict_on_some_records_alone(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    only = records / "torch-1.10.2-py3.9-cpu.json"
    main(["verdict", str(only)])
    text = capsys.readouterr().out
    assert "1.10.2" in text
    assert "1.11.0 " not in text
    assert "report" not in text


def test_nothing_measured_is_inconclusive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", "--records", str(tmp_path)]) == ExitCode.INCONCLUSIVE
    assert "Exit code 3: inconclusive." in capsys.readouterr().out


def test_a_quiet_verdict_is_its_code(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", "--quiet", "--records", str(records)]) == ExitCode.CONTRADICTED
    assert capsys.readouterr().out == ""


def test_a_torn_record_is_named_with_what_to_do(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torn = records / "torch-1.11.0-py3.9-cpu.json"
    torn.write_text(torn.read_text(encoding="utf-8")[:100], encoding="utf-8")
    for command in (["verdict"], ["report", "--out", str(records.parent)], ["verdict", str(torn)]):
        option = [] if str(torn) in command else ["--records", str(records)]
        assert main([*command, *option]) == ExitCode.USAGE
        message = capsys.readouterr().err
        assert torn.name in message
        assert "delete it and measure the row again" in message
    assert [each.name for each in records.parent.iterdir()] == ["records"]


def test_reports_are_written_and_then_named(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = records.parent
    assert main(["report", "--records", str(records), "--out", str(out)]) == ExitCode.HOLDS
    assert capsys.readouterr().out.count("written: ") == len(formats())
    content = json.loads((out / "compatibility.json").read_text(encoding="utf-8"))
    assert content["exit_code"] == ExitCode.CONTRADICTED
    assert 'href="records/torch-1.11.0-py3.9-cpu.json"' in (out / "compatibility.html").read_text(
        encoding="utf-8"
    )
    main(["verdict", "--records", str(records)])
    assert "compatibility.html" in capsys.readouterr().out


def test_a_place_that_cannot_be_written(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["report", "--records", str(records), "--out", str(tmp_path / "file")]) == ExitCode.USAGE
    assert "cannot be written" in capsys.readouterr().err


def test_the_note_is_a_comment(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["note", "--records", str(records)]) == ExitCode.HOLDS
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all(line.startswith("# ") for line in lines)


def test_list_and_explain(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == ExitCode.HOLDS
    assert "positional-list" in capsys.readouterr().out
    for identity in ("positional-list", "present-since", "present", "agreement:norm"):
        assert main(["explain", identity, "--records", str(records)]) == ExitCode.HOLDS
        assert identity in capsys.readouterr().out


def test_the_contract_is_built_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(paths.CONTRACT, folder)
    (folder / "contract.json").unlink()
    assert main(["contract", str(folder), "--check"]) == ExitCode.USAGE
    assert "out of step" in capsys.readouterr().err
    assert main(["contract", str(folder), "--build"]) == ExitCode.HOLDS
    assert main(["contract", str(folder), "--check"]) == ExitCode.HOLDS
    assert "is in step" in capsys.readouterr().out


def test_the_committed_contract_is_in_step() -> None:
    assert main(["contract", "--check"]) == ExitCode.HOLDS


def test_a_contract_without_its_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(paths.CONTRACT, folder)
    (folder / "corpus.jsonl.gz").unlink()
    assert main(["verdict", "--contract", str(folder), "--records", str(tmp_path)]) == ExitCode.USAGE
    assert "corpus --draw" in capsys.readouterr().err


@pytest.mark.parametrize("damaged", ["corpus.jsonl.gz", "contract.json"])
def test_a_damaged_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str], damaged: str) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(paths.CONTRACT, folder)
    (folder / damaged).write_bytes((folder / damaged).read_bytes()[:-100])
    assert main(["verdict", "--contract", str(folder), "--records", str(tmp_path)]) == ExitCode.USAGE
    assert "damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (RuntimeError("oh \x1b[31mno"), ExitCode.INTERNAL, "internal error: RuntimeError: oh \\x1b[31mno"),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "interrupted"),
        (CompatError("the index is away"), ExitCode.INTERNAL, "compat: the index is away"),
    ],
)
def test_what_nobody_expected(
    error: BaseException,
    code: ExitCode,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(_: object) -> None:
        raise error

    monkeypatch.delenv(application.DEBUG, raising=False)
    monkeypatch.setattr(Workplace, "verdict", property(fail))
    assert main(["verdict"]) == code
    shown = capsys.readouterr().err
    assert message in shown
    assert "Traceback" not in shown


def test_debug_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("oh no")

    monkeypatch.setenv(application.DEBUG, "")
    monkeypatch.setattr(Workplace, "verdict", property(fail))
    assert main(["--debug", "verdict"]) == ExitCode.INTERNAL
    assert "Traceback" in capsys.readouterr().err


def test_the_judge_is_checked_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selfcheck", "--judge"]) == ExitCode.HOLDS
    output = capsys.readouterr().out
    assert "planted into records" in output
    assert output.endswith("damages to records, and the records as they were: all as it must be\n")
    monkeypatch.setattr(sample, "records", dict)
    assert main(["selfcheck", "--judge"]) == ExitCode.CONTRADICTED
    assert "not as it must be" in capsys.readouterr().out


def test_a_survey_of_an_index_out_of_reach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "survey.json"
    code = main(["survey", "--index", "http://127.0.0.1:9/simple", "--out", str(out)])
    assert code != ExitCode.HOLDS
    assert "cannot read the index" in capsys.readouterr().err
    assert not out.exists()
