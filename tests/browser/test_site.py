"""The built pages: they load quietly, can be searched, and can be used without seeing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

MAIN = (
    "index", "tutorial/first-case", "tutorial/primer-caso", "how-to/read-a-refusal", "reference/table-31-a",
    "reference/glossary", "explanation/mechanism", "explanation/why-not-just", "explanation/performance",
    "cases/index", "cases/san-martin", "notebooks/first-case", "notebooks/how-long",
)  # fmt: skip
"""One page of each kind."""
GRAVE = {"serious", "critical"}


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on the page that keeps somebody from using it, each with its first place."""
    found: dict[str, Any] = Axe().run(page).response
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"] if one["impact"] in GRAVE]


class TestSite:
    """A reader with a browser."""

    @pytest.mark.parametrize("name", MAIN)
    def test_loads_without_a_complaint(self, page: Page, site: str, name: str) -> None:
        """The page loads all that it asks for, and the console stays empty."""
        answer = page.goto(f"{site}/{name}.html", wait_until="networkidle")
        assert answer is not None
        assert answer.ok
        assert page.complaints == []  # type: ignore[attr-defined] # the fixture hangs it on
        assert page.locator("h1").count() == 1

    @pytest.mark.parametrize("name", MAIN)
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_can_be_used_without_seeing_it(self, page: Page, site: str, name: str, scheme: Any) -> None:
        """axe-core finds nothing serious, in light and in dark."""
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{site}/{name}.html", wait_until="networkidle")
        assert violations(page) == []

    def test_search_finds_what_it_is_asked_for(self, page: Page, site: str) -> None:
        """A search for "course of remediation" finds the page that tells the Mechanism."""
        page.goto(f"{site}/search.html?q=course+of+remediation")
        page.wait_for_selector("#search-results ul.search li a")
        page.wait_for_load_state("networkidle")
        found = page.locator("#search-results ul.search li a").all_inner_texts()
        assert "The Mechanism in one page" in found

    def test_every_picture_says_what_it_shows(self, page: Page, site: str) -> None:
        """Each picture of a case's page has a text in its place."""
        page.goto(f"{site}/cases/san-martin.html", wait_until="networkidle")
        told = page.locator("main img, article img").evaluate_all("all => all.map(one => one.alt)")
        assert told
        assert all(len(text) > 40 for text in told)
