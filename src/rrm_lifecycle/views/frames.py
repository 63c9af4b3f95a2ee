"""Values as pandas data frames: columns that are always there, days as ``datetime64[s]``, whole numbers as ``Int64``.

``to_frame`` methods find :func:`to_frame` by name. Further values register theirs: ``to_frame.register``.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.agenda import Agenda, Options
from rrm_lifecycle.errors import EventError, MissingExtra
from rrm_lifecycle.export.frames import frame as event_log
from rrm_lifecycle.histories.alignment import Alignment, Alignments, align_all
from rrm_lifecycle.histories.dataset import Histories
from rrm_lifecycle.histories.vocabulary import EventType
from rrm_lifecycle.law.stages import Phase, Stage
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.entry import Entry, Outcome
from rrm_lifecycle.views.spans import days_in_phases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from rrm_lifecycle.case.case import Case
    from rrm_lifecycle.export.traces import Source
    from rrm_lifecycle.histories.history import History
    from rrm_lifecycle.record.filed import Filed

TEXT: Final = "object"
DAY: Final = "datetime64[s]"
NUMBER: Final = "Int64"
YES: Final = "bool"
MOMENT: Final = "datetime64[us, UTC]"

_LOG: Final = "event_log"
_LATE: Final = "within"
"""Code of the guards that an act be done in time."""

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
    "stage": TEXT,
    "phase": TEXT,
    "outcome": TEXT,
    "days_request_for_review": NUMBER,
    "days_remediation": NUMBER,
    "days_panel": NUMBER,
    "days_sanctions": NUMBER,
    "late_acts": NUMBER,
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
"""The columns of histories and of alignments, one row a case.

``petition``, ``request`` and ``closing`` are the days on which the alignment has these acts: of a period the day that
it chose. A petition or request that the record lacks, or gives no day for, is empty. ``days`` runs from the request to
the closing, or to the last look (``as_of``) in an open case; ``closed`` tells which. ``outcome`` tells how it closed.
A phase that a case never reached has no days; ``days_request_for_review`` counts the domestic stages too. ``late_acts``
counts the acts that were surely done after their last day.
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

ACTS: Final = {
    "id": TEXT,
    "event": TEXT,
    "on": DAY,
    "earliest": DAY,
    "latest": DAY,
    "stage": TEXT,
    "phase": TEXT,
    "by": TEXT,
    "rule": TEXT,
    "closing": TEXT,
    "implied": YES,
    "late_days": NUMBER,
    "notes": NUMBER,
}
"""The columns of an alignment, one row an act.

``stage`` is where the case (or its customs hold) stands after the act, ``phase`` the phase of that stage. ``late_days``
says by how many days the act is late, the most if by several limits; ``notes`` counts what was noted with it.
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


DOCKET: Final = {
    "id": TEXT,
    "annex": TEXT,
    "facility": TEXT,
    "owner": TEXT,
    "stage": TEXT,
    "phase": TEXT,
    "closing": TEXT,
    "hold": TEXT,
    "opened": DAY,
    "last_day": DAY,
    "next_due": DAY,
    "acts": NUMBER,
    "findings": NUMBER,
}
"""Columns of the frame of a docket, one row a case: where it stands, and the first last day of a limit that runs."""
FILED: Final = {
    "case_id": TEXT,
    "seq": NUMBER,
    "kind": TEXT,
    "event": TEXT,
    "effective": DAY,
    "recorded": MOMENT,
    "recorded_by": TEXT,
    "rule": TEXT,
    "to": TEXT,
    "remark": TEXT,
    "source": TEXT,
    "hash": TEXT,
}
"""Columns of the frame of a docket's entries, one row an entry; sealed texts show as such."""


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
    have = "histories, alignments, an agenda and options have one"
    msg = f"there is no data frame of a {type(value).__name__}{more}: {have}"
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
    if _checked(kind, ("cases", "events")) == "cases":
        return _alignments(align_all(value))
    return frame_of([row for history in value for row in _of_events(history)], EVENTS)


@to_frame.register(Alignments)
def _alignments(value: Alignments, *, kind: str = "cases") -> pd.DataFrame:
    """Return alignments one row a case, or one row an act.

    Args:
        value: The alignments.
        kind: ``"cases"`` (columns: :data:`CASES`), ``"acts"`` (:data:`ACTS`), or ``"event_log"``, with the columns that
            process miners know (:data:`rrm_lifecycle.export.event_log.COLUMNS`).

    Raises:
        EventError: Another kind.
    """
    if _checked(kind, ("cases", "acts", _LOG)) == _LOG:
        return _log(value)
    if kind == "cases":
        return frame_of([_of_case(one) for one in value], CASES)
    return frame_of([row for one in value for row in _of_acts(one)], ACTS)


@to_frame.register(Alignment)
def _alignment(value: Alignment) -> pd.DataFrame:
    """Return an alignment, one row an act (columns: :data:`ACTS`)."""
    return frame_of(list(_of_acts(value)), ACTS)


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


@to_frame.register(Docket)
def _docket(value: Docket, *, kind: str = "cases") -> pd.DataFrame:
    """Return a docket.

    Args:
        value: The docket.
        kind: ``"cases"``, one row a case (columns: :data:`DOCKET`); ``"entries"``, one row an entry of a case's record
            (columns: :data:`FILED`); or ``"event_log"``, one row an act, with the columns that process miners know
            (:data:`rrm_lifecycle.export.event_log.COLUMNS`).
    """
    if _checked(kind, ("cases", "entries", _LOG)) == _LOG:
        return _log(value.cases())
    if kind == "entries":
        return frame_of([_of_filed(one) for case in value.cases() for one in value.history(case)], FILED)
    return frame_of([_of_held(case) for case in value.cases()], DOCKET)


def _log(source: Source) -> pd.DataFrame:
    found: pd.DataFrame = event_log(source)
    return found


def _of_held(case: Case) -> dict[str, object]:
    plant = case.facility
    return {
        "id": case.id,
        "annex": case.annex.name,
        "facility": None if plant is None else plant.name,
        "owner": None if plant is None else plant.owner,
        "stage": case.stage.value,
        "phase": case.phase.value,
        "closing": case.closing and case.closing.value,
        "hold": case.hold.value,
        "opened": case.opened,
        "last_day": case.last_day,
        "next_due": min((limit.due for limit in case.limits if limit.due is not None), default=None),
        "acts": case.seq,
        "findings": sum(len(entry.findings) for entry in case.acts),
    }


def _of_filed(one: Filed) -> dict[str, object]:
    kept = one.entry
    event = kept.event if isinstance(kept, Entry) and isinstance(kept.event, did.Event) else None
    source = one.source and (one.source.url or one.source.text)
    return {
        "case_id": one.case_id,
        "seq": one.seq,
        "kind": one.kind.value,
        "event": None if event is None else type(event).__name__,
        "effective": getattr(kept, "on", None),
        "recorded": one.recorded,
        "recorded_by": None if one.recorded_by is None else str(one.recorded_by),
        "rule": getattr(kept, "rule", None),
        "to": kept.to.value if isinstance(kept, Entry) else None,
        "remark": None if one.remark is None else str(one.remark),
        "source": None if source is None else str(source),
        "hash": one.hash,
    }


def _checked(kind: str, kinds: tuple[str, ...]) -> str:
    if kind in kinds:
        return kind
    msg = f"kind has to be one of {', '.join(map(repr, kinds))}; found {kind!r}"
    raise EventError(msg)


def _of_case(one: Alignment) -> dict[str, object]:
    history, case = one.history, one.case
    facts = {name: getattr(history, name, None) for name in CASES}
    text = {name: None if value is None else str(value) for name, value in facts.items() if CASES[name] == TEXT}
    request = _day_of(one, EventType.REQUEST_FOR_REVIEW, did.ReviewRequested)
    closing = next((entry.on for entry in one.entries if entry.closing is not None), None)
    days = days_in_phases(case, history.as_of)
    return {
        **facts,
        **text,
        "petition": _day_of(one, EventType.PETITION_FILED, did.PetitionFiled),
        "request": request,
        "closing": closing,
        "days": None if request is None else ((closing or history.as_of) - request).days,
        "closed": case.is_closed,
        "stage": case.stage.value,
        "phase": case.phase.value,
        "outcome": case.closing and case.closing.value,
        **{f"days_{phase.value}": days[phase] for phase in Phase if phase is not Phase.RESOLVED},
        "late_acts": sum(_late_days(entry) is not None for entry in one.entries),
    }


def _day_of(one: Alignment, kind: EventType, act: type[did.Event]) -> date | None:
    """Return the day of a recorded act; None where no act of the kind is recorded, or none of its days is."""
    event = one.history.first(kind)
    if event is None or event.known is None:
        return None
    return next((entry.on for entry in one.entries if isinstance(entry.event, act) and not entry.implied), None)


def _late_days(entry: Entry) -> int | None:
    late = [found.params["days"] for found in entry.findings if found.code == _LATE and found.outcome is Outcome.UNMET]
    return max(late, default=None)


def _of_acts(one: Alignment) -> Iterator[dict[str, object]]:
    for entry in one.entries:
        earliest, latest = entry.act.known or (entry.act.on, entry.act.on)
        yield {
            "id": one.history.id,
            "event": type(entry.act).__name__,
            "on": entry.on,
            "earliest": earliest,
            "latest": latest,
            "stage": entry.to.value,
            "phase": entry.to.phase.value if isinstance(entry.to, Stage) else None,
            "by": entry.by and entry.by.value,
            "rule": entry.rule,
            "closing": entry.closing and entry.closing.value,
            "implied": entry.implied,
            "late_days": _late_days(entry),
            "notes": len(entry.findings),
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
