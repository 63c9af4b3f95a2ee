"""What the fuzz run calls: one function a reader. It says whether an input was read, and asserts what then has to hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from rrm_lifecycle.canonical import UNTRUSTED, canonical
from rrm_lifecycle.errors import RRMError
from rrm_lifecycle.histories import reading, spreadsheet
from rrm_lifecycle.histories.dataset import Histories, load
from rrm_lifecycle.record.acts import event_from_dict, event_from_text, event_to_dict
from rrm_lifecycle.record.chain import dumps, loads_filed, verify
from rrm_lifecycle.record.reader import read_line
from tests.hostile import corpus, corpus_inputs, corpus_records
from tests.hostile.again import lost_of
from tests.hostile.kinds import records

Target = Callable[[bytes], bool]

LONGEST_INPUT: Final = 16_384
_LONGEST_MESSAGE: Final = 4_000
_GOLDEN: Final = Path(__file__).parents[1] / "record" / "golden"


def _quiet(error: RRMError) -> bool:
    """Assert that an error may be shown, and say that the input was not read."""
    message = str(error)
    assert message, "an error without a message"
    assert UNTRUSTED.search(message) is None, "an error that repeats what no reader could trust"
    assert len(message) <= _LONGEST_MESSAGE, "an error without an end"
    return False


def line(data: bytes) -> bool:
    """Read a line; what is read gives the same bytes again."""
    try:
        value = read_line(data)
    except RRMError as error:
        return _quiet(error)
    assert canonical(value) == data
    return True


def record(data: bytes) -> bool:
    """Read the record of a case; what is read gives the same bytes again, and nothing in it was passed over."""
    try:
        filed = loads_filed(data)
    except RRMError as error:
        _quiet(error)
        return _refused_by_verify(data)
    shown = data.count(b'\n{"sealed":')
    assert shown or dumps(filed) == data, "a record that comes back otherwise"
    assert verify(data).entries == len(filed)
    for one in filed:
        assert not list(lost_of(one)), "a key that the reader passed over"
    return True


def _refused_by_verify(data: bytes) -> bool:
    try:
        verify(data)
    except RRMError as error:
        return _quiet(error)
    return False  # several records behind one another


def forged(data: bytes) -> bool:
    """Read bodies, one a line, whose links and hashes are made to fit."""
    bodies = data.split(b"\n")[:12]
    try:
        case_id = json.loads(bodies[0])["case"]
    except (ValueError, TypeError, KeyError, RecursionError):
        case_id = "a"
    if not isinstance(case_id, str) or not case_id.isprintable():
        case_id = "a"
    return record(corpus_records.chained(bodies, case_id))


def event(data: bytes) -> bool:
    """Read an event from JSON; what is read gives an equal event again."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    try:
        made = event_from_dict(found)
    except RRMError as error:
        return _quiet(error)
    again = event_to_dict(made)
    assert event_from_dict(again) == made
    assert read_line(canonical(again)) == again
    return True


def typed(data: bytes) -> bool:
    """Read an event from text: name, day, and the fields, set apart by line feeds."""
    name, _, rest = data.decode("utf-8", "surrogateescape").partition("\n")
    day, _, rest = rest.partition("\n")
    fields = dict(one.split("=", 1) for one in rest.split("\n") if "=" in one)
    try:
        made = event_from_text(name, day, fields=fields)
    except RRMError as error:
        return _quiet(error)
    assert event_from_dict(event_to_dict(made)) == made
    return True


def histories(data: bytes) -> bool:
    """Read a file of histories; what is read gives equal histories again."""
    try:
        text = reading.decoded(data, "x")
        if reading.is_json(text):
            cases, compiled = reading.read_json(text, "x")
        else:
            cases, compiled = list(spreadsheet.read_csv(text, "x")), None
        found = Histories(cases, compiled)
    except RRMError as error:
        return _quiet(error)
    again, day = reading.read_json(json.dumps(found.as_json()), "x")
    assert (tuple(again), day) == (found.items, compiled)
    return bool(cases)


TARGETS: Final[tuple[tuple[str, Target], ...]] = (
    ("line", line), ("record", record), ("forged", forged), ("event", event), ("typed", typed), ("histories", histories),
)  # fmt: skip


@cache
def _whole_records() -> tuple[bytes, ...]:
    golden = (one.read_bytes() for one in sorted(_GOLDEN.glob("*.jsonl")))
    single: list[bytes] = []
    for data in golden:
        part: list[bytes] = []
        for row in data.splitlines(keepends=True):
            part.append(row)
            if row.startswith(b'{"end":'):
                single.append(b"".join(part))
                part = []
    return (*records(), corpus_records.RECORD, *single)


def seeds() -> Iterator[bytes]:
    """Yield inputs to begin with: good ones, and the corpus."""

    def put(number: int, data: bytes) -> Iterator[bytes]:
        if len(data) < LONGEST_INPUT:
            yield bytes([number]) + data

    for whole in _whole_records():
        yield from put(1, whole)
        bodies = [
            row[len(b'{"body":') : row.rindex(b',"hash":"')] for row in whole.splitlines() if row.startswith(b'{"body"')
        ]
        yield from put(2, b"\n".join(bodies))
        for body in bodies:
            yield from put(0, body)
            told: dict[str, Any] = json.loads(body)
            if "event" in told:
                said = {"event": told["event"], "on": told["effective"], **told.get("data", {})}
                yield from put(3, json.dumps(said, ensure_ascii=False).encode())
                fields = [
                    f"{key}={one if isinstance(one, str) else json.dumps(one)}"
                    for key, one in told.get("data", {}).items()
                ]
                yield from put(4, "\n".join((told["event"], told["effective"], *fields)).encode())
    for item in corpus.lines():
        yield from put(0, item.data)
    for item in corpus_records.records():
        yield from put(1, item.data)
    for item in (*corpus_inputs.json_files(), *corpus_inputs.csv_files()):
        yield from put(5, item.data)
    for history in load():
        yield from put(5, corpus_inputs.history_file(json.dumps(history.as_json())))
        with suppress(RRMError):  # a case that has an event twice is no row
            row = {column: cell for column, cell in spreadsheet.row_of(history).items() if cell}
            yield from put(
                5, "\n".join(",".join(f'"{one}"' for one in cells) for cells in (row, row.values())).encode()
            )
    head = ",".join(spreadsheet.COLUMNS[:6]) + ",petition_filed,request_for_review,matter_resolved,as_of,course_end\n"
    yield from put(5, head.encode() + b"a-1,Planta,Co,City,State,mining,2023-01,2023-02-03,?,2024-01-01,\n")
    yield from put(5, corpus_inputs.history_file(json.dumps(corpus_inputs.CASE)))
