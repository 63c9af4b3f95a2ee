"""Displays of values: which card shows which value, found by the name of its class, so that nothing is loaded for others."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.views.cards.blocks import Card, Verbatim, card_text
from rrm_lifecycle.views.markup import card_html

if TYPE_CHECKING:
    from collections.abc import Callable

_WHERE: Final[dict[str, tuple[str, str]]] = {
    # ---- cases
    "case.case.Case": ("cards.case", "of_case"),
    "record.entry.Entry": ("cards.case", "of_entry"),
    "record.entry.Refusal": ("cards.rulings", "of_refusal"),
    "case.agenda.Agenda": ("cards.rulings", "of_agenda"),
    "case.agenda.Due": ("cards.rulings", "of_due"),
    "case.agenda.Options": ("cards.rulings", "of_options"),
    "case.agenda.Option": ("cards.rulings", "of_option"),
    # ---- records
    "record.looking.Looking": ("cards.record", "of_docket"),
    "record.filed.Filed": ("cards.record", "of_filed"),
    "record.links.Verified": ("cards.record", "of_verified"),
    "record.kept.Remark": ("cards.record", "of_kept"),
    "record.kept.Correction": ("cards.record", "of_kept"),
    "record.kept.Erasure": ("cards.record", "of_kept"),
    "record.kept.Attempt": ("cards.record", "of_kept"),
    # ---- the law
    "law.rows.Row": ("cards.law", "of_row"),
    "law.rows.Rows": ("cards.law", "of_rows"),
    "law.provisions.Provision": ("cards.law", "of_provision"),
    "law.terms.Term": ("cards.law", "of_term"),
    "law.readings.Reading": ("cards.law", "of_reading"),
    "case.calendars.Calendar": ("cards.law", "of_calendar"),
    "case.register.Register": ("cards.law", "of_register"),
    "case.claim.CoveredFacility": ("cards.law", "of_facility"),
    # ---- the public record
    "histories.event.HistoryEvent": ("cards.histories", "of_event"),
    "histories.history.History": ("cards.histories", "of_history"),
    "histories.dataset.Histories": ("cards.histories", "of_histories"),
    "histories.aligned.Alignment": ("cards.histories", "of_alignment"),
    "histories.aligned.Alignments": ("cards.histories", "of_alignments"),
    # ---- simulation
    "simulation.behaviour.Behaviour": ("cards.simulation", "of_behaviour"),
    "simulation.results.Simulation": ("cards.simulation", "of_simulation"),
    "simulation.foreseen.Forecast": ("cards.simulation", "of_forecast"),
    "simulation.scenarios.Comparison": ("cards.simulation", "of_comparison"),
    "simulation.tables.Tabular": ("cards.simulation", "of_tabular"),
}
"""By class: the module of the views and the function that makes its card."""


def card(value: object, language: str = "en") -> Card:
    """Return the card of a value; of one that has none, its text.

    Args:
        value: The value.
        language: ``"en"`` or ``"es"``.

    Example:
        >>> from rrm_lifecycle.law.terms import REPLY
        >>> card(REPLY).title, card(REPLY, "es").kind
        ('reply', 'plazo')
    """
    for cls in type(value).__mro__:
        found = _WHERE.get(f"{cls.__module__}.{cls.__qualname__}".removeprefix("rrm_lifecycle."))
        if found is not None:
            make: Callable[[Any, str], Card] = getattr(import_module(f"rrm_lifecycle.views.{found[0]}"), found[1])
            return make(value, language)
    return Card("", type(value).__name__, (Verbatim(_own_text(value, language)),))


def _own_text(value: object, language: str) -> str:
    told = getattr(value, "text", None)
    if callable(told):
        return str(told(language))
    return str(value) if _has_text(value) else repr(value)


def _has_text(value: object) -> bool:
    """Return whether a class says itself how it reads, rather than by its card."""
    says = next(cls for cls in type(value).__mro__ if "__str__" in vars(cls))
    return says.__module__ != "rrm_lifecycle.show"


def text_of(value: object) -> str:
    """Return a value as readable text in English."""
    return card_text(card(value))


def bundle(value: object) -> dict[str, str]:
    """Return a value as a notebook shows it: HTML that needs nothing else, and text."""
    return {"text/html": str(card_html(card(value))), "text/plain": str(value)}
