"""Words of the charts: what results tell in English is told in Spanish where a chart is Spanish."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from tests.views.charts_drawn import DOUBTS, RUN, caption_of, names

# isort: split
from matplotlib import pyplot as plt

from rrm_lifecycle.histories import load
from rrm_lifecycle.law.readings import Reading, choices
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.gallery import gallery
from rrm_lifecycle.simulation.sensitivity import flips
from rrm_lifecycle.views.charts import plot as charts
from rrm_lifecycle.views.charts.words import WORDS, doubt_of, edition_of, spoken

ENGLISH = re.compile(r"\b(the|of|and|instead|half|off|on:|to|yes|no live|cases|days|fitted|compiled|without|known)\b")


def test_both_languages_ask_for_the_same() -> None:
    """A text and its twin are given the same values."""
    for key, (english, spanish) in WORDS.items():
        one, other = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, spanish))
        assert one == other, key


@pytest.mark.parametrize(
    "reading", [Reading(), Reading(roll_over=True, remedy_without_panel=False)], ids=["ours", "another"]
)
def test_every_doubt_is_told_in_spanish(reading: Reading) -> None:
    """Each doubt about the text, and to what it is flipped, has Spanish words; the two readings of one differ."""
    for flip in flips(reading):
        told = doubt_of(flip.name, flip.to, "es") if flip.kind == "reading" else (spoken(flip.to, "es"),)
        assert not any(ENGLISH.search(one) for one in told), told
        assert " ".join(told) != " ".join(doubt_of(flip.name, flip.to, "en"))
    for name, choice in choices().items():
        assert doubt_of(name, choice.readings[0], "es") != doubt_of(name, choice.readings[1], "es")


@pytest.mark.parametrize(
    ("told", "spanish"),
    [
        ("given by hand", "dada a mano"),
        ("fitted to 1 case", "ajustada a 1 caso"),
        ("fitted to 29 cases (compiled 2026-11-24, 30 cases, sha256 ab), without tamsa",
         "ajustada a 29 casos (compilaci\u00f3n del 2026-11-24, 30 casos, sha256 ab), sin tamsa"),
        ("our firm's own cases of the last days", "our firm's own cases of the last days"),
        ("fitted to 1 case, without tamsa; changed: days of courses at most 90",
         "ajustada a 1 caso, sin tamsa; cambiada: d\u00edas de los cursos: 90 como m\u00e1ximo"),
        ("given by hand; changed: share of MatterSettled in under_review 0.25",
         "dada a mano; cambiada: proporci\u00f3n de \u00abasunto arreglado\u00bb en \u00aben revisi\u00f3n\u00bb: 0.25"),
    ],
)  # fmt: skip
def test_what_a_behaviour_rests_on(told: str, spanish: str) -> None:
    """What the library says of a behaviour is told in Spanish; a user's own words stay as they are."""
    assert spoken(told, "es") == spanish
    assert spoken(told, "en") == told


def test_every_change_of_a_behaviour_is_told_in_spanish() -> None:
    """Whatever was changed of a behaviour, and however, is told without an English word, and with its number."""
    base = Behaviour.default()
    many = [
        base.with_share("petition_review", "US-06", 0.125),
        base.with_days("deliberating", "DeterminationIssued", at_most=30),
        base.with_days("deliberating", "DeterminationIssued", at_least=30),
        base.with_days("deliberating", "DeterminationIssued", exactly=30),
        base.with_days("deliberating", "DeterminationIssued", scale=30.5),
        base.with_days("deliberating", "DeterminationIssued", distribution=Days.exactly(30)),
        base.with_course(at_least=30),
        base.draw(30),
    ]
    for changed in many:
        told = spoken(changed.rests_on, "es")
        how = told.partition("; cambiada: ")[2]
        assert how
        assert not ENGLISH.search(how.replace("US-06", "")), how
        assert re.search(r"30|0\.125", how), how
    panel = gallery(base)["panel_at_once"].rests_on
    assert spoken(panel, "es").endswith("; cambiada: panel solicitado el primer d\u00eda que la ley admite")


def test_an_edition_that_is_cut_off() -> None:
    """The edition of the histories is told in Spanish, also where they are taken as they were known on a day."""
    told = spoken("compiled 2026-11-24, 12 cases as known by 2024-01-31, sha256 ab", "es")
    assert told == "compilaci\u00f3n del 2026-11-24, 12 casos seg\u00fan lo conocido el 2024-01-31, sha256 ab"
    assert not ENGLISH.search(edition_of(load(), "es"))


def test_no_english_in_a_spanish_caption() -> None:
    """A Spanish caption, and the names of a Spanish chart of doubts, hold no English words."""
    assert not ENGLISH.search(caption_of(charts.outcomes(RUN, caption=True, language="es")))
    assert not any(
        ENGLISH.search(one.partition("\n")[2]) for one in names(charts.tornado(DOUBTS, language="es", top=1))
    )
    plt.close("all")
