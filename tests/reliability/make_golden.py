"""Make the golden files of this version, once for each version of the tables or the bodies.

Run by hand, and never over files that are there::

    python -m tests.reliability.make_golden

Beside a docket and an export of it lies what it folded to when it was made, as JSON.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rrm_lifecycle import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.histories import load
from rrm_lifecycle.histories.alignment import align_all
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.record.acts import event_to_dict
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.filed import Document, Source
from rrm_lifecycle.record.kept import Attempt, Insert, Replace, Strike
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.record.storage.sqlite import SqliteStore
from rrm_lifecycle.testing.contract_cases import to_denial

FOLDER: Final = Path(__file__).parent / "golden"
VERSION: Final = 1
_HISTORIES: Final = ("vu-2", "atento", "akwel")
_DAY: Final = date(2024, 3, 1)


class _Clock:
    """Goes on by a minute and a microsecond; once it goes back by an hour."""

    def __init__(self) -> None:
        self.ticks = 0

    def __call__(self) -> datetime:
        self.ticks += 1
        back = timedelta(hours=1) if self.ticks == 12 else timedelta(0)
        return datetime(2024, 6, 3, 9, tzinfo=UTC) + timedelta(minutes=self.ticks, microseconds=self.ticks) - back


def told(docket: Docket) -> dict[str, Any]:
    """Return what a docket folds to, as JSON: where each case stands and what led there, what runs, and what was kept."""
    found = docket.verify()
    return {
        "entries": found.entries,
        "heads": found.heads,
        "cases": {case.id: _case(docket, case) for case in docket.cases()},
    }


def _case(docket: Docket, case: Case) -> dict[str, Any]:
    return {
        "annex": case.annex.name,
        "stage": case.stage.value,
        "closing": case.closing and case.closing.value,
        "hold": case.hold.value,
        "acts": [
            {
                "act": event_to_dict(entry.act),
                "rule": entry.rule,
                "by": str(entry.by),
                "from": entry.stage.value,
                "to": entry.to.value,
                "implied": bool(entry.implied),
                "findings": [one.code for one in entry.findings],
            }
            for entry in case.acts
        ],
        "limits": sorted(f"{one.term} {one.started} {one.due}" for one in case.limits),
        "kinds": [one.entry.kind.value for one in docket.history(case.id)],
        "recorded_by": [str(one.note.recorded_by) for one in docket.history(case.id)],
        "sealed": {f"{seq} {place}": value for (seq, place), value in docket.reveal(case.id).items()},
        "attempts": [
            type(one.entry.event).__name__ for one in docket.attempts(case.id) if isinstance(one.entry, Attempt)
        ],
    }


def fill(docket: Docket) -> None:
    """Record something of each kind."""
    docket.start("A", origin="hotline", recorded_by="clerk-1")
    acts = to_denial()
    case = docket.record(
        "A",
        acts[0],
        recorded_by="clerk-1",
        source=Source(url="https://example.org/notice", confidence="official"),
        remark="ñandú \U0001f33a «dicho»",
        documents=[Document("notice.pdf", "ab" * 32, 12_345, "application/pdf")],
        once="message-1",
    )
    case = docket.record_all(case, acts[1:6], recorded_by="clerk-2")
    with suppress(RefusedError):
        docket.record(case, did.MatterSettled(date(2023, 1, 1)), recorded_by="clerk-2")
    docket.remark("A", sealed("Juana Pérez called"), on=_DAY)
    docket.remark("A", sealed("Pedro Páramo called"), on=_DAY, recorded_by=sealed("Susana San Juan"))
    docket.record_all("A", acts[6:])
    sealed_by = [seq for seq, place in docket.reveal("A") if place == "recorded_by"]
    docket.erase("A", sealed_by[0], "recorded_by", reason="asked for by the person", recorded_by="clerk-3")
    docket.start("B", annex=ANNEX_31B)
    docket.start("C")
    docket.record_all("C", (acts[0], did.HoldBegun(date(2024, 1, 8))))
    docket.record("C", did.ReviewAccepted(date(2024, 1, 12)))
    docket.correct("C", Replace(3, did.ReviewAccepted(date(2024, 1, 11))), reason="the letter is of the 11th")
    docket.record("C", did.DenialReported(date(2024, 2, 1)))
    docket.correct("C", Strike(4), reason="it was about another plant", recorded_by="clerk-1")
    docket.correct("C", Insert(3, did.NoDenialReported(date(2024, 1, 30))), reason="found in the mail")
    docket.adopt([one for one in align_all(load()) if one.case.id in _HISTORIES], recorded_by="import-1")


def main() -> None:
    """Make the files, where there are none yet."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"docket-v{VERSION}.db"
    if path.exists():
        msg = f"{path} is there already: a golden file is never made again"
        raise SystemExit(msg)
    clock = _Clock()
    SqliteStore(path, clock=clock, log="golden-1").close()
    with Docket.open(path, clock=clock) as docket:
        fill(docket)
        docket.export_jsonl(FOLDER / f"docket-v{VERSION}.jsonl", disclose=True)
        expected = told(docket)
    for beside in FOLDER.glob(f"docket-v{VERSION}.db-*"):
        beside.unlink()
    for beside in FOLDER.glob(f"docket-v{VERSION}.db.lock"):
        beside.unlink()
    text = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True)
    (FOLDER / f"docket-v{VERSION}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
