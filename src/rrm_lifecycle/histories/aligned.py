"""What an alignment holds, and how it tells itself: acts, what is implied, notes, remarks, deviations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, overload

from attrs import field, frozen

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Role
from rrm_lifecycle.case.engine import ROW_BY_ID
from rrm_lifecycle.errors import UnknownHistory
from rrm_lifecycle.histories.acts import KINDS, Step
from rrm_lifecycle.histories.event import HistoryEvent, Period
from rrm_lifecycle.histories.history import History
from rrm_lifecycle.histories.vocabulary import FinalStatus
from rrm_lifecycle.law.guards import Lapsed
from rrm_lifecycle.law.stages import Closing
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.record.entry import Entry, Finding, Refusal
from rrm_lifecycle.record.plain import to_dict
from rrm_lifecycle.show import Shown

_SILENCE: Final = {
    "reply": {"en": "no answer on record", "es": "no consta respuesta"},
    "review": {"en": "no report on record", "es": "no consta informe"},
}


@frozen
class Remark:
    """Something on the timeline that is no act under the table.

    Attributes:
        event: The event of the public record; None where the statement of the final status is kept as a remark.
        known: The earliest and the latest day on which it can have happened.
        note: Why it is kept, or the record's own note.
    """

    event: HistoryEvent | None
    known: Period
    note: str | None = None


@frozen
class Deviation:
    """An event of the public record that the table refuses.

    Attributes:
        event: The event.
        refusal: The refusal, with every reason.
    """

    event: HistoryEvent
    refusal: Refusal


@frozen
class Alternative:
    """Another run as cheap as the one that is entered.

    Attributes:
        before: The act before which it would stand.
        instead: The acts that are entered.
        acts: The acts that could stand instead.
    """

    before: str
    instead: tuple[str, ...]
    acts: tuple[str, ...]


@frozen
class Statement:
    """What the record states of the end, beside how the case stands.

    Attributes:
        status: The final status; None where none is stated.
        closing: How the case closed; None while it is open.
        agrees: Whether both say the same; None where no status is stated.
    """

    status: FinalStatus | None
    closing: Closing | None
    agrees: bool | None


@frozen(repr=False)
class Alignment(Shown):
    """A history as the table reads it.

    Attributes:
        history: The history.
        case: The case that its acts make; its path replays.
        remarks: Events of the record that are no acts.
        deviations: Events that the table refuses.
        alternatives: Other runs as cheap as those entered.
        statement: The final status beside the closing.
    """

    history: History
    case: Case
    remarks: tuple[Remark, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    statement: Statement = field(kw_only=True)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The acts in order, the opening left out."""
        return self.case.acts

    @property
    def implied(self) -> tuple[Entry, ...]:
        """The acts that are implied, not recorded."""
        return tuple(entry for entry in self.case.acts if entry.implied)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What guards noted."""
        return tuple(finding for entry in self.case.acts for finding in entry.findings)

    @property
    def told_by(self) -> tuple[HistoryEvent | None, ...]:
        """For each act, the event of the record that tells it; None for an act that is implied."""
        left = list(self.history.events)
        return tuple(None if entry.implied else _told_by(entry, left) for entry in self.case.acts)

    def text(self, language: str = "en") -> str:
        """Return one line an act; an implied act stands in brackets with the interval in which it lies."""
        told = [f"{self.history.id}: {self.history.facility}: {_stands(self.case, language)}"]
        told += [_line(entry, language) for entry in self.entries]
        for remark in self.remarks:
            what = remark.note if remark.event is None else remark.event.type.value.replace("_", " ")
            told.append(f"  {_period(remark.known)}  - {what}")
        for one in self.deviations:
            told.append(one.refusal.text(language))
        for other in self.alternatives:
            told.append(f"  or: {', '.join(other.acts)} (instead of {', '.join(other.instead)})")
        if self.statement.agrees is False and self.statement.status is not None:
            told.append(f"  final_status: {self.statement.status.value}; {_stands(self.case, language)}")
        return "\n".join(told)

    def __str__(self) -> str:
        """Return the text in English."""
        return self.text()

    def __repr__(self) -> str:
        """Return one line without personal data."""
        counts = f"{len(self.entries)} acts, {len(self.implied)} implied, {len(self.deviations)} deviations"
        return f"<Alignment {self.history.id}: {self.case.stage.value}, {counts}>"[:120]


def _told_by(entry: Entry, left: list[HistoryEvent]) -> HistoryEvent | None:
    """Take the event that tells an act out of those that are left."""
    act = entry.act
    first, last = act.known or (act.on, act.on)
    for event in left:
        kind = KINDS.get(event.type)
        if kind is not None and (kind is type(act) or (event.partial and isinstance(act, did.PartialDenialReported))):
            known = event.known
            if known is None or (known[0] <= last and first <= known[1]):
                left.remove(event)
                return event
    return None


def _items(value: Iterable[Alignment]) -> tuple[Alignment, ...]:
    return tuple(value)


@frozen(repr=False, slots=False)
class Alignments(Shown, Sequence[Alignment]):
    """Alignments in the order of their histories; by id they are looked up.

    Attributes:
        items: The alignments.
    """

    items: tuple[Alignment, ...] = field(converter=_items)

    @cached_property
    def _by_id(self) -> Mapping[str, Alignment]:
        return {one.history.id: one for one in self.items}

    @overload
    def __getitem__(self, key: str | int) -> Alignment: ...
    @overload
    def __getitem__(self, key: slice) -> Alignments: ...
    def __getitem__(self, key: str | int | slice) -> Alignment | Alignments:
        """Return one by number or by the history's id, or several by a slice."""
        if isinstance(key, slice):
            return Alignments(self.items[key])
        if isinstance(key, int):
            return self.items[key]
        try:
            return self._by_id[key]
        except KeyError:
            msg = f"there is no alignment of {key!r}"[:200]
            raise UnknownHistory(msg) from None

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)

    def __iter__(self) -> Iterator[Alignment]:
        """Yield them in order."""
        return iter(self.items)

    def summary(self) -> dict[str, int]:
        """Return how many cases, acts, implied acts, notes, remarks, deviations, alternatives there are."""
        return {
            "cases": len(self.items),
            "acts": sum(len(one.entries) for one in self.items),
            "implied": sum(len(one.implied) for one in self.items),
            "notes": sum(len(one.notes) for one in self.items),
            "remarks": sum(len(one.remarks) for one in self.items),
            "deviations": sum(len(one.deviations) for one in self.items),
            "alternatives": sum(len(one.alternatives) for one in self.items),
        }

    def summary_text(self, language: str = "en") -> str:
        """Return the counts as a line."""
        names = _COUNTS.get(language, {})
        told = []
        for name, count in self.summary().items():
            one, many = names.get(name, (name.removesuffix("s"), name))
            told.append(f"{count} {one if count == 1 else many}")
        return ", ".join(told)

    def __repr__(self) -> str:
        """Return one line."""
        return f"<Alignments: {self.summary_text()}>"[:120]


_COUNTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "es": {
        "cases": ("caso", "casos"), "acts": ("acto", "actos"), "implied": ("implícito", "implícitos"),
        "notes": ("nota", "notas"), "remarks": ("observación", "observaciones"),
        "deviations": ("desviación", "desviaciones"), "alternatives": ("alternativa", "alternativas"),
    },
}  # fmt: skip


# ---- telling ---------------------------------------------------------------------------------------------------------
def name_of(step: Step) -> str:
    """Return the name of the act of a step."""
    return step.kind.__name__ if step.finding is None else f"{step.kind.__name__}({step.finding.value})"


def _stands(case: Case, language: str) -> str:
    return label(case.closing or case.stage, language)


def _period(known: Period) -> str:
    return known[0].isoformat() if known[0] == known[1] else f"{known[0]}/{known[1]}"


def silence(entry: Entry, language: str = "en") -> str | None:
    """Return what an act says that rests on an answer or a report that is not on record; None for any other act.

    Two kinds of acts do: one through a gate that a lapse opened, and one that ends an answer or a report by being done
    instead of it. In a patchy record the silence may be the record's.
    """
    if entry.rule is None:
        return None
    lapsed = [guard.term.name for guard in ROW_BY_ID[entry.rule].requires if isinstance(guard, Lapsed)]
    ended = [term for term in entry.stopped if entry.by is not Role.RESPONDENT]
    missing = [term for term in _SILENCE if term in lapsed or term in ended]
    if not missing:
        return None
    words = _SILENCE[missing[0]]
    return words.get(language, words["en"])


def _notes(entry: Entry, language: str) -> list[str]:
    quiet = silence(entry, language)
    return [finding.text(language) for finding in entry.findings] + ([] if quiet is None else [quiet])


def _line(entry: Entry, language: str) -> str:
    act = entry.act
    days = _period(act.known or (act.on, act.on))
    name = label(act, language)
    told = f"  {days}  [{name}]" if entry.implied else f"  {days}  {name}"
    return f"{told}: {label(entry.to, language)} ({entry.rule})" + "".join(
        f"\n      {note}" for note in _notes(entry, language)
    )


def alignment_to_dict(alignment: Alignment, language: str = "en") -> dict[str, Any]:
    """Return an alignment as JSON."""
    case = alignment.case
    return {
        "id": case.id,
        "stage": case.stage.value,
        "phase": case.phase.value,
        "closing": None if case.closing is None else case.closing.value,
        "entries": [
            {
                "event": type(entry.act).__name__,
                "on": entry.act.on.isoformat(),
                "known": None if entry.act.known is None else [day.isoformat() for day in entry.act.known],
                "stage": entry.to.value,
                "rule": entry.rule,
                "implied": entry.implied,
                "notes": _notes(entry, language),
            }
            for entry in alignment.entries
        ],
        "remarks": [
            {
                "event": None if one.event is None else one.event.type.value,
                "on": one.known[0].isoformat() if one.known[0] == one.known[1] else None,
                "known": None if one.known[0] == one.known[1] else [day.isoformat() for day in one.known],
                "note": one.note,
            }
            for one in alignment.remarks
        ],
        "deviations": [
            {
                "event": one.event.type.value,
                "on": one.refusal.event.on.isoformat(),
                "reasons": [to_dict(reason, language=language) for reason in one.refusal.reasons],
            }
            for one in alignment.deviations
        ],
        "alternatives": [
            {"before": one.before, "instead": list(one.instead), "acts": list(one.acts)}
            for one in alignment.alternatives
        ],
    }


@to_dict.register
def _(value: Alignment, *, language: str = "en") -> dict[str, Any]:
    return alignment_to_dict(value, language)


@to_dict.register
def _(value: Alignments, *, language: str = "en") -> dict[str, Any]:
    return {"cases": [alignment_to_dict(one, language) for one in value], "summary": value.summary()}
