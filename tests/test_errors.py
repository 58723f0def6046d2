"""The exit codes: one table, each with one meaning."""

from __future__ import annotations

from compat.errors import CompatError, ConfigurationError, ExitCode


def test_no_code_has_two_names() -> None:
    assert len(ExitCode.__members__) == len({int(code) for code in ExitCode})


def test_every_code_has_a_meaning_of_its_own() -> None:
    assert len({code.meaning for code in ExitCode}) == len(ExitCode)


def test_the_table_is_that_of_the_design() -> None:
    assert {int(code) for code in ExitCode} == {0, 1, 2, 3, 4, 130}
    assert ConfigurationError.exit_code is ExitCode.USAGE
    assert CompatError.exit_code is ExitCode.INTERNAL
