"""What the pages of readings and provisions say in words, by key of the catalogues: as they say it, and in Spanish.

In English the pages themselves are the source: nothing of them stands here twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rrm_lifecycle.law.provisions import PROVISIONS
from rrm_lifecycle.law.readings import choices

_CHOICES: Final[dict[str, tuple[str, str, str, str]]] = {
    "business_only_where_said": (
        "días hábiles",
        "¿Qué días, si el texto dice solo «días», son hábiles?",
        "días naturales, y hábiles donde una fuente lo dice",
        "días hábiles solo donde la unidad está confirmada",
    ),
    "roll_over": (
        "vencimiento en día inhábil",
        "¿Se traslada un último día que cae en fin de semana o en festivo?",
        "no: el último día cuenta aunque sea domingo",
        "sí: pasa al siguiente día hábil",
    ),
    "review_includes_remediation": (
        "alcance del plazo de revisión",
        "¿Qué termina el día 45?",
        "la revisión; la reparación puede seguir de acuerdo",
        "revisión y reparación",
    ),
    "closing_days": (
        "cuáles días inhábiles",
        "¿Los días inhábiles de quién cuentan?",
        "los de la sección de la demandada",
        "los de cualquiera de las Partes",
    ),
    "confirmation_settles_coverage": (
        "la confirmación fija el alcance",
        "¿Fija la confirmación de la petición que la instalación está cubierta?",
        "no: examen formal; el alcance sigue abierto",
        "sí: ya no cabe resolver fuera del alcance",
    ),
    "constituted_by_lot": (
        "cuándo se constituye el panel",
        "¿Cuándo queda constituido un panel?",
        "cuando sus miembros aceptan",
        "al sortearse",
    ),
    "late_panel_loses_authority": (
        "panel que decide tarde",
        "¿Qué pasa si un panel no cumple su plazo?",
        "una alarma; la determinación vale",
        "su autoridad termina, salvo prórroga",
    ),
    "remedy_without_panel": (
        "medidas sin panel",
        "¿Pueden los Estados Unidos imponer una medida sin la determinación de un panel?",
        "sí, según el tratado tras un aviso sin respuesta",
        "no: 19 U.S.C. 4693 exige una determinación",
    ),
    "cure_ends_claim": (
        "una reparación pone fin al caso",
        "¿Termina la reclamación si la Denegación se subsana durante la revisión?",
        "no: puede discutirse ante un panel",
        "sí: no queda Denegación vigente",
    ),
    "only_facts_since_entry": (
        "hechos anteriores al tratado",
        "¿Cuentan los hechos anteriores al 1 de julio de 2020?",
        "se anotan, no se excluyen",
        "no: quedan fuera del Anexo",
    ),
    "out_of_scope_is_no_denial": (
        "qué es resolver fuera del alcance",
        "¿Qué es resolver que una reclamación queda fuera del Anexo?",
        "un desenlace propio",
        "una resolución de que no hay Denegación",
    ),
    "hold_lapses_with_request": (
        "fin de la retención aduanera",
        "¿Qué pone fin a una retención aduanera tras un desistimiento, un cierre o una resolución fuera del alcance?",
        "una causa registrada de 19 U.S.C. 4692(b)",
        "el fin de la propia solicitud",
    ),
    "coverage_must_last": (
        "hasta cuándo debe estar cubierta",
        "¿Cuándo debe estar cubierta la instalación?",
        "el día de la solicitud",
        "hasta la determinación o la medida",
    ),
    "closure_ends_case": (
        "el cierre de la planta termina el caso",
        "¿Termina el caso con el cierre de la planta?",
        "sí, por un acto de la reclamante",
        "no: la Denegación persiste para los despedidos",
    ),
    "own_findings_count": (
        "qué cuenta como antecedente",
        "¿Qué cuenta como Denegación anterior para los escalones?",
        "solo la determinación de un panel",
        "también lo que la demandada reconoció o acordó",
    ),
    "second_case_reopens": (
        "segundo caso en la misma planta",
        "¿Qué es una segunda queja en la misma planta?",
        "un caso nuevo, vinculado",
        "se reabre el anterior con el aviso de 15 días",
    ),
    "panel_within_us_decision": (
        "plazo de EE. UU. para pedir panel",
        "¿Hay un último día para pedir un panel?",
        "no; pasados los 60 días se anota",
        "sí: esos 60 días",
    ),
    "trade_link_required": (
        "vínculo con el comercio",
        "¿Basta competir con mercancías o servicios de una Parte para estar cubierta?",
        "basta cualquiera de los dos supuestos",
        "no: debe comerciarse lo que la planta produce",
    ),
    "scope_objection_declines": (
        "objeción sobre el alcance",
        "¿Qué es un informe de que la reclamación queda fuera del alcance?",
        "un informe de que no hay Denegación",
        "un rechazo de la revisión",
    ),
    "screening_from_submission": (
        "desde cuándo corre el examen",
        "¿Desde cuándo corren los 30 días del comité?",
        "desde que la oficina la recibe",
        "desde la presentación (ley)",
    ),
    "services_have_no_measure": (
        "medidas sobre servicios",
        "¿Hay una medida contra servicios que los Estados Unidos puedan aplicar?",
        "sí: sanciones a los servicios",
        "no: no hay medida viable en la frontera",
    ),
}
"""Of each choice: its name in few words, the question that the text leaves open, our default, and the other reading."""

_ABOUT: Final = {
    "A1": "finalidad: reparar, no restringir el comercio; una solución mutuamente aceptable",
    "A1_2": "las medidas se levantan en cuanto se repara la Denegación",
    "A2": "la convicción de buena fe de que se deniegan derechos a trabajadores de una Instalación Cubierta",
    "A2_FN": "en qué leyes y órdenes puede apoyarse una reclamación",
    "A3": "listas de panelistas",
    "A4": "solicitud de revisión, revisión, consultas, plan de reparación",
    "A4_2": "solicitud de revisión",
    "A4_3": "demora de la liquidación definitiva de las cuentas aduaneras",
    "A5": "petición de un panel, sorteo",
    "A6": "confirmación de la petición",
    "A7": "verificación",
    "A8": "determinación",
    "A9": "consultas tras una determinación",
    "A10": "medidas de reparación",
    "A11": "uso del Mecanismo de buena fe",
    "A15": "Instalación Cubierta, Sector Prioritario",
    "ART_34_7": "vigencia del tratado",
    "US_4645": "actuación por hallazgo del propio comité",
    "US_4646A": "peticiones",
    "US_4646B1": "examen de una petición por el comité",
    "US_4646B2": "determinación negativa del comité",
    "US_4646B3": "determinación afirmativa del comité",
    "US_4646B4": "decisión de pedir o no un panel",
    "US_4692A": "suspensión de la liquidación",
    "US_4692B": "reanudación de la liquidación",
    "US_4693A": "medidas definitivas",
    "US_4693B": "fin de las medidas",
    "NAO": "reclamaciones ante la oficina canadiense",
    "PRACTICE": "lo que hacen las Partes; no se halló texto",
}
"""What each provision is about."""
_CITED: Final = {
    "A2_FN": ("Art. 31-A.2, nota 2", "Art. 31-B.2, nota"),
    "ART_34_7": ("Art. 34.7 T-MEC", "Art. 34.7 T-MEC"),
    "NAO": ("guía de la ONA canadiense para reclamaciones del Anexo 31-B",) * 2,
    "PRACTICE": ("práctica de las Partes",) * 2,
}
"""References with words in them, under Annex 31-A and under Annex 31-B; every other is the same in any language."""


def _of_choices(told: Mapping[str, tuple[str, str, str, str]]) -> dict[str, str]:
    parts = ("", ".question", ".ours", ".other")
    return {
        f"choice.{name}{part}": text for name, texts in told.items() for part, text in zip(parts, texts, strict=True)
    }


def _of_provisions(about: Mapping[str, str], cited: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    told = {f"about.{code}": text for code, text in about.items()}
    for code, (in_31a, in_31b) in cited.items():
        told[f"cited.{code}"] = in_31a
        if in_31b != in_31a:
            told[f"cited.{code}.b"] = in_31b
    return told


def _named(choice: str) -> str:
    return choice.replace("_us_", " US ").replace("_", " ")


ENGLISH_PAGES: Final[dict[str, str]] = {
    **_of_choices({name: (_named(name), one.question, *one.readings) for name, one in choices().items()}),
    **_of_provisions(
        {one.code: one.about for one in PROVISIONS},
        {one.code: (one.in_31a, one.in_31b) for one in PROVISIONS if one.code in _CITED},
    ),
}
"""Names, questions and readings of each choice, what each provision is about, and references that have words in them."""

SPANISH_PAGES: Final[dict[str, str]] = {**_of_choices(_CHOICES), **_of_provisions(_ABOUT, _CITED)}
"""The same in Spanish."""
