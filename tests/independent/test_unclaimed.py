"""Every invariant of the rulebook is claimed of the Promela model, or stands in a table with the reason why not."""

from __future__ import annotations

from pathlib import Path

from rrm_lifecycle.export.claims import CLAIMS
from tests.independent.breakages import BREAKAGES
from tests.independent.unclaimed import NOT_CLAIMED, claimed, table
from tests.law.rulebook import RULEBOOK

TESTING = Path(__file__).parents[2] / "docs" / "explanation" / "testing.md"


class TestInvariants:
    """The 44 invariants of the rulebook, and the claims that Spin looks at."""

    def test_claimed_or_told(self) -> None:
        """An invariant is claimed, or is not and has a reason: none is forgotten, and none is in both."""
        known = {one["id"] for one in RULEBOOK["invariants"]}
        assert claimed() | set(NOT_CLAIMED) == known
        assert not claimed() & set(NOT_CLAIMED)

    def test_the_page_tells_them(self) -> None:
        """The page on testing holds the table as it is here."""
        assert table() in TESTING.read_text(encoding="utf-8")

    def test_each_claim_is_broken_once(self) -> None:
        """For each claim under our default reading there is a breakage of the table under which it has to fail."""
        broken = {one.claimed for one in BREAKAGES if one.tool == "Spin"}
        told = {
            f"{one.rule + ': ' if one.rule else ''}{one.says}"
            for one in CLAIMS
            if one.name != "panel_before_us_remedies"
        }
        assert told <= broken
