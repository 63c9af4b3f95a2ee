"""Words of the charts, in English and Spanish; and in Spanish, what results tell in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.law.readings import choices
from rrm_lifecycle.law.wording import text
from rrm_lifecycle.simulation.changing import BETWEEN, CHANGED
from rrm_lifecycle.simulation.scenarios import MEAN, MEDIAN, PANEL, SANCTIONS, TIER

WORDS: Final[dict[str, tuple[str, str]]] = {
    "outcomes": ("How cases end", "Cómo terminan los casos"),
    "survival": ("Cases still open", "Casos aún abiertos"),
    "incidence": ("Cases that have closed, by how", "Casos cerrados, según cómo"),
    "occupancy": ("Where cases stand", "Dónde están los casos"),
    "durations": ("Days to the close", "Días hasta el cierre"),
    "tornado.days": (
        "How each doubt changes the mean days",
        "Cuánto cambia cada duda los días medios",
    ),
    "tornado.outcomes": (
        "How many cases each doubt changes",
        "Cuántos casos cambia cada duda",
    ),
    "forecast": ("How {case} may end, from {today}", "Cómo puede terminar {case}, desde el {today}"),
    "share": ("share of cases", "proporción de casos"),
    "chance": (
        "chance; lines: what few observations leave open",
        "probabilidad; líneas: lo que pocas observaciones dejan abierto",
    ),
    "days": ("days from the first act", "días desde el primer acto"),
    "from": ("days from {today}", "días desde el {today}"),
    "paths": ("paths, for each {wide} days", "trayectorias, por cada {wide} días"),
    "path": ("paths, for each day", "trayectorias, por cada día"),
    "behaviour": ("Behaviour: {rests_on}", "Conducta: {rests_on}"),
    "difference": ("difference: {measure}", "diferencia: {measure}"),
    "moved": ("days in the mean", "días en la media"),
    "simulated": (
        "simulated: {n:,} paths; median {median} days",
        "simulados: {n:,} trayectorias; mediana {median} días",
    ),
    "real": (
        "real cases: {n}, of them {open} open; median {median} days",
        "casos reales: {n}, de ellos {open} abiertos; mediana {median} días",
    ),
    "case": ("paths go on from case {case}", "las trayectorias siguen desde el caso {case}"),
    "base": ("Base: {days:.1f} days in the mean", "Base: {days:.1f} días en la media"),
    "curve": ("{name}: median {median} days", "{name}: mediana {median} días"),
    "rest": ("the other {n} together", "los otros {n} juntos"),
    "mark": ("{share:.0%} closed by day {day}", "{share:.0%} cerrados hasta el día {day}"),
    "mean": (
        "mean {mean:.0f}, ignorance {low:.0f} to {high:.0f}",
        "media {mean:.0f}, incertidumbre {low:.0f} a {high:.0f}",
    ),
    "eight": ("eight of ten: {low} to {high}", "ocho de diez: {low} a {high}"),
    "half": ("half: {low} to {high}", "la mitad: {low} a {high}"),
    "median": ("median {day}", "mediana {day}"),
    "later": (
        "{share:.1%} close later than this chart shows",
        "{share:.1%} se cierran más tarde de lo que muestra el gráfico",
    ),
    "still": (
        "{n} more move less; {none} change nothing;\n{not_built} could not be computed",
        "{n} más mueven menos; {none} no cambian nada;\n{not_built} no pudieron calcularse",
    ),
    "nothing": ("nothing changes", "nada cambia"),
    "otherwise": ("close otherwise", "se cierran de otro modo"),
    "n": ("n = {n:,} paths, seed {seed}, from {start}", "n = {n:,} trayectorias, semilla {seed}, desde el {start}"),
    "drawn": (
        "Exact for the behaviour; lines: {level:.0%} of {n} behaviours that the observations leave possible",
        "Exacto para la conducta; líneas: {level:.0%} de {n} conductas posibles según las observaciones",
    ),
    "paired": (
        "n = {n:,} pairs a scenario, seed {seed}, from {start}. Points: exact; lines: {level:.0%} of the pairs",
        "n = {n:,} pares por escenario, semilla {seed}, desde el {start}. Puntos: exactos; líneas: pares al {level:.0%}",
    ),
    "exact": ("Exact: nothing was drawn", "Exacto: nada se sorteó"),
    "wilson": ("Lines: {level:.0%} intervals (Wilson)", "Líneas: intervalos al {level:.0%} (Wilson)"),
    "band": ("Bands: {level:.0%}, day by day", "Bandas: {level:.0%}, día por día"),
    "censored": (
        "Real cases (Kaplan and Meier): open ones count to the last look, marked |",
        "Casos reales (Kaplan y Meier): los abiertos cuentan hasta la última consulta, marcados |",
    ),
    "edition": ("Shipped histories: {edition}", "Historias incluidas: {edition}"),
    "version": ("rrm_lifecycle {version}, law pages {law}", "rrm_lifecycle {version}, páginas de derecho {law}"),
    "sources": (
        "Sources: public records, each date with its own in the histories",
        "Fuentes: registros públicos, cada fecha con la suya en las historias",
    ),
    PANEL: (PANEL, "se pide un panel"),
    SANCTIONS: (SANCTIONS, "se notifican medidas"),
    MEAN: (MEAN, "días medios"),
    MEDIAN: (MEDIAN, "días medianos"),
    TIER: (TIER, "nivel más alto de las medidas"),
    "flow": ("Which phases cases go through", "Por qué fases pasan los casos"),
    "flow.open": ("still open", "aún abiertos"),
    "flow.first": (
        "Counted on the first {n:,} paths; bands are as wide as the share of cases that goes that way",
        "Contado en las primeras {n:,} trayectorias; cada banda es tan ancha como la proporción de casos que va por ahí",
    ),
    "flow.real": ("{n} real cases, {open} of them open", "{n} casos reales, {open} de ellos abiertos"),
    "flow.wide": (
        "Bands are as wide as the share of cases that goes that way",
        "Cada banda es tan ancha como la proporción de casos que va por ahí",
    ),
    "calendar": ("Due days, seen on {today}", "Días de vencimiento, vistos el {today}"),
    "calendar.one": ("Due days of {case}, seen on {today}", "Días de vencimiento de {case}, vistos el {today}"),
    "calendar.late": ("late: {days} days", "tarde: {days} días"),
    "calendar.over": ("over for {days} days", "terminada hace {days} días"),
    "calendar.further": ("and {n} more days", "y {n} días más"),
    "calendar.key.due": ("last day of so many limits", "último día de tantos plazos"),
    "calendar.key.late": ("last day that is over: late", "último día ya pasado: tarde"),
    "calendar.key.over": ("waiting time that is over", "espera que ya terminó"),
    "calendar.key.today": ("the day of looking", "el día de la consulta"),
    "calendar.key.shut": ("no business day: {calendar}", "día inhábil: {calendar}"),
    "calendar.key.weekend": ("weekend", "fin de semana"),
    "calendar.none": ("Nothing is due.", "No vence nada."),
    "calendar.no_day": ("{n} without a last day", "{n} sin último día"),
    "calendar.more": ("{n} more fall due outside of these months", "{n} más vencen fuera de estos meses"),
    "calendar.note": ("limits: {n}; cases: {cases}", "plazos: {n}; casos: {cases}"),
    "months": (
        "January February March April May June July August September October November December",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    "weekdays": ("M T W T F S S", "L M M J V S D"),
    "all paths": ("all paths", "todas las trayectorias"),
    "resolved": ("resolved", "resuelto"),
    "no_denial": ("no Denial", "sin Denegación"),
}
"""Each text in English and in Spanish; those with a key of the histories or of the scenarios are told by results."""


# What results tell in English, as they tell it.
_UNITS: Final = {"business days": "días hábiles", "days": "días", "years": "años"}
_PHRASES: Final = (
    (r"^given by hand$", "dada a mano"),
    (r"^fitted to (\d+) case(s?)", r"ajustada a \1 caso\2"),
    (r"compiled (\d{4}-\d\d-\d\d), ", r"compilación del \1, "),
    (r"(\d+) case(s?)(?=,| as known)", r"\1 caso\2"),
    (r" as known by (\d{4}-\d\d-\d\d)", r" según lo conocido el \1"),
    (r", without (?=[A-Za-z0-9._, -]+$)", ", sin "),
    (r"^off$", "no rige"),
    (r"^on: (\d+) (business days|days|years)$", lambda it: f"rige: {it[1]} {_UNITS[it[2]]}"),
    (
        r"^(\d+) instead of (\d+) (business days|days|years)(?: \((?:half|half as much again)\))?$",
        lambda it: f"{it[1]} en vez de {it[2]} {_UNITS[it[3]]}",
    ),
    (
        r"^(\d+) (business days|days) instead of (business days|days)$",
        lambda it: f"{it[1]} {_UNITS[it[2]]} en vez de {_UNITS[it[3]]}",
    ),
)  # fmt: skip

_CHANGES: Final[tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...]] = (
    (r"^share of (\S+) in (\w+)", lambda it: f"proporción de {_where(it)}"),
    (r"^days of courses", "días de los cursos"),
    (r"^days of (\S+) in (\w+)", lambda it: f"días de {_where(it)}"),
    (r"^shares drawn with seed (\d+)$", r"proporciones sorteadas con la semilla \1"),
    (r"^panel asked for on the first day that the law admits$", "panel solicitado el primer día que la ley admite"),
    (r" at most (\d+)$", r": \1 como máximo"),
    (r" at least (\d+)$", r": \1 como mínimo"),
    (r" exactly (\d+)$", r": exactamente \1"),
    (r" times ([\d.e+-]+)$", r": multiplicados por \1"),
    (r" given by hand \(mean ([\d.e+-]+)\)$", r": dados a mano (media \1)"),
    (r"» ([\d.e+-]+)$", r"»: \1"),
)
"""How a behaviour was changed, as :mod:`.simulation.changing` tells it."""


def word(key: str, language: str, **values: object) -> str:
    """Return a heading or sentence; English where a language lacks it, the key itself where no language has it."""
    english, spanish = WORDS.get(key, (key, key))
    return (spanish if language == "es" else english).format(**values)


def spoken(told: str, language: str) -> str:
    """Return a phrase that a result tells in English in the language of the chart; a user's own words stay as they are.

    Example:
        >>> spoken("fitted to 30 cases", "es")
        'ajustada a 30 casos'
    """
    if language == "es":
        told, mark, changes = told.partition(CHANGED)
        for pattern, spanish in _PHRASES:
            told = re.sub(pattern, spanish, told)
        told += mark and f"; cambiada: {BETWEEN.join(map(_change, changes.split(BETWEEN)))}"
    return told


def _change(told: str) -> str:
    """Return in Spanish how a behaviour was changed."""
    for pattern, spanish in _CHANGES:
        told = re.sub(pattern, spanish, told)
    return told


def _where(found: re.Match[str]) -> str:
    """Return an act in a stage by their Spanish names."""
    act, stage = text(f"event.{found[1]}", "es") or found[1], text(f"stage.{found[2]}", "es") or found[2]
    return f"«{act}» en «{stage}»"


def doubt_of(name: str, flip: str, language: str) -> tuple[str, str]:
    """Return the name of a reading of the text, and to what it is flipped, in the language of the chart.

    Args:
        name: The field of the reading.
        flip: What it is flipped to, in English.
        language: ``"en"`` or ``"es"``.
    """
    told, choice = text(f"choice.{name}", language), choices().get(name)
    if told is None or choice is None:
        return name.replace("_", " "), flip
    which = "ours" if choice.readings[0] == flip else "other"
    return told, text(f"choice.{name}.{which}", language) or flip


def edition_of(histories: Histories, language: str) -> str:
    """Return the edition of the histories in a few words."""
    return spoken(str(histories.edition), language)
