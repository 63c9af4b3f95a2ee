"""How what a record keeps moves a case: acts by ``evolve``, corrections by the course that they hold, the rest not."""

from __future__ import annotations

from collections.abc import Iterable

from rrm_lifecycle.case.case import Case, evolve, evolve_all, replay
from rrm_lifecycle.errors import RecordDamaged
from rrm_lifecycle.record.entry import Entry, EntryKind
from rrm_lifecycle.record.kept import Correction, Kept


def fold(case: Case | None, kept: Kept) -> Case:
    """Return the case after whatever was kept. Nothing is decided, and no table is read.

    Args:
        case: The case before; None before its opening.
        kept: What the record keeps next.

    Raises:
        RecordDamaged: It does not follow where the case stands.
    """
    if type(kept) is Entry:
        return replay([kept]) if case is None else evolve(case, kept)
    if case is None:
        msg = f"a record starts with the opening of its case; found {kept.kind.value}"
        raise RecordDamaged(msg)
    if type(kept) is Correction:
        return corrected(case, kept)
    if kept.case_id != case.id or kept.kind is EntryKind.ATTEMPT:
        msg = f"the {kept.kind.value} of case {kept.case_id} does not belong in the record of case {case.id}"
        raise RecordDamaged(msg)
    return case


def corrected(case: Case, kept: Correction) -> Case:
    """Return the case after a correction: its course up to the first change, and from there on the course that it holds.

    Raises:
        RecordDamaged: The correction does not start where the case stands, or its course does not follow.
    """
    if kept.case_id != case.id or kept.stage is not case.stage or not 1 <= kept.since <= len(case.acts) + 1:
        msg = f"a correction of case {kept.case_id} from act {kept.since} on does not fit case {case.id} as it stands"
        raise RecordDamaged(msg)
    found = replay((case.opening, *case.acts[: kept.since - 1], *kept.acts))
    if found.stage is not kept.to:
        msg = f"a correction of case {case.id} says that it leads to {kept.to}, and its course leads to {found.stage}"
        raise RecordDamaged(msg)
    return found


def fold_all(several: Iterable[Kept], case: Case | None = None) -> Case:
    """Return the case that a record folds to: what :func:`fold` gives one by one, acts that follow one another in one go.

    Args:
        several: What the record keeps, in order.
        case: The case before the first of them; None where that is the opening.

    Raises:
        RecordDamaged: The entries do not start with an opening, or do not follow one another.
    """
    acts: list[Entry] = []
    for kept in several:
        if type(kept) is Entry:
            acts.append(kept)
            continue
        if acts:
            case, acts = _acted(case, acts), []
        case = fold(case, kept)
    if acts:
        case = _acted(case, acts)
    if case is None:
        msg = "a record starts with the opening of its case; found nothing"
        raise RecordDamaged(msg)
    return case


def _acted(case: Case | None, acts: list[Entry]) -> Case:
    return replay(acts) if case is None else evolve_all(case, acts)
