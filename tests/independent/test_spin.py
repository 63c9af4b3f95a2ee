"""Spin searches the Promela model: the claims of the rulebook hold of every run, and no row is dead."""

from __future__ import annotations

from pathlib import Path

import pytest

from rrm_lifecycle.export.claims import Claim, claims
from rrm_lifecycle.export.promela import promela
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from tests.independent.spin import EVERYWHERE, Checker, of_every_moment, together

WRONG = (
    Claim("never_closed", "", "No case is ever closed.", "[] (stage != STAGE_CLOSED)"),
    Claim("panel_always_asked", "", "Every case comes before a panel.", "<> (last == DID_PanelRequested)"),
    Claim("reply_before_review", "", "No review is refused.", "[] (stage != STAGE_REVIEW_DECLINED)"),
    Claim("remedies_by_panel", "", "Remedies need a panel.",
          "[] ((last == DID_RemediesImposed) -> (determination == DETERMINATION_DENIAL))"),
)  # fmt: skip
"""Claims that are planted, and wrong: the last is what the treaty leaves open by default (AMB-08)."""


NOTHING_TO_EXTEND = (
    "no_denial_reported", "cured_denial_reported", "course_running", "course_disputed", "remedies_in_force",
    "lifting_disputed",
)  # fmt: skip
TOGETHER = together(filter(of_every_moment, claims()))


@pytest.fixture(scope="module", params=[ANNEX_31A, ANNEX_31B], ids=str)
def annex(request: pytest.FixtureRequest) -> Annex:
    """Return an Annex."""
    found: Annex = request.param
    return found


@pytest.fixture(scope="module")
def checker(annex: Annex, tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """Return Spin's checker of the model of an Annex."""
    folder: Path = tmp_path_factory.mktemp("spin")
    return Checker.of(promela(annex, more=(EVERYWHERE, *TOGETHER, *WRONG)), folder)


class TestModel:
    """Every run of the model, with limits as counters of two values and whatever an act is free to say."""

    def test_claims_of_the_rulebook(self, checker: Checker) -> None:
        """The invariants on order, actors and remedies hold of every run, under the default reading."""
        names = [*(one.name for one in TOGETHER), *(one.name for one in claims() if not of_every_moment(one))]
        if checker.refuted(names):  # which of those that were searched for together?
            assert checker.refuted([one.name for one in claims()]) == []

    def test_every_case_can_end(self, checker: Checker) -> None:
        """Wherever a case stands, an act closes it then and there."""
        assert checker.broken() is None

    def test_wrong_claims(self, checker: Checker) -> None:
        """A claim that is wrong is refuted, so that to hold says something."""
        names = [one.name for one in WRONG]
        assert checker.refuted(names) == names

    def test_no_dead_row(self, annex: Annex, tmp_path: Path) -> None:
        """Every row is used from each of its stages, and every limit that something waits for can be over.

        But X-03, which stands in every stage of the Annex, so that a refusal can say what it needs, is never used where no
        limit runs that consent can extend.
        """
        found = Checker.of(promela(annex, more=[EVERYWHERE]), tmp_path, step_by_step=True).unreached()
        assert found == [f"X-03 at {stage}" for stage in NOTHING_TO_EXTEND]
