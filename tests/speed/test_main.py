"""What a person who runs ``python -m compat.speed`` is told, without a torch."""

from __future__ import annotations

import copy
import importlib.util
import json
import shutil
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.errors import ExitCode
from compat.probe import ROOT, digests
from compat.speed import __main__ as command
from compat.speed import cells, lengths, training
from compat.speed.digest import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def fake_torch(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    cuda = SimpleNamespace(is_available=lambda: False)
    torch = SimpleNamespace(__version__="2.0.0+cpu", cuda=cuda, **parts)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object())


def test_without_a_torch_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--out", str(tmp_path / "x.json")]) == ExitCode.USAGE
    assert "no torch is installed beside" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("parts", "options", "code", "says"),
    [
        ({}, [], ExitCode.INCONCLUSIVE, "torch 2.0.0+cpu has no torch._foreach_norm to time"),
        ({"_foreach_norm": 1}, ["--device", "cuda"], ExitCode.INCONCLUSIVE, "reports no usable CUDA device"),
        ({}, ["--model", "gpt3"], ExitCode.USAGE, "no model gpt3; there is resnet-50, vit-b-16"),
    ],
)
def test_what_stands_against_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    parts: dict[str, Any],
    options: list[str],
    code: ExitCode,
    says: str,
) -> None:
    fake_torch(monkeypatch, **parts)
    assert command.main(["--out", str(tmp_path / "x.json"), *options]) == code
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_found_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_torch(monkeypatch, _foreach_norm=1)
    assert command.main(["--out", str(tmp_path)]) == ExitCode.USAGE
    assert "is a folder; name the file to write" in capsys.readouterr().err


def test_what_was_interrupted_at_once_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_arguments: Any) -> Iterator[dict[str, Any]]:
        raise KeyboardInterrupt

    fake_torch(monkeypatch, _foreach_norm=1)
    monkeypatch.setattr(command, "_timed", interrupted)
    assert command.main(["--out", str(tmp_path / "x.json")]) == ExitCode.INTERRUPTED
    assert "no record was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_was_interrupted_later_keeps_what_it_had_beside_an_earlier_record(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_arguments: Any) -> Iterator[dict[str, Any]]:
        yield {"torch": "2.0.0", "cells": [1]}
        raise KeyboardInterrupt

    fake_torch(monkeypatch, _foreach_norm=1)
    monkeypatch.setattr(command, "_timed", interrupted)
    (tmp_path / "x.json").write_text("earlier", encoding="utf-8")
    assert command.main(["--out", str(tmp_path / "x.json")]) == ExitCode.INTERRUPTED
    assert "rename it to x.json to use it" in capsys.readouterr().err
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == "earlier"
    assert json.loads((tmp_path / "x.json.partial").read_text(encoding="utf-8"))["cells"] == [1]


def test_the_models_that_were_not_reached_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_model(_torch: Any, model: dict[str, Any], *_rest: Any) -> Iterator[dict[str, Any]]:
        yield {"model": model["id"]}

    monkeypatch.setattr(lengths, "by_length", lambda *_: iter(()))
    monkeypatch.setattr(lengths, "by_size", lambda *_: iter(()))
    monkeypatch.setattr(training, "training", lambda *_: {})
    monkeypatch.setattr(cells, "load_health", lambda _: None)
    monkeypatch.setattr(command, "_cells", of_model)
    options = command.parse(["--out", "x"])
    contract = {"contestant": [], "model": [{"id": "small"}, {"id": "large"}]}
    grown = [
        ([each["model"] for each in found["cells"]], [each["model"] for each in found["skipped"]])
        for found in map(copy.deepcopy, command.measure(None, contract, options))
    ]
    assert grown == [([], ["small", "large"]), (["small"], ["large"]), (["small", "large"], [])]


@pytest.mark.parametrize("options", [[], ["--out", "x", "--dtype", "int8"], ["--out", "x", "--seconds", "0"]])
def test_wrong_options_are_a_mistake_of_usage(options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compat.speed", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.USAGE
    assert "usage: python -m compat.speed" in done.stderr


def test_the_digest_is_of_what_is_timed(tmp_path: Path) -> None:
    shutil.copytree(digests.CONTRACT_FOLDER, tmp_path / "contract")
    copy = tmp_path / "contract"
    before = digest(copy)
    assert before == digest(digests.CONTRACT_FOLDER)
    (copy / "questions.toml").write_text("", encoding="utf-8")
    assert digest(copy) == before
    with (copy / "models.toml").open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert digest(copy) != before


def test_the_built_contract_holds_models_and_contestants() -> None:
    built = json.loads((digests.CONTRACT_FOLDER / "contract.json").read_text(encoding="utf-8"))
    answers = {each["answer"] for each in built["contestant"]}
    assert answers == {"norms", "total"}
    for answer in answers:
        first = next(each for each in built["contestant"] if each["answer"] == answer)
        assert first["id"] == "foreach_norm"
        assert not first.get("public", False)
    assert len({each["id"] for each in built["model"]}) == 9
