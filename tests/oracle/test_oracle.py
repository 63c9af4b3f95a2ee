"""The library agrees with a second opinion that was written from the rulebook alone, on random sequences of acts."""

from __future__ import annotations

import ast
import os
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import NOT_STATED, Element
from rrm_lifecycle.law import table
from rrm_lifecycle.law.readings import Reading
from tests.oracle import comparison
from tests.oracle.acts import PLANT, THREE, Next, an_act
from tests.oracle.comparison import OTHER, Counts, compare, paragraphs
from tests.oracle.limits import limits
from tests.oracle.opinion import ask
from tests.oracle.past import World, business_days_after, days_after
from tests.oracle.run import main, not_met, play, report
from tests.oracle.stages import told

SEQUENCES: Final = int(os.environ.get("RRM_ORACLE", "5000"))
"""100,000 for the long run."""
LONG: Final = 50_000
"""From so many sequences on, all rows but two at most are met: those that stand under rare readings, far on."""
PLAIN: Final = World()
ASKED: Final = did.ReviewRequested(date(2023, 6, 16), facility=PLANT, laws=("LFT",), basis="complaints")

REVIEW: Final = (ASKED, did.ReviewAccepted(date(2023, 6, 20)))
REMEDIES: Final = (
    ASKED,
    did.ReviewDeclined(date(2023, 6, 20)),
    did.PanelRequested(date(2023, 6, 21)),
    did.PanelistsDrawn(date(2023, 6, 23), panelists=THREE),
    did.PanelConstituted(date(2023, 6, 26)),
    did.PetitionConfirmed(date(2023, 6, 27), elements=tuple(Element)),
    did.DeterminationIssued(date(2023, 7, 20), finding="denial", heard=True),
    did.RemediesNotified(date(2023, 7, 21)),
    did.RemediesImposed(date(2023, 8, 10), tier=1, measure="penalty"),
)
DISPUTE: Final = (*REMEDIES, did.PanelRequested(date(2023, 8, 11)))
CLAIM: Final = (did.PetitionFiled(date(2023, 5, 2), filer_of="US", facility=PLANT),)
FAR: Final = 40 if SEQUENCES < LONG else 400


class TestAgreement:
    """Asked the same, both say the same: admitted or not, by which rule, why not, the stage after, limits, notes."""

    def test_on_random_sequences(self) -> None:
        """The two agree on every act of every sequence."""
        counts, found = play(1, SEQUENCES)
        assert not found, "\n\n".join(str(one) for one in found[:3])
        assert counts.sequences == SEQUENCES
        taken, refused = not_met(counts)
        assert len(taken) <= (2 if SEQUENCES >= LONG else 6), report(counts)
        assert len(refused) <= (2 if SEQUENCES >= LONG else 8), report(counts)

    @settings(max_examples=200, deadline=None)
    @given(st.randoms(use_true_random=False))
    def test_on_sequences_that_shrink(self, random: Random) -> None:
        """The two agree on sequences that Hypothesis draws, and would make smaller where they did not."""
        found = compare(random, Counts())
        assert found is None, str(found)

    @pytest.mark.parametrize("other", sorted(OTHER))
    def test_from_far_on(self, other: str) -> None:
        """The two agree on cases that start with remedies in force, in dispute, or with a petition, under each reading."""
        counts = Counts()
        for number in range(FAR):
            first = (REMEDIES, DISPUTE, REVIEW, CLAIM)[number % 4]
            found = compare(Random(f"far:{number}"), counts, first=first, other=other)
            assert found is None, str(found)
        assert counts.admitted["A10-01b"] >= FAR // 2

    @pytest.mark.parametrize("name", sorted(OTHER))
    def test_other_readings_are_the_library_s(self, name: str) -> None:
        """Each choice that the oracle honours is a choice of a reading, and not its default."""
        reading = Reading(**{name: OTHER[name]})
        assert set(reading.differs) == {name}
        assert getattr(reading, name) == OTHER[name]


class TestOracle:
    """The oracle by itself, on what the rulebook states of real cases."""

    @pytest.mark.parametrize("name", ["past", "stages", "limits", "opinion"])
    def test_shares_nothing_but_acts(self, name: str) -> None:
        """It imports of the library the acts and the values that they hold, and nothing else."""
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        taken = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        taken |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
        of_ours = {one for one in taken if one is not None and one.startswith(("rrm_lifecycle", "tests"))}
        oracle = {f"tests.oracle.{one}" for one in ("past", "stages", "limits")}
        assert of_ours <= {"rrm_lifecycle.case", "rrm_lifecycle.case.claim", *oracle}
        assert {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "rrm_lifecycle.case"
            for alias in node.names
        } <= {"events"}

    @pytest.mark.parametrize(
        ("start", "n", "due"),
        [
            (date(2024, 4, 1), 10, date(2024, 4, 11)),  # TV-1
            (date(2023, 10, 26), 45, date(2023, 12, 10)),  # TV-2, a Sunday
            (date(2023, 6, 16), 45, date(2023, 7, 31)),  # TV-4
            (date(2021, 5, 12), 45, date(2021, 6, 26)),  # TV-9
        ],
    )
    def test_days(self, start: date, n: int, due: date) -> None:
        """It counts calendar days as the public cases did."""
        assert days_after(start, n, PLAIN) == due

    def test_business_days(self) -> None:
        """It counts business days over weekends and holidays (TV-6)."""
        assert business_days_after(date(2023, 8, 22), 3, PLAIN) == date(2023, 8, 25)
        labour_day = World(holidays=frozenset({date(2023, 9, 4)}))
        assert business_days_after(date(2023, 8, 30), 5, PLAIN) == date(2023, 9, 6)
        assert business_days_after(date(2023, 8, 30), 5, labour_day) == date(2023, 9, 7)

    def test_the_tenth_and_the_eleventh_day(self) -> None:
        """An answer on day 10 is timely, one on day 11 late, and a panel opens on day 11 (INV-15, A4-04)."""
        for n, noted, why in ((10, set(), {"early"}), (11, {"late reply"}, set())):
            on = ASKED.on + timedelta(n)
            assert ask([ASKED], did.ReviewAccepted(on), PLAIN).noted == noted
            assert ask([ASKED], did.PanelRequested(on), PLAIN).why == why

    def test_both_limits_run_from_the_request(self) -> None:
        """The 45 days run from the request whatever the day of acceptance (INV-16)."""
        accepted = did.ReviewAccepted(date(2023, 6, 26))
        assert limits(told([ASKED, accepted], PLAIN), PLAIN) == {"review": (date(2023, 7, 31), date(2023, 7, 31))}

    def test_no_lateness_where_a_day_of_the_period_is_in_time(self) -> None:
        """An act of which only a period is known is late if every day of it is, from the latest day of its limit."""
        for first, noted in ((date(2023, 6, 26), set()), (date(2023, 6, 27), {"late reply"})):
            answer = did.ReviewAccepted(date(2023, 7, 1), known=(first, date(2023, 7, 9)))
            assert ask([ASKED], answer, PLAIN).noted == noted
        vague = attrs.evolve(ASKED, known=(ASKED.on, date(2023, 6, 20)))
        assert limits(told([vague], PLAIN), PLAIN)["reply"] == (date(2023, 6, 26), date(2023, 6, 30))
        assert ask([vague], did.ReviewAccepted(date(2023, 6, 30)), PLAIN).noted == set()
        assert ask([vague], did.PanelRequested(date(2023, 6, 27)), PLAIN).why == set()

    def test_notes(self) -> None:
        """What the record does not state never bars, and is noted; so is what the text only warns of (AMB-10)."""
        asked = attrs.evolve(ASKED, laws=NOT_STATED, facts_from=date(2020, 6, 30))
        assert ask([], asked, PLAIN).noted == {"laws?", "facts"}
        assert ask([], asked, World(other=frozenset({"only_facts_since_entry"}))).why == {"facts"}

    def test_paragraphs(self) -> None:
        """A disagreement can print what the rulebook says of each rule."""
        assert "10" in paragraphs()["A4-03"]
        assert len(paragraphs()) == 79


_SILENT: Final = attrs.evolve(PLANT, sector=NOT_STATED)
_SERVES: Final = attrs.evolve(PLANT, sector="services")
_IMPOSED: Final = did.RemediesImposed(date(2023, 8, 10), tier=1, measure=NOT_STATED)
_HELD: Final = did.HoldBegun(date(2023, 6, 20))
PARTED: Final[dict[str, tuple[tuple[did.Event, ...], did.Event]]] = {
    "receipt": (
        (attrs.evolve(CLAIM[0], received=date(2023, 5, 4), known=(date(2023, 5, 1), date(2023, 5, 9))),),
        did.PetitionAccepted(date(2023, 6, 5)),
    ),
    "release": (
        (ASKED, _HELD, did.RemediationCompleted(date(2023, 6, 25))),
        did.HoldReleased(date(2023, 6, 24), ground="otherwise_remedied"),
    ),
    "measure": ((attrs.evolve(ASKED, facility=_SERVES), *REMEDIES[1:-1]), _IMPOSED),
    "sector": (
        (attrs.evolve(ASKED, facility=_SILENT), *REMEDIES[1:-1]), attrs.evolve(_IMPOSED, measure="penalty"),
    ),
    "request": (
        (ASKED, _HELD, did.Withdrawn(date(2023, 6, 25))), did.HoldReleased(date(2023, 6, 24), ground="request_ended"),
    ),
    "nexus": ((attrs.evolve(ASKED, facility=attrs.evolve(_SILENT, goods_traded=False, competes=True)),), _HELD),
}  # fmt: skip
"""Acts of which the library and the oracle said different things, until one of them was mended."""
UNDER: Final = {"sector": "services_have_no_measure", "request": "hold_lapses_with_request"}
"""The choice under which they did."""


class TestParted:
    """What a stated receipt, the day of a release, and what is not stated mean for limits and notes."""

    @pytest.mark.parametrize("name", PARTED)
    def test_agree(self, name: str) -> None:
        """The two say the same where they once parted."""
        acts, act = PARTED[name]
        library, text = comparison.both(acts, act, UNDER.get(name, "treaty_until"))
        assert library == text


class TestComparison:
    """The comparison sees a difference, tells it, and is the same twice."""

    def test_is_the_same_twice_and_in_parts(self) -> None:
        """The counts are the same whatever the number of processes."""
        assert play(3, 60) == play(3, 60, processes=2)

    def test_acts_are_drawn_again(self) -> None:
        """The same seed draws the same act."""
        at = Next("T1", date(2022, 3, 1), {"reply": date(2022, 3, 11)})
        assert an_act(Random("1"), at) == an_act(Random("1"), at)

    def test_tells_a_difference(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """Where the two part ways, the program prints the acts, both answers and the rulebook, and ends with 1."""

        def strict(acts: list[Any], act: did.Event, world: World) -> Any:
            answer = ask(acts, act, world)
            if isinstance(act, did.ReviewAccepted) and not answer.why:
                answer.noted = {"late reply"}
            return answer

        monkeypatch.setattr(comparison, "ask", strict)
        monkeypatch.setattr("sys.argv", ["run", "--sequences", "40"])
        assert main() == 1
        told_of = capsys.readouterr().out
        assert "* noted: () | ('late reply',)" in told_of
        assert "  A4-03: respondent Party says whether it will conduct a review" in told_of
        assert "then ReviewAccepted(on=" in told_of

    def test_program_ends_well(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """Where the two agree, the program prints counts by row, stage and reason, and ends with 0."""
        monkeypatch.setattr("sys.argv", ["run", "--sequences", "40"])
        assert main() == 0
        said = capsys.readouterr().out
        assert "0 disagreements" in said
        for row in table.TABLE:
            assert f"\n{row.id} " in said

    def test_three_panelists_are_lawful(self) -> None:
        """What the draws take for granted is lawful: three panelists, one of each list, two are too few."""
        asked = did.PanelRequested(date(2023, 7, 1))
        drawn = did.PanelistsDrawn(date(2023, 7, 3), panelists=THREE)
        assert ask([ASKED, asked], drawn, PLAIN).why == set()
        too_few = did.PanelistsDrawn(date(2023, 7, 3), panelists=THREE[:2])
        assert ask([ASKED, asked], too_few, PLAIN).why == {"panelists"}
