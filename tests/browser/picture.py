"""``python -m tests.browser.picture``: takes README's picture of the committed report, with Chromium."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from compat import paths
from compat.report.html import FILE
from tests.browser.test_page import CHROMIUM

OUT = paths.ROOT / "docs" / "images" / "report.png"
WIDTH, HEIGHT = 1024, 700


def main() -> None:
    """Write the top of the page as it looks on a small screen, light."""
    OUT.parent.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((paths.REPORTS / FILE).as_uri())
        page.screenshot(path=OUT)
        browser.close()
    print(f"written: {OUT.relative_to(paths.ROOT)}")


if __name__ == "__main__":
    main()
