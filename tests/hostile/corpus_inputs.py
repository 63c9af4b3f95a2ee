"""Hostile events, typed texts, and files of histories in JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from rrm_lifecycle.errors import EventError, HistoryError
from rrm_lifecycle.histories.reading import LARGEST
from tests.hostile.corpus import BAD_NUMBERS, IDS, UNTRUSTED_TEXTS, Item

# ---- events ----------------------------------------------------------------------------------------------------------
_SAYS: Final[dict[str, Any]] = {"event": "ReviewRequested", "on": "2024-04-01", "basis": "dismissals", "laws": ["LFT"]}
_FACILITY: Final[dict[str, Any]] = {
    "name": "Planta Uno",
    "country": "MX",
    "sector": "mining",
    "goods_traded": True,
    "competes": True,
}


def events() -> Iterator[Item]:
    """Yield JSON of events for ``event_from_dict``."""
    for name, text in {**UNTRUSTED_TEXTS, "surrogate": "\ud800"}.items():
        yield Item(f"basis-{name}", {**_SAYS, "basis": text}, r"ReviewRequested.*basis.*U\+", EventError)
        inside = {**_SAYS, "facility": {**_FACILITY, "name": text}}
        yield Item(f"facility-{name}", inside, r"ReviewRequested\.facility.*U\+", EventError)
        yield Item(f"key-{name}", {**_SAYS, text: "x"}, "ReviewRequested has no field", EventError)
        yield Item(f"event-{name}", {**_SAYS, "event": text}, "there is no event", EventError)
        yield Item(f"day-{name}", {**_SAYS, "on": text}, r"ReviewRequested\.on has to be a day", EventError)
        yield Item(f"list-{name}", {**_SAYS, "laws": [text]}, r"ReviewRequested.*laws.*U\+", EventError)
        yield Item(f"by-{name}", {**_SAYS, "by": text}, r"ReviewRequested\.by", EventError)
    odd: tuple[Any, ...] = (None, 1, True, 2.0, float("nan"), float("inf"), [], {}, [[]], b"x", object)
    for value in odd:
        for key in ("event", "on", "facility", "laws", "basis"):
            if value is None and key not in {"on", "event"}:
                continue
            if value == [] and key == "laws":
                continue
            yield Item(f"{key}-{value!r}"[:60], {**_SAYS, key: value}, f"{key}|facility|there is no event", EventError)
    for no_object in ([], None, "x", 1, [_SAYS]):
        yield Item(f"no-object-{no_object!r}"[:40], no_object, "an event has to be an object", EventError)
    yield Item("no-name", {"on": "2024-04-01"}, "lacks 'event'", EventError)
    yield Item("no-day", {"event": "ReviewAccepted"}, r"ReviewAccepted lacks the field 'on'", EventError)
    yield Item("dunder", {**_SAYS, "__class__": "x"}, "has no field", EventError)
    yield Item("huge-text", {**_SAYS, "basis": "a" * 1_000_000}, "basis.*20000 characters", EventError)
    yield Item("huge-key", {**_SAYS, "k" * 1_000_000: 1}, "has no field", EventError)
    yield Item("huge-event", {**_SAYS, "event": "E" * 1_000_000}, "there is no event", EventError)


def typed() -> Iterator[Item]:
    """Yield what a person could type for ``event_from_text``: name, day, and the text of a field."""
    deep = "[" * 100_000
    for name, text in UNTRUSTED_TEXTS.items():
        yield Item(f"basis-{name}", ("ReviewRequested", "2024-04-01", {"basis": text}), r"basis.*U\+", EventError)
        yield Item(f"name-{name}", (text, "2024-04-01", {}), "there is no event", EventError)
        yield Item(f"day-{name}", ("ReviewAccepted", text, {}), "on has to be a day", EventError)
        yield Item(f"key-{name}", ("ReviewAccepted", "2024-04-01", {text: "x"}), "has no field", EventError)
    for name, text in (
        ("deep", deep), ("deep-objects", '{"a":' * 50_000), ("open", "{"), ("nan", '{"name":NaN}'),
        ("surrogate", '{"name":"\\ud800"}'),
        ("number", '{"name":1e999}'), ("digits", '{"name":' + "9" * 5_000 + "}"), ("word", "Planta"),
        ("escape", '{"name":"\\u001b[31m","country":"MX"}'), ("bidi", '{"name":"\\u202e","country":"MX"}'),
    ):  # fmt: skip
        yield Item(
            f"json-{name}",
            ("ReviewRequested", "2024-04-01", {"facility": text}),
            "ReviewRequested.facility",
            EventError,
        )
    for text in ("1.0", "1e3", "0x1", " 1", "1_0", "\u0661", "9" * 100, "--1", "NaN"):
        yield Item(
            f"tier-{text[:9]}", ("RemediesImposed", "2024-04-01", {"tier": text}), "RemediesImposed.tier", EventError
        )


# ---- files of histories ----------------------------------------------------------------------------------------------
CASE: Final[dict[str, Any]] = {
    "id": "a-1", "facility": "Planta Uno", "as_of": "2024-05-01",
    "events": [{"type": "request_for_review", "date": "2024-04-01"}],
}  # fmt: skip


def history_file(case: str, top: str = "") -> bytes:
    """Return a JSON file of histories that holds the text of one case."""
    return f'{{"format": "rrm-case-histories/1", "compiled": "2024-05-02", "cases": [{case}]{top}}}'.encode(
        "utf-8", "surrogatepass"
    )


def _told(**changes: Any) -> str:
    return json.dumps({**CASE, **changes})


def json_files() -> Iterator[Item]:
    """Yield JSON files for ``histories.load``."""
    for name, text in {**UNTRUSTED_TEXTS, "surrogate": "\ud800"}.items():
        yield Item(
            f"facility-{name}", history_file(_told(facility=text)), r"case 1 \(a-1\): facility.*U\+", HistoryError
        )
        yield Item(f"id-has-{name}", history_file(_told(id=f"a{text}")), "case 1.*id", HistoryError)
        yield Item(f"field-{name}", history_file(_told(**{f"x{text}": 1})), "case 1.*no field", HistoryError)
        note = [{**CASE["events"][0], "note": text}]
        yield Item(f"note-{name}", history_file(_told(events=note)), r"event 1 .*note.*U\+", HistoryError)
    for name, raw in BAD_NUMBERS.items():
        if name == "minus-zero":
            continue
        case = _told(backpay_usd=0).replace('"backpay_usd": 0', f'"backpay_usd": {raw.decode()}')
        yield Item(f"number-{name}", history_file(case), "x.json.*(backpay_usd|whole|JSON|digits)", HistoryError)
    for name, value in IDS.items():
        yield Item(f"id-{name}", history_file(_told(id=value)), "case 1.*id", HistoryError)
        yield Item(f"linked-{name}", history_file(_told(linked_to=value)), "case 1.*linked_to", HistoryError)
    for key in (*CASE, "notes", "backpay_usd", "origin", "sector", "final_status", "complainant"):
        for wrong in (True, [1], {"a": 1}, 7, "\u202e"):
            if key == "backpay_usd" and wrong == 7:
                continue
            yield Item(f"{key}-{wrong!r}", history_file(_told(**{key: wrong})), f"case 1.*{key}|event 1", HistoryError)
    whole = history_file(_told())
    yield Item("twins", history_file(_told() + "," + _told(id="A-1")), "id.*taken", HistoryError)
    yield Item("twice-a-key", history_file(_told()[:-1] + ',"id":"a-2"}'), "'id' stands twice", HistoryError)
    yield Item("twice-at-the-top", history_file(_told(), ',"cases":[]'), "'cases' stands twice", HistoryError)
    yield Item("cut", whole[:-5], "line 1, column", HistoryError)
    yield Item("two-files", whole + whole, "line 1, column", HistoryError)
    yield Item("utf-16", whole.decode().encode("utf-16"), "no UTF-8", HistoryError)
    yield Item(
        "utf-16-le", whole.decode().encode("utf-16-le"), "neither JSON nor a table|line 1|no UTF-8", HistoryError
    )
    yield Item("byte-ff", whole.replace(b"Uno", b"\xff"), "no UTF-8", HistoryError)
    yield Item("nul-raw", whole.replace(b"Uno", b"\x00"), "line 1, column", HistoryError)
    yield Item("newer-format", whole.replace(b"/1", b"/2"), "format has to be", HistoryError)
    yield Item("too-deep", b"[" * 17 + b"]" * 17, "nested deeper", HistoryError)
    yield Item("far-too-deep", b"[" * 200_000, "nested deeper", HistoryError)
    yield Item("objects-too-deep", b'{"a":' * 200_000, "nested deeper", HistoryError)
    yield Item("too-long", b" " * (LARGEST + 1), "more than", HistoryError)
    yield Item("deep-without-end", b"[" * (LARGEST - 1), "marks", HistoryError)
    yield Item("lists-without-end", b"[" + b"[]," * 1_000_000 + b"[]]", "marks", HistoryError)
    yield Item("texts-without-end", b'["a"' + b',"b"' * 900_000 + b"]", "marks", HistoryError)
    yield Item("numbers-without-end", b"[1" + b",999" * 390_000 + b"]", "has to be an object", HistoryError)
    yield Item(
        "one-long-text", '["\U0001f468'.encode() + b"a" * (LARGEST - 20) + b'"]', "has to be an object", HistoryError
    )
    yield Item("a-list", b"[" + whole + b"]", "has to be an object", HistoryError)
    yield Item("huge-field", history_file(_told(**{"k" * 1_000_000: 1})), "no field", HistoryError)
    yield Item("huge-text", history_file(_told(notes="a" * 1_000_000)), "notes.*20000 characters", HistoryError)


def csv_files() -> Iterator[Item]:
    """Yield CSV files for ``histories.load``."""
    head = "id,facility,request_for_review\n"
    row = 'a-1,"Planta {}",2024-04-01\n'
    for name, text in UNTRUSTED_TEXTS.items():
        data = (head + row.format(text + "x")).encode()
        yield Item(f"facility-{name}", data, r"row 2.*facility.*U\+|no CSV", HistoryError)
        data = f"id,facility,x{text}y\na-1,Planta,1\n".encode()
        yield Item(f"column-{name}", data, "no column|no CSV|neither JSON|row 2 has more cells", HistoryError)
        data = f"{head}a-1,Planta,20{text}24\n".encode()
        yield Item(f"day-{name}", data, "row 2.*request_for_review|no CSV|row 3|row 2 has more", HistoryError)
    for name, value in IDS.items():
        if name in {"surrogate", "empty", "line-feed"}:
            continue
        yield Item(f"id-{name}", (head + f'"{value}",Planta,2024-04-01\n').encode(), "row 2.*id|no CSV", HistoryError)
    for value in ("=1+1", "+1", "-1", "@SUM(1)", "\uff1d1", "1.0", "1e3", "NaN", "\u0661", "9" * 400):
        data = f"id,facility,backpay_usd,as_of\na-1,Planta,{value},2024-04-01\n".encode()
        yield Item(f"number-{value[:9]}", data, "row 2.*backpay_usd", HistoryError)
    for value in ("=TODAY()", "45383", "01/04/2024", "2024-13", "0000", "\u0662\u0660\u0662\u0664", "2024-04-31"):
        yield Item(f"day-{value}", (head + f"a-1,Planta,{value}\n").encode(), "row 2.*request_for_review", HistoryError)
    yield Item("open-quote", (head + 'a-1,"Planta,2024-04-01\n').encode(), "no CSV", HistoryError)
    yield Item("quote-inside", (head + 'a-1,"Pla"nta,2024-04-01\n').encode(), "no CSV", HistoryError)
    yield Item("nul-cell", (head + "a-1,Pl\x00nta,2024-04-01\n").encode(), r"no CSV|U\+0000", HistoryError)
    yield Item("twins", (head + row.format("") + row.format("").upper()).encode(), "id.*taken", HistoryError)
    yield Item("twice-a-column", b"id,facility,id\na,b,c\n", "stands twice", HistoryError)
    yield Item("more-cells", (head + "a-1,Planta,2024,x\n").encode(), "row 2 has more cells", HistoryError)
    yield Item("utf-16", head.encode("utf-16"), "no UTF-8", HistoryError)
    yield Item("latin-1", (head + "a-1,Potos\u00ed,2024\n").encode("latin-1"), "no UTF-8", HistoryError)
    yield Item("empty", b"", "neither JSON nor a table", HistoryError)
    yield Item("only-columns-unknown", b"a,b,c\n1,2,3\n", "neither JSON nor a table", HistoryError)
    yield Item(
        "huge-cell", (head + "a-1," + "a" * 1_000_000 + ",2024\n").encode(), "no CSV|20000 characters", HistoryError
    )
    yield Item("huge-first-line", b"a" * 1_000_000, "no CSV|neither JSON", HistoryError)
    yield Item("million-columns", b"id,facility" + b"," * 1_000_000 + b"x\n", "marks", HistoryError)
    yield Item("million-cells", (head + "," * 1_000_000 + "x").encode(), "marks", HistoryError)
    yield Item("rows-without-end", head.encode() + b"\n" * 1_000_000, "marks", HistoryError)
    yield Item("one-row-without-end", (head + '"\n",' * 500_000).encode(), "marks", HistoryError)
    yield Item("one-long-cell", head.encode() + b'"' + b"a" * (LARGEST - 80), "no CSV", HistoryError)
    yield Item("too-long", b"a" * (LARGEST + 1), "more than", HistoryError)
    yield Item("html", b"<html><body>id,facility</body></html>", "neither JSON nor a table", HistoryError)
    yield Item("zip", b"PK\x03\x04" + b"\x00" * 60, "neither JSON|no UTF-8|no CSV", HistoryError)
