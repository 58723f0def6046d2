"""A record tells what it was made with, also where an environment is in disorder."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import provenance

if TYPE_CHECKING:
    from pathlib import Path


def install(folder: Path, name: str, metadata: str | None) -> None:
    path = folder / f"{name}.dist-info"
    path.mkdir()
    if metadata is not None:
        (path / "METADATA").write_text(metadata, encoding="utf-8")


def test_packages_are_named_as_the_index_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "torch-2.6.0", "Name: torch\nVersion: 2.6.0\n")
    install(tmp_path, "typing_extensions-4.0", "Name: Typing_Extensions\nVersion: 4.0\n")
    install(tmp_path, "broken-1.0", None)
    install(tmp_path, "empty-1.0", "")
    install(tmp_path, "versionless-1.0", "Name: versionless\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert provenance.packages() == {"torch": "2.6.0", "typing-extensions": "4.0"}


def a_torch(**backends: Any) -> Any:
    return SimpleNamespace(
        __version__="2.6.0+cu124",
        version=SimpleNamespace(git_version="abc", cuda="12.4"),
        get_num_threads=lambda: 1,
        backends=SimpleNamespace(**backends),
        cuda=SimpleNamespace(get_device_name=lambda _: "A GPU", get_device_capability=lambda _: (9, 0)),
    )


@pytest.mark.parametrize(
    ("torch", "capability"),
    [
        (a_torch(), None),
        (a_torch(cpu=SimpleNamespace()), None),
        (a_torch(cpu=SimpleNamespace(get_cpu_capability=lambda: "AVX512")), "AVX512"),
    ],
)
def test_what_torch_says_of_itself(torch: Any, capability: str | None) -> None:
    assert provenance.of_torch(torch, "cpu") == {
        "torch_version": "2.6.0+cu124",
        "git_version": "abc",
        "cuda": "12.4",
        "cpu_capability": capability,
        "threads": 1,
    }


def test_a_gpu_is_named() -> None:
    known = provenance.of_torch(a_torch(), "cuda")
    assert (known["gpu"], known["gpu_capability"]) == ("A GPU", "9.0")


def test_the_host_is_described_without_its_name_or_folders() -> None:
    host = provenance.of_host()
    assert set(host) == {"python_version", "platform", "libc", "cpu", "cpus", "packages"}
    assert host["python_version"] == ".".join(str(part) for part in sys.version_info[:3])
    assert "/" not in str({**host, "cpu": ""})
