"""What an exported machine has to be told of a case and an act: the values of its variables, as our guards find them."""

from __future__ import annotations

from typing import Final

from rrm_lifecycle.case.case import Case, with_parties
from rrm_lifecycle.case.claim import Party, Role
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.deadlines import Limit
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.export.conditions import Value
from rrm_lifecycle.export.model import Model
from rrm_lifecycle.export.variables import AS_PROVIDED, ASKS, NONE, UNKNOWN, Sort, Variable, over, runs
from rrm_lifecycle.law.guards import FACTS, BarOver
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import BAD_FAITH, TERMS, Kind

_FACTS: Final = {fact.code: fact for fact in FACTS}
_KINDS: Final = {over(term.name): term for term in TERMS}
_BAR: Final = BarOver(BAD_FAITH)


def told(model: Model, case: Case, event: Event, *, context: Context | None = None) -> dict[str, Value]:
    """Return what the machine of a model has to be told before an act is sent to it: whatever the rows of the act read.

    Args:
        model: The model.
        case: The case as it stands.
        event: The act.
        context: Reading, calendar and register; our defaults if None. Its reading has to be that of the model.

    Example:
        >>> from datetime import date
        >>> from rrm_lifecycle.case import events as did
        >>> from rrm_lifecycle.export.model import model_of
        >>> told(model_of(), Case.start("SLP-2024-01"), did.ReviewAccepted(date(2019, 4, 10)))["in_force"]
        0
    """
    context = context or DEFAULT
    case = with_parties(case, event)
    return {one.name: _value(one, case, event, context) for one in model.asked.get(type(event), ())}


def _value(one: Variable, case: Case, event: Event, context: Context) -> Value:  # noqa: PLR0911 - one for each sort
    name = one.name
    if name in _KINDS:
        return int(_is_over(case, _KINDS[name].name, event, _KINDS[name].kind))
    if name == "by":
        return _by(case, event)
    if name == "complainant":
        return UNKNOWN if case.complainant is None else case.complainant.value.lower()
    if name == ASKS:
        return int(getattr(event, "verification", True) is not False)
    if name == _BAR.code:
        return int(_BAR.examine(case, event, context) is None)
    if name in _FACTS:
        return _holds(name, case, event, context)
    found = getattr(event, name, None)  # a word that the act says: finding, ground, term
    value = getattr(found, "value", found)
    return value if isinstance(value, str) and value in one.values else one.initial


def _holds(name: str, case: Case, event: Event, context: Context) -> int:
    try:
        return int(not isinstance(_FACTS[name].ask(case, event, context), dict))
    except AttributeError:  # the fact is about acts of another kind
        return 1


def _by(case: Case, event: Event) -> str:
    by = event.by
    if by is None:
        return AS_PROVIDED
    if isinstance(by, Party):
        if by is case.complainant:
            return Role.COMPLAINANT.value
        return Role.RESPONDENT.value if by is case.respondent else UNKNOWN
    return by.value


def _is_over(case: Case, term: str, event: Event, kind: Kind) -> bool:
    limit = next((one for one in case.limits if one.term == term), None)
    if limit is None and kind is Kind.UNTIL and case.stage is Stage.CLOSED:
        end = case.facts.course_end
        return end is None or event.on > end
    if limit is None:
        return False
    return _passed(limit, event, kind)


def _passed(limit: Limit, event: Event, kind: Kind) -> bool:
    if limit.due is None:
        return kind in {Kind.UNTIL, Kind.AT_LEAST}
    if kind is Kind.AT_LEAST:
        return event.on >= limit.due
    return event.on > limit.due


def registers(model: Model, case: Case) -> dict[str, Value]:
    """Return what the registers of a model hold for a case.

    Args:
        model: The model.
        case: The case.
    """
    running = {runs(limit.term) for limit in case.limits}
    facts = case.facts
    kept: dict[str, Value] = {
        "closing": NONE if case.closing is None else case.closing.value,
        "determination": NONE if facts.determination is None else facts.determination.value,
        "question": NONE if facts.question is None else facts.question.value,
        "origin": UNKNOWN if case.origin is None else case.origin.value,
        "verification_asked": int(facts.verification_asked is not False),
        "verification_refused": int(facts.verification_refused is True),
        "facility_closed": int(facts.facility_closed is not None),
    }
    names = [one.name for one in model.variables.values() if one.sort is Sort.REGISTER]
    return {name: kept[name] if name in kept else int(name in running) for name in names}
