"""Damage to files: lost, torn, renamed, copied, edited under their seal, or of another format."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

from compat.judge_check import sample
from compat.judge_check.damage import Content, content_of, damages, put, with_keys
from compat.probe.record import dumps, file_name, seal_of
from compat.record_format import FORMAT

Do = Callable[[Path], None]

_ON_HOST = {"only_on": "cpu"}
"""Nobody need have an accelerator, so that a record of one which is not there is no damage."""


def _rewritten(rewrite: Callable[[str], str]) -> Do:
    return lambda path: _write(path, rewrite(path.read_text(encoding="utf-8")))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _edited(**keys: object) -> Do:
    """Return what sets keys behind the seal's back; one that becomes None goes."""

    def do(path: Path) -> None:
        content = {**content_of(path), **keys}
        _write(path, dumps({key: value for key, value in content.items() if (key, value) != ("seal", None)}))

    return do


def _renamed(name: Callable[[Path], str]) -> Do:
    return lambda path: _move(path, name(path))


def _move(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


def _of_other_release(path: Path) -> Path:
    others = (each for each in sorted(path.parent.glob("*.json")) if each != path)
    return next(each for each in others if content_of(each)["device"] == content_of(path)["device"])


def _exchanged(path: Path) -> None:
    other = _of_other_release(path)
    mine, yours = path.read_text(encoding="utf-8"), other.read_text(encoding="utf-8")
    _write(path, yours)
    _write(other, mine)


def _foreign_seal(path: Path) -> None:
    seal = content_of(_of_other_release(path))["seal"]
    _edited(seal=seal)(path)


def _first_format(path: Path) -> None:
    _edited(format=1, seal=None, profile="full")(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _same_row(path: Path) -> None:
    """Put the row there once more, spelled otherwise; packaging calls 1.12 and 1.12.0 equal."""
    content = content_of(path)
    torch = f"{content['torch']}.0"
    put(path.with_name(file_name(torch, content["python"], content["device"])), {**content, "torch": torch})


def _second(change: Callable[[Content], object]) -> Do:
    """Return what puts a record of the same release beside it, made with another Python."""

    def do(path: Path) -> None:
        content = copy.deepcopy(content_of(path))
        content["python"], content["provenance"]["python_version"] = "3.8", "3.8.20"
        change(content)
        put(path.with_name(file_name(content["torch"], "3.8", content["device"])), content)

    return do


def _absent(content: Content) -> None:
    kept = {key: content[key] for key in ("torch", "python", "device", "provenance")}
    content.clear()
    content.update({**sample.record(sample.ABSENT, "3.9", "cpu"), **kept})


_OTHER = {"kind": "value", "text": "[6.0]"}

DAMAGES = damages(
    "files",
    ("record missing", Path.unlink, "no record of torch", _ON_HOST),
    ("record put out of sight", _renamed(lambda path: f"{path.name}.bak"), "no record of torch", _ON_HOST),
    ("record renamed", _renamed(lambda _: "torch-1.13.0-py3.9-cpu.json"), "torch-1.13.0-py3.9-cpu.json"),
    ("record copied", lambda path: _write(path.with_name("copy.json"), path.read_text()), "copy.json"),
    ("two records exchanged", _exchanged, "a record must have the name of its row"),
    ("a folder in its place", _folder, "cannot be read"),
    ("empty file", _rewritten(lambda _: ""), "not a whole JSON file"),
    ("cut in the middle", _rewritten(lambda text: text[: len(text) // 2]), "not a whole JSON file"),
    ("last brace missing", _rewritten(lambda text: text.rstrip()[:-1]), "not a whole JSON file"),
    ("no text", lambda path: path.write_bytes(b"\xff\xfe" + path.read_bytes()), "cannot be read"),
    ("a list", _rewritten(lambda text: f"[{text}]"), "is not a known format"),
    ("nested without end", _rewritten(lambda _: "[" * 100_000), "not a whole JSON file"),
    ("key twice", _rewritten(lambda text: text.replace("{", '{"format": 2,', 1)), "key format twice"),
    ("NaN", _rewritten(lambda text: text.replace("9.7", "NaN", 1)), "NaN is not JSON"),
    ("infinity", _rewritten(lambda text: text.replace("9.7", "1e999", 1)), "1e999 is not JSON"),
    ("format of tomorrow", with_keys(format=FORMAT + 1), "is newer than this tool's"),
    ("format unknown", with_keys(format="two"), "is not a known format"),
    ("format of yesterday, unsealed, edited", _first_format, f"format was 1, is {FORMAT}"),
    ("value edited under its seal", _edited(profile="full"), "does not fit its seal"),
    ("value edited, seal removed", _edited(profile="full", seal=None), "it has no seal"),
    ("seal of another record", _foreign_seal, "does not fit its seal"),
    ("seal that is none", _edited(seal=True), "does not fit its seal"),
    ("seal over an older content", _edited(seal=seal_of({})), "does not fit its seal"),
    ("key of the wrong type", with_keys(surface={"present": "yes"}), "surface.present"),
    ("status unknown", with_keys(status="fine"), "status"),
    ("row there twice", _same_row, "is the same row"),
    (
        "second record contradicts a relied-on answer",
        _second(lambda content: content["questions"].update({"positional-list": _OTHER})),
        "contradict each other on positional-list",
    ),
    (
        "second record contradicts another answer",
        _second(lambda content: content["questions"].update({"mixed-dtypes": _OTHER})),
        "contradict each other on mixed-dtypes",
    ),
    (
        "second record contradicts the replay",
        _second(lambda content: content["agreement"]["codes"].update(norm="=X-=E")),
        "contradict each other on agreement:norm",
    ),
    ("second record has no such function", _second(_absent), "contradict each other on present"),
)
