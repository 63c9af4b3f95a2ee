"""Texts of reasons, and labels of everything that a person meets, in English and Spanish.

A reason is data: a code, and params that are ready for JSON. Its words are a template of the catalogue under that code.
What a param is called says how it is named in words: ``term`` by the catalogue's terms, ``due`` as the day it is. A user
may add a catalogue of their own (:func:`add_catalogue`); what it lacks falls back to English. The language is always an
argument, never the locale.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum
from string import Formatter
from typing import Any, Final

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.law.annexes import Annex
from rrm_lifecycle.law.provisions import PROVISIONS, Provision
from rrm_lifecycle.law.terms import Term
from rrm_lifecycle.law.words_en import ENGLISH
from rrm_lifecycle.law.words_es import SPANISH

SHIPPED: Final = ("en", "es")
_CATALOGUES: Final[dict[str, Mapping[str, str]]] = {"en": ENGLISH, "es": SPANISH}

# How a param is named in words: by the names under this prefix of the catalogue.
_PREFIX: Final = {
    "role": "role",
    "by": "role",
    "who": "role",
    "party": "party",
    "country": "party",
    "term": "term",
    "terms": "term",
    "name": "term",
    "fields": "field",
    "stage": "stage",
    "closing": "closing",
    "hold": "hold",
    "sector": "sector",
    "origin": "origin",
    "finding": "determination",
    "question": "question",
    "ground": "release_ground",
    "elements": "element",
    "lists": "panel_list",
}
# What a user typed, shown as it was typed where the catalogue has no name for it.
_AS_TYPED: Final = frozenset({"country", "name"})
# Which of several texts of a code: its ending, where a param is as said.
_VARIANTS: Final[dict[str, tuple[tuple[str, int | None, str], ...]]] = {
    "needs.within": (("value", None, ".until"), ("value", 1, ".one")),
    "needs.waited": (("value", 1, ".one"),),
    "needs.lapsed": (("value", 1, ".one"),),
    "found.lapsed": (("due", None, ".not_running"),),
    "found.three_panelists": (("country", None, ".lists"),),
    "found.request_delivered": (("requested", None, ".none"),),
    "found.determined_by_panel": (("finding", None, ".none"),),
    "text.left": (("days", 1, ".one"),),
}
_FORMATTER: Final = Formatter()
# Under which key the catalogues hold a reference that has words in it; all others are the same in any language.
_CITED: Final = {
    reference: key
    for one in PROVISIONS
    for reference, key in ((one.in_31b, f"cited.{one.code}.b"), (one.in_31a, f"cited.{one.code}"))
    if key in ENGLISH
}


def languages() -> tuple[str, ...]:
    """Return the languages that there is a catalogue for.

    Example:
        >>> languages()[:2]
        ('en', 'es')
    """
    return tuple(_CATALOGUES)


def _catalogue(language: str) -> Mapping[str, str]:
    try:
        return _CATALOGUES[language]
    except (KeyError, TypeError):
        msg = f"there is no catalogue for the language {language!r}; there are {', '.join(_CATALOGUES)}: add_catalogue"
        raise EventError(msg) from None


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in _FORMATTER.parse(text) if name is not None}


def add_catalogue(language: str, words: Mapping[str, str], *, replace: bool = False) -> tuple[str, ...]:
    """Add a catalogue of your own, and return the keys that it lacks, which fall back to English.

    Args:
        language: A code such as ``"fr"``.
        words: Texts by key; the keys are those of :data:`~rrm_lifecycle.law.words_en.ENGLISH`.
        replace: Whether to put it in place of a catalogue that is there.

    Raises:
        EventError: A key is none, a text asks for what its English twin is not given or says how to format it, or the
            language is there already.

    Example:
        >>> "stage.closed" in add_catalogue("xx", {"phase.panel": "panel"}, replace=True)
        True
    """
    clean_text(language, "a language", longest=35)
    if language in _CATALOGUES and not replace:
        msg = f"there is a catalogue for {language!r}: pass replace=True to put yours in its place"
        raise EventError(msg)
    if not isinstance(words, Mapping):
        msg = f"a catalogue maps keys to texts; found {type(words).__name__}"
        raise EventError(msg)
    clean: dict[str, str] = {}
    for key, text in words.items():
        if key not in ENGLISH:
            msg = f"the catalogue has no key {key!r}: see rrm_lifecycle.law.words_en.ENGLISH for those there are"
            raise EventError(msg)
        clean[key] = clean_text(text, f"the text of {key}")
        try:
            unknown = sorted(_fields(text) - _fields(ENGLISH[key]))
            formatted = any(spec or conversion for _, _, spec, conversion in _FORMATTER.parse(text))
        except ValueError as error:
            msg = f"the text of {key} is no template: {error}"
            raise EventError(msg) from error
        if unknown:
            msg = f"the text of {key} asks for {', '.join(unknown)}; it may use {', '.join(sorted(_fields(ENGLISH[key])))}"
            raise EventError(msg)
        if formatted:  # params are words by then: a format could only fail when a reason is told
            msg = f"the text of {key} says how to format a word: write the name alone in braces"
            raise EventError(msg)
    _CATALOGUES[language] = clean
    return tuple(key for key in ENGLISH if not clean.get(key))


def text(key: str, language: str = "en") -> str | None:
    """Return a text of the catalogue, in English where the language lacks it; None where there is none."""
    return _catalogue(language).get(key) or ENGLISH.get(key)


def _named(prefix: str, value: object, language: str) -> str:
    return text(f"{prefix}.{value}", language) or str(value).replace("_", " ")


def _in_words(name: str, value: object, language: str) -> str:
    """Return a param in words."""
    if value is None:
        return text("word.none", language) or ""
    if isinstance(value, bool):
        return text("word.yes" if value else "word.no", language) or ""
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(name, one, language) for one in value) or (text("word.none", language) or "")
    if name == "days":
        return f"{value} {text('unit.days.one' if value == 1 else 'unit.days', language)}"
    if name in {"by", "role"} and text(f"party.{value}", language):
        return _named("party", value, language)
    told = text(f"{_PREFIX[name]}.{value}", language) if name in _PREFIX else None
    return told or (str(value) if name in _AS_TYPED or name not in _PREFIX else str(value).replace("_", " "))


class _Words(dict[str, str]):
    """Params in words; a param that an old record lacks shows as the name it had."""

    def __missing__(self, key: str) -> str:
        return f"({key})"


def _filled(key: str, params: Mapping[str, Any], language: str) -> str:
    template = text(key, language)
    if template is None:
        return key.partition(".")[2].replace("_", " ")
    words = _Words({name: _in_words(name, value, language) for name, value in params.items()})
    if params.get("unit"):
        one = ".one" if params.get("value") == 1 else ""
        words["unit"] = text(f"unit.{params['unit']}{one}", language) or str(params["unit"])
    return template.format_map(words)


def _variant(key: str, params: Mapping[str, Any]) -> str:
    if key == "found.in_force" and params.get("until"):
        return f"{key}.ended"
    if key == "needs.in_territory" and str(params.get("party")) not in {"US", "MX", "CA"}:
        return f"{key}.any"
    for name, value, ending in _VARIANTS.get(key, ()):
        if name in params and params[name] == value:
            return key + ending
    return key


def needs(code: str, params: Mapping[str, Any], language: str = "en") -> str:
    """Return what a condition needs: it completes *this needs …*.

    Example:
        >>> needs("lapsed", {"term": "reply", "value": 10, "unit": "days"})
        'the 10 days for reply to be over'
    """
    return _filled(_variant(f"needs.{code}", params), params, language)


def found(code: str, params: Mapping[str, Any], language: str = "en") -> str:
    """Return what was found instead.

    Example:
        >>> found("lapsed", {"on": "2024-04-09", "due": "2024-04-11"})
        '2024-04-09, due 2024-04-11'
    """
    return _filled(_variant(f"found.{code}", params), params, language)


def noted(code: str, outcome: str, params: Mapping[str, Any], provision: str | None, language: str = "en") -> str:
    """Return a finding as a sentence, with the provision that sets the condition."""
    asked = needs(code, params, language)
    if outcome == "not_stated":
        told = _filled("text.not_stated", {"needs": asked}, language)
    else:
        key = "text.late" if "days" in params else "text.noted"
        told = _filled(
            key, {"needs": asked, "found": found(code, params, language), "days": params.get("days")}, language
        )
    return f"{told} ({cited(provision, language)})" if provision else told


def cited(reference: str, language: str = "en") -> str:
    """Return a reference to a provision, with its words in a language.

    Example:
        >>> cited("practice of the Parties", "es"), cited("Art. 31-A.4.2", "es")
        ('práctica de las Partes', 'Art. 31-A.4.2')
    """
    return text(_CITED.get(reference, ""), language) or reference


def label(value: object, language: str = "en") -> str:
    """Return the name of anything that a person meets: a stage, a phase, a closing, an act, a term, a role, a reason.

    Args:
        value: A member of an Enum of this library, a term or its name, an event or its class, an Annex, a provision, a
            reason or finding, a day, or a yes or no.
        language: ``"en"``, ``"es"``, or a language added by :func:`add_catalogue`.

    Raises:
        EventError: There is no such language, or the value has no name here.

    Example:
        >>> from rrm_lifecycle.law.stages import Stage
        >>> label(Stage.UNDER_REVIEW), label(Stage.UNDER_REVIEW, "es")
        ('under review', 'en revisión')
    """
    _catalogue(language)
    told = _name(value, language)
    if told is None:
        msg = f"label names stages, acts, terms, roles and the like; it has no name for {value!r}"[:400]
        raise EventError(msg)
    return told


def _name(value: object, language: str) -> str | None:  # noqa: C901 - one branch for each kind of value
    told: str | None = None
    if isinstance(value, Enum):
        name = "word" if type(value).__name__ == "NotStated" else _snake(type(value).__name__)
        told = text(f"{name}.{str(value.value).replace(' ', '_')}", language)
    elif isinstance(value, Term):
        told = _named("term", value.name, language)
    elif isinstance(value, type) and issubclass(value, Event):
        told = text(f"event.{value.__name__}", language)
    elif isinstance(value, Event):
        told = text(f"event.{type(value).__name__}", language)
    elif isinstance(value, str):
        told = text(f"term.{value}", language) or text(f"word.{value}", language) or text(f"event.{value}", language)
    elif isinstance(value, Annex):
        told = str(value)
    elif isinstance(value, Provision):
        told = f"{cited(value.in_31a, language)}: {text(f'about.{value.code}', language) or value.about}"
    elif isinstance(value, bool):
        told = text("word.yes" if value else "word.no", language)
    elif isinstance(value, date):
        told = value.isoformat()
    elif hasattr(value, "code") and hasattr(value, "params"):
        told = needs(value.code, value.params, language)
    return told


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def refusal_text(refusal: Any, language: str = "en") -> str:  # noqa: ANN401 - a Refusal, which stands above
    """Return a refusal as text: who, what and when; where it stands; every reason; what is provided for."""
    event = type(refusal.event).__name__
    stage = text(f"{_snake(type(refusal.stage).__name__)}.{refusal.stage.value}", language)
    head = {"case": refusal.case_id, "event": event, "on": refusal.event.on.isoformat()}
    lines = [_template("text.refused", {**head, "stage": stage or refusal.stage.value}, language)]
    if refusal.no_rule:
        lines.append("  " + _template("text.no_rule", {"event": event}, language))
    else:
        rules: dict[str | None, list[Any]] = {}
        for reason in refusal.reasons:
            rules.setdefault(reason.rule, []).append(reason)
        for rule, reasons in rules.items():
            provision = refusal.rules.get(rule)
            lines.append(
                "  "
                + _template("text.rule", {"rule": rule, "provision": cited(provision or "", language)}, language)
                + ":"
            )
            lines += [f"    - {_reason(reason, provision, language)}" for reason in reasons]
    if refusal.provided_for:
        lines.append("  " + _template("text.provided", {"acts": ", ".join(refusal.provided_for)}, language))
    else:
        lines.append("  " + _template("text.nothing_provided", {}, language))
    return "\n".join(lines)


def _template(key: str, words: Mapping[str, object], language: str) -> str:
    return (text(key, language) or key).format_map(_Words({name: str(value) for name, value in words.items()}))


def _reason(reason: Any, provision: str | None, language: str) -> str:  # noqa: ANN401 - a Reason, which stands above
    words = {
        "needs": needs(reason.code, reason.params, language),
        "found": found(reason.code, reason.params, language),
        "provision": cited(reason.provision or "", language),
    }
    key = "text.reason" if reason.provision in {None, provision} else "text.reason_cited"
    told = _template(key, words, language)
    if reason.opens is not None:
        told += "; " + _template("text.opens", {"opens": reason.opens.isoformat()}, language)
    return told


def entry_text(entry: Any, language: str = "en") -> str:  # noqa: ANN401 - an Entry, which stands above
    """Return an entry as a line, and a line for each finding."""
    if entry.on is None:
        return _template("text.opened", {"case": entry.case_id, "annex": entry.event.annex.name}, language)
    stage = text(f"{_snake(type(entry.to).__name__)}.{entry.to.value}", language) or entry.to.value
    if entry.closing:
        closing = _named("closing", entry.closing.value, language)
        stage = _template("text.closed_as", {"closing": closing}, language)
    words = {
        "case": entry.case_id,
        "event": type(entry.event).__name__,
        "on": entry.on.isoformat(),
        "rule": entry.rule,
        "provision": cited(entry.provision, language),
        "stage": stage,
    }
    told = _template("text.admitted", words, language)
    if entry.implied:
        told += f" [{text('text.implied', language)}]"
    return "\n".join([told, *(f"  {finding.text(language)}" for finding in entry.findings)])


def term_name(name: str, language: str = "en") -> str:
    """Return the name of a term, or the name itself where an old record knows one that is gone."""
    return text(f"term.{name}", language) or text(f"word.{name}", language) or name.replace("_", " ")


def due_text(due: Any, language: str = "en") -> str:  # noqa: ANN401 - a Due, which stands above
    """Return a running limit as a line."""
    words = {"case": due.case_id, "term": term_name(due.term, language), "who": label(due.who, language)}
    if due.due is None:
        told = _template("text.due_open", words, language)
    else:
        key = "text.left" if due.days_left >= 0 else "text.over"
        days = {"days": abs(due.days_left)}
        left = _filled(_variant(key, days), days, language)
        told = _template("text.due", {**words, "due": due.due.isoformat(), "left": left}, language)
    if due.opens:
        told += "; " + _template("text.then", {"acts": ", ".join(due.opens)}, language)
    return told


def option_text(option: Any, language: str = "en") -> str:  # noqa: ANN401 - an Option, which stands above
    """Return an option as a line."""
    words = {"event": option.event.__name__, "who": label(option.who, language), "rule": option.rule}
    if option.is_open:
        told = _template("text.option_open", words, language)
    elif option.opens is not None:
        told = _template("text.option_later", {**words, "opens": option.opens.isoformat()}, language)
    else:
        unmet = "; ".join(needs(reason.code, reason.params, language) for reason in option.reasons)
        told = _template("text.option_shut", {**words, "needs": unmet}, language)
    if option.needs:
        told += "; " + _template("text.asks", {"codes": ", ".join(option.needs)}, language)
    return told
