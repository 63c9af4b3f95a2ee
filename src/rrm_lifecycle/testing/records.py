"""Strategies for what is kept: dockets, records, and records that somebody tampered with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.record.chain import dumps
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.testing.courses import Course, cases, courses
from rrm_lifecycle.testing.drawing import st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NOON: Final = datetime(2030, 1, 1, 12, tzinfo=UTC)
"""What the clock of a drawn docket says: behind every drawn act, and always the same."""


# ---- dockets ---------------------------------------------------------------------------------------------------------
def _docket(several: list[Course]) -> Docket:
    docket = Docket.in_memory(context=several[0].context if several else None, clock=lambda: NOON)
    for number, one in enumerate(several, 1):
        said = one.case.opened_with
        case = docket.start(
            f"CASE-{number}",
            annex=said.annex, origin=said.origin, complainant=said.complainant, respondent=said.respondent,
            recorded_by="clerk-1",
        )  # fmt: skip
        for entry in one.case.acts:
            if not docket.ask(case, entry.act).admitted:
                break  # a Denial in an earlier case of the docket may stand against it
            case = docket.record(case, entry.act, recorded_by=f"clerk-{number}")
    return docket


def dockets(*, most: int = 3) -> SearchStrategy[Docket]:
    """Draw dockets in memory with several cases, at facilities of several owners; they shrink to an empty one.

    Args:
        most: How many cases there are at most.
    """
    from rrm_lifecycle.case.context import DEFAULT  # noqa: PLC0415 - of one function

    return st.lists(courses(context=DEFAULT), max_size=most).map(_docket)


# ---- records ---------------------------------------------------------------------------------------------------------
def records() -> SearchStrategy[bytes]:
    """Draw records of one case, as ``dumps`` writes them; they shrink to that of a case without many acts."""
    return cases().map(dumps)


@frozen
class Tampered:
    """A record that somebody tampered with, and what was done to it.

    Attributes:
        record: Its bytes.
        what: What was done: ``"dropped"``, ``"changed"``, ``"cut"``, ``"swapped"``, ``"repeated"``, ``"added"``, or
            ``"mixed"`` with a line of another record.
        line: On which line, from 1 on.
        case: The case of the record as it was.
    """

    record: bytes = field(repr=False)
    what: str
    line: int
    case: Case


_WHAT: Final = ("dropped", "changed", "cut", "swapped", "repeated", "added", "mixed")


def _tampered(case: Case, other: Case, what: str, at: int, byte: int) -> Tampered:
    lines = dumps(case).splitlines(keepends=True)
    number = at % len(lines)
    line = lines[number]
    if what == "dropped":
        lines[number:] = lines[number + 1 :]
    elif what == "changed":
        # A byte of a word or a number, replaced by its neighbour: the line stays well formed, and says something else.
        places = [place for place, one in enumerate(line) if chr(one).isalnum()]
        place = places[byte % len(places)]
        new = line[place] + 1 if chr(line[place] + 1).isalnum() else line[place] - 1
        lines[number] = line[:place] + bytes([new]) + line[place + 1 :]
    elif what == "cut":
        lines[number:] = [line[: byte % len(line)]]
    elif what == "swapped":
        number = at % (len(lines) - 1)
        lines[number], lines[number + 1] = lines[number + 1], lines[number]
    elif what == "repeated":
        lines.insert(number, line)
    elif what == "added":
        lines.insert(number, b'{"body":{},"hash":"' + b"0" * 64 + b'"}\n')
    else:
        lines[number] = dumps(other).splitlines(keepends=True)[0]
    return Tampered(b"".join(lines), what, number + 1, case)


def tampered_records() -> SearchStrategy[Tampered]:
    """Draw records that somebody tampered with, and what was done; ``verify`` and ``loads`` refuse every one of them."""
    return st.builds(
        _tampered, cases(), cases(case_id="OTHER-1"), st.sampled_from(_WHAT), st.integers(0, 40), st.integers(0, 2_000)
    )
