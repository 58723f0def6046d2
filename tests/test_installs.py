"""What is installed beside a torch, and whether CPU wheels can be reached."""

from __future__ import annotations

import http.server
import threading
from typing import TYPE_CHECKING

import pytest

from compat import installs, paths
from compat.matrix import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

PYPROJECT = paths.ROOT / "pyproject.toml"


def test_every_environment_gets_the_same_hypothesis_and_pytest() -> None:
    row = Row(torch="1.10.2", python="3.9", constraints=("numpy<2", "setuptools<70"))
    assert installs.requirements(row, PYPROJECT) == (
        "torch==1.10.2",
        "hypothesis==6.141.1",
        "pytest==8.4.2",
        "numpy",
        "numpy<2",
        "setuptools<70",
    )


@pytest.fixture
def server() -> Iterator[str]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/cpu/" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_cpu_wheels_come_first_where_they_can_be_reached(server: str) -> None:
    assert installs.sources(f"{server}/cpu/") == ("cpu", "index")
    assert installs.sources(f"{server}/gone/") == ("index",)
    assert installs.sources("http://127.0.0.1:9/cpu/") == ("index",)
    assert installs.sources("no address") == ("index",)


def test_a_place_that_never_answers_is_not_waited_for() -> None:
    silent = http.server.socketserver.TCPServer(  # type: ignore[attr-defined]
        ("127.0.0.1", 0), http.server.BaseHTTPRequestHandler
    )
    with silent:
        assert not installs.answers(f"http://127.0.0.1:{silent.server_address[1]}/", 0.05)


def test_only_cpu_wheels_need_a_word_to_uv() -> None:
    assert installs.backend("cpu") == ("--torch-backend", "cpu")
    assert installs.backend("index") == ()
