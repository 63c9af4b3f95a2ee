"""Event logs: every act of every case, with standard keys, whatever the names in them."""

from __future__ import annotations

import csv as reader
import io
import json
from datetime import datetime
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from rrm_lifecycle.errors import EventError
from rrm_lifecycle.export.escaping import cell, xml
from rrm_lifecycle.export.event_log import COLUMNS, csv, write_csv, write_xes, xes
from rrm_lifecycle.export.objects import ocel, write_ocel
from rrm_lifecycle.export.traces import BLOCK
from rrm_lifecycle.histories.aligned import Alignments
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.simulation.eventlog import EVENTS
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.results import Simulation
from tests.export.hostile import CASES, NAMES, case_of

X = "{http://www.xes-standard.org/}"


@cache
def aligned() -> Alignments:
    """Return the shipped histories, aligned."""
    return align(load())


@cache
def simulated() -> Simulation:
    """Return a few simulated paths."""
    return simulate(n=40, seed=5)


def values(element: ET.Element) -> dict[str | None, Any]:
    """Return the attributes of a trace or an event."""
    return {one.get("key"): one.get("value") for one in element if one.get("key")}


def traces(log: bytes) -> list[tuple[dict[str | None, Any], list[dict[str | None, Any]]]]:
    """Return the traces of a log in XES, each with its events."""
    root = ET.fromstring(log)  # noqa: S314 - our own text
    return [(values(one), [values(each) for each in one.iter(f"{X}event")]) for one in root.iter(f"{X}trace")]


class TestXes:
    """XES holds a trace for each case and an event for each act."""

    def test_head(self) -> None:
        """The four standard extensions are declared before whatever uses them."""
        root = ET.fromstring(xes(CASES))  # noqa: S314 - our own text
        assert [one.get("prefix") for one in root.findall(f"{X}extension")] == ["concept", "time", "lifecycle", "org"]
        assert [one.get("scope") for one in root.findall(f"{X}global")] == ["trace", "event"]
        assert root.get("xes.version") == "1849-2023"

    def test_histories(self) -> None:
        """Each act of each aligned history is an event, on its day, with what is implied marked."""
        found = traces(xes(aligned()))
        assert len(found) == len(aligned())
        for one, (about, events) in zip(aligned(), found, strict=True):
            assert about["concept:name"] == one.case.id
            assert about.get("outcome") == (one.case.closing and one.case.closing.value)
            assert [event["rule"] for event in events] == [entry.rule for entry in one.case.acts]
            assert [event["concept:name"] for event in events] == [type(entry.act).__name__ for entry in one.case.acts]
            for event, entry in zip(events, one.case.acts, strict=True):
                assert datetime.fromisoformat(event["time:timestamp"]).date() == entry.act.on
                assert (event.get("implied") == "true") == entry.implied
                assert ("earliest" in event) == (entry.act.known is not None)
                assert event["stage"] == entry.to.value

    def test_simulation(self) -> None:
        """A simulated path has the events of its event log, with its opening or without."""
        frame = simulated().to_event_log()
        for opening in (True, False):
            found = traces(xes(simulated(), opening=opening))
            kept = frame if opening else frame[frame["concept:name"] != "Opening"]
            assert [one["concept:name"] for _, events in found for one in events] == list(kept["concept:name"])
            days = [datetime.fromisoformat(one["time:timestamp"]) for _, events in found for one in events]
            assert days == [one.to_pydatetime() for one in kept["time:timestamp"]]
            assert [one["stage"] for _, events in found for one in events] == list(kept["stage"])
            first = 0 if opening else 1
            assert [int(one["step"]) + first for _, events in found for one in events] == list(kept["step"])
            closings = frame.groupby("case:concept:name")["case:outcome"].first()
            assert [about["outcome"] for about, _ in found] == list(closings)

    @pytest.mark.parametrize("name", NAMES)
    def test_hostile_names(self, name: str) -> None:
        """A name is read back as it was written, whatever it means elsewhere."""
        case = CASES[NAMES.index(name)]
        assert case.facility is not None
        ((about, _),) = traces(xes(case))
        assert about["facility"] == case.facility.name

    def test_what_xml_cannot_hold(self) -> None:
        """A control character, which XML has no spelling for, turns into the sign for a character that is missing."""
        assert xml("a\x00\x1b\ud800b\tc") == "a\ufffd\ufffd\ufffdb&#9;c"


class TestCsv:
    """CSV has a row for each act, and no cell that a spreadsheet would run."""

    def rows(self, text: str) -> list[dict[str, str]]:
        """Return the rows."""
        return list(reader.DictReader(io.StringIO(text)))

    def test_histories(self) -> None:
        """Each act of each aligned history is a row under the standard keys."""
        found = self.rows(csv(aligned()))
        acts = [(one.case, entry) for one in aligned() for entry in one.case.acts]
        assert len(found) == len(acts)
        for row, (case, entry) in zip(found, acts, strict=True):
            assert tuple(row) == COLUMNS
            assert (row["case:concept:name"], row["rule"]) == (case.id, entry.rule)
            assert row["time:timestamp"] == f"{entry.act.on}T00:00:00+00:00"
            assert row["implied"] == str(entry.implied).lower()

    def test_simulation(self) -> None:
        """The rows of a simulation are those of its event log."""
        frame = simulated().to_event_log().astype(object)
        found = pd.DataFrame(self.rows(csv(simulated(), opening=True)))
        assert len(found) == len(frame)
        for name in EVENTS:
            told = frame[name].map(lambda one: one.isoformat() if isinstance(one, datetime) else one)
            assert list(found[name]) == ["" if pd.isna(one) else str(one) for one in told]

    def test_no_formula(self) -> None:
        """No cell begins with what begins a formula, not even behind white space, and nothing else is changed."""
        found = self.rows(csv(CASES))
        names = [row["case:facility"] for row in found[::2]]
        assert not [one for one in names if one.lstrip()[:1] in "=+-@\uff1d\uff0b\uff0d\uff20"]
        assert [one.removeprefix("'") for one in names] == [case.facility.name for case in CASES if case.facility]
        marked = {f"'{name}" for name in NAMES if name.strip()[0] in "=+-@\uff1d\uff20"}
        assert {one for one in names if one.startswith("'")} == marked

    @pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
    def test_each_beginning(self, begins: str) -> None:
        """Each character that can begin a formula is made harmless."""
        assert next(reader.reader(io.StringIO(cell(f"{begins}x"), newline="")))[0].startswith(f"'{begins}")


class TestOcel:
    """OCEL relates each act to its case, its facility and its two Parties."""

    def test_histories(self) -> None:
        """Every object that is named is there, every act is an event, and every type is declared with its attributes."""
        found = json.loads(ocel(aligned()))
        ids = [one["id"] for one in found["objects"]]
        assert len(ids) == len(set(ids))
        related = [one["objectId"] for each in (*found["events"], *found["objects"]) for one in each["relationships"]]
        assert set(related) <= set(ids)
        assert len(found["events"]) == sum(len(one.case.acts) for one in aligned())
        assert [one["time"] for one in found["events"]] == sorted(one["time"] for one in found["events"])
        for kind in ("event", "object"):
            declared = {one["name"]: {each["name"] for each in one["attributes"]} for one in found[f"{kind}Types"]}
            for one in found[f"{kind}s"]:
                assert {each["name"] for each in one["attributes"]} <= declared[one["type"]]

    def test_facilities_are_shared(self) -> None:
        """Two cases at one facility are about one object."""
        assert CASES[0].facility is not None
        again = case_of(CASES[0].facility.name, 99)
        objects = json.loads(ocel([CASES[0], again]))["objects"]
        assert [one["type"] for one in objects] == ["case", "case", "facility", "party", "party"]

    def test_hostile_names(self) -> None:
        """Names are read back as they were written."""
        found = json.loads(ocel(CASES))
        names = {
            each["value"]
            for one in found["objects"]
            if one["type"] == "facility"
            for each in one["attributes"]
            if each["name"] == "name"
        }
        assert names == {case.facility.name for case in CASES if case.facility}

    def test_who(self) -> None:
        """An act is by the Party that did it, and about the other."""
        events = json.loads(ocel(CASES[0]))["events"]
        told = [{one["objectId"]: one["qualifier"] for one in event["relationships"]} for event in events]
        assert [(one["party:US"], one["party:MX"]) for one in told] == [("by", "about"), ("about", "by")]


class TestSources:
    """A log is made of a case, an alignment, several of them, a docket, or a simulation."""

    def test_each(self) -> None:
        """One case and a list of it make the same log; so do an alignment and its case."""
        assert xes(CASES[0]) == xes([CASES[0]])
        assert csv(aligned()[0]) == csv([aligned()[0].case])

    @pytest.mark.parametrize("source", [3, "text", [3], [CASES[0], "text"]])
    def test_anything_else_is_refused(self, source: Any) -> None:
        """Anything else is refused, and named."""
        with pytest.raises(EventError, match=r"made of cases, alignments, a docket, or a simulation; found (int|str)"):
            csv(source)

    def test_streamed(self) -> None:
        """What is written to a file is what is returned, over several blocks too."""
        many = simulate(n=BLOCK + 50, seed=2)
        for whole, write in ((xes, write_xes), (csv, write_csv), (ocel, write_ocel)):
            file = io.BytesIO()
            write(many, file)
            told = whole(many)
            assert file.getvalue() == (told if isinstance(told, bytes) else told.encode())
        assert csv(many).count("\r\n") == many.to_event_log()["concept:name"].ne("Opening").sum() + 1
