"""Each hostile input is refused by the reader that it is meant for: soon, in little room, with a cause, and safe to show."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rrm_lifecycle.canonical import UNTRUSTED, canonical, clean_id, clean_text, whole
from rrm_lifecycle.errors import EventError, HistoryError, RecordError, RRMError, TextError
from rrm_lifecycle.histories import from_rows, load
from rrm_lifecycle.record.acts import event_from_dict, event_from_text
from rrm_lifecycle.record.chain import loads, loads_filed, verify
from rrm_lifecycle.record.reader import read_line
from tests.hostile import corpus, corpus_inputs, corpus_records
from tests.hostile.corpus import IDS, KEPT_TEXTS, UNTRUSTED_TEXTS, Item

SLOWEST: Final = 10.0
"""Seconds: twenty times what an input may take, so that this test sees a hang and never a busy machine."""
LARGEST_ROOM: Final = 64 * 1024 * 1024
LONGEST_MESSAGE: Final = 2_000


def refused(item: Item, read: Callable[[Any], object]) -> None:
    """Assert that a reader refuses an input as the corpus says, soon and in little room."""
    began = perf_counter()
    with pytest.raises(RRMError) as caught:
        read(item.data)
    took = perf_counter() - began
    error, message = caught.value, str(caught.value)
    assert isinstance(error, item.error), repr(error)
    if not re.search(item.says, message):
        pytest.fail(f"{item.name}: {item.says!r} is not in {message[:300]!a}", pytrace=False)
    assert UNTRUSTED.search(message) is None, ascii(message)
    assert len(message) <= LONGEST_MESSAGE
    assert took < SLOWEST
    assert room_of(item, read) < LARGEST_ROOM


def room_of(item: Item, read: Callable[[Any], object]) -> int:
    """Return the most bytes that a reader holds while it refuses an input; a call of its own, since this is slow."""
    tracemalloc.start()
    try:
        with pytest.raises(RRMError):
            read(item.data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def unique(items: Iterator[Item]) -> list[Item]:
    """Return the items of a corpus, each under a name of its own."""
    found = list(items)
    assert len({one.name for one in found}) == len(found)
    return found


class TestRecords:
    """Bytes that are no record never yield a case."""

    @pytest.mark.parametrize("item", unique(corpus.lines()), ids=str)
    def test_lines(self, item: Item) -> None:
        """A line is refused with the place that the caller names."""
        refused(item, lambda data: read_line(data, "line 7"))
        with pytest.raises(RecordError, match="line 7"):
            read_line(item.data, "line 7")

    @pytest.mark.parametrize("item", unique(corpus_records.records()), ids=str)
    def test_loads(self, item: Item) -> None:
        """A record is refused with the line, and all three readers say the same."""
        refused(item, loads)
        refused(item, loads_filed)

    @pytest.mark.parametrize("item", [one for one in corpus_records.records() if one.name != "case-twins"], ids=str)
    def test_verify(self, item: Item) -> None:
        """The check of a record refuses what the readers refuse."""
        refused(item, verify)

    @pytest.mark.parametrize("value", ["text", None, 1, [b"x"], object()], ids=lambda value: type(value).__name__)
    def test_no_bytes(self, value: Any) -> None:
        """What is no bytes is refused with what was found."""
        with pytest.raises(RecordError, match="a record is bytes"):
            loads(value)


class TestInputs:
    """What people and programs hand in is refused with event, field and cause."""

    @pytest.mark.parametrize("item", unique(corpus_inputs.events()), ids=str)
    def test_events(self, item: Item) -> None:
        """An event that is not what it has to be is refused."""
        refused(item, event_from_dict)

    @pytest.mark.parametrize("item", unique(corpus_inputs.typed()), ids=str)
    def test_typed(self, item: Item) -> None:
        """Text from a shell is refused alike."""
        refused(item, lambda said: event_from_text(said[0], said[1], fields=said[2]))

    @pytest.mark.parametrize("name", IDS)
    def test_ids(self, name: str) -> None:
        """An id that is unsafe anywhere is refused, and the message shows a spelling that is taken."""
        item = Item(name, IDS[name], "write '", EventError)
        refused(item, clean_id)
        with pytest.raises(EventError) as caught:
            clean_id(IDS[name])
        assert clean_id(str(caught.value).rsplit("write ", 1)[1][1:-1])

    @pytest.mark.parametrize("name", UNTRUSTED_TEXTS)
    def test_texts(self, name: str) -> None:
        """A text with what no reader could trust is refused where a value is made."""
        with pytest.raises(TextError, match=r"U\+[0-9A-F]{4} at place 1"):
            clean_text(f"a{UNTRUSTED_TEXTS[name]}", "a remark")


class TestFiles:
    """A file of histories is refused with file, case or row, field and cause."""

    @pytest.mark.parametrize("item", unique(corpus_inputs.json_files()), ids=str)
    def test_json(self, item: Item, tmp_path: Path) -> None:
        """A JSON file is refused."""
        self._refused(item, tmp_path / "x.json")

    @pytest.mark.parametrize("item", unique(corpus_inputs.csv_files()), ids=str)
    def test_csv(self, item: Item, tmp_path: Path) -> None:
        """A CSV file is refused."""
        self._refused(item, tmp_path / "x.csv")

    @staticmethod
    def _refused(item: Item, path: Path) -> None:
        path.write_bytes(item.data)
        refused(item, lambda _: load(path))
        with pytest.raises(RRMError, match=path.name):
            load(path)


ENDLESS: Final = (10**5_000, -(10**5_000), 2**64, 1e300, float("inf"), [10**5_000], {1: 2})
"""Values that no cell holds, some of which Python does not even write out."""


class TestValues:
    """What a program hands in as a value, where no text was read, is refused with a typed error too."""

    @pytest.mark.parametrize("column", ["id", "facility", "backpay_usd", "request_for_review", "partial", "as_of"])
    @pytest.mark.parametrize(
        "value", [10**5_000, -(10**5_000), 2**64, 1e300, float("inf"), [10**5_000], {1: 2}], ids=range(7)
    )
    def test_rows(self, column: str, value: Any) -> None:
        """A row with a number without end is refused with its column."""
        row = {
            "id": "a-1",
            "facility": "Planta Uno",
            "request_for_review": "2024-04-01",
            "as_of": "2024-05-01",
            column: value,
        }
        refused(Item(column, [row], f"row 1.*{column}", HistoryError), from_rows)

    @pytest.mark.parametrize("field", ["event", "on", "by", "tier", "measure"])
    def test_events(self, field: str) -> None:
        """An event with a number without end is refused with its field."""
        said = {"event": "RemediesImposed", "on": "2024-04-01", "tier": 1, "measure": "penalty", field: 10**5_000}
        refused(Item(field, said, field, EventError), event_from_dict)

    @pytest.mark.parametrize("value", [10**5_000, -(10**5_000)], ids=["large", "small"])
    def test_whole(self, value: int) -> None:
        """A whole number without end is refused, and its message has an end."""
        refused(Item("whole", value, "has to lie between", EventError), lambda found: whole(found, "tier"))

    def test_twice_a_key(self) -> None:
        """JSON that a person typed with a key twice is refused: readers do not agree on which of the two holds."""
        facility = '{"name":"A","name":"B","country":"MX","sector":"mining","goods_traded":true,"competes":true}'
        said = ("ReviewRequested", "2024-04-01", {"facility": facility})
        refused(Item("twice", said, "twice", EventError), lambda one: event_from_text(one[0], one[1], fields=one[2]))


class TestTaken:
    """What is merely seldom is kept as it is, and comes back."""

    @pytest.mark.parametrize("name", KEPT_TEXTS)
    def test_lines(self, name: str) -> None:
        """A good text stands in a line as it is."""
        value = {"a": KEPT_TEXTS[name]}
        assert read_line(canonical(value)) == value
        assert clean_text(KEPT_TEXTS[name], "a remark") == KEPT_TEXTS[name]

    @given(st.text(st.characters(codec="utf-8"), max_size=40))
    def test_any_text(self, text: str) -> None:
        """Any text either is refused where it is made, or comes back from canonical bytes as it was made."""
        try:
            kept = clean_text(text, "a remark")
        except TextError:
            assert UNTRUSTED.search(text)
            return
        assert read_line(canonical({"a": kept})) == {"a": kept}
        assert json.loads(canonical(kept)) == kept
