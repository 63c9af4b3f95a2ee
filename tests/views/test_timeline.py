"""Timelines: every act once, no two labels upon each other, nothing outside, and what is late said in words and hatched."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import attrs
import pytest

import rrm_lifecycle as rrm
from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.case.engine import play
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.histories.alignment import align
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.wording import label, term_name
from rrm_lifecycle.views import svg
from rrm_lifecycle.views.timeline.acts import MOST
from rrm_lifecycle.views.timeline.draw import timeline
from rrm_lifecycle.views.timeline.limits import MOST as MOST_LIMITS
from rrm_lifecycle.views.timeline.scale import Scale
from tests.views.pictures import assert_looks_like, difference, pixels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrm_lifecycle.views.picture import Diagram

SVG: Final = "{http://www.w3.org/2000/svg}"
DAY: Final = date(2024, 4, 1)
HOSTILE: Final = "<script>alert(1)</script> \u0645\u0635\u0646\u0639 \U0001f3ed " + "a long name " * 30
PLANT: Final = CoveredFacility("Planta Uno", country="MX", sector="manufacturing", goods_traded=True)


def _after(days: int) -> date:
    return DAY + timedelta(days)


def _requested(name: str = "Planta Uno") -> Case:
    plant = attrs.evolve(PLANT, name=name)
    return play(Case.start("E-1"), did.ReviewRequested(DAY, facility=plant, laws=("LFT 390 bis",), basis="dismissals"))


def _course() -> Case:
    acts = (did.ReviewAccepted(DAY), did.DenialReported(DAY), did.CourseAgreed(DAY, agreed_end=_after(150)))
    return play(_requested(), *acts)


LONGER: Final = play(
    _course(),
    did.CourseExtended(_after(140), agreed_end=_after(200)),
    did.CourseExtended(_after(190), agreed_end=_after(250)),
)
MANY: Final = play(_course(), *(did.CourseExtended(_after(n // 8), agreed_end=_after(151 + n)) for n in range(10_000)))
SAN_MARTIN: Final = align(load()["san-martin"]).case
AGAIN: Final = attrs.evolve(SAN_MARTIN, acts=SAN_MARTIN.acts * 50)
PICTURES: Final[dict[str, Diagram]] = {
    **{history.id: timeline(history) for history in load()},
    **{f"{name}, es": timeline(load()[name], language="es") for name in ("vu-2", "san-martin", "atento")},
    "looked at later": timeline(load()["yazaki-2"], today=date(2025, 12, 10)),
    "looked at years later": timeline(load()["akwel"], today=date(2030, 12, 10), language="es"),
    "nothing done": timeline(Case.start("E-0")),
    "one act": timeline(_requested()),
    "all on one day": timeline(_course()),
    "extended": timeline(LONGER, today=_after(262)),
    "a hostile name": timeline(_requested(HOSTILE)),
    "10,000 acts": timeline(MANY),
    "many late": timeline(AGAIN),
    "a simulated case": timeline(rrm.simulate(n=5, seed=4).case(3)),
}


def _root(picture: Diagram) -> ET.Element:
    return ET.fromstring(picture.svg)  # noqa: S314 - our own text


def _of(picture: Diagram, kind: str) -> list[ET.Element]:
    return [one for one in _root(picture).iter(f"{SVG}g") if one.get("class") == kind]


def _texts(root: ET.Element) -> Iterator[tuple[str, float, float, float, float]]:
    """Yield each text with its box: left, right, top, bottom."""
    for one in root.iter(f"{SVG}text"):
        size = float(one.get("font-size", "0"))
        parts = [(one.text or "", one.get("font-weight") == "bold")]
        parts += [(part.text or "", part.get("font-weight") == "bold") for part in one]
        wide = sum(svg.width(text, size, bold=bold) for text, bold in parts)
        x, y = float(one.get("x", "0")), float(one.get("y", "0"))
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "start")]
        yield "".join(text for text, _ in parts), left, left + wide, y - 0.8 * size, y + 0.2 * size


def _words(picture: Diagram) -> str:
    return " ".join("".join(one.itertext()) for one in _root(picture).iter(f"{SVG}text"))


class TestLooks:
    """Every timeline can be read."""

    @pytest.mark.parametrize("name", PICTURES)
    def test_no_two_texts_overlap(self, name: str) -> None:
        """No text lies upon another one."""
        for (one, *first), (other, *second) in combinations(_texts(_root(PICTURES[name])), 2):
            across = min(first[1], second[1]) - max(first[0], second[0])
            up = min(first[3], second[3]) - max(first[2], second[2])
            assert across <= 0.5 or up <= 0.5, (one, other)

    @pytest.mark.parametrize("name", PICTURES)
    def test_nothing_leaves_the_canvas(self, name: str) -> None:
        """All text and every bar lies within the picture, and no text is smaller than 11 of 900."""
        picture = PICTURES[name]
        root = _root(picture)
        assert picture.width == 900
        for text, left, right, top, bottom in _texts(root):
            assert left >= 0 and right <= 900 and top >= 0 and bottom <= picture.height, text  # noqa: PT018 - one box
        assert min(float(one.get("font-size", "0")) for one in root.iter(f"{SVG}text")) >= 11
        defined = set(root.find(f"{SVG}defs").iter()) if root.find(f"{SVG}defs") is not None else set()  # type: ignore[union-attr]
        for bar in root.iter(f"{SVG}rect"):
            left, wide = float(bar.get("x", "0")), float(bar.get("width", "0"))
            assert bar in defined or (wide > 0 and left >= 0 and left + wide <= 900.01)
        for disc in root.iter(f"{SVG}circle"):
            assert 5 <= float(disc.get("cx", "0")) <= 895

    def test_the_same_twice(self) -> None:
        """The same case gives the same picture, to the letter."""
        for name in ("san-martin", "akwel"):
            assert timeline(load()[name]).svg == PICTURES[name].svg

    @pytest.mark.parametrize(
        ("name", "today"), [("san-martin", None), ("goodyear-slp", None), ("yazaki-2", date(2025, 12, 10))]
    )
    def test_as_it_was_accepted(self, name: str, today: date | None) -> None:
        """Three real cases look as they were accepted: with a panel, with a course, and open."""
        assert_looks_like(timeline(load()[name], today=today).svg, f"timeline-{name}")

    def test_a_missing_bar_is_seen(self) -> None:
        """The comparison notices when one limit is left out."""
        picture = PICTURES["san-martin"].svg
        start = picture.index('<g class="limit" data-term="determination"')
        without = picture[:start] + picture[picture.index("</g>", start) + 4 :]
        far, changed = difference(pixels_of(without), pixels_of(picture))
        assert far > 0.5
        assert changed > 0.0005


class TestActs:
    """Every act of a case stands in its timeline once."""

    @pytest.mark.parametrize("history", load(), ids=lambda history: history.id)
    def test_every_act_once(self, history: Any) -> None:
        """Each act of a real case has its mark, its rule and its day, in no lane twice."""
        case = align(history).case
        found = sorted(_of(PICTURES[history.id], "act"), key=lambda one: int(one.get("data-act", "0")))
        assert [int(one.get("data-act", "0")) for one in found] == list(range(1, len(case.acts) + 1))
        assert [one.get("data-rule") for one in found] == [entry.rule for entry in case.acts]
        assert [one.get("data-on") for one in found] == [str(entry.act.on) for entry in case.acts]
        assert [one.get("data-implied") == "yes" for one in found] == [entry.implied for entry in case.acts]

    def test_an_implied_act_is_marked(self) -> None:
        """An implied act is outlined, stands in brackets, and tells the days between which it lies."""
        (one,) = (one for one in _of(PICTURES["san-martin"], "act") if one.get("data-rule") == "A4-03a")
        assert one.get("data-known") == "2023-06-16/2023-07-31"
        assert one.find(f"{SVG}circle").get("fill") == svg.PAPER  # type: ignore[union-attr]
        told = "".join(one.itertext())
        assert "[review accepted]" in told
        assert "2023-06-16 \u2013 2023-07-31" in told
        assert "implied, not on record" in told

    def test_an_act_tells_its_rule_and_its_provision(self) -> None:
        """The title of an act names what was done, by whom, by which rule, under which provision, and where that led."""
        (one,) = (one for one in _of(PICTURES["san-martin"], "act") if one.get("data-rule") == "A4-06b")
        told = one.findtext(f"{SVG}title") or ""
        for part in (
            "panel requested",
            "2023-08-22",
            "the complainant Party",
            "A4-06b",
            "Art. 31-A.4",
            "panel requested",
        ):
            assert part in told

    def test_places_follow_days(self) -> None:
        """A later day stands further to the right, and each day within the axis."""
        scale = Scale.over(DAY, _after(400), 100.0, 800.0)
        places = [scale.at(_after(n)) for n in range(0, 401, 40)]
        assert all(one < other for one, other in pairwise(places))
        assert places[0] > 100.0
        assert places[-1] < 800.0
        assert scale.at(_after(9_000)) == 800.0

    @pytest.mark.parametrize("days", [0, 1, 9, 40, 200, 1_000, 20_000, 700_000])
    def test_ticks_have_room(self, days: int) -> None:
        """From two to twelve days are named on an axis, however long it is, and none lies outside."""
        scale = Scale.over(date(2020, 1, 31), date(2020, 1, 31) + timedelta(days), 218.0, 884.0)
        ticks = scale.ticks()
        assert 2 <= len(ticks) <= 12
        assert all(scale.first <= day <= scale.last for day, _ in ticks)


class TestLate:
    """What is late is said by words and by a pattern, not by a colour alone."""

    def test_a_late_act(self) -> None:
        """A late act says by how many days, has a mark of another form, and its limit a hatched bar."""
        picture = PICTURES["san-martin"]
        late = {one.get("data-rule"): one for one in _of(picture, "act") if one.get("data-late")}
        assert {rule: one.get("data-late") for rule, one in late.items()} == {"A4-06b": "7", "A8-06b": "210"}
        for one in late.values():
            assert one.find(f"{SVG}polygon") is not None
            assert f"{one.get('data-late')} days late" in "".join(one.itertext())
        (limit,) = (one for one in _of(picture, "limit") if one.get("data-term") == "determination")
        assert any(bar.get("fill") == "url(#rrm-late)" for bar in limit.iter(f"{SVG}rect"))
        assert "210 days late" in "".join(limit.itertext())

    def test_in_time_is_not_hatched(self) -> None:
        """A limit that was kept is not hatched, and shows the act that ended it."""
        (limit,) = (one for one in _of(PICTURES["san-martin"], "limit") if one.get("data-term") == "review")
        assert not any(bar.get("fill") == "url(#rrm-late)" for bar in limit.iter(f"{SVG}rect"))
        assert limit.get("data-ended") == limit.get("data-due") == "2023-07-31"
        assert "no Denial reported 2023-07-31" in "".join(limit.itertext())

    @pytest.mark.parametrize(
        ("left", "says"), [(0, "last day today"), (1, "1 day left"), (-1, "1 day late"), (-2, "2 days late")]
    )
    def test_days_are_counted_from_the_day_of_looking(self, left: int, says: str) -> None:
        """On its last day a limit is in time; the day after it is one day late."""
        picture = timeline(_requested(), today=_after(10 - left))
        (limit,) = (one for one in _of(picture, "limit") if one.get("data-term") == "reply")
        assert says in "".join(limit.itertext())
        assert (limit.get("data-late") is not None) is (left < 0)
        assert ("1 limit is over" in picture.alt) is (left < 0)

    def test_nobody_is_late_who_waits(self) -> None:
        """A waiting time that is over is not called late."""
        case = play(_course(), did.CourseFailed(_after(151)), did.RemediesNotified(_after(160)))
        picture = timeline(case, today=_after(180))
        (limit,) = (one for one in _of(picture, "limit") if one.get("data-term") == "course_notice")
        assert "over for 5 days" in "".join(limit.itertext())
        assert limit.get("data-late") is None

    def test_seen_on_the_day_of_the_last_act(self) -> None:
        """Without a day of looking an open case is seen on the day of its last act, and says so."""
        picture = PICTURES["akwel"]
        (limit,) = (one for one in _of(picture, "limit") if one.get("data-term") == "panel_decision")
        assert limit.get("data-late") == str((date(2026, 2, 3) - date(2025, 1, 21)).days)
        assert "seen on 2026-02-03" in _words(picture)
        assert not _of(picture, "today")


class TestLimits:
    """Limits run as bars to their last day."""

    @pytest.mark.parametrize("name", ["san-martin", "goodyear-slp", "akwel"])
    def test_a_row_for_each_limit(self, name: str) -> None:
        """Each limit that an act started has a row with its last day."""
        case = align(load()[name]).case
        started = [(limit.term, str(limit.due)) for entry in case.acts for limit in entry.started]
        found = [(one.get("data-term"), str(one.get("data-due"))) for one in _of(PICTURES[name], "limit")]
        assert sorted(found) == sorted(started)

    def test_an_extension_is_shown(self) -> None:
        """A limit that was extended stays one row: its first last day is told, and each longer part is dashed."""
        (course,) = (one for one in _of(PICTURES["extended"], "limit") if one.get("data-term") == "course")
        told = "".join(course.itertext())
        assert course.get("data-due") == str(_after(250))
        assert f"extended, first {_after(150)}" in told
        assert any(bar.get("stroke-dasharray") == svg.DASHED for bar in course.iter(f"{SVG}rect"))
        assert "12 days late" in told

    def test_a_last_day_known_to_a_period(self) -> None:
        """A limit whose start is known to a period alone tells both of its last days."""
        (one,) = (one for one in _of(PICTURES["san-martin"], "limit") if one.get("data-term") == "panel_decision")
        assert "last day 2023-08-13 to 2023-08-15" in "".join(one.itertext())

    def test_no_last_day(self) -> None:
        """A course without an agreed end has a dotted bar, and says so."""
        (course,) = (one for one in _of(PICTURES["akwel"], "limit") if one.get("data-term") == "course")
        assert "no last day stated" in "".join(course.itertext())


class TestBands:
    """Phases, stages and the hold stand as bands above the acts."""

    def test_phases_and_stages(self) -> None:
        """The phases of a case follow one another; so do the stages that are wide enough to be seen."""
        phases = [(one.get("data-where"), one.get("data-from")) for one in _of(PICTURES["san-martin"], "phase")]
        wanted = [("request_for_review", "2023-05-15"), ("panel", "2023-08-22"), ("resolved", "2024-04-26")]
        assert phases == wanted
        assert [one.get("data-where") for one in _of(PICTURES["san-martin"], "stage")][-2:] == [
            "petition_confirmed",
            "closed",
        ]

    def test_the_hold(self) -> None:
        """A customs hold has a band of its own; a case without one has none."""
        held = [(one.get("data-where"), one.get("data-from")) for one in _of(PICTURES["goodyear-slp"], "hold")]
        assert held == [("suspended", "2023-05-22"), ("resumed", "2024-02-05")]
        assert not _of(PICTURES["atento"], "hold")

    def test_the_day_of_looking(self) -> None:
        """A line marks the day of looking in an open case; a closed one has none, and later acts are left out."""
        (line,) = _of(PICTURES["looked at later"], "today")
        assert line.get("data-on") == "2025-12-10"
        assert not _of(timeline(load()["san-martin"], today=date(2025, 1, 1)), "today")
        early = timeline(load()["san-martin"], today=date(2023, 6, 30))
        assert len(_of(early, "act")) == sum(entry.act.on <= date(2023, 6, 30) for entry in SAN_MARTIN.acts)


class TestLarge:
    """A timeline stays small however long the record is."""

    @pytest.mark.parametrize("name", ["10,000 acts", "many late"])
    def test_what_has_no_room_is_counted(self, name: str) -> None:
        """Acts that have no room stand in bars; shown and counted are all there are; the picture stays bounded."""
        picture, case = PICTURES[name], {"10,000 acts": MANY, "many late": AGAIN}[name]
        bars = _of(picture, "bars")
        counted = sum(int(one.get("data-acts", "0")) for one in bars)
        each = sum(int(bar.get("data-acts", "0")) for one in bars for bar in one.iter(f"{SVG}rect"))
        assert counted + len(_of(picture, "act")) == len(case.acts)
        assert each == counted > 0
        assert len(picture.svg) < 100_000
        assert picture.height < 3_000

    def test_late_acts_come_first(self) -> None:
        """Where not all acts have room, the late ones have it before the others."""
        shown = [one for one in _of(PICTURES["many late"], "act") if one.get("data-rule") in {"A8-06b", "A8-01"}]
        assert shown
        assert all(one.get("data-late") for one in shown)

    def test_the_rest_of_the_limits_is_told(self) -> None:
        """Where not all limits have room, it is said how many have none."""
        picture = PICTURES["many late"]
        assert len(_of(picture, "limit")) == MOST_LIMITS
        runs = sum(len(entry.started) for entry in AGAIN.acts)
        assert f"{runs - MOST_LIMITS} more limits have no room here" in _words(picture)

    def test_up_to_the_bound_each_act_has_its_place(self) -> None:
        """A case of as many acts as are shown one by one has no bars."""
        acts = [did.CourseExtended(_after(n), agreed_end=_after(151 + n)) for n in range(MOST - 4)]
        picture = timeline(play(_course(), *acts))
        assert len(_of(picture, "act")) == MOST
        assert not _of(picture, "bars")


class TestWords:
    """A timeline speaks, in two languages, and also to who cannot see it."""

    def test_the_alternative_text(self) -> None:
        """It tells the span, where the case stands, how many acts there are, and which were late."""
        told = PICTURES["san-martin"].alt
        assert told == (
            "Timeline of case san-martin: San Mart\u00edn mine, from 2023-05-15 to 2024-04-26. It stands: closed: "
            "out of scope. It has 11 acts, 4 of them implied, not on record; 2 acts done late. Late: panel requested "
            "2023-08-22 (decision whether to request a panel: 7 days late); determination issued 2024-04-26 "
            "(determination: 210 days late)."
        )
        assert _root(PICTURES["san-martin"]).findtext(f"{SVG}desc") == told

    def test_in_spanish(self) -> None:
        """In Spanish acts, stages, limits and headings are Spanish, and nothing of the English words is left."""
        told = _words(PICTURES["san-martin, es"])
        for entry in SAN_MARTIN.acts:
            assert label(entry.act, "es") in told
        assert term_name("determination", "es") in told
        assert "210 d\u00edas de retraso" in told
        for english in ("late", "limit", "act,", "last day", "to 20", "stage", "the "):
            assert english not in told.replace("San Mart\u00edn mine", "")
        assert PICTURES["san-martin, es"].svg.count('lang="es"') == 1

    def test_nothing_done(self) -> None:
        """A case in which nothing was done says so."""
        assert PICTURES["nothing done"].alt == "Timeline of case E-0: Nothing has been done in it yet."
        assert "Nothing has been done in it yet." in _words(PICTURES["nothing done"])

    def test_hostile_names_are_inert(self) -> None:
        """A name of markup, of another writing, or far too long is shown as text, within the picture."""
        picture = PICTURES["a hostile name"]
        assert not any(one.tag == f"{SVG}script" for one in _root(picture).iter())
        assert "<script>alert(1)</script> \u0645\u0635\u0646\u0639" in _words(picture)
        assert len(picture.alt) < 400

    def test_what_does_not_fit_the_table_is_told(self) -> None:
        """Events of a record that the table refuses are counted below."""
        aligned = align(load()["san-martin"])
        deviation: Any = object()
        assert "2 events of the record do not fit" in _words(
            timeline(attrs.evolve(aligned, deviations=(deviation,) * 2))
        )


WRONG: Final[Any] = object()
NO_DAY: Final[Any] = "2024-01-01"


class TestBadInput:
    """What cannot be drawn is refused."""

    def test_another_value(self) -> None:
        """Anything but a case, an alignment or a history is refused."""
        with pytest.raises(TypeError, match="drawn of a case, an alignment or a history; found object"):
            timeline(WRONG)

    def test_another_language(self) -> None:
        """A language without a catalogue is refused."""
        with pytest.raises(EventError, match="no catalogue for the language 'xy'"):
            timeline(SAN_MARTIN, language="xy")

    def test_no_day(self) -> None:
        """A day of looking that is no plain date is refused."""
        with pytest.raises(EventError, match="today"):
            timeline(SAN_MARTIN, today=NO_DAY)
