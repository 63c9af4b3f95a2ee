"""The words of the law: every name and every reason, in English and Spanish, or in a catalogue of one's own."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from string import Formatter
from typing import Any, Final

import attrs
import pytest

from rrm_lifecycle.case import claim, counting
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.agenda import agenda, options
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import NOT_STATED, Party, Role
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import EVENTS, Event
from rrm_lifecycle.errors import EventError, TextError
from rrm_lifecycle.histories.vocabulary import FinalStatus
from rrm_lifecycle.law import guards, readings, stages, terms, wording
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B
from rrm_lifecycle.law.guards import FACTS
from rrm_lifecycle.law.provisions import A4, PROVISIONS, Provision
from rrm_lifecycle.law.readings import choices
from rrm_lifecycle.law.stages import Stage as S
from rrm_lifecycle.law.terms import REPLY, TERMS
from rrm_lifecycle.law.wording import add_catalogue, cited, found, label, languages, needs, noted
from rrm_lifecycle.law.words_en import ENGLISH
from rrm_lifecycle.law.words_es import SPANISH
from rrm_lifecycle.record import entry as kept
from rrm_lifecycle.record.entry import Entry, Finding, Outcome, Reason
from tests.law import cases as c
from tests.law.cases import at, day
from tests.law.pairs import PAIRS, Pair

LANGUAGES: Final = ("en", "es")
OVER_TIME: Final = ("within", "waited", "lapsed", "bar_over", "ended")
CODES: Final = (*(fact.code for fact in FACTS), *OVER_TIME, "actor", "no_rule")
ENUMS: Final = tuple(
    one
    for module in (stages, terms, claim, counting, readings, kept, guards)
    for one in vars(module).values()
    if isinstance(one, type)
    and issubclass(one, Enum)
    and one.__module__ == module.__name__
    and one is not guards.Asks  # how a guard is compiled, which nobody meets
)
MEMBERS: Final = tuple(member for kind in ENUMS for member in kind)
FOUND_ALIKE: Final = (
    ("found.filer_of_a_party", "found.filer_of_canada"),
    ("found.board_order_enforced", "found.facility_named", "found.law_named", "found.order_enforced"),
    ("found.entry_denial_of_goods", "found.priority_sector"),
    ("found.closed_on_course", "found.not_closed_remediated"),
)
"""What is found alike by several guards: a country, nothing named, a sector, a closing."""
HOSTILE: Final = "{0.__class__} {needs} {on!r:>{x}} %s"


def fields(text: str) -> set[str]:
    """Return the names that a template asks for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def told(pair: Pair, language: str) -> tuple[str, str, str]:
    """Return what the guard of a pair needs, what it found, and the whole ruling as text."""
    case, event, context = pair.other()
    ruling = decide(case, event, context=context)
    code = pair.guard.partition(":")[0]
    several: tuple[Reason | Finding, ...] = ruling.findings if isinstance(ruling, Entry) else ruling.reasons
    one = next(one for one in several if one.code == code)
    return needs(code, one.params, language), found(code, one.params, language), ruling.text(language)


def whole(text: str) -> bool:
    """Return whether a text has no leftovers: no braces, no None, no param that was not given, no name of code."""
    unfilled = {f"({name})" for template in ENGLISH.values() for name in fields(template)}
    return bool(text) and not any(one in text for one in ("{", "}", "None", "_", *unfilled))


@pytest.fixture(autouse=True)
def _catalogues_as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out, after each test, the catalogues that it added."""
    monkeypatch.setattr(wording, "_CATALOGUES", {"en": ENGLISH, "es": SPANISH})


class TestCatalogues:
    """The English and the Spanish catalogue say the same things."""

    def test_same_keys(self) -> None:
        """Both have the same keys, in the same order."""
        assert list(ENGLISH) == list(SPANISH)

    @pytest.mark.parametrize("key", ENGLISH)
    def test_same_placeholders(self, key: str) -> None:
        """A text and its twin ask for the same params, but for what one language says in a word of its own."""
        assert fields(ENGLISH[key]) == fields(SPANISH[key])

    @pytest.mark.parametrize("key", ENGLISH)
    def test_clean(self, key: str) -> None:
        """No text is empty, has white space at an end, or says how to format a word."""
        for text in (ENGLISH[key], SPANISH[key]):
            assert text
            assert text == text.strip()
            assert not any(spec or conversion for _, _, spec, conversion in Formatter().parse(text))

    @pytest.mark.parametrize("code", CODES)
    def test_every_code_has_words(self, code: str) -> None:
        """Every guard, a wrong actor and a missing rule have what they need and what was found, in both languages."""
        for language in LANGUAGES:
            assert wording.text(f"needs.{code}", language)
            assert wording.text(f"found.{code}", language)

    def test_no_words_of_a_code_that_is_gone(self) -> None:
        """What is needed and found is worded for codes that there are, and for no other."""
        worded = {key.split(".")[1] for key in ENGLISH if key.startswith(("needs.", "found."))}
        assert worded == set(CODES)

    @pytest.mark.parametrize("catalogue", [ENGLISH, SPANISH], ids=LANGUAGES)
    def test_no_two_things_are_called_the_same(self, catalogue: dict[str, str]) -> None:
        """A name means one thing of its kind, and a text of what was found is shared where the same was found alone."""
        shared: dict[tuple[str, str], set[str]] = {}
        for key, text in catalogue.items():
            shared.setdefault((key.split(".")[0], text), set()).add(key.removesuffix(".one"))
        assert [sorted(keys) for keys in shared.values() if len(keys) > 1] == [list(keys) for keys in FOUND_ALIKE]

    @pytest.mark.parametrize(
        ("catalogue", "alike"),
        [(ENGLISH, {"text.left", "needs.within", "needs.waited", "needs.lapsed"}), (SPANISH, set())],
        ids=LANGUAGES,
    )
    def test_one_and_several(self, catalogue: dict[str, str], alike: set[str]) -> None:
        """One is worded otherwise than several, save where English has no other words for it."""
        several = [key.removesuffix(".one") for key in catalogue if key.endswith(".one")]
        assert {key for key in several if catalogue[key] == catalogue[f"{key}.one"]} == alike


class TestLabels:
    """Everything that a person meets has a name in both languages."""

    @pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{type(member).__name__}.{member.name}")
    def test_members(self, member: Enum) -> None:
        """Every member of every Enum has a name, which is no name of code."""
        assert whole(label(member))
        assert whole(label(member, "es"))

    def test_enums_that_are_named(self) -> None:
        """Phases, stages, closings, roles and all the other lists are among those whose members are tested."""
        assert {kind.__name__ for kind in ENUMS} == {
            "Phase", "Stage", "Closing", "Hold", "Party", "Role", "Sector", "Origin", "Determination", "Question",
            "NoDenialGround", "ReleaseGround", "Remedy", "Element", "PanelList", "Measure", "NotStated", "Unit", "Kind",
            "Standing", "ClosingDays", "Outcome", "Track", "EntryKind", "Force",
        }  # fmt: skip

    @pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
    def test_terms(self, term: terms.Term) -> None:
        """A term and its name are named alike; Spanish has another word."""
        assert label(term) == label(term.name)
        assert label(term, "es") == label(term.name, "es") != label(term)
        assert whole(label(term))
        assert whole(label(term, "es"))

    @pytest.mark.parametrize("one", PROVISIONS, ids=lambda one: one.code)
    def test_provisions(self, one: Provision) -> None:
        """A provision is named by its reference and what it is about; both are told in Spanish, words in it included."""
        assert label(one) == f"{one.in_31a}: {one.about}"
        assert label(one, "es") == f"{cited(one.in_31a, 'es')}: {SPANISH[f'about.{one.code}']}"
        for reference in (one.in_31a, one.in_31b):
            assert cited(reference) == reference
            assert not re.search(r"footnote|guidelines|practice|USMCA", cited(reference, "es"))

    @pytest.mark.parametrize("name", choices())
    def test_choices(self, name: str) -> None:
        """A choice of a reading is told in English as its page tells it, and in Spanish by other words."""
        choice = choices()[name]
        keys = [f"choice.{name}.{part}" for part in ("question", "ours", "other")]
        assert [ENGLISH[key] for key in keys] == [choice.question, *choice.readings]
        assert all(SPANISH[key] != ENGLISH[key] for key in keys)

    @pytest.mark.parametrize("status", FinalStatus)
    def test_what_the_record_states(self, status: FinalStatus) -> None:
        """Where the record says that a case stood is told in English as it says it, and in Spanish by other words."""
        assert label(status) == status.value.replace("_", " ") != label(status, "es")

    @pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.__name__)
    def test_acts(self, kind: type[Event]) -> None:
        """The class of an act is named in words, as is its name."""
        for language in LANGUAGES:
            assert label(kind, language) == label(kind.__name__, language)
            assert whole(label(kind, language))
            assert label(kind, language) != kind.__name__
        assert label(kind) != label(kind, "es")

    def test_other_values(self) -> None:
        """An act done, days, a yes or no, what is not stated, an Annex and a provision have a name too."""
        assert label(did.ReviewAccepted(day(1)), "es") == "revisión aceptada"
        assert label(day(0), "es") == label(day(0)) == "2024-04-01"
        assert (label(True), label(False), label(True, "es")) == ("yes", "no", "sí")
        assert (label(NOT_STATED), label(NOT_STATED, "es")) == ("not stated", "no consta")
        assert label(ANNEX_31A) == str(ANNEX_31A) != label(ANNEX_31B)
        assert label(A4) == f"{A4.in_31a}: {A4.about}"

    def test_words_of_the_annex(self) -> None:
        """Spanish names are those of the treaty's Spanish text."""
        assert label(Role.COMPLAINANT, "es") == "la Parte reclamante"
        assert label(Role.RESPONDENT, "es") == "la Parte demandada"
        assert label(stages.Phase.REQUEST_FOR_REVIEW, "es") == "solicitud de revisión"
        assert label(terms.COURSE, "es") == "curso de reparación"
        assert label(counting.Unit.BUSINESS_DAYS, "es") == "días hábiles"
        assert label(Party.MX, "es") == "México"

    def test_reasons_and_findings(self) -> None:
        """A reason and a finding are named by what they need."""
        params = {"term": "reply", "value": 10, "unit": "days"}
        assert label(Reason("lapsed", "A4-04a", None, params)) == "the 10 days for reply to be over"
        assert label(Finding("both_heard", Outcome.UNMET, None), "es") == "que se haya oído a ambas Partes"

    @pytest.mark.parametrize("value", [object(), None, 3, "nothing of ours", {"a": 1}, HOSTILE, "a\x1bb"])
    def test_what_has_no_name(self, value: object) -> None:
        """A value without a name is told so, on one line without a control character."""
        with pytest.raises(EventError, match="it has no name for") as raised:
            label(value)
        assert str(raised.value).isprintable()


class TestLanguages:
    """The language is an argument: one that there is no catalogue for is refused, and the locale plays no part."""

    @pytest.mark.parametrize("language", ["fr", "EN", "", None, ["en"]])
    def test_unknown(self, language: Any) -> None:
        """The message names the languages that there are, whatever is asked for."""
        refused = c.refusal(at(S.CLOSED), did.ReviewAccepted(day(9)))
        with pytest.raises(EventError, match="there are en, es"):
            label(True, language)
        with pytest.raises(EventError, match="there are en, es"):
            needs("both_heard", {}, language)
        with pytest.raises(EventError, match="there are en, es"):
            refused.text(language)

    def test_locale(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Spanish locale leaves English texts as they are."""
        for name in ("LANG", "LC_ALL", "LANGUAGE"):
            monkeypatch.setenv(name, "es_MX.UTF-8")
        assert languages() == LANGUAGES
        assert label(S.UNDER_REVIEW) == "under review"


_ACTS: Final = (
    "ReviewAccepted, ReviewDeclined, MatterSettled, CourseAgreed, RemediationCompleted, LimitExtended, FacilityClosed, "
    "CaseClosed, CaseDropped, Withdrawn"
)
_FIRST_ACTS: Final = "PetitionFiled, SelfInitiated, ReviewRequested, FacilityClosed, CaseClosed, CaseDropped, Withdrawn"


class TestRefusals:
    """A refusal says who and what and when, where the case stands, every reason by row, and what is provided for."""

    def test_too_early(self) -> None:
        """Where time alone will open the act, the reason says when."""
        refused = c.refusal(at(S.REVIEW_REQUESTED, case_id="SLP-2024-01"), did.PanelRequested(date(2024, 4, 9)))
        assert str(refused) == refused.text()
        assert refused.text() == (
            "SLP-2024-01: PanelRequested on 2024-04-09 is refused in stage 'review requested'\n"
            "  rule A4-04a (Art. 31-A.4):\n"
            "    - needs the 10 days for reply to be over; found 2024-04-09, due 2024-04-11; opens 2024-04-12\n"
            f"  provided for now: {_ACTS}"
        )
        assert refused.text("es") == (
            "SLP-2024-01: PanelRequested el 2024-04-09 se rechaza en la etapa «revisión solicitada»\n"
            "  regla A4-04a (Art. 31-A.4):\n"
            "    - requiere que venzan los 10 días naturales para respuesta; consta 2024-04-09, vence el 2024-04-11; "
            "se abre el 2024-04-12\n"
            f"  previsto hoy: {_ACTS}"
        )

    def test_every_reason(self) -> None:
        """Each failing condition has its line, and its provision where that is another than the rule's."""
        sown = attrs.evolve(c.PLANT, sector="other")
        asked = did.ReviewRequested(date(2026, 3, 2), by="respondent", **{**c.CLAIM, "facility": sown})
        refused = c.refusal(Case.start("EXAMPLE-1"), asked)
        assert refused.text() == (
            "EXAMPLE-1: ReviewRequested on 2026-03-02 is refused in stage 'assessment'\n"
            "  rule A4-01a (Art. 31-A.4.2):\n"
            "    - needs the complainant Party to act; found an act of the respondent Party\n"
            "    - needs a facility in a Priority Sector (Art. 31-A.15); found sector 'other'\n"
            f"  provided for now: {_FIRST_ACTS}"
        )
        assert refused.text("es") == (
            "EXAMPLE-1: ReviewRequested el 2026-03-02 se rechaza en la etapa «valoración»\n"
            "  regla A4-01a (Art. 31-A.4.2):\n"
            "    - requiere que actúe la Parte reclamante; consta un acto de la Parte demandada\n"
            "    - requiere una instalación en un Sector Prioritario (Art. 31-A.15); consta sector «otro»\n"
            f"  previsto hoy: {_FIRST_ACTS}"
        )

    def test_no_rule(self) -> None:
        """Where no row provides for the act, the text says that, and gives no rule and no reason."""
        refused = c.refusal(at(S.REVIEW_REQUESTED), did.RemediesLifted(day(8)))
        assert refused.no_rule
        assert refused.text().splitlines()[1] == "  no rule provides for RemediesLifted in this stage"
        assert refused.text("es").splitlines()[1] == "  ninguna regla prevé RemediesLifted en esta etapa"
        assert len(refused.text().splitlines()) == 3

    def test_provisions_of_the_annex(self) -> None:
        """Under Annex 31-B rows and reasons cite Annex 31-B."""
        case = Case.start("T", annex=ANNEX_31B, complainant="CA")
        refused = c.refusal(case, c.request(facility=attrs.evolve(c.PLANT, sector="other")))
        assert "Art. 31-B.15" in refused.text()
        assert "31-A" not in refused.text()

    def test_rules_looked_at(self) -> None:
        """The refusal holds the provision of each row that gave a reason."""
        refused = c.refusal(at(S.DENIAL_REPORTED), did.PanelRequested(day(50)))
        assert {reason.rule for reason in refused.reasons} <= set(refused.rules)

    def test_nothing_provided_for(self) -> None:
        """Where the stage provides for nothing that day, the text says so."""
        refused = attrs.evolve(c.refusal(at(S.CLOSED), did.ReviewAccepted(day(9))), provided_for=())
        assert refused.text().splitlines()[-1] == "  provided for now: nothing"
        assert refused.text("es").splitlines()[-1] == "  previsto hoy: nada"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule} {pair.guard}")
class TestEveryGuard:
    """Whatever a guard bars or notes is told in both languages, with every value that it found."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_without_leftovers(self, pair: Pair, language: str) -> None:
        """No brace, no None, no name of code and no param without a value is left in the text."""
        asked, was, text = told(pair, language)
        assert whole(asked), asked
        assert whole(was), was
        assert not any(one in text for one in ("{", "}", "None"))
        assert asked in text
        assert was in text

    def test_not_in_english(self, pair: Pair) -> None:
        """The Spanish text is another than the English one."""
        assert told(pair, "es")[0] != told(pair, "en")[0]


class TestFindings:
    """What is noted is a sentence: late, unmet, or not stated, with the provision."""

    def test_late(self) -> None:
        """A late act says by how many days, what was needed, and both days."""
        (late,) = c.entry(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(11))).findings
        assert str(late) == (
            "late: needs to be done within the 10 days for reply; "
            "found 2024-04-12, due 2024-04-11 (1 day late) (Art. 31-A.4)"
        )
        assert late.text("es") == (
            "tarde: requiere hacerse dentro de los 10 días naturales para respuesta; "
            "consta 2024-04-12, vencía el 2024-04-11 (1 día natural de retraso) (Art. 31-A.4)"
        )

    def test_not_stated(self) -> None:
        """What the record does not state is told as that, and nothing is said to be found."""
        (unstated,) = c.entry(at(S.DELIBERATING), c.found(100, heard=NOT_STATED)).findings
        assert str(unstated) == "not stated in the record: both Parties to have been heard (Art. 31-A.8)"
        assert unstated.text("es") == "no consta en el registro: que se haya oído a ambas Partes (Art. 31-A.8)"

    def test_without_a_provision(self) -> None:
        """A rule of keeping cites nothing."""
        told = noted("both_heard", "unmet", {}, None)
        assert told == "noted: needs both Parties to have been heard; found not both heard"

    def test_entries(self) -> None:
        """An entry is a line, and a line for each finding; a close says how; an implied act is marked."""
        late = c.entry(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(11)))
        assert str(late) == (
            f"TEST-1: ReviewAccepted on 2024-04-12, by rule A4-03a (Art. 31-A.4): under review\n  {late.findings[0]}"
        )
        closed = c.entry(at(S.REVIEW_REQUESTED), did.Withdrawn(day(5)))
        assert str(closed).endswith(": closed as withdrawn")
        assert closed.text("es").endswith(": cerrado como retirado")
        assert attrs.evolve(closed, implied=True).text("es").endswith(" [implícito]")
        opened = at(S.REVIEW_REQUESTED).path[0]
        assert opened.text() == "TEST-1: opened under Annex 31-A"
        assert opened.text("es") == "TEST-1: abierto según el Anexo 31-A"


class TestNumbers:
    """A number agrees with its unit, and another text is told where a value is missing."""

    @pytest.mark.parametrize(
        ("code", "value", "unit", "language", "text"),
        [
            ("lapsed", 1, "days", "en", "the 1 day for reply to be over"),
            ("lapsed", 3, "business_days", "en", "the 3 business days for reply to be over"),
            ("lapsed", 1, "days", "es", "que venza el plazo de 1 día natural para respuesta"),
            ("lapsed", 3, "business_days", "es", "que venzan los 3 días hábiles para respuesta"),
            ("waited", 1, "business_days", "es", "que pase 1 día hábil de respuesta"),
            ("within", 1, "days", "es", "hacerse dentro de 1 día natural para respuesta"),
            ("within", 1, "years", "en", "to be done within the 1 year for reply"),
        ],
    )
    def test_units(self, code: str, value: int, unit: str, language: str, text: str) -> None:
        """One day, three business days."""
        assert needs(code, {"term": "reply", "value": value, "unit": unit}, language) == text

    def test_a_term_set_to_one_day(self) -> None:
        """A reading that sets the reply to one day is worded in the singular."""
        context = c.under(terms=[REPLY.set(1)])
        refused = c.refusal(c.case_of(c.request(), context=context), did.PanelRequested(day(1)), context)
        assert "the 1 day for reply to be over" in refused.text()
        assert "el plazo de 1 día natural para respuesta" in refused.text("es")

    def test_limit_that_does_not_run(self) -> None:
        """A lapse of a limit that does not run is told as that."""
        params = {"term": "reply", "value": 10, "unit": "days", "on": "2024-04-09", "due": None}
        assert found("lapsed", params) == "that limit does not run"
        assert found("lapsed", params, "es") == "ese plazo no corre"

    def test_nothing_found(self) -> None:
        """What there is none of is told in words that agree with it."""
        assert found("determined_by_panel", {"finding": None}, "es") == "ninguna determinación para entonces"
        assert found("request_delivered", {"on": "2024-04-09", "requested": None}) == "2024-04-09, no request"
        assert found("three_panelists", {"lists": ["joint_list"], "country": None}) == "drawn from: the joint list"
        assert found("three_panelists", {"lists": [], "country": None}) == "drawn from: none"

    def test_territory(self) -> None:
        """A facility elsewhere is told by the names of both Parties, or by the role where neither is known yet."""
        params = {"country": "US", "party": "MX"}
        assert needs("in_territory", params) == "a facility in the territory of Mexico"
        assert found("in_territory", params, "es") == "una instalación en Estados Unidos"
        either = {"country": "CA", "party": "MX or US"}
        assert needs("in_territory", either) == "a facility in the respondent Party's territory"

    def test_in_force(self) -> None:
        """The end of the treaty is told where a reading sets one."""
        params = {"on": "2024-04-01", "since": "2020-07-01", "until": None}
        assert found("in_force", params) == "2024-04-01, in force since 2020-07-01"
        ended = {**params, "until": "2024-03-31"}
        assert found("in_force", ended) == "2024-04-01, in force from 2020-07-01 to 2024-03-31"

    def test_an_end_of_the_same_day(self) -> None:
        """A new end on the old end's day is not called earlier."""
        (reason,) = c.refusal(at(S.COURSE_RUNNING), did.CourseExtended(day(60), agreed_end=day(200))).reasons
        assert reason.found == "end 2024-10-18, not after 2024-10-18"

    def test_what_was_stated_otherwise(self) -> None:
        """The parts of a claim that differ are named in words."""
        assert found("same_claim", {"fields": ["laws", "under_annex_23a"]}, "es") == (
            "otro planteamiento de las leyes, la conformidad con el Anexo 23-A; una reclamación nueva es un caso nuevo"
        )

    @pytest.mark.parametrize("name", [one.name for one in attrs.fields(claim.Claim)] + ["facility"])
    def test_every_part_of_a_claim_is_named(self, name: str) -> None:
        """Each part that a later act could state otherwise has a name."""
        assert f"field.{name}" in ENGLISH


class TestOldRecords:
    """An old record may hold codes, names and params that are gone: its texts fall back and never fail."""

    def test_code_that_is_gone(self) -> None:
        """An unknown code is told as itself."""
        assert needs("gone_code", {"x": 1}, "es") == "gone code"
        assert noted("gone_code", "unmet", {}, "Art. 9") == "noted: needs gone code; found gone code (Art. 9)"

    def test_param_that_is_missing(self) -> None:
        """A param that is not there shows as its name."""
        assert found("lapsed", {"on": "2024-04-09"}) == "2024-04-09, due (due)"

    def test_param_of_a_day(self) -> None:
        """A finding whose days are missing is told without them."""
        assert noted("within", "unmet", {"on": "2024-04-12"}, None).startswith(
            "noted: needs to be done within the (value)"
        )

    def test_names_that_are_gone(self) -> None:
        """An unknown term, unit or role is told as itself."""
        params = {"term": "gone_term", "value": 2, "unit": "fortnights"}
        assert needs("lapsed", params, "es") == "que venzan los 2 fortnights para gone term"
        assert found("actor", {"by": "arbiter"}) == "an act of arbiter"

    @pytest.mark.parametrize("code", CODES)
    @pytest.mark.parametrize("value", [None, True, 7, "x", ["x", None], {"a": [1]}])
    def test_any_value(self, code: str, value: object) -> None:
        """Whatever JSON a param holds, its text is made."""
        names = fields(ENGLISH[f"needs.{code}"]) | fields(ENGLISH[f"found.{code}"])
        for language in LANGUAGES:
            assert needs(code, dict.fromkeys(names, value), language)
            assert found(code, dict.fromkeys(names, value), language)


class TestUserText:
    """What a user wrote is shown and never read as a template, and holds no control character."""

    def test_facility(self) -> None:
        """A facility named like a template is shown as it is named."""
        sister = attrs.evolve(c.SISTER, name=HOSTILE, owner="Another")
        refused = c.refusal(at(S.REMEDIES_NOTIFIED), c.imposed(130, reach=(sister,)))
        for language in LANGUAGES:
            assert HOSTILE in refused.text(language)

    def test_country(self) -> None:
        """A country named like a template is shown as it is named."""
        refused = c.refusal(Case.start("T"), c.petition(filer_of=HOSTILE))
        assert f"found a filer of {HOSTILE}" in refused.text()

    def test_limit(self) -> None:
        """A limit that there is not is shown as it was typed, one that does not run by its name."""
        for typed, shown in (("my_own_limit", "my_own_limit"), ("lot", "sorteo")):
            asked = did.LimitExtended(day(8), term=typed, until=day(90))
            refused = c.refusal(at(S.REVIEW_REQUESTED), asked)
            assert f"consta «{shown}»; corren: respuesta, revisión" in refused.text("es")

    @pytest.mark.parametrize("bad", ["a\x1b[2J", "a\nb", "a\u202eb", "a\u2028b"])
    def test_control_characters(self, bad: str) -> None:
        """A text that could move a cursor or turn a line around is refused before it comes into a reason."""
        with pytest.raises(TextError):
            attrs.evolve(c.SISTER, name=bad)
        with pytest.raises(TextError):
            c.petition(filer_of=bad)
        with pytest.raises(TextError):
            c.request(linked_to=bad)
        with pytest.raises(TextError):
            add_catalogue("fr", {"stage.closed": bad})


class TestCataloguesOfOnesOwn:
    """A user may add a catalogue, and is told what it lacks."""

    FRENCH: Final = {
        "stage.under_review": "en cours d'examen",
        "found.lapsed": "le {on}, échéance le {due}",
        "text.opens": "ouvert à partir du {opens}",
    }

    @pytest.fixture
    def lacks(self) -> tuple[str, ...]:
        """Add a French catalogue with a few keys, and give what it lacks."""
        return add_catalogue("fr", self.FRENCH)

    def test_lacks(self, lacks: tuple[str, ...]) -> None:
        """What is lacking is every key of the English catalogue that was not given, in its order."""
        assert lacks == tuple(key for key in ENGLISH if key not in self.FRENCH)
        assert len(lacks) == len(ENGLISH) - 3
        assert languages() == ("en", "es", "fr")

    @pytest.mark.usefixtures("lacks")
    def test_falls_back(self) -> None:
        """What it has is told in French, what it lacks in English."""
        refused = c.refusal(at(S.REVIEW_REQUESTED), did.PanelRequested(day(8)))
        assert label(S.UNDER_REVIEW, "fr") == "en cours d'examen"
        assert label(S.CLOSED, "fr") == "closed"
        assert refused.text("fr").splitlines()[2] == (
            "    - needs the 10 days for reply to be over; found le 2024-04-09, échéance le 2024-04-11; "
            "ouvert à partir du 2024-04-12"
        )

    def test_empty_text(self) -> None:
        """A text left empty, as in a form half filled in, counts as lacking and falls back."""
        assert "stage.closed" in add_catalogue("fr", {"stage.closed": ""})
        assert label(S.CLOSED, "fr") == "closed"

    def test_whole(self) -> None:
        """A catalogue with every key lacks nothing."""
        assert add_catalogue("fr", SPANISH) == ()

    @pytest.mark.parametrize("language", ["en", "es", "fr"])
    @pytest.mark.usefixtures("lacks")
    def test_not_in_place_of_another(self, language: str) -> None:
        """A catalogue that is there is replaced only when that is asked for."""
        with pytest.raises(EventError, match="replace=True"):
            add_catalogue(language, {"stage.closed": "shut"})
        add_catalogue(language, {"stage.closed": "shut"}, replace=True)
        assert label(S.CLOSED, language) == "shut"

    @pytest.mark.parametrize(
        ("words", "match"),
        [
            ({"stage.nowhere": "x"}, "no key 'stage.nowhere'"),
            ({"text.opens": "{day}"}, "asks for day; it may use opens"),
            ({"text.opens": "{opens.__class__}"}, "asks for opens.__class__"),
            ({"text.opens": "{opens[0]}"}, "asks for"),
            ({"text.opens": "{}"}, "asks for"),
            ({"text.opens": "{opens"}, "is no template"),
            ({"text.opens": "{opens:d}"}, "how to format"),
            ({"text.opens": "{opens:{opens}}"}, "how to format"),
            ({"text.opens": "{opens!r}"}, "how to format"),
            ({"text.opens": 3}, "has to be a text"),
            ([("text.opens", "x")], "a catalogue maps keys to texts"),
        ],
    )
    def test_refused(self, words: Any, match: str) -> None:
        """A key that is none, or a text that could not be filled in, is refused, and nothing is added."""
        with pytest.raises(EventError, match=match):
            add_catalogue("fr", words)
        assert languages() == LANGUAGES


class TestOtherLines:
    """Running limits and options are told in the language that is asked for, as well."""

    @pytest.mark.parametrize("stage", [S.PETITION_REVIEW, S.REVIEW_REQUESTED, S.COURSE_RUNNING, S.REMEDIES_NOTIFIED])
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_lines(self, stage: S, language: str) -> None:
        """Every line of the agenda and of the options is whole."""
        case = at(stage)
        today = case.last_day or day(0)
        lines = [one.text(language) for one in (*agenda(case, today=today), *options(case, today=today))]
        assert lines
        for line in lines:
            assert not any(one in line for one in ("{", "}", "None"))

    def test_due(self) -> None:
        """A running limit says when it is due, how many days are left, and who has to act."""
        reply = next(one for one in agenda(at(S.REVIEW_REQUESTED), today=day(9)) if one.term == "reply")
        assert reply.text().startswith("TEST-1: reply due 2024-04-11 (1 day left), the respondent Party")
        assert reply.text("es").startswith("TEST-1: respuesta vence el 2024-04-11 (queda 1 día natural)")

    def test_due_without_a_day(self) -> None:
        """A course whose end was not stated runs without a last day, and is told so."""
        case = at(S.DENIAL_REPORTED, did.CourseAgreed(day(50), agreed_end=NOT_STATED))
        (course,) = [one for one in agenda(case, today=day(60)) if one.term == "course"]
        assert course.text().startswith("TEST-1: course of remediation, no last day stated, the respondent Party")
        assert course.text("es").startswith("TEST-1: curso de reparación, sin último día en el registro, la Parte")

    def test_act_of_a_third_party(self) -> None:
        """An act of a Party that is neither of the case is told by the Party's name."""
        refused = c.refusal(at(S.REVIEW_REQUESTED), did.ReviewAccepted(day(5), by=Party.CA))
        assert "found an act of Canada" in refused.text()
        assert "consta un acto de Canadá" in refused.text("es")
