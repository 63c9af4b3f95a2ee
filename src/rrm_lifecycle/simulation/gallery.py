"""Five scenarios that people ask about, made from any behaviour."""

from __future__ import annotations

from typing import Any

import attrs

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.claim import Role
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.case.register import PriorDenial, Register
from rrm_lifecycle.law.annexes import ENTRY_INTO_FORCE
from rrm_lifecycle.law.guards import Lapsed
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import DETERMINATION, REVIEW
from rrm_lifecycle.simulation.acts import facility_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour, Habit
from rrm_lifecycle.simulation.changing import also


def gallery(base: Behaviour | None = None) -> dict[str, Any]:
    """Return five scenarios that people ask about, ready for :func:`.scenarios.compare`.

    ``panel_in_time``: a panel determines within its 30 days, whether it has verified or not. ``always_declines``: whoever
    would have accepted a review declines it, and does not come back to it. ``panel_at_once``: the complainant Party asks
    for a panel on the first day on which it may, unless another act comes before; see :func:`panel_at_once`.
    ``courses_within_180_days``: no agreed course runs for more than 180 days. ``two_past_determinations``: a panel has
    found a Denial at the facility twice before; the register is part of the context.

    Args:
        base: What people do; fitted to the shipped histories if None.

    Example:
        >>> list(gallery())
        ['panel_in_time', 'always_declines', 'panel_at_once', 'courses_within_180_days', 'two_past_determinations']
    """
    base = Behaviour.default() if base is None else base
    return {
        "panel_in_time": panel_in_time(base),
        "always_declines": always_declines(base),
        "panel_at_once": panel_at_once(base),
        "courses_within_180_days": base.with_course(at_most=180),
        "two_past_determinations": Context(register=two_past_determinations()),
    }


def panel_in_time(base: Behaviour) -> Behaviour:
    """Return the behaviour in which a panel determines within the days that the Annex gives it."""
    for stage in (Stage.PETITION_CONFIRMED, Stage.DELIBERATING):
        if stage in base.stages:
            base = base.with_days(stage, did.DeterminationIssued, at_most=DETERMINATION.value)
    return base


def always_declines(base: Behaviour) -> Behaviour:
    """Return the behaviour in which the respondent Party declines each review that it would have accepted."""
    asked = base.stages[Stage.REVIEW_REQUESTED]
    share = sum(
        asked[name].share for name in asked if ROW_BY_ID[name].event in {did.ReviewAccepted, did.ReviewDeclined}
    )
    base = base.with_share(Stage.REVIEW_REQUESTED, did.ReviewAccepted, 0.0)
    base = base.with_share(Stage.REVIEW_REQUESTED, did.ReviewDeclined, min(share, 1.0))
    return base.with_share(Stage.REVIEW_DECLINED, did.ReviewAccepted, 0.0)


def panel_at_once(base: Behaviour) -> Behaviour:
    """Return the behaviour in which the complainant Party asks for a panel on the first day on which it may.

    In each stage in which it may ask, acts that come before that day keep their chance, and the request takes all that is
    left. The first day is counted from the act before: that of the last limit whose lapse the row needs, and of the
    review, which runs from its request, less the median days until it is accepted. What comes later is left out.
    """
    stages = dict(base.stages)
    for stage, habits in base.stages.items():
        rows = [ROW_BY_ID[name] for name in habits]
        asks = [row.id for row in rows if row.event is did.PanelRequested and row.who is Role.COMPLAINANT]
        if not asks:
            continue
        wait = _wait(base, asks[0])
        changed: dict[str, Habit] = {}
        for name, habit in habits.items():
            before = float(habit.days.mass[:wait].sum()) if wait else 0.0
            if name not in asks and before and habit.share:
                share = habit.share * before
                changed[name] = attrs.evolve(habit, share=share, days=habit.days.within(0, wait - 1), given=True)
        left = max(0.0, 1.0 - sum(one.share for one in changed.values()))
        # Day 0 stands for the first day that the law admits: the program moves it there.
        at_once = attrs.evolve(habits[asks[0]], share=left, days=habits[asks[0]].days.at_most(0), given=True)
        stages[stage] = {**changed, asks[0]: at_once}
    how = "panel asked for on the first day that the law admits"
    return attrs.evolve(base, stages=stages, rests_on=also(base.rests_on, how))


def _wait(base: Behaviour, name: str) -> int:
    """Return how many days after the act before the request of a row is first admitted."""
    terms = [guard.term for guard in ROW_BY_ID[name].requires if isinstance(guard, Lapsed)]
    days = max((term.value + 1 for term in terms if term.value is not None), default=0)
    if REVIEW in terms and Stage.REVIEW_REQUESTED in base.stages:
        asked = base.stages[Stage.REVIEW_REQUESTED]
        accepted = [
            habit.days.quantile(0.5) for key, habit in asked.items() if ROW_BY_ID[key].event is did.ReviewAccepted
        ]
        days -= min(accepted, default=0)
    return days


def two_past_determinations() -> Register:
    """Return the register in which a panel has found a Denial twice before, at the facility of simulated paths."""
    facility = facility_of(opening())
    return Register([PriorDenial(name, facility, ENTRY_INTO_FORCE) for name in ("EARLIER-1", "EARLIER-2")])
