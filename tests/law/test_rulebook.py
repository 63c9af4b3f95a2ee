"""The law pages against the rulebook: every rule has one home, and every standing is the rulebook's."""

from __future__ import annotations

import re
from datetime import date

import pytest

from rrm_lifecycle.case import calendars, claim
from rrm_lifecycle.case.engine import ROW_BY_ID, ROWS
from rrm_lifecycle.case.events import EVENTS
from rrm_lifecycle.law import annexes, guards, terms
from rrm_lifecycle.law.provisions import PROVISIONS, Provision
from rrm_lifecycle.law.readings import NO_CHOICE, choices
from rrm_lifecycle.law.rows import Row
from rrm_lifecycle.law.rulebook import ELSEWHERE, NOT_MODELLED
from rrm_lifecycle.law.stages import Hold, Stage
from rrm_lifecycle.law.terms import TERMS, Kind, Term
from tests.law.rulebook import KINDS, RULEBOOK, RULES, UNITS

BY_ID = {row.rule for row in ROWS} | {term.rule for term in TERMS}


def _resolves(name: str) -> bool:
    head, _, tail = name.partition(".")
    if tail:
        owner = Provision if head == "Provision" else getattr(claim, head)
        return hasattr(owner, tail)
    return (
        name in ROW_BY_ID
        or name in EVENTS
        or name in choices()
        or any(hasattr(page, name) for page in (guards, terms, annexes, calendars))
    )


class TestHomes:
    """Each rule of the rulebook is at home in a row, a term, or a place that is named, or is not modelled."""

    def test_seventy_nine_rules(self) -> None:
        """The rulebook has 79 rules."""
        assert len(RULES) == len(RULEBOOK["rules"]) == 79

    @pytest.mark.parametrize("rule", RULES)
    def test_one_home(self, rule: str) -> None:
        """The rule has exactly one home."""
        assert [rule in BY_ID, rule in ELSEWHERE, rule in NOT_MODELLED].count(True) == 1

    def test_no_home_without_a_rule(self) -> None:
        """No page names a rule that the rulebook has not."""
        assert BY_ID | set(ELSEWHERE) | set(NOT_MODELLED) == set(RULES)

    @pytest.mark.parametrize("rule", ELSEWHERE)
    def test_homes_are_there(self, rule: str) -> None:
        """Each name by which a home is told is a name of the code."""
        names = re.findall("`([^`]+)`", ELSEWHERE[rule])
        assert names
        assert [name for name in names if not _resolves(name)] == []

    @pytest.mark.parametrize("rule", NOT_MODELLED)
    def test_reasons_are_sentences(self, rule: str) -> None:
        """What is not modelled is not modelled for a reason, in one sentence."""
        assert NOT_MODELLED[rule].endswith(".")
        assert NOT_MODELLED[rule].count(".") == 1


class TestStanding:
    """What a row or a term rests on is what the rulebook says it rests on."""

    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
    def test_rows(self, row: Row) -> None:
        """The row rests on what its rule rests on, and cites a provision of the page."""
        assert row.rests_on.name == RULES[row.rule]["standing"]
        assert row.provision in PROVISIONS

    @pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
    def test_terms(self, term: Term) -> None:
        """Number, unit and kind of the term, and what they rest on, are the rulebook's."""
        limit = RULES[term.rule]["deadline"]
        assert term.number.name == limit["number_standing"]
        assert term.unit_rests_on.name == limit["unit_standing"]
        assert term.unit is UNITS[limit["unit"]]
        assert term.kind is KINDS[limit["kind"]]
        assert term.value == (0 if limit["unit"] == "immediately" else limit["n"])
        assert term.provision in PROVISIONS

    def test_every_limit_of_the_rulebook_is_a_term(self) -> None:
        """Every time limit of the rulebook is a term."""
        assert {rule for rule, said in RULES.items() if said["deadline"]} == {term.rule for term in TERMS}

    def test_terms_run_to_a_day_or_have_a_length(self) -> None:
        """The course alone runs to a day that the act names; every other term has a length and a unit."""
        assert [term.name for term in TERMS if term.runs_to] == ["course"]
        assert all((term.value is None) is (term.unit is None) is (term.kind is Kind.UNTIL) for term in TERMS)

    def test_off_by_default(self) -> None:
        """Terms whose number no source states, or whose start no source fixes, are off unless a reading sets them."""
        assert [term.name for term in TERMS if not term.in_force] == [
            "verification_call", "verification_visit", "lifting_bar"
        ]  # fmt: skip

    def test_in_force_from(self) -> None:
        """Every line of a term is in force from the first day of the treaty."""
        assert {term.in_force_from for term in TERMS} == {date(2020, 7, 1)}


class TestWords:
    """Stages, holds and ambiguities are the rulebook's."""

    def test_stages(self) -> None:
        """Each stage has the code of a state of the rulebook; T6 and T8 are doors, and DX is a way of closing."""
        states = {state["code"] for state in RULEBOOK["states"]}
        assert {stage.code for stage in Stage} == states - {"T6", "T8", "DX"}

    def test_holds(self) -> None:
        """Each place of the hold has the code of the rulebook."""
        assert [hold.code for hold in Hold] == [state["code"] for state in RULEBOOK["customs_hold_states"]]

    def test_ambiguities(self) -> None:
        """Each ambiguity of the rulebook is a choice of a reading, once, or changes nothing for a reason."""
        chosen = sorted([choice.ambiguity for choice in choices().values()] + list(NO_CHOICE))
        assert chosen == [one["id"] for one in RULEBOOK["ambiguities"]]

    def test_provisions_have_twins(self) -> None:
        """A provision of Annex 31-A prints as its twin in Annex 31-B; one of a single side prints the same."""
        assert len({provision.code for provision in PROVISIONS}) == len(PROVISIONS)
        for provision in PROVISIONS:
            assert provision.cite("31-A") == provision.in_31a
            assert provision.cite("31-B") == provision.in_31b
            assert provision.in_31b == provision.in_31a.replace("31-A", "31-B").replace("footnote 2", "footnote")
