"""The page in Debian's Chromium: quiet, readable without scripts, at any width."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from compat.report.html import render
from tests.report.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (apt-get install chromium)")

WIDTHS = (390, 1024, 1600)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "compatibility.html"
    path.write_text(render(sample()), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1024, "height": 900})
    yield context.new_page()
    context.close()


def test_the_page_asks_the_network_for_nothing_and_complains_of_nothing(page: Page, address: str) -> None:
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(address)
    for details in page.locator("details").all():
        details.evaluate("part => part.open = true")
    page.mouse.wheel(0, 20_000)
    page.wait_for_load_state("networkidle")
    assert [url for url in requests if not url.startswith("data:")] == [address]
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_sideways(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(address)
    for details in page.locator("details").all():
        details.evaluate("part => part.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_light_and_dark_differ_and_can_both_be_read(browser: Browser, address: str) -> None:
    contrasts = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        page.goto(address)
        contrasts[scheme] = page.evaluate(CONTRASTS)
        context.close()
    assert contrasts["light"]["paper"] != contrasts["dark"]["paper"]
    for scheme, found in contrasts.items():
        assert found["worst"] >= 4.5, (scheme, found["where"])


def test_everything_is_there_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    text = page.locator("body").inner_text()
    for wanted in (
        "The note may not stay",
        "# NOTE: stable since PyTorch 1.9",
        "present-since",
        "refuted",
        "incompatible",
        "CUDA as a whole",
        "One step of float32",
        "many-tiny",
        "python -m compat report",
    ):
        assert wanted in text, wanted
    assert not page.get_by_role("button", name="Copy").is_visible()
    context.close()


def test_the_note_can_be_copied(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == sample().page.note_after
    context.close()


def test_a_link_to_a_question_opens_it(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("table.matrix").first.get_by_role("link", name="positional-list").click()
    answer = page.locator("#question-cpu-positional-list table")
    answer.wait_for(state="visible")
    assert "breaks callers" in answer.inner_text()


def test_the_keyboard_reaches_the_tables_that_scroll(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    regions = page.locator("[role=region][tabindex='0']")
    assert regions.count() >= 3
    assert all(region.get_attribute("aria-label") for region in regions.all())


#: The worst contrast (WCAG 2.2, 1.4.3) of visible text against the nearest background behind it.
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = part => {
    for (; part; part = part.parentElement) {
      const colour = rgba(getComputedStyle(part).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255, 255];
  };
  let worst = 99, where = "";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const part = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !part.checkVisibility()) continue;
    const style = getComputedStyle(part);
    const ink = light(rgba(part.closest("svg") ? style.fill : style.color)), paper = light(behind(part));
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    const name = `${part.tagName}.${part.className.baseVal ?? part.className}`;
    if (contrast < worst) {
      worst = contrast;
      where = `${name}: ${walker.currentNode.textContent.slice(0, 60)}`;
    }
  }
  return { worst, where, paper: getComputedStyle(document.body).backgroundColor };
}"""


def visible(page: Page, selector: str) -> int:
    return int(
        page.locator(selector).evaluate_all("all => all.filter(each => each.checkVisibility()).length")
    )


def test_filters_narrow_the_questions_and_show_all_again(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#filters").wait_for(state="visible")
    everything = page.locator("tr[data-question]").count()
    assert everything > 1
    page.get_by_label("Search").fill("positional")
    shown = page.locator("tr[data-question]:not([hidden])")
    assert 0 < shown.count() < everything
    assert all("positional" in (each.get_attribute("data-id") or "") for each in shown.all())
    assert "questions" in page.locator("#filtered").inner_text()
    page.get_by_label("Search").fill("nothing has this name")
    assert shown.count() == 0
    assert page.locator("#filtered").inner_text().startswith("0 of ")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("document.querySelectorAll('tr[data-question][hidden]').length === 0")
    assert page.locator("#filtered").inner_text() == ""


@pytest.mark.parametrize(
    ("label", "attribute"),
    [("only what changes", "data-changed"), ("only what callers rely on", "data-relied")],
)
def test_what_changes_or_is_relied_on_can_be_picked(
    page: Page, address: str, label: str, attribute: str
) -> None:
    page.goto(address)
    page.get_by_label(label).check()
    shown = page.locator("tr[data-question]:not([hidden])")
    assert all(each.get_attribute(attribute) for each in shown.all())
    assert visible(page, f"tr[data-question]:not([{attribute}])") == 0


def test_a_cell_leads_to_its_answer_and_that_to_its_record(page: Page, address: str) -> None:
    page.goto(address)
    cell = page.locator("table.matrix td a").first
    target = (cell.get_attribute("href") or "")[1:]
    cell.click()
    row = page.locator(f'[id="{target}"]')
    row.wait_for(state="visible")
    assert (row.locator("a").first.get_attribute("href") or "").startswith("records/")


def test_without_scripts_no_control_is_shown_that_would_do_nothing(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not page.locator("#filters").is_visible()
    assert not page.locator("button").first.is_visible()
    assert page.locator("tr[data-question]").first.is_visible()
    context.close()


def test_the_top_says_what_to_pin_and_it_can_be_copied(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    if page.locator("#pin-1").count():
        page.locator("button[data-copies='pin-1']").click()
        page.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == page.locator("#pin-1").inner_text()
    assert page.get_by_role("heading", name="What to do next").is_visible()
    context.close()
