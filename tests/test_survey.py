"""The survey: what is read from an index page, and what is said when the page is no good."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import threading
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from compat import paths
from compat.errors import CompatError, ConfigurationError
from compat.survey import (
    DEFAULT_INDEX,
    Release,
    Survey,
    configured_index,
    load_survey,
    parse_page,
    read_index,
    refresh,
    write_survey,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def wheel(name: str, day: str = "2025-01-29", size: int = 10, **more: Any) -> dict[str, Any]:
    return {"filename": name, "upload-time": f"{day}T10:00:00Z", "size": size, **more}


LINUX = "manylinux1_x86_64"
PAGE = {
    "files": [
        wheel(f"torch-2.10.0-cp311-cp311-{LINUX}.whl", "2026-01-21", 30),
        wheel(f"torch-2.6.0-cp39-cp39-{LINUX}.whl", "2025-01-30", 20),
        wheel(f"torch-2.6.0-cp310-cp310-{LINUX}.whl", "2025-01-29", 21),
        wheel("torch-2.6.0-cp312-cp312-win_amd64.whl"),
        wheel("torch-2.6.0-cp312-cp312-manylinux2014_aarch64.whl"),
        wheel("torch-2.6.0-cp313-cp313t-manylinux_2_28_x86_64.whl"),
        wheel("torch-1.9.0-cp37-cp37m-manylinux1_x86_64.whl", "2021-06-15", 5, yanked="broken"),
        wheel(f"torch-1.8.1-cp39-cp39-{LINUX}.whl"),
        wheel(f"torch-2.11.0rc1-cp311-cp311-{LINUX}.whl"),
        wheel("torch-2.6.0.tar.gz"),
    ]
}
RELEASES = (
    Release(torch="1.9.0", date="2021-06-15", pythons=("3.7",), yanked=True, bytes=5),
    Release(torch="2.6.0", date="2025-01-29", pythons=("3.9", "3.10"), yanked=False, bytes=21),
    Release(torch="2.10.0", date="2026-01-21", pythons=("3.11",), yanked=False, bytes=30),
)


def test_a_page_gives_final_linux_releases_in_order() -> None:
    assert parse_page(PAGE, "here") == RELEASES


@pytest.mark.parametrize(
    ("page", "says"),
    [
        pytest.param({"files": []}, "lists no torch wheel", id="empty"),
        pytest.param([], "lists no torch wheel", id="a list"),
        pytest.param({"files": [{"filename": "x.whl"}]}, "without 'upload-time'", id="no time"),
        pytest.param({"files": ["x.whl"]}, "lists a file without", id="a name for a file"),
    ],
)
def test_a_page_that_is_no_index_is_refused(page: object, says: str) -> None:
    with pytest.raises(CompatError, match=says):
        parse_page(page, "here")


class _Index(http.server.BaseHTTPRequestHandler):
    answer: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/simple/torch/" else 404)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def index() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Index) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple/"
        server.shutdown()
        thread.join()


def test_an_index_is_read_and_the_survey_comes_back_from_its_file(index: str, tmp_path: Path) -> None:
    _Index.answer = json.dumps(PAGE).encode()
    out = tmp_path / "reports" / "survey.json"
    survey = refresh(index, out)
    assert survey.releases == RELEASES
    assert load_survey(out) == survey
    assert survey.find("2.6.0") == RELEASES[1]
    assert survey.find("2.6") is None
    assert read_index(index, today=dt.date(2026, 11, 23)).date == "2026-11-23"


def test_an_index_that_speaks_html_or_nothing_is_named(index: str) -> None:
    _Index.answer = b"<!doctype html>"
    with pytest.raises(CompatError, match=r"did not answer with the JSON simple API .* --index URL"):
        read_index(index)
    with pytest.raises(CompatError, match=r"cannot read the index at .*/elsewhere/torch/: .*404"):
        read_index(index.replace("simple", "elsewhere"))
    with pytest.raises(CompatError, match="cannot read the index"):
        read_index("http://127.0.0.1:9/simple")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, DEFAULT_INDEX),
        ({"PIP_INDEX_URL": "https://pip"}, "https://pip"),
        ({"PIP_INDEX_URL": "https://pip", "UV_INDEX_URL": "https://uv"}, "https://uv"),
        ({"UV_INDEX_URL": "https://uv", "UV_DEFAULT_INDEX": "https://new"}, "https://new"),
        ({"UV_DEFAULT_INDEX": "", "PIP_INDEX_URL": "https://pip"}, "https://pip"),
    ],
)
def test_the_index_is_the_one_that_uv_or_pip_would_use(environment: dict[str, str], expected: str) -> None:
    assert configured_index(environment) == expected


def test_a_survey_is_written_one_release_a_line(tmp_path: Path) -> None:
    path = tmp_path / "survey.json"
    write_survey(Survey(format=1, date="2026-11-23", releases=RELEASES), path)
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(RELEASES) + 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("{", "not a survey", id="torn"),
        pytest.param('{"format": 1, "date": "2026-11-23"}', "releases: Field required", id="missing key"),
        pytest.param(
            '{"format": 1, "date": "x", "releases": [{"torch": 2}]}', r"releases\.0\.torch", id="wrong type"
        ),
        pytest.param('{"format": 2, "date": "x", "releases": []}', "reads format 1", id="newer format"),
    ],
)
def test_a_file_that_is_no_survey_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "survey.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says) as caught:
        load_survey(path)
    assert "python -m compat survey" in str(caught.value)


def test_a_missing_survey_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_survey(tmp_path / "survey.json")


def test_the_committed_survey_is_sound() -> None:
    survey = load_survey(paths.SURVEY)
    assert survey.releases[0].torch == "1.9.0"
    assert len(survey.releases) >= 38
