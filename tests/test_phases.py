"""Seconds and bytes of each phase: kept one line a row, summed up in one."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from compat.phases import Phases, append, downloaded, occupied, read, summarise

if TYPE_CHECKING:
    from pathlib import Path

GIB = 2**30
ROW = Phases(
    run="1",
    row="torch-2.6.0",
    wheels="index",
    prefetch=20.0,
    paused=3.0,
    install=10.0,
    probe=200.0,
    downloaded=3 * GIB,
    environment=5 * GIB,
    disk=9 * GIB,
)


def test_rows_of_one_run_come_back(tmp_path: Path) -> None:
    path = tmp_path / "nox" / "phases.jsonl"
    assert read(path, "1") == ()
    for phases in (replace(ROW, run="0"), ROW, replace(ROW, row="torch-2.7.1")):
        append(phases, path)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"run": "1", "of": "another format"}\n{"torn')
    assert [phases.row for phases in read(path, "1")] == ["torch-2.6.0", "torch-2.7.1"]


def test_one_line_says_what_the_rows_cost() -> None:
    assert summarise([]) == "No row was measured in this run."
    assert summarise([ROW, replace(ROW, disk=11 * GIB)]) == (
        "2 rows measured: 20 s installing, 40 s prefetching behind the measurements, 6.7 min measuring; "
        "6.0 GiB downloaded, at most 11.0 GiB of disk in use."
    )
    assert summarise([ROW]).startswith("1 row measured")


def test_bytes_are_read_from_what_uv_says() -> None:
    words = (
        "Resolved 3\nDownloading torch (2.0MiB)\n Downloaded torch\n Downloading six (1.5KiB)\nDownloading\n"
    )
    assert downloaded(words) == 2 * 2**20 + 1536


def test_a_file_with_two_names_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x" * 100_000)
    alone = occupied(tmp_path)
    (tmp_path / "folder").mkdir()
    os.link(tmp_path / "one", tmp_path / "folder" / "two")
    (tmp_path / "gone").symlink_to("nowhere")
    assert alone >= 100_000
    assert occupied(tmp_path) == alone
