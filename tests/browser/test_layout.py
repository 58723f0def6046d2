"""The picture at three widths: where its parts stand, and on paper.

Pixels differ with fonts and releases of Chromium, so they are held against no picture of before. What a
person would call the layout is: from where to where each part reaches across, what stands beside what, and
in which order the parts come down the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat.report.html import FILE, render
from tests.browser.test_page import CHROMIUM, WIDTHS
from tests.report.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (apt-get install chromium)")

SECTIONS = (
    *("note", "claims", "releases", "changes", "harm", "questions", "accuracy", "launches", "speed"),
    *("models", "declared", "coverage", "method", "again"),
)
SMALLEST_TEXT = 9.5
"""In CSS pixels, of anything that is read."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / FILE
    path.write_text(render(sample()), encoding="utf-8")
    return path.as_uri()


def box(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the first element."""
    found = page.locator(selector).first.bounding_box()
    assert found is not None, selector
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_parts_come_in_their_order_and_fill_their_column(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    tops = [box(page, f"#{each}")[1] for each in SECTIONS]
    assert tops == sorted(tops)
    left, _, right, _ = box(page, "main")
    for part in ("header.top", ".verdict", ".advice", *(f"#{each}" for each in SECTIONS)):
        start, _, end, _ = box(page, part)
        assert abs(start - left) <= 1, part
        assert end <= right + 1, part
    assert right <= width
    page.close()


@pytest.mark.parametrize(("width", "beside"), zip(WIDTHS, (False, True, True), strict=True))
def test_what_to_pin_stands_beside_what_to_do_where_there_is_room(
    browser: Browser, address: str, width: int, *, beside: bool
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    parts = page.locator(".advice section").all()
    if len(parts) == 2:
        first, second = (part.bounding_box() for part in parts)
        assert first is not None
        assert second is not None
        assert (abs(first["y"] - second["y"]) <= 1) is beside
    page.close()


@pytest.mark.parametrize(("width", "aside"), zip(WIDTHS, (False, False, True), strict=True))
def test_the_contents_stand_aside_on_a_wide_screen_alone(
    browser: Browser, address: str, width: int, *, aside: bool
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    assert (box(page, "nav.contents")[2] <= box(page, "main")[0]) is aside
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_answer_is_on_the_first_screen_and_nothing_is_too_small_to_read(
    browser: Browser, address: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    assert box(page, ".verdict")[3] <= 900
    assert box(page, ".advice")[1] <= 900
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.childElementCount && e.textContent.trim()"
        " && e.checkVisibility() && !e.closest('svg')).map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= SMALLEST_TEXT
    page.close()


def test_on_paper_controls_are_gone_and_nothing_reaches_over_the_edge(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 794, "height": 1123})  # A4 at 96 dots an inch
    page.goto(address)
    page.emulate_media(media="print")
    assert not page.locator("nav.contents").is_visible()
    assert not page.locator("button").first.is_visible()
    assert page.locator("#claims").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 794 * 1.25
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
