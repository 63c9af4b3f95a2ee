"""Words of a timeline, in English and Spanish; names of stages, acts and limits stand in the catalogues."""

from __future__ import annotations

from datetime import date
from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Timeline of {case}", "Línea de tiempo de {case}"),
    "span": ("{first} to {last}", "del {first} al {last}"),
    "span.day": ("{first}", "{first}"),
    "seen": ("seen on {day}", "visto el {day}"),
    "acts.one": ("1 act", "1 acto"),
    "acts": ("{n} acts", "{n} actos"),
    "implied.one": ("1 of them implied, not on record", "1 de ellos implícito, no consta"),
    "implied": ("{n} of them implied, not on record", "{n} de ellos implícitos, no constan"),
    "late.one": ("1 act done late", "1 acto tardío"),
    "late": ("{n} acts done late", "{n} actos tardíos"),
    "late.none": ("no act noted as late", "ningún acto anotado como tardío"),
    "over.one": ("1 limit is over", "1 plazo vencido"),
    "over": ("{n} limits are over", "{n} plazos vencidos"),
    "nothing": ("Nothing has been done in it yet.", "Aún no se ha hecho nada en él."),
    "today": ("today", "hoy"),
    "phase": ("phase", "fase"),
    "stage": ("stage", "etapa"),
    "hold": ("customs hold", "retención aduanera"),
    "acts.head": ("Acts, by who acted", "Actos, según quién actuó"),
    "limits.head": ("Time limits", "Plazos"),
    "unknown": ("not stated who", "no consta quién"),
    "rule": ("rule {rule}, {provision}", "regla {rule}, {provision}"),
    "then": ("then: {stage}", "después: {stage}"),
    "implied.mark": ("implied, not on record", "implícito, no consta"),
    "days.late.one": ("1 day late", "1 día de retraso"),
    "days.late": ("{n} days late", "{n} días de retraso"),
    "days.over.one": ("over for 1 day", "terminado hace 1 día"),
    "days.over": ("over for {n} days", "terminado hace {n} días"),
    "days.left.one": ("1 day left", "queda 1 día"),
    "days.left": ("{n} days left", "quedan {n} días"),
    "days.left.none": ("last day today", "vence hoy"),
    "due": ("last day {due}", "último día {due}"),
    "due.between": ("last day {due} to {latest}", "último día del {due} al {latest}"),
    "due.none": ("no last day stated", "sin último día"),
    "due.before": ("first {due}", "primero {due}"),
    "runs": ("runs", "corre"),
    "from": ("from {day}", "desde el {day}"),
    "key.act": ("act", "acto"),
    "key.implied": (
        "implied act, with the days between which it lies",
        "acto implícito, con los días entre los que está",
    ),
    "key.period": ("the days between which an act lies", "los días entre los que está un acto"),
    "key.late": ("late", "tarde"),
    "key.limit": ("limit, up to its last day", "plazo, hasta su último día"),
    "key.met": ("the act that ended it", "el acto que le puso fin"),
    "key.longer": ("extended", "prorrogado"),
    "key.blurred": ("last day not known more exactly", "último día no conocido con más exactitud"),
    "key.gone": ("ran on without an act", "pasó sin acto"),
    "key.bar": ("acts counted in bars, the higher the more", "actos contados en barras, más altas cuantos más son"),
    "folded": ("and {n} more acts, counted in the bars", "y {n} actos más, contados en las barras"),
    "more.limits": (
        "{n} more limits have no room here: the late ones and the latest are shown",
        "{n} plazos más no caben aquí: se muestran los tardíos y los últimos",
    ),
    "deviations.one": (
        "1 event of the record does not fit the table, and is not drawn",
        "1 hecho del registro no cabe en la tabla y no se dibuja",
    ),
    "deviations": (
        "{n} events of the record do not fit the table, and are not drawn",
        "{n} hechos del registro no caben en la tabla y no se dibujan",
    ),
    "alt.span.day": ("Timeline of case {case}, on {first}.", "Línea de tiempo del caso {case}, el {first}."),
    "alt.span": (
        "Timeline of case {case}, from {first} to {last}.",
        "Línea de tiempo del caso {case}, del {first} al {last}.",
    ),
    "alt.empty": ("Timeline of case {case}: {nothing}", "Línea de tiempo del caso {case}: {nothing}"),
    "alt.stands": ("It stands: {stands}.", "Está: {stands}."),
    "alt.acts": ("It has {acts}; {late}.", "Tiene {acts}; {late}."),
    "alt.each": ("Late: {each}.", "Tarde: {each}."),
}
"""Each text in English and in Spanish; a key with ``.one`` stands for a number of one."""


def word(key: str, language: str, **values: object) -> str:
    """Return a text; English where a language lacks it."""
    english, spanish = WORDS[key]
    return (spanish if language == "es" else english).format(**values)


def between(key: str, first: date, last: date, language: str, **values: object) -> str:
    """Return a text about the days from a first to a last one, or about the one day that both are.

    Example:
        >>> between("span", date(2024, 4, 1), date(2024, 4, 9), "en")
        '2024-04-01 to 2024-04-09'
    """
    return word(f"{key}.day" if first == last else key, language, first=first, last=last, **values)


def count(key: str, n: int, language: str) -> str:
    """Return a text about a number.

    Example:
        >>> count("days.late", 1, "en"), count("days.late", 12, "es")
        ('1 day late', '12 días de retraso')
    """
    return word(f"{key}.one" if n == 1 else key, language, n=f"{n:,}")
