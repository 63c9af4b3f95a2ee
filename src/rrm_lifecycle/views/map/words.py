"""Headings and sentences of the map, in English and Spanish; names of stages and acts stand in the catalogue."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "table": "The course of a case under Annex {annex}",
        "table_alt": "Map of the course of a case under Annex {annex}: {stages} stages in five phases, "
        "{edges} ways between them.",
        "case": "Case {case}",
        "stands": "stands in: {stage}",
        "closed_as": "closed: {closing}",
        "here": "stands here",
        "starts": "starts here",
        "case_alt": "Map of case {case} under Annex {annex}: {path}; {now}.",
        "step": "{number}. {act} on {day}, to {stage}",
        "no_acts": "no act yet",
        "doors_alt": "Open on {day}: {acts}.",
        "simulation": "Simulated cases under Annex {annex}: which ways they go",
        "simulation_sub": "{n} paths from {start}, seed {seed}; share of the paths that go each way",
        "simulation_sub_part": "{n} paths from {start}, seed {seed}; shares counted on the first {counted}",
        "simulation_alt": "Map of {n} simulated cases under Annex {annex}. The ways most gone: {edges}.",
        "edge_alt": "{one} to {other} {share}",
        "closings": "closed as",
        "legend_main": "main course",
        "legend_own": "other ways, each by its rule",
        "legend_general": "at nearly every stage: {acts}",
        "legend_path": "the path, numbered by act",
        "legend_door": "open on {day}",
        "legend_share": "as wide as its share of the paths",
        "legend_never": "not gone",
        "by": "{rule}: {act}, {who} ({provision})",
        "unlisted": "the first {n} acts are not listed",
        "share": "{share} of the paths",
        "implied": "implied",
        "late": "late",
    },
    "es": {
        "table": "El curso de un caso según el Anexo {annex}",
        "table_alt": "Mapa del curso de un caso según el Anexo {annex}: {stages} etapas en cinco fases, "
        "{edges} vías entre ellas.",
        "case": "Caso {case}",
        "stands": "se encuentra en: {stage}",
        "closed_as": "cerrado: {closing}",
        "here": "está aquí",
        "starts": "empieza aquí",
        "case_alt": "Mapa del caso {case} según el Anexo {annex}: {path}; {now}.",
        "step": "{number}. {act} el {day}, a {stage}",
        "no_acts": "aún sin actos",
        "doors_alt": "Abierto el {day}: {acts}.",
        "simulation": "Casos simulados según el Anexo {annex}: qué vías siguen",
        "simulation_sub": "{n} trayectorias desde el {start}, semilla {seed}; proporción que sigue cada vía",
        "simulation_sub_part": "{n} trayectorias desde el {start}, semilla {seed}; contadas las primeras {counted}",
        "simulation_alt": "Mapa de {n} casos simulados según el Anexo {annex}. Las vías más seguidas: {edges}.",
        "edge_alt": "{one} a {other} {share}",
        "closings": "cerrado como",
        "legend_main": "curso principal",
        "legend_own": "otras vías, cada una por su regla",
        "legend_general": "en casi toda etapa: {acts}",
        "legend_path": "la trayectoria, numerada por acto",
        "legend_door": "abierto el {day}",
        "legend_share": "tan ancha como su proporción",
        "legend_never": "no seguida",
        "by": "{rule}: {act}, {who} ({provision})",
        "unlisted": "los primeros {n} actos no se listan",
        "share": "{share} de las trayectorias",
        "implied": "implícito",
        "late": "tarde",
    },
}


def say(key: str, language: str, **words: object) -> str:
    """Return a sentence of the map; a language of your own that has none here falls back to English.

    Args:
        key: Its name.
        language: The language.
        words: What stands in its braces.

    Example:
        >>> say("case", "es", case="SLP-1")
        'Caso SLP-1'
    """
    return WORDS.get(language, WORDS["en"])[key].format(**words)
