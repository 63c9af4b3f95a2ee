"""Assertions about what the table says of an act, with failures that say why."""

from __future__ import annotations

from rrm_lifecycle.case.case import Case, evolve
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.record.entry import Entry, Refusal


def assert_admitted(case: Case, event: Event, *, rule: str | None = None, context: Context | None = None) -> Case:
    """Assert that the table admits an act, and return the case after it.

    Args:
        case: The case as it stands.
        event: The act.
        rule: Id of the row that has to apply; any if None.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        AssertionError: It is refused, with every reason; or another row applies.

    Example:
        >>> from datetime import date
        >>> from rrm_lifecycle import events as did
        >>> from rrm_lifecycle.testing import case_at
        >>> assert_admitted(case_at("review_requested"), did.ReviewAccepted(date(2024, 1, 10))).stage.value
        'under_review'
    """
    __tracebackhide__ = True
    ruling = decide(case, event, context=context)
    if isinstance(ruling, Refusal):
        msg = f"the act was to be admitted, and is refused:\n{ruling}"
        raise AssertionError(msg)  # noqa: TRY004 - a value that is not the one to be found
    if rule is not None and ruling.rule != rule:
        msg = f"the act was to be admitted by row {rule}, and row {ruling.rule} applies:\n{ruling}"
        raise AssertionError(msg)
    return evolve(case, ruling)


def assert_refused(case: Case, event: Event, *, reason: str | None = None, context: Context | None = None) -> Refusal:
    """Assert that the table refuses an act, and return the refusal.

    Args:
        case: The case as it stands.
        event: The act.
        reason: Code of a reason that has to be among those given, such as ``"actor"``, ``"waited"`` or ``"no_rule"``;
            any if None.
        context: Reading, calendar and register; our defaults if None.

    Raises:
        AssertionError: It is admitted; or it is refused for other reasons alone.

    Example:
        >>> from datetime import date
        >>> from rrm_lifecycle import events as did
        >>> from rrm_lifecycle.testing import case_at
        >>> refusal = assert_refused(case_at("assessment"), did.ReviewAccepted(date(2024, 1, 10)), reason="no_rule")
        >>> refusal.provided_for[0]
        'PetitionFiled'
    """
    __tracebackhide__ = True
    ruling = decide(case, event, context=context)
    if isinstance(ruling, Entry):
        msg = f"the act was to be refused, and row {ruling.rule} ({ruling.provision}) admits it:\n{ruling}"
        raise AssertionError(msg)  # noqa: TRY004 - likewise
    codes = list(dict.fromkeys(one.code for one in ruling.reasons))
    if reason is not None and reason not in codes:
        msg = f"the act was to be refused for {reason!r}, and is refused for {', '.join(codes)} alone:\n{ruling}"
        raise AssertionError(msg)
    return ruling
