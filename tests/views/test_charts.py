"""Charts: as many bars and lines as there are things to tell, text within the canvas, and a caption to check by."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.views.charts_drawn import AHEAD, COMPARED, DOCKET, DOUBTS, EVERY, RUN, caption_of, drawn, names, said

# isort: split
from matplotlib import pyplot as plt

import rrm_lifecycle as rrm
from rrm_lifecycle.errors import EventError, MissingExtra, SimulationError
from rrm_lifecycle.histories import from_rows, load
from rrm_lifecycle.law.stages import Closing, Phase
from rrm_lifecycle.law.wording import label
from rrm_lifecycle.simulation.answers import exact
from rrm_lifecycle.simulation.behaviour import Behaviour, Habit
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.scenarios import MEAN, PANEL
from rrm_lifecycle.simulation.survival import kaplan_meier
from rrm_lifecycle.views.charts import plot as charts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


class TestLooks:
    """Every chart can be read, in both languages, in a figure of its own and beside another."""

    @pytest.mark.parametrize("language", ["en", "es"])
    @pytest.mark.parametrize("name", EVERY)
    def test_no_text_leaves_the_canvas_and_no_two_names_overlap(self, name: str, language: str) -> None:
        """All text lies within the figure; ticks, numbers, legend and caption do not lie upon each other."""
        figure = drawn(EVERY[name](caption=True, language=language))
        boxes = [(one.get_text(), one.get_window_extent()) for one in said(figure)]
        assert len(boxes) >= 4
        for text, box in boxes:
            assert box.x0 >= -1 and box.y0 >= -1, text  # noqa: PT018 - one corner
            assert box.x1 <= figure.bbox.width + 1 and box.y1 <= figure.bbox.height + 1, text  # noqa: PT018 - one corner
        for place, (text, box) in enumerate(boxes):
            for other, second in boxes[place + 1 :]:
                across = min(box.x1, second.x1) - max(box.x0, second.x0)
                up = min(box.y1, second.y1) - max(box.y0, second.y0)
                assert across <= 1 or up <= 1, (text, other)

    @pytest.mark.parametrize("name", EVERY)
    def test_axes_that_are_given_are_drawn_on(self, name: str) -> None:
        """The axes that are given come back, and a figure with room keeps their caption within it."""
        figure, (left, _) = plt.subplots(1, 2, figsize=(14, 7), layout="constrained")
        assert EVERY[name](ax=left, caption=True) is left
        assert plt.get_fignums() == [figure.number]
        figure.canvas.draw()
        for one in said(figure):
            box = one.get_window_extent()
            assert box.x0 >= -1 and box.y0 >= -1 and box.y1 <= figure.bbox.height + 1, one.get_text()  # noqa: PT018 - one box

    @pytest.mark.parametrize("name", ["incidence", "survival"])
    def test_lines_differ_without_colour(self, name: str) -> None:
        """No two named lines have dashes and marks in common."""
        lines: list[Any] = [one for one in EVERY[name]().lines if not str(one.get_label()).startswith("_")]
        # matplotlib tells the dashes of a line nowhere else
        looks = {(one.get_linestyle(), str(one._dash_pattern), one.get_marker()) for one in lines}
        assert len(looks) == len(lines) >= 2

    def test_areas_differ_without_colour(self) -> None:
        """Neighbouring areas differ in hatch, apart from the palest, which differ in lightness."""
        hatches = [one.get_hatch() for one in charts.occupancy(RUN).collections]
        assert len(hatches) == len(Phase)
        assert all(one != other for one, other in pairwise(hatches))


class TestContent:
    """A chart shows what its value tells."""

    def test_a_bar_for_each_outcome(self) -> None:
        """There is a bar, a name and a number for each closing, as long as its share, and a line for its interval."""
        ax: Any = charts.outcomes(RUN)
        rows = RUN.outcomes(by="closing").rows()
        assert [bar.get_width() for bar in ax.patches] == [row["share"] for row in rows]
        assert names(ax) == [label(Closing(row["closing"])) for row in rows]
        assert [one.get_text() for one in ax.texts] == [f"{row['share']:.1%}" for row in rows]
        drawn = [tuple(path.vertices[:, 0].tolist()) for path in ax.collections[-1].get_paths()]
        assert drawn == [(row["low"], row["high"]) for row in rows]

    def test_exact_shares_have_no_interval(self) -> None:
        """Exact answers are drawn without lines."""
        assert not charts.outcomes(exact()).collections

    def test_labels_are_in_the_language(self) -> None:
        """In Spanish, closings, title and axis are Spanish."""
        ax = charts.outcomes(RUN, language="es")
        assert label(Closing.SETTLED, "es") in names(ax)
        assert (ax.get_title(loc="left"), ax.get_xlabel()) == ("Cómo terminan los casos", "proporción de casos")

    def test_real_cases_stand_over_simulated_ones(self) -> None:
        """The second curve is that of the 30 real cases, with a mark for each that is open; real=False leaves it out."""
        lines: list[Any] = list(charts.survival(RUN).lines)
        simulated, real, marks = lines
        assert str(simulated.get_label()).startswith("simulated: 2,000 paths")
        open_ones = sum(not one.case.is_closed for one in (rrm.align(history) for history in load()))
        assert str(real.get_label()).startswith(f"real cases: 30, of them {open_ones} open")
        assert len(marks.get_xdata()) == open_ones
        assert len(charts.survival(RUN, real=False).lines) == 1

    def test_a_simulation_of_a_case_has_no_real_ones_over_it(self) -> None:
        """Paths that go on from a case are not compared with whole cases."""
        case = rrm.align(load()["tamsa"]).case
        assert len(charts.survival(simulate(n=50, seed=1, start=case)).lines) == 1

    def test_curves_by_name(self) -> None:
        """Curves of one's own are drawn by their names."""
        ax = charts.survival({"mine": kaplan_meier([10, 20, 30]), "theirs": kaplan_meier([5, 50], [True, False])})
        assert [str(one.get_label()) for one in ax.lines] == ["mine: median 20 days", "theirs: median 5 days"]

    def test_incidence_names_the_greatest(self) -> None:
        """The greatest have a line each; the others stand together, and all add up."""
        lines: list[Any] = list(charts.incidence(RUN, top=3).lines)
        assert len(lines) == 4
        assert sum(float(one.get_ydata()[-1]) for one in lines) == pytest.approx(1.0)

    def test_durations_count_every_path(self) -> None:
        """The bars hold every path up to the last day, and what comes later is told."""
        ax: Any = charts.durations(RUN)
        whole: Any = charts.durations(RUN, days=5_000)
        inside = sum(bar.get_height() for bar in ax.patches)
        assert f"{1 - inside / RUN.n:.1%} close later" in ax.get_xlabel()
        assert sum(bar.get_height() for bar in whole.patches) == RUN.n

    def test_a_tornado_is_sorted_and_tells_the_rest(self) -> None:
        """The largest comes first whatever its sign; shorter is hatched; what is not drawn is counted."""
        ax: Any = charts.tornado(DOUBTS, top=5)
        widths = [bar.get_width() for bar in ax.patches]
        assert widths[:2] == [-23.8, 8.2]
        assert [bool(bar.get_hatch()) for bar in ax.patches] == [True, False, False, False, False]
        assert "11 more move less; 1 change nothing;\n1 could not be computed" in ax.get_xlabel()

    def test_differences_have_a_point_each_and_a_line_where_there_is_an_interval(self) -> None:
        """Each scenario has its exact point; one without an interval has no line."""
        ax: Any = charts.differences(COMPARED)
        points = next(line for line in ax.lines if line.get_marker() == "D")
        assert list(points.get_xdata()) == [29.4, -2.0]
        assert len(ax.collections) == 1
        assert names(charts.differences(COMPARED, scenario="always_declines")) == ["settled", PANEL]

    def test_a_forecast_shows_shares_and_days(self) -> None:
        """The shares stand above; below, eight of ten, half, the median and the mean."""
        ax = charts.forecast(AHEAD)
        days: Any = drawn(ax).axes[-1]
        assert len(ax.patches) == len(AHEAD.outcomes("closing"))
        told = " ".join(one.get_text() for one in days.get_legend().get_texts())
        assert f"eight of ten: {AHEAD.quantile(0.1)} to {AHEAD.quantile(0.9)}" in told
        assert f"median {AHEAD.median_days}" in told


class TestCaption:
    """A caption says what a reader needs to make the figure again."""

    @pytest.mark.parametrize("name", EVERY)
    def test_edition_version_and_sources(self, name: str) -> None:
        """Every caption names the edition, the version and where the sources stand; without caption=True there is none."""
        told = caption_of(EVERY[name](caption=True))
        for part in (load().edition.digest, f"rrm_lifecycle {rrm.__version__}", "Sources:"):
            assert part in told
        assert "Sources:" not in caption_of(EVERY[name]())

    def test_n_and_seed(self) -> None:
        """The caption of a simulation names n, seed, first day and behaviour."""
        told = caption_of(charts.occupancy(RUN, caption=True))
        assert f"n = 2,000 paths, seed 1, from {RUN.start}" in told
        assert RUN.behaviour.rests_on in told

    def test_given_by_hand(self) -> None:
        """A behaviour that was given by hand is called so."""
        habits = {"assessment": {"X-06": Habit(1.0, Days.exactly(5))}}
        run = simulate(Behaviour(habits), n=5, seed=1)
        assert "given by hand" in caption_of(charts.outcomes(run, caption=True))


class TestPlot:
    """``plot`` finds the chart of a value."""

    @pytest.mark.parametrize("kind", ["outcomes", "survival", "incidence", "occupancy", "durations", "flow"])
    def test_a_simulation_has_six(self, kind: str) -> None:
        """Each kind of a simulation is drawn by its function."""
        ax, other = RUN.plot(kind=kind), getattr(charts, kind)(RUN)
        assert ax.get_title(loc="left") == other.get_title(loc="left") != ""

    def test_the_usual_one(self) -> None:
        """Without a kind, the usual chart of the class is drawn."""
        titles = [
            one.plot().get_title(loc="left") for one in (RUN, AHEAD, exact(), DOUBTS, COMPARED, RUN.durations(), DOCKET)
        ]
        wanted = ["How cases end", "How tamsa may end, from 2025-06-14", "How cases end"]
        wanted += ["How each doubt changes the mean days", MEAN, "Days to the close", "Due days, seen on 2025-12-01"]
        assert titles == wanted
        assert load().plot().get_title(loc="left") == RUN.survival().plot().get_title(loc="left") == "Cases still open"

    def test_no_chart_of_a_case(self) -> None:
        """A value without a chart says which values have one."""
        with pytest.raises(TypeError, match="there is no chart of a Case: there are charts of Simulation"):
            rrm.Case.start("EXAMPLE-1").plot()

    def test_without_matplotlib(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where matplotlib is missing, the error names the extra."""
        for name in ("plot", "style", "changes", "curves", "flow", "calendar"):
            monkeypatch.delitem(sys.modules, f"rrm_lifecycle.views.charts.{name}", raising=False)
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        with pytest.raises(MissingExtra, match=r"charts need the extra 'notebook'"):
            RUN.plot()


WRONG: Final[Any] = object()


class TestBadInput:
    """What cannot be drawn is refused before a figure is made."""

    @pytest.mark.parametrize(
        ("draw", "error", "says"),
        [
            (lambda: RUN.plot(kind="pie"), EventError, "kind has to be one of 'outcomes', 'survival'"),
            (lambda: charts.outcomes(RUN, by="colour"), EventError, "by has to be 'closing' or 'reached'"),
            (lambda: charts.outcomes(RUN, language="xy"), EventError, "no catalogue for the language 'xy'"),
            (lambda: charts.outcomes(RUN, ax=WRONG), TypeError, "ax is the matplotlib axes"),
            (
                lambda: charts.outcomes(WRONG),
                TypeError,
                "drawn of: Simulation, Forecast, Answers; found object",
            ),
            (lambda: charts.survival(RUN, days=0), EventError, "days, the last day shown, is a whole number"),
            (lambda: charts.survival({}), SimulationError, "no curve to draw"),
            (lambda: charts.survival(from_rows([])), SimulationError, "no real case with an act"),
            (lambda: charts.incidence(RUN, top=True), EventError, "top, the number of lines"),
            (lambda: charts.durations(RUN, closing="happily"), SimulationError, "no closing"),
            (lambda: charts.durations(RUN.durations(), closing="settled"), EventError, "ask the simulation"),
            (lambda: charts.tornado(DOUBTS, of="money"), EventError, "of has to be 'days' or 'outcomes'"),
            (lambda: charts.tornado(DOUBTS, top=0), EventError, "top, the number of bars"),
            (lambda: charts.differences(COMPARED, scenario="x", measure="y"), EventError, "leave one of the two out"),
            (lambda: charts.differences(COMPARED, scenario="x"), SimulationError, "no scenario 'x'"),
            (lambda: charts.forecast(AHEAD, by="x"), EventError, "by has to be"),
            (lambda: charts.flow(RUN, top=0), EventError, "top, the number of ends"),
            (lambda: charts.flow(from_rows([])), SimulationError, "no real case with an act"),
            (lambda: charts.flow(WRONG), TypeError, "drawn of: Simulation, Histories, Alignments; found object"),
            (lambda: charts.calendar(WRONG), TypeError, "drawn of: Agenda; found object"),
            (lambda: charts.calendar(DOCKET, months=0), EventError, "months, the number of months"),
            (
                lambda: charts.calendar(DOCKET, closing_days=WRONG),
                TypeError,
                "closing_days is a Calendar; found object",
            ),
        ],
    )
    def test_the_error_says_what_is_wrong(self, draw: Callable[[], Axes], error: type[Exception], says: str) -> None:
        """The error is typed and says what is wrong, and no empty figure is left behind."""
        with pytest.raises(error, match=says):
            draw()
        assert not plt.get_fignums()

    def test_a_forecast_wants_axes_of_a_grid(self) -> None:
        """Axes that stand in no grid cannot be parted in two."""
        figure = plt.figure()
        with pytest.raises(EventError, match="axes of a grid"):
            charts.forecast(AHEAD, ax=figure.add_axes((0.1, 0.1, 0.8, 0.8)))
