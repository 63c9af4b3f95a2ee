"""The table in other formats: stages and rows are those of the table, as other people's readers see them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from rrm_lifecycle.case.engine import ROWS
from rrm_lifecycle.case.events import EVENTS
from rrm_lifecycle.export.claims import CLAIMS, Claim, claims
from rrm_lifecycle.export.graphs import dot, edges, for_dot, for_mermaid, mermaid
from rrm_lifecycle.export.model import model_of
from rrm_lifecycle.export.nets import pnml
from rrm_lifecycle.export.promela import promela
from rrm_lifecycle.export.statecharts import RULES, scxml, xstate
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, Annex
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Hold, Phase, Stage
from tests.export.hostile import NAMES

SC = "{http://www.w3.org/2005/07/scxml}"
PN = "{http://www.pnml.org/version-2009/grammar}"
both = pytest.mark.parametrize("annex", [ANNEX_31A, ANNEX_31B], ids=str)


def parsed(text: str) -> ET.Element:
    """Return the root of a text that we wrote ourselves."""
    return ET.fromstring(text)  # noqa: S314 - our own text


def expected(annex: Annex, *places: type[Stage | Hold]) -> list[tuple[str, str, str, str | None]]:
    """Return place, act, row and next place of each row from each place, by our own enumeration."""
    return sorted(
        (place.value, row.event.__name__, row.id, None if row.to is None else row.to.value)
        for row in ROWS
        if (row.only is None or row.only in annex.parties)
        and (row.under is None or getattr(Reading(), row.under[0]) == row.under[1])
        for place in row.stages
        if isinstance(place, places)
    )  # fmt: skip


def key(one: tuple[str, str, str, str | None]) -> tuple[str, str, str, str]:
    """Return what the expected rows are sorted by."""
    return (*one[:3], one[3] or "")


class TestGraphs:
    """Mermaid and DOT draw every stage once, in its phase, and an arrow wherever a row leads."""

    @both
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_mermaid(self, annex: Annex, language: str) -> None:
        """Mermaid holds each stage once, each phase around its stages, and each arrow with all of its rows."""
        text = mermaid(annex, language)
        for phase in Phase:
            inside = text.split(f"phase_{phase.value} {{")[1].split("\n  }")[0]
            assert re.findall(r'" as (\w+)', inside) == [stage.value for stage in Stage if stage.phase is phase]
        arrows = {(one, other): rows for one, other, rows in re.findall(r"  (\w+) --> (\w+) : (.*)", text)}
        assert arrows == {(one.value, other.value): ", ".join(ids) for (one, other), ids in edges(annex).items()}

    @both
    def test_dot(self, annex: Annex) -> None:
        """DOT holds each stage once, in the cluster of its phase, and each arrow with all of its rows."""
        text = dot(annex)
        for phase in Phase:
            inside = text.split(f"cluster_{phase.value} {{")[1].split("\n  }")[0]
            assert re.findall(r"^    (\w+) \[", inside, re.MULTILINE) == [
                one.value for one in Stage if one.phase is phase
            ]
        arrows = {(one, other): rows for one, other, rows in re.findall(r'  (\w+) -> (\w+) \[label="(.*)"\]', text)}
        assert arrows == {(one.value, other.value): ", ".join(ids) for (one, other), ids in edges(annex).items()}

    @both
    def test_edges(self, annex: Annex) -> None:
        """The arrows are those of our own enumeration."""
        told = sorted((one.value, row, other.value) for (one, other), ids in edges(annex).items() for row in ids)
        assert told == sorted((place, row, to) for place, _, row, to in expected(annex, Stage) if to is not None)

    @pytest.mark.parametrize("name", NAMES)
    def test_hostile_text(self, name: str) -> None:
        """Nothing in a name ends a text or begins a directive."""
        assert not set('<>"{}[]|`%:\n') & set(for_mermaid(name))
        assert re.fullmatch(r'"(?:[^"\\\n]|\\\\|\\")*"', for_dot(name))


class TestStatecharts:
    """SCXML and XState hold each row from each place, in table order, with its condition."""

    @both
    def test_scxml(self, annex: Annex) -> None:
        """The transitions from each state are the rows from that stage, and no name is used that is not declared."""
        root = parsed(scxml(annex))
        assert (root.tag, root.get("version"), root.get("datamodel")) == (f"{SC}scxml", "1.0", "ecmascript")
        declared = [one.get("id") for one in root.iter(f"{SC}data")]
        assert declared == list(model_of(annex).variables)
        found = []
        for region, places in (("case", Stage), ("hold", Hold)):
            chart = next(one for one in root.iter(f"{SC}state") if one.get("id") == region)
            assert len(chart) == len(places)
            for state in chart:
                for one in state:
                    assert set(re.findall(r"(\w+) [=!]=", one.get("cond", ""))) <= set(declared)
                    assert {each.get("location") for each in one} <= set(declared)
                    words = (state.get("id"), one.get("event"), one.get(f"{{{RULES}}}rule"))
                    place, act, rule = (_bare(word) or "" for word in words)
                    found.append((place, act, rule, _bare(one.get("target"))))
        assert sorted(found, key=key) == sorted(expected(annex, Stage, Hold), key=key)

    @both
    def test_xstate(self, annex: Annex) -> None:
        """The transitions from each state are the rows from that stage, by act, in table order."""
        config = json.loads(xstate(annex))
        found = list(_of_xstate(config, set(config["context"])))
        assert sorted(found, key=key) == sorted(expected(annex, Stage, Hold), key=key)

    def test_what_can_be_told(self) -> None:
        """Each told variable has its own event, in both; what is settled by the reading has none."""
        told = {one.get("event") for one in parsed(scxml()).iter(f"{SC}transition")} - set(EVENTS)
        assert told - {"restart"} == set(json.loads(xstate())["on"])
        assert "set.reply_over" in told
        assert not {"set.scope_open", "set.reply_runs", "set.closing"} & told

    def test_reading(self) -> None:
        """Another reading gives another chart: its rows, and what it settles."""
        read = Reading(second_case_reopens=True, cure_ends_claim=True)
        chart = parsed(scxml(reading=read))
        assert any(one.get(f"{{{RULES}}}rule") == "X-05" for one in chart.iter(f"{SC}transition"))
        data = f"{SC}datamodel/{SC}data[@id='cure_contestable']"
        assert [one.get("expr") for root in (chart, parsed(scxml())) for one in root.iterfind(data)] == ["0", "1"]


def _bare(name: str | None) -> str | None:
    return None if name is None else name.removeprefix("hold_")


def _of_xstate(config: dict[str, Any], declared: set[str]) -> Iterator[tuple[str, str, str, str | None]]:
    for region in config["states"].values():
        for state, inside in region["states"].items():
            for event, several in inside.get("on", {}).items():
                for one in several:
                    assert one["guard"]["type"] == "meets"
                    assert _named(one["guard"]["params"]["condition"]) <= declared
                    target = one.get("target")
                    assert target is None or target in region["states"]
                    yield state.removeprefix("hold_"), event, one["meta"]["rule"], _bare(target)


def _named(condition: dict[str, Any]) -> set[str]:
    for word in ("is", "not"):
        if word in condition:
            return {condition[word][0]}
    return set().union(*map(_named, condition.get("any", condition.get("all", []))))


class TestPetriNet:
    """PNML holds a place for each stage and each place of the hold, and a transition for each row from each."""

    @both
    def test_structure(self, annex: Annex) -> None:
        """Each transition has one arc in and one out, between the places of its row."""
        net = parsed(pnml(annex))
        places = [one.get("id") for one in net.iter(f"{PN}place") if one.get("id")]
        assert places == [f"stage_{one.value}" for one in Stage] + [f"hold_{one.value}" for one in Hold]
        arcs = [(one.get("source"), one.get("target")) for one in net.iter(f"{PN}arc")]
        into = {target: source for source, target in arcs if target not in places}
        out = {source: target for source, target in arcs if source not in places}
        found = []
        for one in net.iter(f"{PN}transition"):
            name = one.get("id")
            row = one.findtext(f"{PN}toolspecific/{PN}rule")
            start, end = (str(ways[name]).partition("_")[2] for ways in (into, out))
            found.append((start, one.findtext(f"{PN}name/{PN}text"), row, end))
        assert len(arcs) == 2 * len(found)
        assert sorted(found) == sorted((p, act, row, to or p) for p, act, row, to in expected(annex, Stage, Hold))

    def test_markings(self) -> None:
        """One token stands in assessment and one where no hold is; a run ends where the case is closed."""
        net = parsed(pnml())
        marked = [one.get("id") for one in net.iter(f"{PN}place") if one.find(f"{PN}initialMarking") is not None]
        assert marked == ["stage_assessment", "hold_none"]
        final = [[one.get("idref") for one in each] for each in net.iter(f"{PN}marking")]
        assert final == [["stage_closed", f"hold_{one.value}"] for one in Hold]

    def test_without_customs(self) -> None:
        """Without the customs hold there is one token."""
        net = parsed(pnml(customs=False))
        assert not [one for one in net.iter(f"{PN}place") if (one.get("id") or "").startswith("hold")]
        assert [[one.get("idref") for one in each] for each in net.iter(f"{PN}marking")] == [["stage_closed"]]


class TestPromela:
    """The Promela model holds an option for each row from each place, and the claims of its reading."""

    @both
    def test_rows(self, annex: Annex) -> None:
        """Each row stands once for each of its places, guarded by that place."""
        found = re.findall(r"atomic \{ (?:stage|hold) == (?:STAGE|HOLD)_(\w+) .*->  /\* (\S+) \*/", promela(annex))
        assert sorted(found) == sorted((place.upper(), row) for place, _, row, _ in expected(annex, Stage, Hold))

    def test_guards_of_places_bind_first(self) -> None:
        """No option can be taken from another place: whatever follows the place is joined by *and*."""
        for line in re.findall(r"atomic \{ (.*) ->  /\*", promela()):
            bare = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", line))
            assert "||" not in bare

    def test_constants_are_declared(self) -> None:
        """Every constant that the model names is defined, and no name is defined twice."""
        text = promela(ANNEX_31A, Reading(remedy_without_panel=False, second_case_reopens=True))
        names = re.findall(r"^#define (\w+)", text, re.MULTILINE)
        assert len(names) == len(set(names))
        assert set(re.findall(r"\b(?:STAGE|HOLD|ROLE|DID|CLOSING|QUESTION|ORIGIN)_\w+", text)) <= set(names)

    def test_claims(self) -> None:
        """A claim stands under its reading alone, and a planted one stands beside them."""
        usual = {one.name for one in claims()}
        assert usual == {one.name for one in CLAIMS} - {"panel_before_us_remedies"}
        assert "panel_before_us_remedies" in {one.name for one in claims(Reading(remedy_without_panel=False))}
        assert "closed_is_final" not in {one.name for one in claims(Reading(second_case_reopens=True))}
        planted = Claim("planted", "", "Nothing is ever closed.", "[] (stage != STAGE_CLOSED)")
        found = re.findall(r"^ltl (\w+)", promela(more=[planted]), re.MULTILINE)
        assert found == [*(one.name for one in claims()), "planted"]
