"""A recipe gives the same result to the bit, or says what is missing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import rrm_lifecycle
from rrm_lifecycle.case.calendars import Calendar
from rrm_lifecycle.case.case import evolve
from rrm_lifecycle.case.claim import CoveredFacility, Party, Sector
from rrm_lifecycle.case.context import Context
from rrm_lifecycle.case.engine import ROW_BY_ID, decide
from rrm_lifecycle.case.events import ReviewRequested
from rrm_lifecycle.case.register import PriorDenial, Register
from rrm_lifecycle.errors import SimulationError
from rrm_lifecycle.histories.dataset import load
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import CONSULTATIONS, REPLY
from rrm_lifecycle.law.version import RULEBOOK_VERSION
from rrm_lifecycle.record.entry import Entry
from rrm_lifecycle.simulation.acts import act_of, opening
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.montecarlo import simulate
from rrm_lifecycle.simulation.recipe import read, rerun, write
from rrm_lifecycle.simulation.results import Simulation

START = date(2025, 2, 3)


@pytest.fixture(scope="module")
def run() -> Simulation:
    """Return paths of the default behaviour."""
    return simulate(n=500, seed=11, start=START)


@pytest.fixture
def saved(run: Simulation, tmp_path: Path) -> Path:
    """Return the file of their recipe."""
    run.save(tmp_path / "run.json")
    return tmp_path / "run.json"


def changed(saved: Path, **fields: Any) -> Path:
    """Return the file, with fields of the recipe set otherwise."""
    recipe = json.loads(saved.read_text(encoding="utf-8")) | fields
    saved.write_text(json.dumps(recipe), encoding="utf-8")
    return saved


class TestRecipe:
    """What a recipe says."""

    def test_names_all_that_the_result_follows_from(self, run: Simulation) -> None:
        """The recipe names versions, digests, behaviour, reading, seed, stream, number and first day."""
        edition = load().edition
        told = run.recipe
        assert told["library"] == rrm_lifecycle.__version__
        assert told["rulebook"] == RULEBOOK_VERSION
        assert told["histories"] == {
            "compiled": edition.compiled and edition.compiled.isoformat(), "cases": edition.cases, "sha256": edition.digest
        }  # fmt: skip
        assert (told["seed"], told["stream"], told["n"], told["start"]) == (11, 1, 500, "2025-02-03")
        assert (told["kind"], told["sha256"]) == ("simulate", run.digest)
        assert Behaviour.from_json(told["behaviour"]) == run.behaviour
        assert (told["reading"], told["calendar"], told["register"], told["case"]) == ({}, None, None, None)

    def test_file_holds_it(self, run: Simulation, saved: Path) -> None:
        """The file holds the recipe and nothing else."""
        assert read(saved) == json.loads(json.dumps(run.recipe))
        assert [one.name for one in saved.parent.iterdir()] == ["run.json"]

    def test_file_can_be_read(self, tmp_path: Path) -> None:
        """The file has a line a value, and names in their own letters."""
        plant = CoveredFacility("Ñandú, S.A.", country=Party.MX, sector=Sector.MANUFACTURING, goods_traded=True)
        asked = decide(opening("A"), ReviewRequested(date(2024, 4, 1), facility=plant, laws=("a",), basis="b"))
        assert isinstance(asked, Entry)
        simulate(n=10, seed=1, start=evolve(opening("A"), asked)).save(tmp_path / "run.json")
        text = (tmp_path / "run.json").read_text("utf-8")
        assert text.startswith('{\n "rrm_recipe": 1,\n "kind": "simulate",\n')
        assert "Ñandú, S.A." in text

    def test_same_bytes_on_each_saving(self, run: Simulation, saved: Path) -> None:
        """Saved twice, the file is the same; a recipe of the same kind may be replaced."""
        before = saved.read_bytes()
        run.save(saved)
        assert saved.read_bytes() == before

    @pytest.mark.parametrize("text", ["mine", "{}", '{"rrm_recipe": 1, "kind": "compare"}', "[1]"])
    def test_leaves_other_files_alone(self, run: Simulation, tmp_path: Path, text: str) -> None:
        """A file that is no recipe of this kind is left alone, and told."""
        goal = tmp_path / "notes.json"
        goal.write_text(text, encoding="utf-8")
        with pytest.raises(SimulationError, match=r"notes\.json is there already"):
            run.save(goal)
        assert goal.read_text(encoding="utf-8") == text

    def test_leaves_nothing_of_what_fails(self, tmp_path: Path) -> None:
        """A recipe that cannot be written leaves no file behind."""
        with pytest.raises(TypeError):
            write({"kind": "simulate", "n": object()}, tmp_path / "run.json")
        assert list(tmp_path.iterdir()) == []


class TestAgain:
    """The same result."""

    def test_same_result(self, run: Simulation, saved: Path) -> None:
        """A recipe gives outcome, days, program and cases once more, and the same recipe."""
        again = rerun(saved)
        assert again.outcome.tobytes() == run.outcome.tobytes()
        assert again.days.tobytes() == run.days.tobytes()
        assert again.recipe == run.recipe
        assert again.case(17) == run.case(17)

    def test_by_an_executor(self, run: Simulation, saved: Path) -> None:
        """An executor may do it, with the same result."""
        with ThreadPoolExecutor(2) as pool:
            assert rerun(saved, executor=pool).digest == run.digest

    def test_changed_behaviour_and_reading(self, tmp_path: Path) -> None:
        """Behaviour and reading are in the recipe in full: terms, rows switched off, days and choices."""
        reading = Reading(
            roll_over=True, closing_days="either", terms=[REPLY.set(12), CONSULTATIONS.set(8, "business_days")],
            treaty_until=date(2099, 1, 1),
        )  # fmt: skip
        behaviour = Behaviour.default().with_share(Stage.UNDER_REVIEW, "NoDenialReported", 0.25)
        one = simulate(behaviour, n=300, seed=5, start=START, context=Context(reading))
        one.save(tmp_path / "run.json")
        again = rerun(tmp_path / "run.json")
        assert again.digest == one.digest != simulate(n=300, seed=5, start=START).digest
        assert again.context.reading == reading

    def test_from_a_case(self, tmp_path: Path) -> None:
        """A case from which paths start is in the recipe in full."""
        case = opening("EXAMPLE-1")
        ruling = decide(case, act_of(ROW_BY_ID["A4-01a"], START, case))
        assert isinstance(ruling, Entry)
        one = simulate(n=100, seed=5, start=evolve(case, ruling))
        one.save(tmp_path / "run.json")
        again = rerun(tmp_path / "run.json")
        assert again.digest == one.digest
        assert again.from_case == one.from_case

    def test_calendar_of_a_party(self, tmp_path: Path) -> None:
        """The calendar of a Party, or of two, is found by its name."""
        both = Calendar.either(Calendar.of_party("MX"), Calendar.of_party("US"))
        one = simulate(n=100, seed=5, start=START, context=Context(calendar=both))
        one.save(tmp_path / "run.json")
        assert rerun(tmp_path / "run.json").context.calendar == both

    def test_calendar_of_ones_own_and_register(self, tmp_path: Path) -> None:
        """A calendar of one's own and a register are named by digest: they have to be given, and are compared."""
        plant = CoveredFacility("Planta Uno", country=Party.MX, sector=Sector.MANUFACTURING, goods_traded=True)
        own = Calendar.of_days("office", [date(2025, 5, 2)], source="a notice", first=START, last=date(2030, 1, 1))
        context = Context(calendar=own, register=Register([PriorDenial("A-1", plant, date(2023, 1, 2))]))
        one = simulate(n=100, seed=5, start=START, context=context)
        one.save(tmp_path / "run.json")
        for given in (None, Context(calendar=own), Context(register=context.register)):
            with pytest.raises(SimulationError, match="pass its own as context="):
                rerun(tmp_path / "run.json", context=given)
        assert rerun(tmp_path / "run.json", context=context).digest == one.digest


class TestNotAgain:
    """What cannot be made anew says why."""

    def test_other_law_pages(self, saved: Path) -> None:
        """A recipe of other law pages names them, and the version of the library that has them."""
        with pytest.raises(SimulationError, match=r"needs law pages 0\+abc.* rrm-lifecycle 0\.0\.9$"):
            rerun(changed(saved, rulebook="0+abc", library="0.0.9"))

    def test_other_stream(self, saved: Path) -> None:
        """A recipe of another stream of draws names it."""
        with pytest.raises(SimulationError, match="needs draws of the stream 2, and this library has 1"):
            rerun(changed(saved, stream=2))

    def test_other_result(self, saved: Path) -> None:
        """Where another result comes out, the message names the version that wrote the recipe, and both digests."""
        with pytest.raises(SimulationError, match=r"which rrm-lifecycle 0\.0\.9 wrote: install that version; .*0{16}"):
            rerun(changed(saved, sha256="0" * 64, library="0.0.9"))

    def test_later_format_and_other_kind(self, saved: Path) -> None:
        """A recipe of a later format or of another kind is not guessed at."""
        with pytest.raises(SimulationError, match="of the kind 'dream'"):
            rerun(changed(saved, kind="dream"))
        with pytest.raises(SimulationError, match="of format 2, and this library reads format 1"):
            rerun(changed(saved, rrm_recipe=2))

    @pytest.mark.parametrize("field", ["behaviour", "start", "seed", "n", "reading", "case", "spent"])
    def test_recipe_that_lacks_a_field(self, saved: Path, field: str) -> None:
        """A recipe that lacks a field is refused with its name."""
        recipe = json.loads(saved.read_text(encoding="utf-8"))
        del recipe[field]
        saved.write_text(json.dumps(recipe), encoding="utf-8")
        with pytest.raises(
            SimulationError, match=f"lacks what a recipe of the kind 'simulate' holds: KeyError '{field}'"
        ):
            rerun(saved)

    @pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"kind": "simulate"}', '{"rrm_recipe": 1}'])
    def test_no_recipe(self, tmp_path: Path, text: str) -> None:
        """A file that holds no recipe is refused with its name; one that is not there is not found."""
        (tmp_path / "run.json").write_text(text, encoding="utf-8")
        with pytest.raises(SimulationError, match=r"run\.json holds"):
            rerun(tmp_path / "run.json")
        with pytest.raises(FileNotFoundError):
            rerun(tmp_path / "other.json")
