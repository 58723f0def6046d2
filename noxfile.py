# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "nox[uv]>=2026.10.20",
#     "jinja2>=3.1",
#     "packaging>=24",
#     "pydantic>=2.10",
#     "rich>=13",
#     "typer>=0.28",
#     "urllib3>=2.2",
# ]
# ///
"""Measures torch releases, row by row of matrix.toml, and reports what they keep of the contract.

nox                            the rows tagged quick, then the report
nox -t full                    the rows tagged full (or every), then the report
nox -s "matrix(torch-2.6.0)"   one row; behind -- it takes --again, --keep, --device cuda,
                               --profile quick|full, or --profile soak --seconds N to explore that long
nox -s bisect -- QUESTION      the exact release where an outcome changed; [--good V --bad V]
nox -s nightly                 tonight's torch, of the index in COMPAT_NIGHTLY_INDEX, against the records
nox -s speed                   times everything on the newest torch, on gradients of models that people train
nox -s selfcheck               wrong functions, planted one by one, each to be caught
nox -s bench                   what the harness itself costs, as ratios of one run
nox -s lint tests              the project's own checks
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nox
from nox.command import CommandFailed
from nox.logger import logger
from packaging.version import Version

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # the nox command does not look where its noxfile lies

from compat import interpreters, paths, uv  # noqa: E402
from compat.errors import CompatError, ConfigurationError, ExitCode  # noqa: E402
from compat.freshness import read_options  # noqa: E402
from compat.grouping import grouped  # noqa: E402
from compat.installs import shared_pins  # noqa: E402
from compat.matrix import load_matrix, select  # noqa: E402
from compat.matrix_run import MatrixRun  # noqa: E402
from compat.nightly import INDEX_VARIABLE, Nightly  # noqa: E402
from compat.probe.record import file_name  # noqa: E402
from compat.survey import load_survey  # noqa: E402
from compat.verdict import CUDA, HOST  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv"
nox.options.error_on_missing_interpreters = True
nox.options.tags = ["quick"]
# an environment that --keep has kept must not outlive a change of its row's Python
os.environ.setdefault("NOX_ENABLE_STALENESS_CHECK", "1")

SELECTIONS = ["quick", "full", "every"]
WORK = ROOT / ".nox"
NOX = "nox[uv]>=2026.10.20"

try:
    ROWS = load_matrix(paths.MATRIX, load_survey(paths.SURVEY))
    for _tag in SELECTIONS:
        select(ROWS, _tag)
    ROW = {row.name: row for row in ROWS}
except ConfigurationError as error:
    print(error, file=sys.stderr)
    raise SystemExit(int(error.exit_code)) from None

NEWEST = max((row for row in ROWS if row.first), key=lambda row: Version(row.torch))
TESTED_ON = ("1.10.2", "1.11.0", NEWEST.torch)
"""Where the tests that need a torch run: the last without the function, the first with it, the newest."""

os.environ.update(uv.trust(os.environ))
os.environ["PATH"] = interpreters.expose([row.python for row in ROWS], WORK / "interpreters", os.environ)

RUN = MatrixRun(rows=ROWS, arguments=sys.argv[1:], work=WORK, say=logger.info)
atexit.register(RUN.end)
# a polite kill ends like Ctrl-C: nox ends its children, and we ours
signal.signal(signal.SIGTERM, signal.default_int_handler)


class NoxPlace:
    """The environment of a nox session, as a place to measure a row in."""

    def __init__(self, session: nox.Session) -> None:
        self._session = session
        self.folder = session.env_dir

    def install(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Let uv install, its words in ``log``; return its exit code."""
        with log.open("w", encoding="utf-8") as words:
            try:
                self._session.install(*arguments, env=environment, silent=False, stdout=words)
            except CommandFailed as failure:
                return failure.return_code or 1
        return 0

    def python(self, arguments: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run the environment's Python; return its exit code (negative: a signal)."""
        try:
            # time to end its own children before it is ended itself
            self._session.run("python", *arguments, env=environment, interrupt_timeout=5, terminate_timeout=5)
        except CommandFailed as failure:
            return failure.return_code or 1
        return 0


@nox.session(reuse_venv=True)
@nox.parametrize(
    ("python", "row"), [nox.param(row.python, row.name, id=row.name, tags=list(row.tags)) for row in ROWS]
)
def matrix(session: nox.Session, row: str) -> None:
    """Measure one torch release and write its record."""
    try:
        with grouped(row, os.environ, print):
            RUN.measure(ROW[row], read_options(session.posargs), NoxPlace(session))
    except CompatError as error:
        session.error(str(error))


@nox.session(venv_backend="none", tags=SELECTIONS)
def report(session: nox.Session) -> None:
    """Turn the records into reports, and give the verdict on all of them."""
    session.run(sys.executable, "-m", "compat", "report")
    session.log(RUN.summary())
    _compat(session, "verdict")


@nox.session(venv_backend="none")
def bisect(session: nox.Session) -> None:
    """Find the exact release where an outcome changed: behind --, QUESTION [--good V --bad V]."""
    _compat(session, "bisect", *session.posargs)


@nox.session(python=NEWEST.python)
def nightly(session: nox.Session) -> None:
    """Measure the nightly torch of an index of your choice, and hold it against the records."""
    RUN.used = True
    night = Nightly(folder=WORK / "nightly")
    try:
        version = night.measure(
            NoxPlace(session),
            os.environ.get(INDEX_VARIABLE),
            accepted=paths.RECORDS,
            pins=shared_pins(ROOT / "pyproject.toml"),
            environment=RUN.environment,
        )
    except CompatError as error:
        session.error(str(error))
    _compat(session, "gate", "--new", version, "--records", str(night.records), *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Test the project, then what needs a torch beside three releases of it."""
    session.install("-e", ".", "--group", "test", NOX)
    session.run(
        "pytest", "--ignore=tests/contract", "--ignore=tests/monitor", _junit("tests"), *session.posargs
    )
    for torch in TESTED_ON:
        session.notify(f"contract(torch-{torch})", posargs=[])


@nox.session(reuse_venv=True)
@nox.parametrize(
    ("python", "row"),
    [nox.param(row.python, row.name, id=row.name) for row in ROWS if row.first and row.torch in TESTED_ON],
)
def contract(session: nox.Session, row: str) -> None:
    """Test the contract and the monitor beside one release of torch."""
    RUN.used = True  # the environment stays for the next time, the wheels need not
    session.install(*RUN.requirements(ROW[row]), env=RUN.environment)
    session.run("python", "-m", "pytest", "tests/contract", "tests/monitor", _junit(row), *session.posargs)


@nox.session(python=NEWEST.python, reuse_venv=True)
def speed(session: nox.Session) -> None:
    """Time everything on the newest torch (half an hour, alone on the machine), and report."""
    RUN.used = True
    session.install(*RUN.requirements(NEWEST), env=RUN.environment)
    device = CUDA if CUDA in session.posargs else HOST
    record = paths.SPEED / file_name(NEWEST.torch, NEWEST.python, device)
    session.run("python", "-m", "compat.speed", "--out", str(record), *session.posargs)
    session.run(sys.executable, "-m", "compat", "report", external=True)


@nox.session(python=NEWEST.python, reuse_venv=True)
def selfcheck(session: nox.Session) -> None:
    """Plant faults into the newest torch's function, and see that the probe and the judge catch them."""
    RUN.used = True
    session.install(*RUN.requirements(NEWEST), env=RUN.environment)
    python = str(Path(session.bin) / "python")
    session.run(
        sys.executable, "-m", "compat", "selfcheck", "--python", python, *session.posargs, external=True
    )


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    session.install("-e", ".", "--group", "lint", "--group", "test", NOX)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session(python=NEWEST.python, reuse_venv=True)
def bench(session: nox.Session) -> None:
    """Print what the harness itself costs, as ratios of one run; behind --: replay report survey matrix."""
    RUN.used = True
    session.install(*RUN.requirements(NEWEST), env=RUN.environment)
    python = str(Path(session.bin) / "python")
    session.run(sys.executable, "-m", "compat.bench", "--python", python, *session.posargs, external=True)


def _compat(session: nox.Session, command: str, *arguments: str) -> None:
    """Run a command of ours for its exit code; session.run takes any but 0 for a breakdown, and says so."""
    code = subprocess.run([sys.executable, "-m", "compat", command, *arguments], check=False).returncode
    if code != ExitCode.HOLDS:
        meaning = ExitCode(code).meaning if code in set(ExitCode) else "it broke down"
        session.error(f"the exit code of compat {command} is {code}: {meaning}")


def _junit(name: str) -> str:
    return f"--junitxml={WORK / 'junit' / name}.xml"
