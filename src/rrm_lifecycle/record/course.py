"""What a correction does: the course of a case with its changes put in, decided anew from the first of them on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import field, frozen

from rrm_lifecycle.case.case import Case, evolve, replay
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import decide, decide_again
from rrm_lifecycle.case.events import Event
from rrm_lifecycle.errors import EventError, RefusedError
from rrm_lifecycle.record.entry import Entry, Refusal
from rrm_lifecycle.record.kept import Alters, Change, Correction
from rrm_lifecycle.record.recheck import Difference, compare
from rrm_lifecycle.show import Shown


@frozen
class Preview(Shown):
    """What a correction would do. Nothing is written.

    Attributes:
        correction: The correction.
        before: The case as it stands.
        after: The case as it would stand.
        differences: What would differ in the acts that stay: stages, closings, due days, findings.
    """

    correction: Correction
    before: Case = field(repr=False)
    after: Case = field(repr=False)
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        """Return what would be changed, and what would differ."""
        lines = [f"{self.before.id}: {self.before.stage.value} -> {self.after.stage.value}"]
        lines += [f"  {one}" for one in self.correction.changes]
        lines += [f"  {one}" for one in self.differences] or ["  nothing else would differ"]
        return "\n".join(lines)


def course(
    case: Case, changes: Sequence[Change], reason: str, context_for: Callable[[Case, Event], Context]
) -> Preview:
    """Return what a correction does to a case.

    Acts before the first change stay as they were decided. From there on each act is decided anew where the acts before
    it lead now. One that has happened and that the corrected course would have barred stays, with a finding.

    Args:
        case: The case as it stands.
        changes: Replacements, insertions and strikes, numbered by ``case.path`` as it stands.
        reason: Why.
        context_for: The context to decide an act in.

    Raises:
        EventError: No changes, a number that no act has, or two changes of one act.
        RefusedError: A new act is refused where it is put, or for an act behind it no row is left, or its day is out of
            order: mend that in the same call.
    """
    told, inserted = _told(case, changes)
    since = min(one.seq + (one.what is Alters.INSERT) for one in changes)
    now = replay((case.opening, *case.acts[: since - 1]))
    acts: list[Entry] = []
    differences: list[Difference] = []
    for seq, one in enumerate(_events(case, told, inserted, since), since):
        context = context_for(now, one.act if isinstance(one, Entry) else one)
        decided = decide_again if isinstance(one, Entry) else decide
        ruling = decided(now, one, context=context)  # type: ignore[arg-type]  # of the kind that was looked at
        if isinstance(ruling, Refusal):
            raise RefusedError(ruling)
        if isinstance(one, Entry):
            differences += compare(seq, one, ruling)
        acts.append(ruling)
        now = evolve(now, ruling)
    correction = Correction(case.id, changes, reason, since, tuple(acts), case.stage, now.stage)
    return Preview(correction, case, now, tuple(differences))


def _told(case: Case, changes: Sequence[Change]) -> tuple[dict[int, Change], dict[int, list[Event]]]:
    """Return what becomes of each act that is replaced or struck, and the acts that are put in behind each number."""
    last = len(case.acts)
    if not changes:
        msg = "a correction needs changes: Replace(seq, event), Insert(after, event) or Strike(seq)"
        raise EventError(msg)
    told: dict[int, Change] = {}
    inserted: dict[int, list[Event]] = {}
    for one in changes:
        if not isinstance(one, Change):
            msg = f"a change is made with Replace, Insert or Strike; found {type(one).__name__}"
            raise EventError(msg)
        least = 0 if one.what is Alters.INSERT else 1
        if not least <= one.seq <= last:
            msg = (
                f"case {case.id} has acts 1 to {last} in case.path; the change names {one.seq}. Entries of the record have "
                "numbers of their own: remarks and corrections count there, and not here"
            )
            raise EventError(msg)
        if one.what is Alters.INSERT and one.event is not None:
            inserted.setdefault(one.seq, []).append(one.event)
        elif one.seq in told:
            msg = f"act {one.seq} is changed twice: say once what is to stand"
            raise EventError(msg)
        else:
            told[one.seq] = one
    return told, inserted


def _events(
    case: Case, told: dict[int, Change], inserted: dict[int, list[Event]], since: int
) -> Iterator[Entry | Event]:
    """Yield the course from an act on: acts that stay as they were recorded, and new ones as events."""
    for seq in range(since - 1, len(case.acts) + 1):
        change = told.get(seq)
        if change is not None and change.event is not None:
            yield change.event
        elif change is None and seq >= since:
            yield case.acts[seq - 1]
        yield from inserted.get(seq, ())
