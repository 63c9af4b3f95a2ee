"""Headings and sentences of cards and pages, by language; names of stages, acts and terms stand in the catalogues."""

from __future__ import annotations

from typing import Final

from rrm_lifecycle.views.pages.words_en import ENGLISH
from rrm_lifecycle.views.pages.words_es import SPANISH

PAGE_WORDS: Final = {"en": ENGLISH, "es": SPANISH}
"""The sentences of each language, by key."""


def said(key: str, language: str = "en", **values: object) -> str:
    """Return a heading or sentence; English where a language lacks it.

    Example:
        >>> said("late_by", "es", days=3)
        'tarde por 3 días'
    """
    text = PAGE_WORDS.get(language, ENGLISH)[key]
    return text.format(**values) if values else text


def known_language(language: str) -> str:
    """Return the code of a language for the page's ``lang``: English where the sentences are English.

    Example:
        >>> known_language("es"), known_language("xx")
        ('es', 'en')
    """
    return language if language in PAGE_WORDS else "en"
