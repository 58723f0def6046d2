"""Fetching: nothing whole, nothing twice without need, no password on a screen."""

from __future__ import annotations

import pytest

from compat.surveying.web import Limits, Web, WebError, shown
from tests.wheels import serving

QUICK = Limits(connect=1.0, silence=1.0, answer=1.0, pause=0.0)


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("https://ada:secret@example.org/simple") == "https://example.org/simple"


def test_a_dead_host_is_asked_three_times_and_no_more() -> None:
    pauses: list[float] = []
    web = Web(limits=QUICK, sleep=pauses.append)
    for _ in range(4):
        with pytest.raises(WebError, match="refused"):
            web.page("http://127.0.0.1:9/simple/torch/", "text/html")
    assert len(pauses) == QUICK.attempts - 1
    web.close()


def test_what_was_fetched_is_counted() -> None:
    with serving() as index:
        name = index.offer("2.6.0")
        web = Web(limits=QUICK)
        tail, size = web.tail(f"{index.url}/{name}", 100)
        assert (web.requests, web.received, len(tail), size) == (1, 100, 100, len(index.files[name]))
        assert web.range(f"{index.url}/{name}", 0, 9, size) == index.files[name][:10]
        with pytest.raises(WebError, match="and got others"):
            web.range(f"{index.url}/{name}", 0, 9, size + 1)
        web.close()
        with pytest.raises(WebError, match="interrupted"):
            web.tail(f"{index.url}/{name}", 100)
