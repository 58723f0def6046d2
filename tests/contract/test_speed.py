"""Timing beside a real torch: the networks are those of the data, and one small run from end to end."""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import digests
from compat.probe.record import seal_of
from compat.speed import cells, gradients
from compat.speed.__main__ import main
from compat.speed.lengths import counted
from compat.speed.models import KINDS
from compat.speed.peak import peak

if TYPE_CHECKING:
    from pathlib import Path

    from compat.probe.context import Context

BUILT = json.loads((digests.CONTRACT_FOLDER / "contract.json").read_text(encoding="utf-8"))
MODELS = {each["id"]: each for each in BUILT["model"]}

#: The larger ones are of the same kinds, and take memory that a test has no need of.
BUILDABLE = ("resnet-50", "vit-b-16", "bert-base", "gpt2")


@pytest.mark.parametrize("model", BUILDABLE)
def test_a_network_has_the_parameters_that_are_published(present: Context, model: str) -> None:
    made = dict(MODELS[model]["backward"])
    network, _ = KINDS[made.pop("builder")](present.torch, **made)
    shapes = Counter(tuple(each.shape) for each in network.parameters())
    assert shapes == Counter({tuple(shape): count for shape, count in MODELS[model]["shapes"]})
    assert sum(each.numel() for each in network.parameters()) == MODELS[model]["elements"]


def test_gradients_of_a_backward_pass_are_real(present: Context) -> None:
    found = gradients.gradients(present.torch, "cpu", MODELS["resnet-50"])
    assert len(found) == 161
    assert all(float(each.abs().max()) > 0 for each in found)
    again = gradients.gradients(present.torch, "cpu", MODELS["resnet-50"])
    assert present.torch.equal(found[0], again[0])


def test_a_network_with_other_parameters_is_refused(present: Context) -> None:
    wrong = copy.deepcopy(MODELS["resnet-50"])
    wrong["shapes"][0][1] += 1
    with pytest.raises(gradients.WrongShapesError, match="resnet-50"):
        gradients.gradients(present.torch, "cpu", wrong)


@pytest.mark.parametrize(
    ("call", "megabytes"),
    [
        pytest.param("x + 1", 4, id="a result"),
        pytest.param("(x + 1).sum()", 4, id="a passing one"),
        pytest.param("torch.cat([x, x]) + 1", 16, id="two at a time"),
        pytest.param("x.sum()", 0, id="a number"),
        pytest.param("x.view(2, -1)", 0, id="a view"),
    ],
)
def test_memory_at_the_peak_is_told(present: Context, call: str, megabytes: int) -> None:
    torch = present.torch
    x = torch.ones(1 << 20)
    told = peak(torch, "cpu", lambda: eval(call, {"torch": torch, "x": x}))  # noqa: S307 - written above
    assert told is not None
    assert told >> 20 == megabytes


def test_operators_are_counted(present: Context) -> None:
    tensors = [present.torch.ones(3) for _ in range(5)]
    one = counted(present.torch, "cpu", tensors[0].sum)["operators"]
    five = counted(present.torch, "cpu", lambda: [each.sum() for each in tensors])["operators"]
    assert 0 < one < five <= 5 * one


def small(folder: Path) -> Path:
    """Write a copy of the contract with one small model that has a tensor of each kind."""
    place = folder / "contract"
    shutil.copytree(str(digests.CONTRACT_FOLDER), str(place))
    shapes = [[[3], 30], [[], 1], [[5000], 3]]
    content = {**BUILT, "model": [{"id": "small", "tensors": 34, "elements": 15091, "shapes": shapes}]}
    (place / "contract.json").write_text(json.dumps(content), encoding="utf-8")
    return place


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compat.speed.lengths.LENGTHS", (1, 3))
    monkeypatch.setattr("compat.speed.lengths.POWERS", (0, 3))


@pytest.mark.usefixtures("present", "short")
def test_everybody_gives_the_same_answer_and_is_timed(tmp_path: Path) -> None:
    out = tmp_path / "speed.json"
    options = ["--out", str(out), "--contract", str(small(tmp_path)), "--seconds", "0.01"]
    assert main([*options, "--dtype", "float32", "--dtype", "float16"]) == 0
    written: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert written["seal"] == seal_of(written)
    assert [(each["dtype"], each["answer"]) for each in written["cells"]] == [
        (dtype, answer) for dtype in ("float32", "float16") for answer in cells.ANSWERS
    ]
    for cell in written["cells"]:
        out_of_it = {each["id"] for each in cell["left_out"]}
        for each in cell["contestants"]:
            exact = cell["dtype"] == "float32" or (cell["answer"] == "health" and not each["lacks"])
            wrong = exact and each["id"] not in (cells.CONTROL, *out_of_it) and each["error"] > 1e-4
            assert not wrong, (cell["dtype"], cell["answer"], each)
        rounds = {len(each["seconds"]) for each in cell["timed"]}
        assert len(rounds) == 1
        assert {each["id"] for each in cell["timed"]} == {each["id"] for each in cell["contestants"]}
    assert [each["length"] for each in written["by_length"]] == [1, 3]
    assert {each["id"] for each in written["training"]["timed"]} >= {"nothing", "nothing again", "monitor"}


def test_a_model_that_does_not_fit_is_left_out_with_the_reason(
    present: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert present.function is not None
    monkeypatch.setattr("compat.speed.reading.free_bytes", lambda *_: float(1 << 30))
    monkeypatch.setattr("compat.speed.lengths.LENGTHS", (1,))
    monkeypatch.setattr("compat.speed.lengths.POWERS", (0,))
    out = tmp_path / "speed.json"
    assert main(["--out", str(out), "--model", "gpt2", "--seconds", "0.01"]) == 0
    skipped = json.loads(out.read_text(encoding="utf-8"))["skipped"]
    others = [each["id"] for each in BUILT["model"] if each["id"] != "gpt2"]
    assert [each["model"] for each in skipped if each["why"] == "it was not asked for"] == others
    assert [
        (each["model"], each["why"].partition(",")[0]) for each in skipped if each["model"] == "gpt2"
    ] == [
        ("gpt2", "float32 needs 1.99 GB"),
        ("gpt2", "bfloat16 needs 1.49 GB"),
        ("gpt2", "float16 needs 1.49 GB"),
    ]


@pytest.mark.usefixtures("present")
def test_an_unknown_model_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "speed.json"), "--model", "gpt3"]) == 2
    assert "no model gpt3; there is resnet-50, vit-b-16" in capsys.readouterr().err
