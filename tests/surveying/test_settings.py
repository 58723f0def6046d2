"""Which indexes: what uv and pip are told, by variables and by files, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat.errors import ConfigurationError
from compat.surveying.settings import DEFAULT_INDEX, configured

if TYPE_CHECKING:
    from pathlib import Path


def urls(environment: dict[str, str], home: Path) -> list[str]:
    folder = home / "project"
    folder.mkdir(parents=True, exist_ok=True)
    shared = str(home / "shared")
    given = {"HOME": str(home), "XDG_CONFIG_DIRS": shared, **environment}
    return [each.url for each in configured(given, folder) if not each.named_by.startswith("/etc")]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [DEFAULT_INDEX]),
        ({"UV_DEFAULT_INDEX": "https://a/simple"}, ["https://a/simple"]),
        ({"UV_INDEX_URL": "https://a", "PIP_INDEX_URL": "https://b"}, ["https://a"]),
        ({"PIP_INDEX_URL": "https://b"}, ["https://b"]),
        ({"PIP_INDEX_URL": " "}, [DEFAULT_INDEX]),
        ({"UV_INDEX": "mirror=https://m https://n"}, ["https://m", "https://n", DEFAULT_INDEX]),
        (
            {"PIP_EXTRA_INDEX_URL": "https://x https://y", "UV_DEFAULT_INDEX": "https://a"},
            ["https://x", "https://y", "https://a"],
        ),
        ({"UV_INDEX": "https://a", "UV_DEFAULT_INDEX": "https://a"}, ["https://a"]),
    ],
)
def test_variables(environment: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    assert urls(environment, tmp_path) == expected


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("project/uv.toml", 'index-url = "https://a"\n', ["https://a"]),
        ("project/uv.toml", '[[index]]\nurl = "https://a"\ndefault = true\n', ["https://a"]),
        ("project/uv.toml", '[[index]]\nurl = "https://a"\n', ["https://a", DEFAULT_INDEX]),
        ("project/uv.toml", '[[index]]\nurl = "https://a"\nexplicit = true\n', [DEFAULT_INDEX]),
        (
            "project/pyproject.toml",
            '[tool.uv]\nextra-index-url = ["https://a"]\n',
            ["https://a", DEFAULT_INDEX],
        ),
        (".config/uv/uv.toml", '[pip]\nindex-url = "https://a"\n', ["https://a"]),
        (".config/pip/pip.conf", "[global]\nindex-url = https://a\n", ["https://a"]),
        (
            ".pip/pip.conf",
            "[global]\nextra-index-url =\n  https://a\n  https://b\n",
            ["https://a", "https://b", DEFAULT_INDEX],
        ),
        ("shared/pip/pip.conf", "[install]\nindex-url = https://a\n", [DEFAULT_INDEX]),
    ],
)
def test_files(file: str, text: str, expected: list[str], tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert urls({}, tmp_path) == expected


@pytest.mark.parametrize(("file", "text"), [(".config/pip/pip.conf", "no"), ("project/uv.toml", "= no")])
def test_a_broken_file_is_named(file: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"It says which package index to use.*--index URL"):
        urls({}, tmp_path)


def test_variables_come_before_files_and_uv_before_pip(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "uv.toml").write_text('index-url = "https://file"\n', encoding="utf-8")
    assert urls({"PIP_INDEX_URL": "https://pip"}, tmp_path) == ["https://file"]
    assert urls({"UV_INDEX_URL": "https://uv"}, tmp_path) == ["https://uv"]
    assert urls({"UV_NO_CONFIG": "1", "PIP_INDEX_URL": "https://pip"}, tmp_path) == ["https://pip"]
