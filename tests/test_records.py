"""Records: what is refused and with which words, what is kept but does not count, and what is out of date."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.errors import ConfigurationError
from compat.probe import record as written_record
from compat.probe.record import sealed
from compat.record_format import FORMAT, READABLE
from compat.records import Ledger, is_up_to_date, parse_record, read_record, why_stale, why_unusable
from tests import builders
from tests.builders import DIGESTS, absent, content, failed, ledger, record

if TYPE_CHECKING:
    from pathlib import Path

GIVEN_UP = {"level": "agreement", "behind": "3", "why": "2 of its steps hung"}
NAME = "torch-2.0.0-py3.9-cpu.json"


def text(**changes: Any) -> str:
    return json.dumps(sealed(content(changes.pop("torch", "2.0.0"), **changes)))


def edited(**changes: Any) -> str:
    """Return a record that was changed after it was sealed; a key that becomes None goes."""
    whole = {**sealed(content("2.0.0")), **changes}
    return json.dumps({key: value for key, value in whole.items() if key != "seal" or value is not None})


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('{"format": 1, "torch": "2.0', "not a whole JSON file"),
        ("", "not a whole JSON file"),
        ("[]", "format"),
        ('{"format": 1, "format": 1}', "key format twice"),
        (text(format=3), "format 3 is newer than this tool's, 2; update the tool"),
        (text(format=0), "format: 0 is not a known format"),
        (text(format="1"), "format: '1' is not a known format"),
        (
            edited(accuracy=[{"dtype": "float32", "elements": 1, "relative_error": float("nan")}]),
            "NaN is not JSON",
        ),
        ('{"format": 2, "seal": 1e999}', "1e999 is not JSON"),
        ("[" * 100_000, "not a whole JSON file"),
        (
            text(cost={"timings": [{"workload": "w", "against": "a", "pairs": [[1.0]]}]}),
            "cost.timings.0.pairs.0.1",
        ),
        (text(surface={"present": "yes"}), "surface.present"),
        (text(canaries={"absent-name": 1}), "canaries.absent-name"),
        (text(exploration={"failures": [{"case": {}, "message": "x"}]}), "exploration.failures.0.codes"),
        (text(status="fine"), "status"),
        (text(digests=None), "digests"),
        (text(canaries=None), "status measured needs canaries"),
        (text(questions=None), "status measured needs questions"),
        (text(status="died"), "status died needs failure"),
        (text(agreement={"cases": 5}), "norm has 4 codes for 5 cases"),
        (text(agreement={"codes": {"norm": "==?="}}), "norm has unknown codes ['?']"),
        (text(python="three"), "'three' is not a version"),
        (text(torch="2.1.0"), "its content says torch-2.1.0-py3.9-cpu.json"),
        (text(device="cuda"), "its content says torch-2.0.0-py3.9-cuda.json"),
        (edited(profile="full"), "its content does not fit its seal: it was edited"),
        (edited(novelty=1), "does not fit its seal"),
        (edited(seal="sha256:0"), "does not fit its seal"),
        (edited(seal=7), "does not fit its seal"),
        (edited(seal=None), "it has no seal"),
    ],
    ids=lambda each: each if len(each) < 60 else "record",
)
def test_a_broken_record_is_refused_by_name_and_key(written: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_record(written, NAME)
    assert NAME in str(caught.value)
    assert message in str(caught.value)


def test_every_wrong_key_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_record(text(surface={"present": 1}, profile=2), NAME)
    assert "surface.present" in str(caught.value)
    assert "profile" in str(caught.value)


def test_unknown_keys_are_ignored_and_words_stand_for_infinity() -> None:
    accuracy = [{"dtype": "float16", "elements": 4, "relative_error": "inf", "unit": "new"}]
    found = parse_record(text(novelty=1, accuracy=accuracy), NAME)
    assert found.accuracy is not None
    assert found.accuracy[0].relative_error == "inf"


def test_a_record_of_the_first_format_can_be_read_without_a_seal() -> None:
    accuracy = [{"dtype": "float32", "elements": 4, "relative_error": 1e-8, "got": 2.0, "exact": 2.0}]
    found = parse_record(edited(format=1, accuracy=accuracy, seal=None), NAME)
    assert found.accuracy is not None
    (point,) = found.accuracy
    assert (point.pattern, point.magnitude, point.result_dtype, point.bound_share) == ("mixed", 0, None, None)


def test_both_floors_write_and_read_the_same_format() -> None:
    assert written_record.FORMAT == FORMAT
    assert max(READABLE) == FORMAT


@pytest.mark.parametrize(
    ("whole", "digests", "why"),
    [
        (content("2.0.0"), DIGESTS, None),
        (content("2.0.0"), None, None),
        (absent("1.9.0"), DIGESTS, None),
        (content("2.0.0"), {**DIGESTS, "corpus": "sha256:eeee"}, "stale: corpus was ab12cd34, is eeee"),
        (
            content("2.0.0"),
            {**DIGESTS, "contract": "c1", "probe": "p1"},
            "stale: contract was c0c0, is c1; probe",
        ),
        (
            content("2.0.0", canaries={"planted-error": False}),
            DIGESTS,
            "worth nothing: canary planted-error failed",
        ),
        ({**content("2.0.0"), "canaries": {}}, DIGESTS, "worth nothing: it had no canary"),
        (
            {**content("2.0.0"), "canaries": {"absent-name": True}},
            DIGESTS,
            "worth nothing: no fault was planted as a canary",
        ),
        (
            {**content("2.0.0", given_up=[GIVEN_UP]), "canaries": {"absent-name": True}},
            DIGESTS,
            None,
        ),
        ({**absent("1.9.0"), "canaries": {"absent-name": True}}, DIGESTS, None),
        (content("2.0.0", planted="off by 1e-5"), None, "no evidence: the fault 'off by 1e-5' was planted"),
        (content("2.0.0", format=1), None, None),
        (content("2.0.0", format=1), DIGESTS, "stale: format was 1, is 2"),
        (failed("2.0.0"), DIGESTS, "install-failed: no such wheel"),
        (
            content("2.0.0", provenance={"torch_version": "2.0.1"}),
            DIGESTS,
            "asked for torch 2.0.0, but 2.0.1",
        ),
        (content("2.0.0", provenance={"torch_version": None}), DIGESTS, "but an unknown torch answered"),
        (content("2.0.0", provenance={"torch_version": "git"}), DIGESTS, "'git', which is no version"),
        (
            content("2.0.0", provenance={"python_version": "3.10.1"}),
            DIGESTS,
            "asked for Python 3.9, but 3.10.1",
        ),
    ],
)
def test_why_unusable(whole: dict[str, Any], digests: dict[str, str] | None, why: str | None) -> None:
    found = why_unusable(record(whole), digests)
    assert (found is None) if why is None else (found is not None and why in found)


def test_outdated_is_what_nothing_else_is_wrong_with() -> None:
    old = {"digests": {"probe": "sha256:old"}}
    found = ledger(
        content("1.11.0"),
        content("2.0.0", **old),
        content("2.1.0", **old, canaries={"planted: off by 1e-5": False}),
        content("2.9.0", **old, api="torch._foreach_abs"),
        failed("2.10.0"),
        digests=DIGESTS,
    ).about("torch._foreach_norm")
    assert found.outdated == {"torch-2.0.0-py3.9-cpu.json"}
    assert [each.torch for each in found.usable] == ["1.11.0"]
    assert [each.torch for each in found.as_it_was.usable] == ["1.11.0", "2.0.0"]


@pytest.mark.parametrize(
    ("whole", "row", "why"),
    [
        (content("2.0.0"), ("2.0.0", "3.9", "cpu"), None),
        (None, ("2.0.0", "3.9", "cpu"), "no record yet"),
        (content("2.0.0"), ("2.0.0", "3.11", "cpu"), "it measured 2.0.0 3.9 cpu, not 2.0.0 3.11 cpu"),
        (failed("2.0.0"), ("2.0.0", "3.9", "cpu"), "install-failed"),
        (content("2.0.0", digests={"probe": "sha256:old"}), ("2.0.0", "3.9", "cpu"), "stale: probe"),
        ({"format": 9}, ("2.0.0", "3.9", "cpu"), "unreadable"),
    ],
)
def test_why_stale(
    tmp_path: Path, whole: dict[str, Any] | None, row: tuple[str, str, str], why: str | None
) -> None:
    path = tmp_path / NAME
    if whole is not None:
        path.write_text(json.dumps(sealed(whole)))
    torch, python, device = row
    found = why_stale(path, torch=torch, python=python, device=device, digests=DIGESTS)
    assert (found is None) if why is None else (found is not None and why in found)
    assert is_up_to_date(path, torch=torch, python=python, device=device, digests=DIGESTS) is (why is None)


def put(folder: Path, *wholes: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    for whole in wholes:
        (folder / record(whole).name).write_text(json.dumps(sealed(whole)))


def test_a_ledger_keeps_every_record_in_order_and_counts_the_sound_ones(tmp_path: Path) -> None:
    put(tmp_path, content("2.10.0"), content("2.9.0"), failed("1.9.0"), content("2.9.0", python="3.11"))
    found = Ledger.read(tmp_path, digests=DIGESTS)
    assert [(each.torch, each.python) for each in found.records] == [
        ("1.9.0", "3.9"),
        ("2.9.0", "3.9"),
        ("2.9.0", "3.11"),
        ("2.10.0", "3.9"),
    ]
    assert [each.torch for each in found.usable] == ["2.9.0", "2.9.0", "2.10.0"]
    assert list(found.unusable) == ["torch-1.9.0-py3.9-cpu.json"]
    assert found.devices == ("cpu",)
    assert Ledger.read(tmp_path, digests={**DIGESTS, "probe": "sha256:new"}).usable == ()


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    put(tmp_path, content("2.9.0"))
    before = Ledger.read(tmp_path).digest
    assert Ledger.read(tmp_path).digest == before
    put(tmp_path, content("2.9.0", profile="full"))
    assert Ledger.read(tmp_path).digest != before


def test_every_torn_file_of_a_folder_is_named(tmp_path: Path) -> None:
    put(tmp_path, content("2.9.0"))
    (tmp_path / "torch-1.json").write_text("{")
    (tmp_path / "torch-2.json").write_text("")
    with pytest.raises(ConfigurationError, match=r"(?s)torch-1\.json.*torch-2\.json"):
        Ledger.read(tmp_path)


def test_two_files_of_one_row_are_refused_and_one_file_twice_is_not(tmp_path: Path) -> None:
    put(tmp_path / "a", content("2.9.0"))
    put(tmp_path / "b", content("2.9.0"))
    paths = [tmp_path / each / record(content("2.9.0")).name for each in ("a", "b")]
    with pytest.raises(ConfigurationError, match="records of the same row"):
        Ledger.read_files(paths)
    assert len(Ledger.read_files([paths[0], paths[0]]).records) == 1


def test_a_missing_folder_is_an_empty_ledger_and_a_missing_file_a_mistake(tmp_path: Path) -> None:
    assert Ledger.read(tmp_path / "none").records == ()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_record(tmp_path / NAME)


def test_records_of_another_api_do_not_count() -> None:
    filed = builders.ledger(content("2.9.0"), content("2.10.0", api="torch._other"))
    about = filed.about("torch._foreach_norm")
    assert [each.torch for each in about.usable] == ["2.9.0"]
    assert about.unusable["torch-2.10.0-py3.9-cpu.json"] == "it measured torch._other"
