"""Old cases come in: what an aligned history becomes in a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.filed import Confidence, Note, Source
from rrm_lifecycle.record.kept import Remark
from rrm_lifecycle.record.storage.stores import Draft


class Aligned(Protocol):
    """What is asked of an alignment: the histories stand above the record, so that it is taken by its attributes."""

    @property
    def case(self) -> Case:
        """The case that its acts make."""
        ...

    @property
    def told_by(self) -> tuple[Any, ...]:
        """For each act, the event of the record that tells it; None for an act that is implied."""
        ...

    @property
    def remarks(self) -> tuple[Any, ...]:
        """Events of the record that are no acts."""
        ...

    @property
    def deviations(self) -> tuple[Any, ...]:
        """Events that the table refuses."""
        ...


def each(alignments: Iterable[Aligned]) -> list[Aligned]:
    """Return the alignments, one by one.

    Raises:
        EventError: One is given alone, or something among them is no alignment.
    """
    if not isinstance(alignments, Iterable):
        msg = f"adopt takes several alignments: write adopt([alignment]); found {type(alignments).__name__}"
        raise EventError(msg)
    found = list(alignments)
    strange = next((one for one in found if not hasattr(one, "told_by")), None)
    if strange is not None:
        msg = f"adopt takes alignments, as rrm.align(history) makes them; found {type(strange).__name__}"
        raise EventError(msg)
    return found


def drafts_of(aligned: Aligned, recorded_by: str | None, deviations: str) -> list[Draft]:
    """Return what is to be filed of an aligned history: its opening, its acts, its remarks.

    Args:
        aligned: The alignment.
        recorded_by: The person or system at the keyboard.
        deviations: ``"refuse"`` or ``"remark"``.

    Raises:
        EventError: It deviates, and deviations are to be refused; or no such choice.
    """
    if deviations not in {"refuse", "remark"}:
        msg = f"deviations are to be 'refuse' or 'remark'; found {deviations!r}"
        raise EventError(msg)
    case = aligned.case
    if aligned.deviations and deviations == "refuse":
        first = aligned.deviations[0]
        msg = (
            f"{case.id} has {len(aligned.deviations)} events that the table refuses, the first of them: {first.refusal}\n"
            "Correct the history, choose a reading under which they fit, or keep them: deviations='remark'"
        )
        raise EventError(msg)
    drafts = [Draft(case.opening, Note.of(recorded_by))]
    told = zip(case.acts, aligned.told_by, strict=True)
    drafts += [Draft(entry, _note(recorded_by, event)) for entry, event in told]
    for one in aligned.remarks:
        drafts.append(Draft(Remark(case.id, _words(one), _day(one.known, case)), _source(recorded_by, one.event)))
    for one in aligned.deviations:
        codes = ", ".join(dict.fromkeys(reason.code for reason in one.refusal.reasons))
        text = f"{_name(one.event)}: refused by the table ({codes})"
        drafts.append(Draft(Remark(case.id, text, one.refusal.event.on), _source(recorded_by, one.event)))
    return drafts


def _note(recorded_by: str | None, event: Any) -> Note:  # noqa: ANN401 - an event of a history, or None
    if event is None:
        return Note.of(recorded_by)
    return Note.of(recorded_by, _cited(event), event.note)


def _source(recorded_by: str | None, event: Any) -> Note:  # noqa: ANN401 - likewise
    return Note.of(recorded_by) if event is None else Note.of(recorded_by, _cited(event))


def _cited(event: Any) -> Source | None:  # noqa: ANN401 - an event of a history
    if event.source_url is None:
        return None
    return Source(event.source_url, confidence=None if event.confidence is None else Confidence(event.confidence))


def _name(event: Any) -> str:  # noqa: ANN401 - an event of a history
    return str(event.type.value).replace("_", " ")


def _words(remark: Any) -> str:  # noqa: ANN401 - a remark of an alignment
    if remark.event is None:
        return str(remark.note)
    return _name(remark.event) + (f": {remark.note}" if remark.note else "")


def _day(known: Any, case: Case) -> Any:  # noqa: ANN401 - a period, or None
    return known[1] if known is not None else case.last_day or case.opened
