"""Prepares everything this project needs in ``.venv``, then runs nox there.

    python bootstrap.py                  measure the rows tagged quick, report, exit with the verdict
    python bootstrap.py -s lint tests    any other arguments go to nox

Only the standard library is used here, because nothing else is there yet.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

OLDEST = (3, 11)
if sys.version_info < OLDEST:  # before anything that an older Python cannot even define
    sys.exit(
        f"This project needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
        "Start it with another: python3.11 bootstrap.py"
    )

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "bootstrap.json"
NOX = "nox[uv]>=2026.10.20"
SELECTING = re.compile(r"-[sekl]|-t(?!s)|-h|--(session|tag|keyword|list|usage|help|version)")
"""How an argument begins that tells nox to do something else than the main job."""

USAGE, INCONCLUSIVE = 2, 3


def main(arguments: list[str]) -> int:
    """Prepare the environment, run nox, and return the exit code."""
    try:
        python = prepare()
    except subprocess.CalledProcessError as error:
        print(f"Could not prepare {ENVIRONMENT}: {error}. What went wrong stands above.", file=sys.stderr)
        return USAGE
    if is_main_job(arguments, os.environ):
        return run_main_job(python, arguments)
    return run(python, "-m", "nox", "--script-mode", "none", *arguments)


def is_main_job(arguments: list[str], environment: Mapping[str, str]) -> bool:
    """Whether nobody asked for particular sessions."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return not any(SELECTING.match(argument) for argument in own) and "NOXSESSION" not in environment


def run_main_job(python: Path, arguments: list[str]) -> int:
    """Run nox's default sessions; when they ran to their end, the exit code is the verdict's."""
    ended = ROOT / ".nox" / "ended.json"
    ended.parent.mkdir(exist_ok=True)
    ended.unlink(missing_ok=True)
    own, behind = _split(arguments)
    code = run(python, "-m", "nox", "--script-mode", "none", *own, "--report", str(ended), *behind)
    if not ended.exists():
        return code
    verdict = run(python, "-m", "compat", "verdict", "--quiet")
    if verdict == 0 and code != 0:
        print("A session failed, so the verdict, though it holds, is not the last word.", file=sys.stderr)
        return INCONCLUSIVE
    return verdict


def prepare() -> Path:
    """Create or renew ``.venv`` where needed; return its Python."""
    python = ENVIRONMENT / "bin" / "python"
    wanted = {"inputs": _digest(ROOT / "pyproject.toml", Path(__file__)), "python": _identity()}
    have = _read_stamp()
    if have == wanted and python.exists():
        return python
    print(
        f"Preparing {ENVIRONMENT.relative_to(ROOT)} (once, and when pyproject.toml changes) ...", flush=True
    )
    if have.get("python") != wanted["python"] or not python.exists():
        _create()
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    subprocess.run([*pip, "--editable", str(ROOT), NOX], check=True)
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    return python


def run(python: Path, *arguments: str) -> int:
    """Run the environment's Python in the checkout; return its exit code."""
    process = subprocess.Popen([python, *arguments], cwd=ROOT)
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # the terminal has interrupted nox as well; its clean-up decides when we are done
            continue
        return code if code >= 0 else 128 - code  # as a shell counts a death by signal


def _create() -> None:
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(ENVIRONMENT)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            f"{version} cannot create a virtual environment:\n{(done.stdout + done.stderr).strip()}\n"
            f"On Debian and Ubuntu the missing part is a package of its own: apt install {version}-venv"
        )


def _identity() -> str:
    return f"{sys.version} {os.path.realpath(sys.base_prefix)} {ENVIRONMENT}"


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:place], arguments[place:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
