"""A table is checked before a machine is made of it: a row that contradicts itself is named."""

from __future__ import annotations

import attrs

from rrm_lifecycle.errors import TableError
from rrm_lifecycle.law.readings import choices
from rrm_lifecycle.law.rows import EVERY_TERM, Row
from rrm_lifecycle.law.stages import Hold, Stage


def check(rows: tuple[Row, ...], places: type[Stage | Hold]) -> None:  # noqa: C901 - a line a check
    """Refuse a table that contradicts itself.

    Args:
        rows: Its rows.
        places: Where its rows stand: stages of a case, or places of the hold.

    Raises:
        TableError: A row contradicts itself or another; the message names it.
    """
    ids: set[str] = set()
    for row in rows:
        wrong = None
        if row.id in ids:
            wrong = "has the id of an earlier row"
        elif not row.stages or not all(isinstance(place, places) for place in row.stages):
            wrong = f"has to stand in stages of {places.__name__}"
        elif row.to is not None and not isinstance(row.to, places):
            wrong = f"has to lead to a {places.__name__}, or to stay"
        elif (row.to is Stage.CLOSED) is not (row.closes is not None):
            wrong = "has to say how it closes where it leads to CLOSED, and only there"
        elif row.to is Stage.CLOSED and set(row.stops) != set(EVERY_TERM):
            wrong = "has to stop every limit, since a closed case has none running"
        elif row.event.of_hold is not (places is Hold):
            wrong = "has an event of the other track"
        elif row.having is not None and row.having[0] not in attrs.fields_dict(row.event):
            wrong = f"looks at the field {row.having[0]!r}, which {row.event.__name__} has not"
        elif row.under is not None and row.under[0] not in choices():
            wrong = f"stands under {row.under[0]!r}, which is no choice of a reading"
        if wrong:
            msg = f"row {row.id} ({row.event.__name__}) {wrong}"
            raise TableError(msg)
        ids.add(row.id)
