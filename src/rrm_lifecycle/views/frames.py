"""Values as pandas data frames: columns that are always there, days as ``datetime64[s]``, whole numbers as ``Int64``.

``to_frame`` methods find :func:`to_frame` by name. Further values register theirs: ``to_frame.register``.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final

from rrm_lifecycle.case.agenda import Agenda, Options
from rrm_lifecycle.errors import EventError, MissingExtra
from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.histories.vocabulary import EventType, FinalStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from rrm_lifecycle.histories.history import History

TEXT: Final = "object"
DAY: Final = "datetime64[s]"
NUMBER: Final = "Int64"
YES: Final = "bool"

CASES: Final = {
    "id": TEXT,
    "facility": TEXT,
    "sector": TEXT,
    "origin": TEXT,
    "petition": DAY,
    "request": DAY,
    "closing": DAY,
    "days": NUMBER,
    "closed": YES,
    "company": TEXT,
    "city": TEXT,
    "state": TEXT,
    "complainant": TEXT,
    "respondent": TEXT,
    "final_status": TEXT,
    "as_of": DAY,
    "workers_benefited": NUMBER,
    "workers_reinstated_or_paid": NUMBER,
    "backpay_usd": NUMBER,
}
"""The columns of histories, one row a case.

``petition``, ``request`` and ``closing`` are days; of a period the last day, clamped by its neighbours. ``days`` runs
from the request to the closing, or to the last look (``as_of``) where none is known; it is empty without the day of a
request. ``closed`` says whether the case is known to have ended; where the status alone says so, ``closing`` is the day
of the last look.
"""

EVENTS: Final = {
    "id": TEXT,
    "facility": TEXT,
    "event": TEXT,
    "date": DAY,
    "earliest": DAY,
    "latest": DAY,
    "agreed_end": DAY,
    "partial": YES,
    "confidence": TEXT,
    "source": TEXT,
    "note": TEXT,
}
"""The columns of histories, one row an event.

``date`` is empty where the day is not known; ``earliest`` and ``latest`` say on which days the event can have happened,
clamped by the events beside it.
"""

AGENDA: Final = {
    "case_id": TEXT,
    "term": TEXT,
    "provision": TEXT,
    "started": DAY,
    "due": DAY,
    "days_left": NUMBER,
    "who": TEXT,
    "opens": TEXT,
    "kind": TEXT,
    "standing": TEXT,
}
"""The columns of an agenda, one row a limit; ``opens`` names acts, set apart by commas."""

OPTIONS: Final = {
    "event": TEXT,
    "who": TEXT,
    "rule": TEXT,
    "provision": TEXT,
    "is_open": YES,
    "opens": DAY,
    "needs": TEXT,
}
"""The columns of options, one row an act; ``needs`` names conditions, set apart by commas."""

_ENDS: Final = frozenset({
    EventType.PETITION_REJECTED,
    EventType.MATTER_RESOLVED,
    EventType.PANEL_DETERMINATION_NO_DENIAL,
    EventType.PANEL_DETERMINATION_NO_JURISDICTION,
    EventType.REMEDIES_LIFTED,
    EventType.CASE_WITHDRAWN,
})  # fmt: skip
_STILL_OPEN: Final = (None, FinalStatus.OPEN, FinalStatus.PANEL_PENDING)


def frame_of(records: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return records as a data frame whose columns and their types are the same however few records there are.

    Args:
        records: The rows; what a row lacks is empty.
        columns: Names of the columns in order, each with its type.

    Raises:
        MissingExtra: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - loaded when the first frame is asked for
    except ImportError:
        raise MissingExtra(extra="notebook", feature="data frames") from None
    made = {name: pd.Series([record.get(name) for record in records], dtype=kind) for name, kind in columns.items()}
    return pd.DataFrame(made)


@singledispatch
def to_frame(value: object, **options: object) -> pd.DataFrame:
    """Return a value as a data frame.

    Raises:
        MissingExtra: pandas is not installed.
        TypeError: There is no frame for such a value.
    """
    more = f" with {', '.join(options)}" if options else ""
    msg = f"there is no data frame of a {type(value).__name__}{more}: histories, an agenda and options have one"
    raise TypeError(msg)


@to_frame.register(Histories)
def _histories(value: Histories, *, kind: str = "cases") -> pd.DataFrame:
    """Return histories one row a case, or one row an event.

    Args:
        value: The histories.
        kind: ``"cases"`` (columns: :data:`CASES`) or ``"events"`` (:data:`EVENTS`).

    Raises:
        EventError: Another kind.
    """
    if kind not in _KINDS:
        msg = f"kind has to be one of {', '.join(map(repr, _KINDS))}; found {kind!r}"
        raise EventError(msg)
    rows, columns = _KINDS[kind]
    return frame_of([row for history in value for row in rows(history)], columns)


@to_frame.register(Agenda)
def _agenda(value: Agenda) -> pd.DataFrame:
    """Return an agenda, one row a limit (columns: :data:`AGENDA`)."""
    rows = [
        {
            **{name: getattr(due, name) for name in AGENDA},
            "who": due.who.value,
            "opens": ", ".join(due.opens),
            "kind": due.kind and due.kind.value,
            "standing": due.standing.value,
        }
        for due in value
    ]
    return frame_of(rows, AGENDA)


@to_frame.register(Options)
def _options(value: Options) -> pd.DataFrame:
    """Return options, one row an act (columns: :data:`OPTIONS`)."""
    rows = [
        {
            **{name: getattr(option, name) for name in OPTIONS},
            "event": option.event.__name__,
            "who": option.who.value,
            "needs": ", ".join(option.needs),
        }
        for option in value
    ]
    return frame_of(rows, OPTIONS)


def _day_of(history: History, kind: EventType) -> date | None:
    """Return the day of the first event of a type, of a period the last day; None where no day is stated."""
    for event, (_, last) in zip(history.events, history.periods, strict=True):
        if event.type is kind:
            return last if event.known else None
    return None


def _closing(history: History) -> date | None:
    """Return the day of the event that ends a case; where a status alone says so, the day of the last look."""
    days = [last for event, (_, last) in zip(history.events, history.periods, strict=True) if event.type in _ENDS]
    return days[-1] if days else None if history.final_status in _STILL_OPEN else history.as_of


def _of_case(history: History) -> Iterator[dict[str, object]]:
    request, closing = _day_of(history, EventType.REQUEST_FOR_REVIEW), _closing(history)
    facts = {name: getattr(history, name, None) for name in CASES}
    text = {name: None if value is None else str(value) for name, value in facts.items() if CASES[name] == TEXT}
    yield {
        **facts,
        **text,
        "petition": _day_of(history, EventType.PETITION_FILED),
        "request": request,
        "closing": closing,
        "days": None if request is None else ((closing or history.as_of) - request).days,
        "closed": closing is not None,
    }


def _of_events(history: History) -> Iterator[dict[str, object]]:
    for event, (earliest, latest) in zip(history.events, history.periods, strict=True):
        yield {
            "id": history.id,
            "facility": history.facility,
            "event": event.type.value,
            "date": event.date,
            "earliest": earliest,
            "latest": latest,
            "agreed_end": event.agreed_end,
            "partial": event.partial,
            "confidence": event.confidence and event.confidence.value,
            "source": event.source_url,
            "note": event.note,
        }


_KINDS: Final[dict[str, tuple[Callable[[History], Iterator[dict[str, object]]], dict[str, str]]]] = {
    "cases": (_of_case, CASES),
    "events": (_of_events, EVENTS),
}
