"""Answers of ``decide`` that are kept between programs, and the programs that are built from them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
import pytest

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import Party
from rrm_lifecycle.case.context import DEFAULT, Context
from rrm_lifecycle.case.engine import decide
from rrm_lifecycle.law.annexes import ANNEX_31B
from rrm_lifecycle.law.readings import Reading
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.law.terms import RESPONDENT_PANEL
from rrm_lifecycle.simulation import asking
from rrm_lifecycle.simulation.behaviour import Behaviour
from rrm_lifecycle.simulation.compiling import compile_program
from rrm_lifecycle.simulation.days import Days
from rrm_lifecycle.simulation.program import Program
from tests.simulation.coarse import coarse


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test with no answer kept, and leave those of other tests alone."""
    monkeypatch.setattr(asking, "KEPT", asking.Kept())


def same(one: Program, other: Program) -> bool:
    """Return whether two programs are alike to the last unit."""
    fields = (field.name for field in attrs.fields(Program))
    pairs = ((getattr(one, name), getattr(other, name)) for name in fields)
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def afresh(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, **given: object) -> Program:
    """Return the program that is built with no answer kept, neither before nor while it is built."""

    class Forgetful(dict):  # type: ignore[type-arg]
        def __contains__(self, _: object) -> bool:
            return False

        def get(self, _: object, default: object = None) -> object:
            return default

        def setdefault(self, _: object, default: object = None) -> object:
            return default

    with monkeypatch.context() as patch:
        patch.setattr(asking.Kept, "of", lambda *_: Forgetful())
        return compile_program(behaviour, **given)  # type: ignore[arg-type]


class TestKept:
    """An answer is given again where all that it follows from is the same, and never otherwise."""

    def test_asked_less(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Another behaviour under the same context asks decide far less than the first one did."""
        asked: list[int] = []

        def counted(*args: object, **given: object) -> object:
            asked.append(1)
            return decide(*args, **given)  # type: ignore[arg-type]

        monkeypatch.setattr(asking, "decide", counted)
        base = coarse()
        compile_program(base)
        first = len(asked)
        compile_program(base.with_share(Stage.UNDER_REVIEW, did.MatterSettled, 0.25))
        assert 0 < len(asked) - first < first / 2

    def test_program_is_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With answers kept, a program is the one that is built without them."""
        base = coarse()
        compile_program(base)
        assert same(compile_program(base), afresh(base, monkeypatch))

    @pytest.mark.parametrize(
        "changed",
        [
            coarse().with_share(Stage.UNDER_REVIEW, did.MatterSettled, 0.25),
            coarse().with_share(Stage.REVIEW_REQUESTED, did.ReviewAccepted, 0.0),
            coarse().with_days(Stage.UNDER_REVIEW, "A4-05a", distribution=Days.of({3: 1, 200: 2})),
            coarse().with_course(exactly=33),
            coarse().draw(7),
        ],
        ids=["share", "act left out", "days", "course", "draw"],
    )
    def test_changed_behaviour(self, changed: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
        """A changed behaviour has its own program, whatever was built before."""
        before = compile_program(coarse())
        found = compile_program(changed)
        assert not same(found, before)
        assert same(found, afresh(changed, monkeypatch))

    def test_changed_reading(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A changed reading has its own program."""
        before = compile_program(coarse())
        context = Context(reading=Reading(terms=[RESPONDENT_PANEL.set(5)]))
        found = compile_program(coarse(), context=context)
        assert not same(found, before)
        assert same(found, afresh(coarse(), monkeypatch, context=context))

    @pytest.mark.parametrize(
        "start",
        [
            Case.start("OTHER", complainant=Party.MX),
            Case.start("OTHER", annex=ANNEX_31B, complainant=Party.CA),
        ],
        ids=["complainant", "annex"],
    )
    def test_changed_start(self, start: Case, monkeypatch: pytest.MonkeyPatch) -> None:
        """A case of another complainant Party, or under the other Annex, has its own program."""
        before = compile_program(coarse())
        found = compile_program(coarse(), start=start)
        assert not same(found, before)
        assert same(found, afresh(coarse(), monkeypatch, start=start))

    def test_threads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Programs that several threads build at once are those that are built alone."""
        several = [coarse(), coarse().with_course(exactly=33), coarse().draw(7), coarse()]
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(compile_program, several))
        assert all(same(one, afresh(behaviour, monkeypatch)) for one, behaviour in zip(found, several, strict=True))


class TestBounds:
    """What is kept is bounded."""

    def test_contexts(self) -> None:
        """Answers of the contexts asked about last are kept, of no more than eight."""
        kept = asking.Kept()
        several = [Context(reading=Reading(terms=[RESPONDENT_PANEL.set(days)])) for days in range(1, 12)]
        first = kept.of(several[0])
        for context in several:
            kept.of(context)["answer",] = context
        assert kept.sizes() == [1] * asking.MOST_CONTEXTS
        assert kept.of(several[-1]) == {("answer",): several[-1]}
        assert kept.of(several[0]) is not first

    def test_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Beyond the most answers, those of the context are forgotten before the next program is built."""
        monkeypatch.setattr(asking, "MOST_ANSWERS", 2)
        kept = asking.Kept()
        kept.of(DEFAULT).update(dict.fromkeys([(1,), (2,), (3,)]))
        assert kept.of(DEFAULT) == {}
