"""The page by axe-core, WCAG 2.2 AA and good practice: nothing to complain of, light and dark, at any width.

axe comes from a package of the tests, and is no part of the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.report.html import FILE, render
from tests.browser.test_page import CHROMIUM, WIDTHS
from tests.report.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (apt-get install chromium)")

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => part.open = true)"


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


def violations(browser: Browser, address: str, width: int, scheme: Any, *before: str) -> list[str]:
    """Run axe on a page after some scripts; return what it finds, with the first place of each."""
    # axe is put into the page from outside, which the page's own policy forbids to anybody else
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(address)
    for script in before:
        page.evaluate(script)
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", TAGS)
    context.close()
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_in_the_way_with_everything_opened(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    assert violations(browser, address, width, scheme, OPEN_ALL) == []


def test_nothing_is_in_the_way_in_the_report_of_this_repository(browser: Browser) -> None:
    assert violations(browser, (paths.REPORTS / FILE).as_uri(), 1024, "light") == []


@pytest.mark.parametrize(
    ("planted", "finds"),
    [
        ("document.querySelector('.says').style.color = '#bbb'", "color-contrast"),
        (
            "document.querySelector('#filters label').replaceWith(document.createElement('select'))",
            "select-name",
        ),
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
    ],
)
def test_what_is_in_the_way_is_found(browser: Browser, address: str, planted: str, finds: str) -> None:
    assert any(each.startswith(finds) for each in violations(browser, address, 1024, "light", planted))


CLIPPED = """() => [...document.querySelectorAll('svg.chart')].flatMap(drawing => {
  const [, , width, height] = drawing.getAttribute('viewBox').split(' ').map(Number);
  const texts = [...drawing.querySelectorAll('text')].map(text => [text, text.getBBox()]);
  const out = texts.filter(([, box]) => box.x < -3 || box.y < -3
    || box.x + box.width > width + 3 || box.y + box.height > height + 3);
  const over = texts.filter(([one, a], place) => texts.slice(place + 1).some(([, b]) =>
    Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 3
    && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 3));
  return [...out, ...over].map(([text]) => drawing.getAttribute('aria-label') + ': ' + text.textContent);
})"""


@pytest.mark.parametrize("which", ["sample", "committed"])
def test_no_text_of_a_drawing_is_cut_or_lies_over_another(browser: Browser, address: str, which: str) -> None:
    page = browser.new_page(viewport={"width": 1024, "height": 900})
    page.goto(address if which == "sample" else (paths.REPORTS / FILE).as_uri())
    page.evaluate(OPEN_ALL)
    assert page.evaluate(CLIPPED) == []
    page.close()
