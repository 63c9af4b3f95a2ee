"""What a row of the table is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import field, frozen

from rrm_lifecycle.case.claim import Party, Role
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.law.guards import Guard
from rrm_lifecycle.law.provisions import Provision
from rrm_lifecycle.law.stages import Closing, Hold, Stage
from rrm_lifecycle.law.terms import TERMS, Standing, Term
from rrm_lifecycle.show import Displayed, WebType


def _stages(value: Stage | Hold | tuple[Stage | Hold, ...]) -> tuple[Stage | Hold, ...]:
    return value if isinstance(value, tuple) else (value,)


@frozen(kw_only=False)
class Row(WebType, Displayed):
    """One rule: in a stage, who does what, then in which stage, as provided in which provision.

    Attributes:
        id: The rulebook's id, with a letter where one rule needs several rows; never reused.
        stages: Where the case (or the hold) may stand.
        who: Whose act it is.
        event: What is done.
        to: Where it then stands; None where it stays, since the act is a fact alone.
        provision: What provides for it.
        rests_on: What our knowledge of it rests on.
        requires: Conditions, in the order in which they are told.
        starts: Terms whose limits it starts.
        stops: Terms whose limits it stops, where they run.
        closes: How the case closes.
        sets: Facts that the row decides.
        only: The row stands for this complainant Party alone.
        under: The row stands only under this choice of a reading: field and value.
        having: The row stands only for events with this field and value.
        extends: The act moves the due day of the running limit that it names.
    """

    id: str
    stages: tuple[Stage | Hold, ...] = field(converter=_stages)
    who: Role
    event: type[Event]
    to: Stage | Hold | None
    provision: Provision
    rests_on: Standing
    requires: tuple[Guard, ...] = field(default=(), kw_only=True)
    starts: tuple[Term, ...] = field(default=(), kw_only=True)
    stops: tuple[Term, ...] = field(default=(), kw_only=True)
    closes: Closing | None = field(default=None, kw_only=True)
    sets: Mapping[str, str] | None = field(default=None, kw_only=True, hash=False)
    only: Party | None = field(default=None, kw_only=True)
    under: tuple[str, Any] | None = field(default=None, kw_only=True)
    having: tuple[str, Any] | None = field(default=None, kw_only=True)
    extends: bool = field(default=False, kw_only=True)

    @property
    def rule(self) -> str:
        """The rulebook's rule, without the letter of the row."""
        return self.id.rstrip("abcdefghijklmnopqrstuvwxyz")


class Rows(Displayed, tuple[Row, ...]):
    """A table of the law: rows in the order in which they are tried. A tuple that can be shown, and equal to any other."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return how many rows there are, in a line."""
        ends = f", {self[0].id} to {self[-1].id}" if self else ""
        return f"<Rows: {len(self)}{ends}>"


EVERY_TERM: Final[tuple[Term, ...]] = TERMS
"""What an act stops that closes a case."""
