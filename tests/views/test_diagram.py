"""The map: every stage and every way of the table is on it, nothing hides anything, and marks are told in words too."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from hashlib import sha256
from itertools import pairwise, product
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import attrs
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, play
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.export.graphs import edges
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.annexes import ANNEX_31A, ANNEX_31B, ANNEXES
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Closing, Phase, Stage
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.wording import cited, label
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.results import Simulation
from rrm_lifecycle.views.map.content import MOST, moves, of_table, percent, weighted
from rrm_lifecycle.views.map.diagram import diagram
from rrm_lifecycle.views.map.places import GROUNDS, MAIN, PLACES
from rrm_lifecycle.views.map.routes import BOX_HIGH, BOX_WIDE, box_of, route
from rrm_lifecycle.views.map.shares import shares_of
from rrm_lifecycle.views.map.words import WORDS
from rrm_lifecycle.views.picture import Diagram
from rrm_lifecycle.views.svg import width
from tests.export.hostile import CASES
from tests.strategies import case_at
from tests.views.pictures import ACCEPTED, assert_looks_like, difference, pixels_of

SVG: Final = "{http://www.w3.org/2000/svg}"
OTHERWISE: Final = Reading(second_case_reopens=True, constituted_by_lot=True, scope_objection_declines=True)
HISTORIES: Final = {history.id: history for history in load()}
Rect = tuple[float, float, float, float]


@cache
def simulation() -> Simulation:
    """Return a simulation."""
    return simulate(n=2_000, seed=7)


def aligned(name: str, **options: Any) -> Diagram:
    """Return the map of a real case."""
    return diagram(align(HISTORIES[name]), **options)


def looped(times: int) -> Case:
    """Return a case in which a petition was amended so often."""
    case = case_at(Stage.PANEL_CONSTITUTED)
    day = case.last_day
    assert day is not None
    for _ in range(times):
        no = did.PetitionNotConfirmed(day, missing=("laws",))
        case = play(case, no, did.PetitionAmended(day))
    return case


def later(make: Callable[..., Diagram], *of: Any) -> Callable[[], Diagram]:
    """Return what draws a picture when it is asked for."""
    return lambda: make(*of)


def drawn(make: Callable[[], Any]) -> Diagram:
    """Return the map of what is made."""
    return diagram(make())


PICTURES: Final[dict[str, Callable[[], Diagram]]] = {
    "table": diagram,
    "table-es": lambda: diagram(language="es"),
    "table-31-b": lambda: diagram(annex=ANNEX_31B),
    "table-otherwise": lambda: diagram(context=Context(OTHERWISE)),
    "table-otherwise-es": lambda: diagram(context=Context(OTHERWISE), language="es"),
    "case-new": lambda: diagram(Case.start("SLP-2024-01")),
    "case-new-es": lambda: diagram(Case.start("SLP-2024-01"), today=date(2024, 4, 1), language="es"),
    "case-closed": lambda: aligned("san-martin"),
    "case-open-es": lambda: aligned("bader", today=date(2026, 2, 3), language="es"),
    "case-looped": lambda: diagram(looped(9)),
    "simulation": lambda: diagram(simulation()),
    "simulation-es": lambda: diagram(simulation(), language="es"),
    "simulation-one": lambda: diagram(simulate(n=1, seed=3)),
    "simulation-from-case": lambda: diagram(attrs.evolve(simulation(), from_case=align(HISTORIES["akwel"]).case)),
    **{f"hostile-{number}": later(diagram, case) for number, case in enumerate(CASES)},
    **{f"at-{stage.value}": later(drawn, partial(case_at, stage)) for stage in Stage},
    **{f"history-{name}": later(aligned, name) for name in HISTORIES},
}  # fmt: skip
every = pytest.mark.parametrize("name", PICTURES)


@cache
def picture(name: str) -> Diagram:
    """Return a picture, drawn once."""
    return PICTURES[name]()


@cache
def root_of(name: str) -> ET.Element:
    """Return the root of a picture."""
    return ET.fromstring(picture(name).svg)  # noqa: S314 - our own text


def of_class(name: str, kind: str) -> list[ET.Element]:
    """Return the elements of a class."""
    return [one for one in root_of(name).iter() if one.get("class") == kind]


def rect_of(element: ET.Element) -> Rect:
    """Return left, top, right and bottom of a rectangle."""
    x, y, wide, high = (float(element.get(key) or 0) for key in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def text_rect(element: ET.Element) -> Rect:
    """Return the room of a text, by its estimated width."""
    size, told = float(element.get("font-size") or 0), element.text or ""
    wide = width(told, size, bold=element.get("font-weight") == "bold")
    x, y = float(element.get("x") or 0), float(element.get("y") or 0)
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.get("text-anchor", "start")]
    return left, y - size * 0.76, left + wide, y + size * 0.2


def overlap(one: Rect, other: Rect) -> bool:
    """Return whether two rooms overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(one: Rect, other: Rect) -> bool:
    """Return whether a room lies in another."""
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


STAGES: Final = {stage.value: stage for stage in Stage}


def stage_of(element: ET.Element, key: str = "data-stage") -> Stage:
    """Return the stage that an attribute names."""
    return STAGES[element.get(key, "")]


def stages_of(name: str) -> dict[Stage, Rect]:
    """Return the box of each stage on a picture; the ring around where a case stands is no box."""
    return {
        stage_of(one): rect_of([*one.iter(f"{SVG}rect")][-1]) for one in of_class(name, "stage")
    }  # fmt: skip


def ways_of(name: str) -> dict[tuple[Stage, Stage], ET.Element]:
    """Return the ways on a picture."""
    found = [(stage_of(one, "data-from"), stage_of(one, "data-to")) for one in of_class(name, "way")]
    assert len(found) == len(set(found))
    return dict(zip(found, of_class(name, "way"), strict=True))


def tooltip(element: ET.Element) -> str:
    """Return what shows when a pointer rests on an element."""
    return element.findtext(f"{SVG}title") or ""


# ---- all of it is there ----------------------------------------------------------------------------------------------
class TestTable:
    """The map shows the table and nothing else."""

    @every
    def test_every_stage_stands_on_it_once(self, name: str) -> None:
        """A picture has one box for each stage, with its name in the picture's language."""
        assert list(stages_of(name)) == list(Stage)
        language = root_of(name).get("lang") or ""
        for one in of_class(name, "stage"):
            told = " ".join(text.text or "" for text in one.iter(f"{SVG}text"))
            assert told == label(stage_of(one), language)

    @pytest.mark.parametrize(
        ("name", "annex", "reading"),
        [
            ("table", ANNEX_31A, Reading()),
            ("table-es", ANNEX_31A, Reading()),
            ("table-31-b", ANNEX_31B, Reading()),
            ("table-otherwise", ANNEX_31A, OTHERWISE),
            ("case-new", ANNEX_31A, Reading()),
            ("simulation", ANNEX_31A, Reading()),
        ],
    )
    def test_every_way_is_drawn_once_with_each_row(self, name: str, annex: Any, reading: Reading) -> None:
        """There is one line for each two stages that rows join, and its tooltip tells each row, act and provision."""
        expected = edges(annex, reading)
        assert set(ways_of(name)) == set(expected)
        language = root_of(name).get("lang") or ""
        for pair, way in ways_of(name).items():
            for row in (ROW_BY_ID[one] for one in expected[pair]):
                act, who = label(row.event, language), label(row.who, language)
                cite = cited(row.provision.cite(annex.name), language)
                assert f"{row.id}: {act}, {who} ({cite})" in tooltip(way).splitlines()

    def test_every_closing_is_listed(self) -> None:
        """The ways to close are listed, each with the rows by which cases close so."""
        found = {Closing(one.get("data-closing", "")): tooltip(one) for one in of_class("table", "ending")}
        assert list(found) == list(Closing)
        for row in TABLE:
            if row.closes is not None and row.under is None and row.only is None:
                assert row.id in found[row.closes]

    def test_a_way_of_one_row_is_labelled_by_it(self) -> None:
        """The label names the only row of its own, or the rule, or the first row; quiet ways have none."""
        found = {one.get("data-of"): one.text for one in of_class("table", "label")}
        assert found["review_requested under_review"] == "A4-03a"
        assert found["petition_not_confirmed panel_constituted"] == "A6-02"
        assert "under_review course_running" not in found
        assert not [of for of in found if of and of.endswith(" closed")]

    def test_the_whole_main_course_is_of_the_table(self) -> None:
        """What is drawn stronger is a way of the table."""
        assert set(edges()) >= MAIN


class TestPlaces:
    """One small table says where each stage stands."""

    def test_each_stage_has_a_place_of_its_own(self) -> None:
        """Every stage has a place, and no two have the same."""
        assert set(PLACES) == set(Stage)
        assert len(set(PLACES.values())) == len(PLACES)

    def test_each_stage_stands_on_the_ground_of_its_phase(self) -> None:
        """The ground of a phase holds its stages and no other."""
        for stage, (column, row) in PLACES.items():
            for phase, (first, last, top, foot) in GROUNDS.items():
                assert (first <= column <= last and top <= row <= foot) is (phase is stage.phase)

    def test_the_page_is_that_table(self) -> None:
        """The page in the docstring names the stages in their rows, as the table places them."""
        from rrm_lifecycle.views.map import places as stage_places  # noqa: PLC0415 - for its docstring

        page = (stage_places.__doc__ or "").splitlines()
        rows = {int(line.split()[0]): line for line in page if re.match(r"    \d ", line)}
        assert len(rows) == 1 + max(row for _, row in PLACES.values())
        for row, line in rows.items():
            assert len(re.split(r"\s{2,}", line.strip())[1:]) == sum(place[1] == row for place in PLACES.values())


# ---- nothing hides anything ------------------------------------------------------------------------------------------
class TestRoom:
    """Everything has room: boxes, labels, lines and text."""

    @every
    def test_no_boxes_overlap(self, name: str) -> None:
        """Neither two stages, nor two phases, nor a stage and a phase that is not its own."""
        boxes = stages_of(name)
        grounds = {Phase(one.get("data-phase", "")): rect_of(one[0]) for one in of_class(name, "phase")}
        assert not [
            pair for pair in product(boxes, boxes) if pair[0] != pair[1] and overlap(boxes[pair[0]], boxes[pair[1]])
        ]
        for stage, phase in product(Stage, Phase):
            assert overlap(boxes[stage], grounds[phase]) is (stage.phase is phase)
            assert inside(boxes[stage], grounds[stage.phase])

    @every
    def test_labels_overlap_nothing(self, name: str) -> None:
        """Labels and numbers overlap neither one another nor a stage."""
        rooms = [(one.text, text_rect(one)) for one in of_class(name, "label")]
        rooms += [("number", rect_of(one[0])) for one in of_class(name, "number") if one.get("data-of")]
        boxes = [(stage.value, box) for stage, box in stages_of(name).items()]
        hidden = [
            (one, other)
            for place, (one, room) in enumerate(rooms)
            for other, further in (*rooms[place + 1 :], *boxes)
            if overlap(room, further)
        ]
        assert not hidden

    @every
    def test_text_stays_on_the_page(self, name: str) -> None:
        """No text leaves the picture, none is smaller than 11, and the name of a stage stays in its box."""
        page = (0.0, 0.0, picture(name).width, picture(name).height)
        for text in root_of(name).iter(f"{SVG}text"):
            assert inside(text_rect(text), page), text.text
            assert float(text.get("font-size") or 0) >= 11
        boxes = stages_of(name)
        for one in of_class(name, "stage"):
            for text in one.iter(f"{SVG}text"):
                assert inside(text_rect(text), boxes[stage_of(one)])

    @every
    def test_the_ways_to_close_have_room(self, name: str) -> None:
        """The list of closings ends above the box of the last stage, and no line of it is wider than its ground."""
        ground = next(rect_of(one[0]) for one in of_class(name, "phase") if one.get("data-phase") == "resolved")
        closed = stages_of(name)[Stage.CLOSED]
        texts = [text_rect(text) for one in of_class(name, "ending") for text in one.iter(f"{SVG}text")]
        assert all(inside(one, ground) and one[3] < closed[1] for one in texts)
        assert not [pair for pair in pairwise(texts) if overlap(*pair)]

    @every
    def test_the_acts_below_do_not_overlap(self, name: str) -> None:
        """Neither the key nor the acts of a case write over one another."""
        texts = [
            text_rect(text)
            for kind in ("key", "step")
            for one in of_class(name, kind)
            for text in one.iter(f"{SVG}text")
        ]
        assert not [(one, other) for one, other in product(texts, texts) if one is not other and overlap(one, other)]

    @pytest.mark.parametrize("one", Stage)
    def test_no_way_runs_through_a_stage(self, one: Stage) -> None:
        """Between any two stages, also those that no rule joins today, there is a way that crosses no other box."""
        for other in Stage:
            points = route(one, other).points
            for (x, y), (x2, y2) in pairwise(points):
                assert x == x2 or y == y2
                stretch = (min(x, x2), min(y, y2), max(x, x2), max(y, y2))
                for stage in Stage:
                    box = box_of(stage)
                    shrunk = (box.x + 0.1, box.y + 0.1, box.x + BOX_WIDE - 0.1, box.y + BOX_HIGH - 0.1)
                    assert not overlap((*stretch[:2], stretch[2] + 1e-9, stretch[3] + 1e-9), shrunk), (other, stage)
            (x, y), (x2, y2) = points[0], points[-1]
            for (at, high), stage in (((x, y), one), ((x2, y2), other)):
                box = box_of(stage)
                assert at in {box.x, box.right} or high in {box.y, box.bottom}
                assert box.x <= at <= box.right
                assert box.y <= high <= box.bottom

    @pytest.mark.parametrize("name", ["table", "table-es", "case-new", "case-closed", "table-otherwise"])
    def test_what_is_drawn_is_what_was_routed(self, name: str) -> None:
        """The line in the picture starts where its route starts, and its head ends where the route ends."""
        for (one, other), way in ways_of(name).items():
            points = route(one, other).points
            path = [*way.iter(f"{SVG}path")][-1].get("d") or ""
            tip = (way.findall(f"{SVG}polygon")[-1].get("points") or "").split()[0]
            assert [float(part) for part in path[1:].split("L")[0].split()] == pytest.approx(points[0])
            assert [float(part) for part in tip.split(",")] == pytest.approx(points[-1])


# ---- a case ----------------------------------------------------------------------------------------------------------
def numbered(name: str) -> list[tuple[Stage, Stage]]:
    """Return the ways that are numbered, by number."""
    found = {
        int(number): pair for pair, way in ways_of(name).items() for number in (way.get("data-numbers") or "").split()
    }
    assert sorted(found) == list(range(1, len(found) + 1))
    return [found[number] for number in sorted(found)]


def states(name: str) -> dict[str | None, set[Stage]]:
    """Return which stages are marked how."""
    found: dict[str | None, set[Stage]] = {}
    for one in of_class(name, "stage"):
        found.setdefault(one.get("data-state"), set()).add(stage_of(one))
    return found


class TestCase:
    """The map of a case shows where it went, where it stands, and what is open."""

    @pytest.mark.parametrize("name", HISTORIES)
    def test_the_path_is_numbered_in_order(self, name: str) -> None:
        """The numbers on the lines tell the acts that moved the case, in order, and each act stands below."""
        case = align(HISTORIES[name]).case
        went = [(entry.stage, entry.to) for entry in moves(case)]
        assert numbered(f"history-{name}") == went
        assert states(f"history-{name}").get("here") == {case.stage}
        assert states(f"history-{name}").get("passed", set()) == {stage for pair in went for stage in pair} - {
            case.stage
        }
        told = [
            " ".join(text.text or "" for text in one.iter(f"{SVG}text")) for one in of_class(f"history-{name}", "step")
        ]
        acts = [entry for entry in case.acts if entry.track.value == "case"]
        assert len(told) == len(acts)
        for line, entry in zip(told, acts, strict=True):
            assert str(entry.act.on) in line

    def test_the_path_is_told_without_colour(self) -> None:
        """The path is thicker than every other line, and has numbers and words."""
        wide = {
            pair: float([*way.iter(f"{SVG}path")][-1].get("stroke-width") or 0)
            for pair, way in ways_of("case-closed").items()
        }
        went = set(numbered("case-closed"))
        assert min(wide[pair] for pair in went) > max(width for pair, width in wide.items() if pair not in went)
        assert "10. determination issued on 2024-04-26, to closed; closed: out of scope." in picture("case-closed").alt

    def test_a_new_case_stands_at_the_start(self) -> None:
        """Of a case without an act nothing is marked but where it stands."""
        assert states("case-new") == {"here": {Stage.ASSESSMENT}, None: set(Stage) - {Stage.ASSESSMENT}}
        assert numbered("case-new") == []
        assert not [way for way in ways_of("case-new").values() if way.get("data-open")]
        assert of_class("case-new", "step") == []

    def test_open_doors_are_marked(self) -> None:
        """What may be done on the day of looking is dashed and named in words."""
        doors = {pair for pair, way in ways_of("case-open-es").items() if way.get("data-open")}
        here = Stage.PANEL_REQUESTED
        assert doors == {(here, Stage.PANEL_DRAWN), (here, Stage.COURSE_RUNNING), (here, Stage.CLOSED)}
        for pair in doors:
            assert [*ways_of("case-open-es")[pair].iter(f"{SVG}path")][-1].get("stroke-dasharray")
        assert "Abierto el 2026-02-03: panelistas sorteados" in picture("case-open-es").alt

    def test_what_time_has_not_opened_is_shut(self) -> None:
        """A panel cannot be asked for while the limit for the reply runs, and can once it is over."""
        asked = CASES[7].until(date(2024, 4, 1))
        pair = (Stage.REVIEW_REQUESTED, Stage.PANEL_REQUESTED)
        for day, is_open in ((date(2024, 4, 11), False), (date(2024, 4, 12), True)):
            root = ET.fromstring(diagram(asked, today=day).svg)  # noqa: S314 - our own text
            doors = {
                (stage_of(one, "data-from"), stage_of(one, "data-to")) for one in root.iter() if one.get("data-open")
            }
            assert (pair in doors) is is_open

    def test_a_day_in_the_past_shows_the_case_of_that_day(self) -> None:
        """Acts after the day of looking are left out."""
        case = align(HISTORIES["san-martin"]).case
        assert diagram(case, today=date(2023, 6, 20)).svg != diagram(case).svg
        assert (
            diagram(case, today=date(2023, 6, 20)).svg
            == diagram(case.until(date(2023, 6, 20)), today=date(2023, 6, 20)).svg
        )

    def test_an_alignment_is_its_case(self) -> None:
        """An alignment shows the case that its acts make."""
        found = align(HISTORIES["goodyear-slp"])
        assert diagram(found) == diagram(found.case)

    def test_a_way_that_the_reading_lacks_is_drawn_where_the_case_went_it(self) -> None:
        """A case decided under another reading keeps its path on the map of ours."""
        lot = Context(Reading(constituted_by_lot=True))
        asked = case_at(Stage.PANEL_REQUESTED)
        assert asked.last_day is not None
        drawn = play(asked, did.PanelistsDrawn(asked.last_day, panelists=_panel()), context=lot)
        root = ET.fromstring(diagram(drawn).svg)  # noqa: S314 - our own text
        pair = ("panel_requested", "panel_constituted")
        (way,) = [one for one in root.iter() if (one.get("data-from"), one.get("data-to")) == pair]
        assert way.get("data-numbers")
        assert "A5-02b" in tooltip(way)

    def test_a_way_gone_often_shows_the_first_and_the_last(self) -> None:
        """Of many numbers on one line the first two and the last are shown; the list below has the last sixty acts."""
        found = {one.get("data-of"): "".join(one.itertext()) for one in of_class("case-looped", "number")}
        assert re.fullmatch(r"\d+, \d+, …, \d+", found["petition_not_confirmed panel_constituted"])
        many = ET.fromstring(diagram(looped(40)).svg)  # noqa: S314 - our own text
        assert len([one for one in many.iter() if one.get("class") == "step"]) == MOST
        assert "the first 24 acts are not listed" in "".join(many.itertext())

    @pytest.mark.parametrize("number", range(len(CASES)))
    def test_a_name_is_text(self, number: int) -> None:
        """Whatever a facility is called, the picture has no element and no attribute that runs anything."""
        name = f"hostile-{number}"
        for one in root_of(name).iter():
            assert one.tag.removeprefix(SVG) in {"svg", "title", "desc", "g", "rect", "text", "path", "polygon", "line"}
            assert not [key for key in one.keys() if key.startswith("on") or "href" in key or key == "style"]  # noqa: SIM118 - an Element
        heading = root_of(name).findtext(f"{SVG}title") or ""
        facility = CASES[number].facility
        assert facility is not None
        assert heading == f"Case a-{number} · {facility.name}"
        assert facility.name not in picture(name).alt


def _panel() -> Any:
    acts = (one.event for one in case_at(Stage.PANEL_DRAWN).acts)
    return next(one for one in acts if isinstance(one, did.PanelistsDrawn)).panelists


# ---- a simulation ----------------------------------------------------------------------------------------------------
class TestSimulation:
    """The map of a simulation shows which share of the paths goes each way."""

    def test_shares_are_those_of_the_paths(self) -> None:
        """The share of a way is counted as a person would: the cases, path by path, that went it."""
        run = simulate(n=150, seed=11)
        went: dict[tuple[Any, Any], set[int]] = {}
        for number in range(run.n):
            for entry in moves(run.case(number)):
                went.setdefault((entry.stage, entry.to), set()).add(number)
        assert shares_of(run) == {pair: len(paths) / run.n for pair, paths in went.items()}

    def test_every_way_carries_its_share(self) -> None:
        """Each line has its share, in the tooltip in words, and the closes add up to all of them."""
        shares = shares_of(simulation())
        for pair, way in ways_of("simulation").items():
            assert float(way.get("data-share") or -1) == pytest.approx(shares.get(pair, 0.0), abs=1e-4)
            assert tooltip(way).endswith(f"{percent(shares.get(pair, 0.0))} of the paths")
        assert sum(share for (_, other), share in shares.items() if other is Stage.CLOSED) == pytest.approx(1)

    def test_what_many_go_is_labelled(self) -> None:
        """A way that a hundredth of the paths go or more has its percent beside it."""
        shares = shares_of(simulation())
        found = {one.get("data-of"): one.text for one in of_class("simulation", "label")}
        assert found == {
            f"{one} {other}": percent(share) for (one, other), share in shares.items() if share >= 0.01
        } | {key: value for key, value in found.items() if key not in {f"{a} {b}" for a, b in shares}}

    def test_the_more_the_wider(self) -> None:
        """Where lines gather, the line is as wide as all of them together: widest before the close."""
        widths = [float(one.get("stroke-width") or 0) for one in root_of("simulation").findall(f"{SVG}line")]
        assert max(widths) == pytest.approx(7.5)

    def test_closings_carry_their_share(self) -> None:
        """Each way to close has its share behind its name."""
        shares = {row["closing"]: row["share"] for row in simulation().outcomes(by="closing")}
        for one in of_class("simulation", "ending"):
            told = " ".join(text.text or "" for text in one.iter(f"{SVG}text"))
            assert told.endswith(percent(shares.get(one.get("data-closing"), 0.0)))

    def test_no_paths_give_a_map_that_can_be_read(self) -> None:
        """With no share at all, each way is drawn as one that nobody went."""
        shown = weighted(of_table(ANNEX_31A, Reading(), "en"), {}, {})
        assert {way.share for way in shown.ways} == {0.0}
        assert shown.is_weighted
        assert {one.get("data-share") for one in of_class("simulation-one", "way")} == {"0.0000", "1.0000"}

    def test_the_start_is_marked_in_words(self) -> None:
        """Paths that go on from a case start in its stage."""
        (start,) = [one for one in of_class("simulation-from-case", "stage") if "starts here" in tooltip(one)]
        assert start.get("data-stage") == align(HISTORIES["akwel"]).case.stage.value

    @pytest.mark.parametrize(
        ("share", "told"), [(0, "0%"), (0.0099, "<1%"), (0.01, "1%"), (0.995, ">99%"), (1.0, "100%")]
    )
    def test_percents(self, share: float, told: str) -> None:
        """What is little is not told as nothing, and what is nearly all not as all."""
        assert percent(share) == told


# ---- as a picture and as text ----------------------------------------------------------------------------------------
class TestForms:
    """The same map as SVG, as an image, and as text for Mermaid and Graphviz."""

    @pytest.mark.parametrize("name", ["table", "case-closed", "simulation", "table-otherwise-es"])
    def test_the_same_bytes_each_time(self, name: str) -> None:
        """A picture is the same each time it is drawn."""
        assert PICTURES[name]() == picture(name)

    def test_the_same_bytes_in_another_process(self) -> None:
        """Neither the order of sets nor the process leaves a trace."""
        code = (
            "from hashlib import sha256; from rrm_lifecycle.views.map.diagram import diagram;"
            "from rrm_lifecycle.histories.alignment import align; from rrm_lifecycle.histories.dataset import load;"
            "found = diagram(align(load()['san-martin']));"
            "print(sha256((found.svg + found.mermaid + found.dot).encode()).hexdigest())"
        )
        run = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"}
        )
        found = picture("case-closed")
        assert run.stdout.strip() == sha256(f"{found.svg}{found.mermaid}{found.dot}".encode()).hexdigest()

    @pytest.mark.parametrize("annex", ANNEXES.values(), ids=str)
    def test_the_table_as_text_is_the_export(self, annex: Any) -> None:
        """The plain table has the text of the exports."""
        from rrm_lifecycle.export.graphs import dot, mermaid  # noqa: PLC0415 - the functions, beside the forms

        found = diagram(annex=annex, language="es")
        assert (found.mermaid, found.dot) == (mermaid(annex, "es"), dot(annex, "es"))

    def test_the_path_in_text(self) -> None:
        """In Mermaid the stages of the path are of a class, in DOT its ways are thick; numbers stand before the rules."""
        found = picture("case-closed")
        mermaid, dot = found.mermaid or "", found.dot or ""
        assert "  petition_confirmed --> closed : 10#58; A8-06a, A8-06b, A1-01b, X-04b, X-04c, X-06" in mermaid
        assert re.search(r"^  class assessment,\S+,closed path$", mermaid, re.MULTILINE)
        assert "  class closed here" in mermaid
        assert len(re.findall(r" -> .*penwidth=3\];", dot)) == 10

    def test_shares_in_text(self) -> None:
        """In the text of a simulation, shares stand in place of rules."""
        found, share = picture("simulation"), percent(shares_of(simulation())[Stage.ASSESSMENT, Stage.PETITION_REVIEW])
        assert f'  assessment -> petition_review [label="{share}"];' in (found.dot or "")

    @every
    def test_it_is_told_in_words(self, name: str) -> None:
        """A picture is an image with a title, and what it shows in words."""
        root = root_of(name)
        assert root.get("role") == "img"
        assert root.findtext(f"{SVG}title")
        assert root.findtext(f"{SVG}desc") == picture(name).alt
        assert picture(name).width == 900

    def test_no_sentence_lacks_its_twin(self) -> None:
        """Each sentence of the map stands in both languages, and both say the same things."""
        english, spanish = WORDS["en"], WORDS["es"]
        assert list(english) == list(spanish)
        for key, told in english.items():
            assert sorted(re.findall(r"{\w+}", told)) == sorted(re.findall(r"{\w+}", spanish[key])), key

    def test_both_languages(self) -> None:
        """In Spanish the heading, the phases and the key are Spanish."""
        told = " ".join("".join(one.itertext()) for one in root_of("table-es").iter(f"{SVG}text"))
        assert "El curso de un caso según el Anexo 31-A" in told
        assert "otras vías, cada una por su regla" in told
        assert "Reparación" in told


class TestAsked:
    """What cannot be drawn is refused in words."""

    @pytest.mark.parametrize("other", [None, "table", CUSTOMS, 3, object()])
    def test_nothing_else_has_a_map(self, other: object) -> None:
        """The message names what there is a map of, and what was found."""
        with pytest.raises(EventError, match=f"a case, an alignment or a simulation; found {type(other).__name__}$"):
            diagram(other)

    def test_what_does_not_belong_is_refused(self) -> None:
        """An Annex belongs to the table, a day to a case, and nothing to a simulation."""
        with pytest.raises(EventError, match="the map of a case takes context, today; found annex"):
            diagram(Case.start("a"), annex=ANNEX_31B)
        with pytest.raises(EventError, match="the map of the table takes annex, context; found today"):
            diagram(today=date(2024, 4, 1))
        with pytest.raises(EventError, match="the map of a simulation takes none of these; found context, today"):
            diagram(simulation(), context=Context(), today=date(2024, 4, 1))

    def test_an_unknown_language(self) -> None:
        """A language without a catalogue is refused as everywhere."""
        with pytest.raises(EventError, match="there is no catalogue for the language 'tlh'"):
            diagram(language="tlh")

    def test_a_day_is_a_plain_day(self) -> None:
        """The day of looking is no text."""
        with pytest.raises(EventError, match="today"):
            diagram(Case.start("a"), today="2024-04-01")  # type: ignore[arg-type]


# ---- looked at -------------------------------------------------------------------------------------------------------
LOOKED_AT: Final = ("table", "table-es", "table-otherwise", "case-new", "case-closed", "case-open-es", "simulation")


def moved(svg: str, stage: Stage, by: float) -> str:
    """Return a picture in which one box has moved a little."""
    head, _, tail = svg.partition(f'data-stage="{stage.value}"')
    return head + f'data-stage="{stage.value}" transform="translate({by} 0)"' + tail


class TestLooks:
    """The pictures look as those that were looked at and accepted."""

    @pytest.mark.parametrize("name", LOOKED_AT)
    def test_it_looks_as_accepted(self, name: str) -> None:
        """Rendered, the picture is the accepted one but for the edges of letters."""
        assert_looks_like(picture(name).svg, f"map-{name}")

    def test_a_box_that_moved_is_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A box moved by six of nine hundred does not pass, and the message says how to accept it."""
        monkeypatch.delenv("RRM_PICTURES", raising=False)
        with pytest.raises(AssertionError, match=r"differs from the accepted one: .* RRM_PICTURES=accept"):
            assert_looks_like(moved(picture("table").svg, Stage.DELIBERATING, 6), "map-table")

    def test_a_line_that_is_gone_is_seen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A picture without one of its main lines does not pass."""
        monkeypatch.delenv("RRM_PICTURES", raising=False)
        without = re.sub(
            r'<g class="way" data-from="under_review" data-to="denial_reported".*?</g>', "", picture("table").svg
        )
        assert without != picture("table").svg
        with pytest.raises(AssertionError, match="differs from the accepted one"):
            assert_looks_like(without, "map-table")

    def test_another_size_is_seen(self) -> None:
        """A picture of another height differs in every pixel."""
        one = pixels_of(picture("table").svg)
        assert difference(one, one[:-1]) == (255.0, 1.0)
        assert difference(one, one) == (0.0, 0.0)

    def test_what_was_never_accepted_fails(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A new picture does not pass by itself, and passes once it is accepted."""
        monkeypatch.delenv("RRM_PICTURES", raising=False)
        with pytest.raises(AssertionError, match="no picture 'new' is accepted yet"):
            assert_looks_like(picture("table").svg, "new", folder=tmp_path)
        monkeypatch.setenv("RRM_PICTURES", "accept")
        assert_looks_like(picture("table").svg, "new", folder=tmp_path)
        monkeypatch.delenv("RRM_PICTURES")
        assert_looks_like(picture("table").svg, "new", folder=tmp_path)

    def test_no_accepted_picture_of_a_map_is_forgotten(self) -> None:
        """Each accepted picture of a map is one that is looked at."""
        assert {one.stem for one in ACCEPTED.glob("map-*.png")} == {f"map-{name}" for name in LOOKED_AT}
