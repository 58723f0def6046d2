"""The page: one file, nothing from elsewhere, and no text that becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from compat.report.html import lead, render, rest
from tests.report.samples import empty, sample

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """Reads a page strictly: every element closed in order; ids, links and elements collected."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module", params=["sample", "empty"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(render(sample() if request.param == "sample" else empty()))


def test_nothing_is_loaded_from_elsewhere(page: Page) -> None:
    assert page.of("img", "iframe", "object", "audio", "video", "source") == []
    assert [each["href"] for each in page.of("link")] == ["data:,"]
    assert all("src" not in each for each in page.of("script"))
    policy = next(each for each in page.of("meta") if each.get("http-equiv"))
    assert "default-src 'none'" in str(policy["content"])


def test_ids_are_unique_and_links_within_the_page_arrive(page: Page) -> None:
    ids = [each["id"] for _, each in page.elements if "id" in each]
    assert len(ids) == len(set(ids))
    targets = [str(each["href"])[1:] for each in page.of("a") if str(each["href"]).startswith("#")]
    assert targets
    assert {unquote(each) for each in targets} <= set(ids)


def test_links_out_of_the_page_go_to_records_beside_it(page: Page) -> None:
    outside = [str(each["href"]) for each in page.of("a") if not str(each["href"]).startswith("#")]
    assert all(each.startswith("records/") for each in outside)


def test_tables_and_drawings_can_be_heard(page: Page) -> None:
    assert all(each.get("scope") in ("col", "row") for each in page.of("th"))
    assert len(page.of("caption")) == len(page.of("table"))
    assert all(each.get("aria-label") or each.get("aria-hidden") for each in page.of("svg"))
    assert len(page.of("h1")) == 1
    assert page.of("html") == [{"lang": "en"}]


def test_markup_from_outside_is_text() -> None:
    page = Page(render(sample()))
    assert len(page.of("script")) == 1
    assert page.of("b") == [{}] * len(page.of("b"))
    whole = "".join(page.texts)
    assert "<script>alert('x')</script>" in whole
    assert "{{ 7 * 7 }}" in whole
    assert "\\x1b[31mred" in whole
    assert "\x1b" not in whole


def test_a_status_is_told_by_its_word() -> None:
    page = Page(render(sample()))
    whole = " ".join(page.texts)
    for word in ("incompatible", "absent", "not measured", "refuted", "breaks callers"):
        assert word in whole


def test_the_sentence_is_taken_apart_without_loss() -> None:
    sentence = "The note may not stay: 2 refuted; torch._f is absent."
    assert lead(sentence) == "The note may not stay"
    assert rest(sentence) == ["2 refuted", "torch._f is absent"]
    assert (lead("All well."), rest("All well.")) == ("All well", [])
