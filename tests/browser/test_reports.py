"""The reports that are written of cases: on a wide screen and on a telephone, in light and in dark, whatever the names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rrm_lifecycle as rrm
from rrm_lifecycle import events as did
from tests.browser.test_site import violations

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

SIZES = ((1280, 900), (390, 844))
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> مصنع 🏭"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the reports of the real cases, and one of a docket whose facility has a hostile name."""
    folder = tmp_path_factory.mktemp("reports")
    rrm.align(rrm.histories.load()).to_html(folder / "real")
    docket = rrm.Docket.in_memory()
    plant = rrm.CoveredFacility(HOSTILE, country="MX", sector="mining", goods_traded=True)
    docket.start("HOSTILE-1")
    docket.record("HOSTILE-1", did.ReviewRequested(date(2024, 4, 1), facility=plant, laws=("LFT",), basis=HOSTILE))
    docket.to_html(folder / "docket", today=date(2024, 6, 1))
    return folder


def pages(folder: Path) -> dict[str, Path]:
    """Return one page of each kind by a name."""
    real, docket = folder / "real", folder / "docket"
    (hostile,) = (path for path in docket.glob("*.html") if path.name != "index.html")
    (mine,) = real.glob("*san-martin*.html")
    (still_open,) = real.glob("*atento*.html")
    return {
        "index": real / "index.html", "closed": mine, "open": still_open,
        "docket": docket / "index.html", "hostile": hostile,
    }  # fmt: skip


class TestReports:
    """Whoever is sent a report, and opens it."""

    @pytest.mark.parametrize("name", ["index", "closed", "open", "docket", "hostile"])
    @pytest.mark.parametrize(("width", "height"), SIZES)
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_is_read_on_any_screen(  # noqa: PLR0917 - a table of screens
        self, page: Page, written: Path, name: str, width: int, height: int, scheme: Any
    ) -> None:
        """Nothing reaches over the edge, nothing complains, no request leaves, and axe-core finds nothing serious."""
        said: list[str] = []
        asked: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            said.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.on("request", lambda request: asked.append(request.url))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.goto(pages(written)[name].as_uri(), wait_until="load")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        assert said == []
        assert page.complaints == []  # type: ignore[attr-defined] # the fixture hangs it on
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert violations(page) == []

    def test_pictures_are_drawn(self, page: Page, written: Path) -> None:
        """The timeline and the map of a case are drawn, each with a text in its place."""
        page.goto(pages(written)["closed"].as_uri(), wait_until="load")
        drawn = page.locator("img").evaluate_all("all => all.map(one => [one.naturalWidth, one.alt])")
        assert len(drawn) >= 2
        assert all(wide > 300 and len(text) > 40 for wide, text in drawn)
