"""What a person who runs ``python -m compat.probe`` is told, and the exit code; all without a torch."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from compat.errors import ExitCode
from compat.probe import ROOT, __main__, digests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run(*arguments: str | Path, folder: Path | None = None, **variables: str) -> Any:
    """Run the probe in a Python of its own; return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "compat.probe", *map(str, arguments)],
        cwd=folder or ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    copy = tmp_path / "contract"
    shutil.copytree(digests.CONTRACT_FOLDER, copy)
    return copy


@pytest.mark.parametrize(
    "arguments", [[], ["--out"], ["--out", "a", "--device", "tpu"], ["--out", "a", "--seed", "x"]]
)
def test_wrong_options_are_a_mistake_of_usage(arguments: list[str]) -> None:
    finished = run(*arguments)
    assert finished.returncode == ExitCode.USAGE
    assert "usage: python -m compat.probe" in finished.stderr


BROKEN = {
    "contract.json": (b"{", "contract.json: not a contract (JSONDecodeError"),
    "corpus.jsonl.gz": (gzip.compress(b'{"format": 1, "cases": 3}\n'), "corpus.jsonl.gz: 0 cases where"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_contract_is_named_before_anything_is_measured(
    name: str, contract: Path, tmp_path: Path
) -> None:
    content, message = BROKEN[name]
    (contract / name).write_bytes(content)
    finished = run("--out", tmp_path / "one.json", "--contract", contract)
    assert finished.returncode == ExitCode.USAGE
    assert finished.stderr.startswith("cannot measure: ")
    assert message in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (tmp_path / "one.json").exists()


@pytest.mark.parametrize("name", ["contract.json", "corpus.jsonl.gz", "consumer.py"])
def test_a_part_of_the_contract_that_is_not_there_is_named(name: str, contract: Path, tmp_path: Path) -> None:
    (contract / name).unlink()
    finished = run("--out", tmp_path / "one.json", "--contract", contract)
    assert finished.returncode == ExitCode.USAGE
    assert name in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_a_contract_that_is_no_folder_is_named(tmp_path: Path) -> None:
    finished = run("--out", tmp_path / "one.json", "--contract", tmp_path / "nowhere")
    assert (finished.returncode, len(finished.stderr.splitlines())) == (ExitCode.USAGE, 1)
    assert "nowhere" in finished.stderr


@pytest.fixture
def with_torch(tmp_path: Path) -> Path:
    """A folder to put on the path in which a torch seems to be installed."""
    (tmp_path / "site" / "torch").mkdir(parents=True)
    (tmp_path / "site" / "torch" / "__init__.py").write_text("", encoding="utf-8")
    return tmp_path / "site"


@pytest.mark.parametrize("place", ["", "file/one.json"])
def test_a_record_that_could_not_be_written_is_not_measured(
    place: str, tmp_path: Path, with_torch: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    imported = tmp_path / "imported"
    source = f"open({str(imported)!r}, 'w').close()"
    (with_torch / "torch" / "__init__.py").write_text(source, encoding="utf-8")
    finished = run("--out", tmp_path / place, PYTHONPATH=f"{ROOT}{os.pathsep}{with_torch}")
    assert finished.returncode == ExitCode.USAGE
    assert finished.stderr.startswith("cannot measure: ")
    assert str(tmp_path) in finished.stderr
    assert not imported.exists()


def test_without_a_torch_there_is_nothing_to_record(tmp_path: Path) -> None:
    # -S: no site-packages, so no torch, wherever this runs
    finished = subprocess.run(
        [sys.executable, "-S", "-m", "compat.probe", "--out", str(tmp_path / "one.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == ExitCode.USAGE
    assert "no torch is installed beside" in finished.stderr
    assert list(tmp_path.iterdir()) == []


TORCHES = {
    "raises": (
        "raise ImportError('libcudart.so.11: cannot open')",
        "ImportError: libcudart.so.11: cannot open",
    ),
    "exits": ("raise SystemExit(7)", "SystemExit: 7"),
    "crashes": ("import os; os.kill(os.getpid(), 11)", "between steps: SIGSEGV"),
    "is no torch": ("", "AttributeError: module 'torch' has no attribute 'set_num_threads'"),
}


@pytest.mark.parametrize("torch", TORCHES)
def test_a_torch_that_cannot_be_imported_gets_a_record_that_says_so(
    torch: str, tmp_path: Path, with_torch: Path
) -> None:
    source, message = TORCHES[torch]
    (with_torch / "torch" / "__init__.py").write_text(source, encoding="utf-8")
    (with_torch / "torch-1.9.1.dist-info").mkdir()
    (with_torch / "torch-1.9.1.dist-info" / "METADATA").write_text(
        "Name: torch\nVersion: 1.9.1+cu111\n", encoding="utf-8"
    )
    out = tmp_path / "new" / "one.json"
    # shadowing whatever torch is installed here: what is imported is what is measured
    finished = run("--out", out, folder=tmp_path, PYTHONPATH=f"{with_torch}{os.pathsep}{ROOT}")
    assert finished.returncode == ExitCode.INCONCLUSIVE
    assert message in finished.stderr
    assert "import-failed" in finished.stdout
    written = json.loads(out.read_text(encoding="utf-8"))
    assert (written["status"], written["failure"]["phase"]) == ("import-failed", "import")
    assert message in written["failure"]["message"]
    assert written["questions"] is None
    assert [each.name for each in out.parent.iterdir()] == ["one.json"]


@pytest.fixture
def handlers() -> Iterator[None]:
    """Put signal handlers back as they were."""
    before = {signum: signal.getsignal(signum) for signum in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for signum, handler in before.items():
        signal.signal(signum, handler)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (KeyboardInterrupt(), ExitCode.INTERRUPTED, "interrupted; no record was written"),
        (OSError("no space left"), ExitCode.USAGE, "cannot measure: no space left"),
        (ValueError("NaN"), ExitCode.INTERNAL, "internal error: ValueError: NaN"),
    ],
)
def test_every_end_has_its_exit_code(
    raised: BaseException,
    code: ExitCode,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def probe(_options: Any) -> None:
        raise raised

    monkeypatch.setattr(__main__, "probe", probe)
    assert __main__.main(["--out", "one.json"]) == code
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("handlers")
@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    ("status", "options", "code", "asked"),
    [
        ("measured", [], 0, None),
        ("measured", ["--speed", "s.json"], 7, ["--out", "s.json", "--device", "cuda"]),
        ("import-failed", ["--speed", "s.json"], 3, None),
    ],
)
def test_everything_is_timed_behind_a_measurement(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    status: str,
    options: list[str],
    code: int,
    asked: list[str] | None,
) -> None:
    commands: list[list[str]] = []

    def start(command: list[str], **_options: Any) -> Any:
        commands.append(command)
        return subprocess.CompletedProcess(command, 7)

    failure = None if status == "measured" else {"message": "no"}
    written = {"failure": failure, "status": status, "torch": "2.0.0", "device": "cuda"}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(__main__, "probe", lambda _options: written)
    monkeypatch.setattr(subprocess, "run", start)
    assert __main__.main(["--out", "r.json", "--device", "cuda", *options]) == code
    found = [word.removeprefix(f"{tmp_path}/") for command in commands for word in command[3:7]]
    assert found == (asked or [])


def test_who_ignores_hangups_keeps_ignoring_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def probe(_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(__main__, "probe", probe)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    __main__.main(["--out", "one.json"])
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler


def test_exit_codes_are_those_of_every_command() -> None:
    assert ExitCode.HOLDS == __main__.HOLDS
    assert ExitCode.USAGE == __main__.USAGE
    assert ExitCode.INCONCLUSIVE == __main__.INCONCLUSIVE
    assert ExitCode.INTERNAL == __main__.INTERNAL
    assert ExitCode.INTERRUPTED == __main__.INTERRUPTED
