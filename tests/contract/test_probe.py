"""The whole probe, as a person starts it, beside this torch: its record, its exit codes, its ends."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import ROOT
from compat.probe.accuracy import LARGEST
from compat.probe.cases import FIELDS
from compat.probe.supervisor import Measurement, Supervisor, worker_command
from tests.contract.planting import CASES, small_contract

if TYPE_CHECKING:
    from compat.probe.context import Context

CRASH = "__import__('os').kill(__import__('os').getpid(), 11)"
HANG = "__import__('time').sleep(999)"
NORM = "f([T([3.0, 4.0])])"
FIVE = {"kind": "value", "text": "tuple(float32[] 5.0)"}

#: How long exploring goes on: these tests are about all the rest.
BRIEFLY = ("--seconds", "4")

#: A variable that only the processes of one test have.
MARK = "COMPAT_TEST_MARK"

#: A bare command line whose Python heeds Ctrl-C, also where a shell in the background let it be ignored.
HEEDING = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from compat.probe.__main__ import main
sys.exit(main())
"""
PROBE = [sys.executable, "-c", HEEDING]


def probe(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the probe from another folder, in which something that is no torch lies about."""
    (folder / "torch.py").write_text("raise ImportError('not the torch to measure')\n", encoding="utf-8")
    return subprocess.run(
        [*PROBE, *arguments],
        cwd=str(folder),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_a_run_from_anywhere_writes_a_whole_record(context: Context, tmp_path: Path) -> None:
    small_contract(tmp_path, {"before": NORM, "crash": CRASH, "behind": NORM})
    finished = probe(tmp_path, "--out", "new/one.json", "--contract", "contract", "--seed", "1", *BRIEFLY)
    assert finished.returncode == 0, finished.stderr
    record = read(tmp_path / "new" / "one.json")
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["one.json"]
    assert (record["status"], record["failure"]) == ("measured", None)
    assert record["torch"] == str(context.torch.__version__).split("+")[0]
    assert record["provenance"]["torch_version"] == str(context.torch.__version__)
    assert record["python"] == "{}.{}".format(*sys.version_info[:2])
    assert record["surface"]["present"] is (context.function is not None)
    assert all(record["canaries"].values())
    if context.function is None:
        absent = {"kind": "absent", "text": "absent"}
        assert record["questions"] == dict.fromkeys(["before", "crash", "behind"], absent)
        assert [record[level] for level in ("agreement", "exploration", "accuracy", "cost")] == [None] * 4
        return
    assert record["questions"] == {
        "before": FIVE,
        "crash": {"kind": "crash", "text": "SIGSEGV"},
        "behind": FIVE,
    }
    assert len(record["canaries"]) == 8
    assert record["agreement"]["cases"] == CASES
    assert {len(codes) for codes in record["agreement"]["codes"].values()} == {CASES}
    assert record["exploration"]["seed"] == 1
    assert record["exploration"]["examples"] > 0
    largest = [each for each in record["accuracy"] if each["elements"] == LARGEST and "got" in each]
    assert {each["dtype"] for each in largest} == set(FIELDS)
    assert record["cost"]["not_run"] is None
    assert {timing["workload"] for timing in record["cost"]["timings"]} == {"few"}


def test_crash_and_hang_are_outcomes_of_their_questions(present: Context, tmp_path: Path) -> None:
    assert present.function is not None
    calls = {"before": NORM, "crash": CRASH, "between": NORM, "hang": HANG, "behind": NORM}
    measurement = Measurement()
    command = worker_command(small_contract(tmp_path, calls), "cpu", "quick")
    Supervisor(command, step_seconds=2.0).measure(["special values"], measurement)
    assert measurement.failure is None
    assert measurement.results == {
        "special values": {
            "before": {"ok": FIVE},
            "crash": {"crash": "SIGSEGV"},
            "between": {"ok": FIVE},
            "hang": {"timeout": "no answer within 2 s"},
            "behind": {"ok": FIVE},
        }
    }


def test_a_device_that_is_not_here_gets_a_record_that_says_so(context: Context, tmp_path: Path) -> None:
    if context.torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    small_contract(tmp_path, {"one": NORM})
    finished = probe(tmp_path, "--out", "one.json", "--contract", "contract", "--device", "cuda")
    assert finished.returncode == 3
    version = context.torch.__version__
    assert f"device-missing: torch {version} reports no usable CUDA device" in finished.stderr
    record = read(tmp_path / "one.json")
    assert (record["status"], record["device"]) == ("device-missing", "cuda")
    assert record["failure"]["phase"] == "device"
    assert record["questions"] is record["canaries"] is record["cost"] is None


def marked(mark: str) -> list[str]:
    """Return the command lines of the running processes that have the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone meanwhile, or somebody else's
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("signum", "level"),
    [(signal.SIGINT, "agreement"), (signal.SIGTERM, "cost")],
)
def test_an_interrupted_run_leaves_no_process_and_no_record(
    signum: int, level: str, present: Context, tmp_path: Path
) -> None:
    assert present.function is not None
    contract = small_contract(tmp_path, {"one": NORM})
    mark, out = f"{os.getpid()}-{tmp_path.name}", tmp_path / "records" / "one.json"
    running = subprocess.Popen(
        [*PROBE, "--out", str(out), "--contract", str(contract), *BRIEFLY],
        cwd=str(ROOT),
        env={**os.environ, MARK: mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    with running:
        for line in running.stderr:
            if line.strip() == level:
                break
        time.sleep(0.1)
        assert len(marked(mark)) >= 2
        running.send_signal(signum)
        said = running.stderr.read()
        assert running.wait(timeout=30) == 130
    assert said.splitlines()[-1] == "interrupted; no record was written"
    assert marked(mark) == []
    assert list(out.parent.iterdir()) == []
