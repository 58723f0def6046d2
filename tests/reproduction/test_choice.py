"""Which findings get a script: each once, with all that saw it, and not more than somebody reads."""

from __future__ import annotations

from typing import Any

from compat.contract import Reference
from compat.reproduction.choice import MOST, MOST_OF_A_KIND, key_of, name_of, reproductions
from tests.builders import content, contract, ledger

ABOUT = contract(references=(Reference(id="norm", call="norm"), Reference(id="vector_norm", call="vector")))


def case(size: int) -> dict[str, Any]:
    return {"ord": 2, "tensors": [["float32", [size], "contiguous", "unit", 0]]}


def explored(torch: str, *failures: tuple[dict[str, Any], dict[str, str]], **changes: Any) -> dict[str, Any]:
    kept = [{"case": case, "codes": codes, "message": "differ"} for case, codes in failures]
    explored = {"seed": 1, "examples": 300, "failures": kept, "passed": False}
    return content(torch, exploration=explored, **changes)


def replayed(torch: str, **codes: str) -> dict[str, Any]:
    return content(torch, agreement={"cases": len(next(iter(codes.values()))), "codes": codes})


def test_a_finding_of_several_releases_is_one_script_that_names_them() -> None:
    wholes = [explored(torch, (case(3), {"norm": "X"})) for torch in ("1.11.0", "2.0.0", "2.9.0")]
    (script,) = reproductions(ledger(*wholes, content("2.1.0")), ABOUT, ())
    assert script.name == name_of(key_of(case(3), "norm"), "norm")
    assert script.what == "norm: disagrees"
    assert "Seen in torch 1.11.0 to 2.0.0, 2.9.0 on CPU; found by exploring." in script.text


def test_each_reference_has_its_own_script_and_a_crash_one() -> None:
    both = {"norm": "X", "vector_norm": "f", "monitor": "X"}
    crash = {"norm": "!", "vector_norm": "!", "monitor": "!"}
    found = reproductions(ledger(explored("2.0.0", (case(3), both), (case(4), crash))), ABOUT, ())
    assert [each.what for each in found] == [
        "norm: disagrees",
        "vector_norm: only the function raises",
        "norm: crashed",
    ]


def test_each_device_has_a_script_of_its_own_that_runs_there() -> None:
    cases = [case(size) for size in range(1, 4)]
    elsewhere = replayed("2.1.0", norm="=X=") | {"device": "cuda"}
    filed = ledger(replayed("2.0.0", norm="=X="), elsewhere)
    host, device = reproductions(filed, ABOUT, cases)
    assert (host.where, device.where) == (
        "Seen in torch 2.0.0 on CPU; case 1 of the corpus.",
        "Seen in torch 2.1.0 on CUDA; case 1 of the corpus.",
    )
    assert host.name != device.name
    assert ('.to("cuda")' in host.text, '.to("cuda")' in device.text) == (False, True)


def test_what_no_torch_can_show_has_none() -> None:
    failures = [(case(3), {"monitor": "X"}), ({"ord": 2, "tensors": []}, {"norm": "X"}), ({}, {"norm": "X"})]
    assert reproductions(ledger(explored("2.0.0", *failures)), ABOUT, ()) == ()


def test_of_the_replay_the_first_of_each_reference_and_kind_are_shown() -> None:
    cases = [case(size) for size in range(1, 9)]
    filed = ledger(
        replayed("2.0.0", norm="=XXXXX=f", vector_norm="=======X"), replayed("2.1.0", norm="=X======")
    )
    found = reproductions(filed, ABOUT, cases)
    assert [each.what for each in found] == [
        *["norm: disagrees"] * MOST_OF_A_KIND,
        "norm: only the function raises",
        "vector_norm: disagrees",
    ]
    assert "Seen in torch 2.0.0 to 2.1.0 on CPU; case 1 of the corpus." in found[0].text


def test_codes_of_another_corpus_have_no_cases() -> None:
    assert reproductions(ledger(replayed("2.0.0", norm="=X")), ABOUT, [case(1)]) == ()


def test_there_are_not_more_than_somebody_reads() -> None:
    failures = [(case(size), {"norm": "X"}) for size in range(1, MOST + 9)]
    assert len(reproductions(ledger(explored("2.0.0", *failures)), ABOUT, ())) == MOST


def test_equal_input_gives_equal_scripts_and_names_are_those_of_the_case() -> None:
    def made(torch: str) -> Any:
        return reproductions(ledger(explored(torch, (case(3), {"norm": "X"}))), ABOUT, ())

    assert made("2.0.0") == made("2.0.0")
    assert made("2.0.0")[0].name == made("2.1.0")[0].name
    assert (
        name_of("norm-of order {}", "norm of/Order")
        == "norm-of-order-" + name_of("norm-of order {}", "x")[2:]
    )


def test_a_promoted_case_says_who_found_it() -> None:
    about = contract(references=ABOUT.references, origins={1: "found by exploring torch 1.11.0"})
    (script,) = reproductions(ledger(replayed("2.0.0", norm="=X")), about, [case(1), case(2)])
    assert script.where == "Seen in torch 2.0.0 on CPU; found by exploring torch 1.11.0."
