"""The contract folder: what a sound one gives, and that every planted mistake is named by file and key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_args

import pytest

from compat import paths
from compat.contract import Level, build, load_contract
from compat.errors import ConfigurationError
from compat.probe.context import LEVELS

if TYPE_CHECKING:
    from pathlib import Path

SOUND = {
    "contract.toml": """
[contract]
api = "torch._f"
name = "f"
stub = "f.pyi"
operator = "aten::_f"
fallback = "g()"
note_before = "NOTE"
references = [{ id = "norm", call = "tensors" }]
""",
    "questions.toml": """
[[question]]
id = "one"
level = "effects"
asks = "?"
call = "f()"
why = "!"
relied = true
expect = "5.0"
""",
    "claims.toml": """
[[claim]]
id = "since"
claim = "It is so."
rule = "present-since"
parameters = { version = "1.9.0" }
""",
    "workloads.toml": """
[[workload]]
id = "small"
describes = "x"
shapes = [[[4, 4], 2], [[4], 1]]
dtype = "float32"
""",
}


def test_the_levels_are_those_of_the_probe() -> None:
    assert get_args(Level) == LEVELS


def put(folder: Path, file: str = "", old: str = "", new: str = "") -> Path:
    """Write the sound folder with one replacement, which must have something to replace."""
    for name, text in SOUND.items():
        assert name != file or old in text
        (folder / name).write_text(text.replace(old, new) if name == file else text)
    return folder


def test_a_sound_folder(tmp_path: Path) -> None:
    contract = load_contract(put(tmp_path))
    question = contract.question("one")
    claim = contract.claim("since")
    assert question is not None
    assert claim is not None
    assert (contract.api, contract.successor, question.expect) == ("torch._f", None, "5.0")
    assert claim.parameters == {"version": "1.9.0"}
    assert contract.workloads[0].shapes == (((4, 4), 2), ((4,), 1))
    assert contract.question("none") is None


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("contract.toml", 'api = "torch._f"', "", "contract.toml: contract: api: "),
        ("contract.toml", 'name = "f"', 'name = "f"\nnom = "f"', "contract.toml: contract: nom: "),
        ("contract.toml", '"f.pyi"', "3", "contract.toml: contract: stub: "),
        ("contract.toml", "[contract]", "[contrac]", "contract.toml: unknown key contrac found at the top"),
        ("questions.toml", "[[question]]", "[[question]", "questions.toml: cannot be read: "),
        ("questions.toml", "relied = true", 'relied = "yes"', "questions.toml: question one: relied: "),
        ("questions.toml", 'expect = "5.0"', "", "questions.toml: question one: expect: callers rely on it"),
        ("questions.toml", 'id = "one"', "", "questions.toml: question (no id): id: "),
        ("questions.toml", 'id = "one"', 'id = "stub"', "questions.toml: question stub: id: reserved"),
        ("questions.toml", 'id = "one"', 'id = "a:b"', "questions.toml: question a:b: id: reserved"),
        ("claims.toml", '"present-since"', '"magic"', "claims.toml: claim since: rule: 'magic' is none of"),
        ("claims.toml", '"1.9.0"', '"one"', "claims.toml: claim since: parameters.version: "),
        ("claims.toml", "version =", "vision =", "claims.toml: claim since: parameters.vision: "),
        ("workloads.toml", "[4, 4], 2", "[4, 4], 2.5", "workloads.toml: workload small: shapes.0.1: "),
    ],
)
def test_a_mistake_is_named_by_file_and_key(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_contract(put(tmp_path, file, old, new))
    assert message in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    put(tmp_path, "contract.toml", "api", "apy")
    (tmp_path / "questions.toml").write_text(SOUND["questions.toml"] * 2)
    (tmp_path / "workloads.toml").unlink()
    with pytest.raises(ConfigurationError) as caught:
        load_contract(tmp_path)
    message = str(caught.value)
    assert "has 4 mistakes" in message
    assert all(
        each in message for each in ("api", "apy", "question one: id: used 2 times", "workloads.toml: cannot")
    )


def test_the_built_text_is_canonical_and_holds_what_people_wrote(tmp_path: Path) -> None:
    text = build(put(tmp_path))
    content = json.loads(text)
    assert text == json.dumps(content, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert content["contract"]["references"] == [{"id": "norm", "call": "tensors"}]
    assert content["question"][0]["expect"] == "5.0"
    assert content["claim"][0]["parameters"] == {"version": "1.9.0"}
    assert content["workload"][0]["shapes"] == [[[4, 4], 2], [[4], 1]]


def test_the_digest_is_that_of_the_content_and_not_of_its_spelling(tmp_path: Path) -> None:
    before = load_contract(put(tmp_path)).digest
    assert load_contract(put(tmp_path, "claims.toml", "[[claim]]", "# a comment\n[[claim]]")).digest == before
    assert load_contract(put(tmp_path, "claims.toml", "It is so.", "It may be so.")).digest != before


def test_the_contract_of_this_project_is_sound() -> None:
    contract = load_contract(paths.CONTRACT)
    assert {claim.id for claim in contract.claims} == {
        "present-since",
        "used-by-clip-grad-norm",
        "constant-launches",
        "speedup",
        "fallback-equivalent",
        "signature-stable",
        "behaviour-stable",
        "measurable-overhead",
    }


def test_contract_json_is_in_step_with_the_files_that_people_write() -> None:
    built = (paths.CONTRACT / "contract.json").read_text(encoding="utf-8")
    assert built == build(paths.CONTRACT), "run `compat contract --build`"
