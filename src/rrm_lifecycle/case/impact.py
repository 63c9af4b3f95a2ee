"""What remediation brought, summed over cases: the Mechanism's own measure of success."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from rrm_lifecycle.case.claim import Impact, Measure
from rrm_lifecycle.show import Shown


@frozen
class ImpactSum(Shown):
    """A sum, and on how many cases each part of it rests.

    A case that states nothing counts as nothing known, never as zero.

    Attributes:
        cases: How many cases were looked at.
        silent: How many of them state nothing.
        workers_benefited: Workers who benefited, as far as stated.
        workers_reinstated: Workers reinstated, as far as stated.
        back_pay_cents: Back pay in whole US cents, as far as stated.
        stated: How many cases state each of the three.
        measures: How many cases state each kind of measure.
        sources: What states it.
    """

    cases: int
    silent: int
    workers_benefited: int
    workers_reinstated: int
    back_pay_cents: int
    stated: dict[str, int] = field(hash=False)
    measures: dict[Measure, int] = field(hash=False)
    sources: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the sum in a few lines, with what it rests on."""
        stated = self.stated
        dollars, cents = divmod(self.back_pay_cents, 100)
        lines = [
            f"{self.cases} cases, {self.silent} of which state nothing",
            f"workers who benefited: {self.workers_benefited:,} (stated in {stated['workers_benefited']} cases)",
            f"workers reinstated: {self.workers_reinstated:,} (stated in {stated['workers_reinstated']} cases)",
            f"back pay: {dollars:,}.{cents:02d} USD (stated in {stated['back_pay_cents']} cases)",
        ]
        lines += [f"{kind.replace('_', ' ')}: {count} cases" for kind, count in self.measures.items()]
        return "\n".join(lines)


_NUMBERS = ("workers_benefited", "workers_reinstated", "back_pay_cents")


def impact_of(case: Any) -> Impact | None:  # noqa: ANN401 - a case, an alignment or a history
    """Return what remediation brought in one case; None where it states nothing.

    Args:
        case: A case, an alignment (``.case``) or a history (``.impact``). Of several statements in a case the last
            one stands, number by number, since a later act states what an earlier one planned; measures are united.
    """
    stated = getattr(case, "impact", None)
    if stated is None:
        stated = _of_acts(getattr(case, "case", case))
    return stated if isinstance(stated, Impact) and stated != Impact(source=stated.source) else None


def _of_acts(case: Any) -> Impact | None:  # noqa: ANN401 - any value with acts
    measures: dict[Measure, None] = {}
    numbers: dict[str, int | None] = dict.fromkeys(_NUMBERS)
    source = None
    for entry in getattr(case, "acts", ()):
        outcome: Impact | None = getattr(entry.event, "outcome", None)
        if outcome is None:
            continue
        measures |= dict.fromkeys(outcome.measures)
        source = outcome.source or source
        for name in _NUMBERS:
            number = getattr(outcome, name)
            numbers[name] = numbers[name] if number is None else number
    return Impact(tuple(measures), source=source, **numbers)


def impact(cases: Iterable[Any]) -> ImpactSum:
    """Return what remediation brought, summed over cases, alignments or histories.

    Example:
        >>> impact([]).workers_benefited
        0
    """
    looked_at = silent = 0
    totals = dict.fromkeys(_NUMBERS, 0)
    stated = dict.fromkeys(_NUMBERS, 0)
    measures: dict[Measure, int] = {}
    sources: dict[str, None] = {}
    for case in cases:
        looked_at += 1
        one = impact_of(case)
        if one is None:
            silent += 1
            continue
        for name in _NUMBERS:
            number = getattr(one, name)
            if number is not None:
                totals[name] += number
                stated[name] += 1
        for kind in one.measures:
            measures[kind] = measures.get(kind, 0) + 1
        if one.source:
            sources[one.source] = None
    return ImpactSum(
        looked_at,
        silent,
        totals["workers_benefited"],
        totals["workers_reinstated"],
        totals["back_pay_cents"],
        stated,
        measures,
        tuple(sources),
    )
