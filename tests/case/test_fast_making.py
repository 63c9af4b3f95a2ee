"""Values made the quick way are the values that their constructors make, and a fold in one go is the fold step by step."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any

import attrs
import pytest
from hypothesis import given

from rrm_lifecycle.case import events as did
from rrm_lifecycle.case.case import Case, Facts, evolve, evolve_all, replay
from rrm_lifecycle.case.deadlines import Limit, new_limit
from rrm_lifecycle.case.making import swift
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.law.stages import Stage
from rrm_lifecycle.record.chain import filed_of
from rrm_lifecycle.record.entry import Entry, new_entry
from rrm_lifecycle.record.filed import Filed, new_filed
from rrm_lifecycle.record.storage.standing import Standing
from tests.strategies import Walk, case_at, walks


def fields_of(value: Any) -> list[Any]:
    """Return the fields of a value, as its constructor takes them."""
    return [getattr(value, one.name) for one in attrs.fields(type(value))]


def refusal_of(fold: Callable[[list[Entry]], Case], several: list[Entry]) -> str:
    """Return the words in which a fold refuses."""
    with pytest.raises(RecordDamaged) as raised:
        fold(several)
    return str(raised.value)


@given(walks())
def test_a_twin_makes_the_values_that_the_constructor_makes(walk: Walk) -> None:
    """A value of a twin equals, shows itself as, and has the hash of one of the class; and it is of the class itself."""
    case = walk.case
    made: list[tuple[Any, Any]] = [(swift(Case), case), (swift(Facts), case.facts)]
    made += [(new_entry, one) for one in case.acts]
    made += [(new_limit, one) for entry in case.acts for one in entry.started]
    made += [(new_filed, one) for one in filed_of(case)]
    made.append((swift(Standing), Standing.of(case, 1, "0" * 64)))
    for twin, value in made:
        found = twin(*fields_of(value))
        assert type(found) is type(value)
        assert found == type(value)(*fields_of(value))
        assert repr(found) == repr(value)
        assert hash(found) == hash(value)
        assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - what was pickled a moment ago


@pytest.mark.parametrize("kind", [Case, Entry, Facts, Filed, Limit, Standing])
def test_a_twin_has_the_defaults_of_the_class(kind: Any) -> None:
    """A value made with what has to be stated, and nothing else, equals one of the class; it is frozen, and has slots."""
    needed = [None for one in attrs.fields(kind) if one.default is attrs.NOTHING]
    made = swift(kind)(*needed)
    assert made == kind(*needed)
    assert not hasattr(made, "__dict__")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(made, attrs.fields(kind)[0].name, "another")


def test_a_twin_converts_and_checks_as_the_class_does() -> None:
    """What a class refuses, by a converter or behind all of them, its twin refuses in the same words."""
    for wrong, known in (("2024-04-10", None), (date(2024, 4, 10), (date(2024, 4, 11), date(2024, 4, 12)))):
        told = []
        for make in (did.ReviewAccepted, swift(did.ReviewAccepted)):
            with pytest.raises(EventError) as raised:
                make(wrong, known=known)  # type: ignore[arg-type]
            told.append(str(raised.value))
        assert told[0] == told[1]
    assert swift(did.ReviewAccepted)(date(2024, 4, 10), by="MX").by == did.ReviewAccepted(date(2024, 4, 10), by="MX").by


@given(walks())
def test_entries_fold_in_one_go_as_one_by_one(walk: Walk) -> None:
    """The case behind several entries is the one that folding them singly leads to, wherever the record is divided."""
    opening, *acts = walk.case.path
    start = replay([opening])
    assert reduce(evolve, acts, start) == evolve_all(start, acts) == replay(walk.case.path) == walk.case
    for place in range(len(acts) + 1):
        assert evolve_all(evolve_all(start, acts[:place]), acts[place:]) == walk.case


def test_an_entry_in_the_middle_that_does_not_follow_is_told_as_when_folded_singly() -> None:
    """The number of the entry, and where the case then stands, are those of the step at which it breaks."""
    opening, *acts = case_at(Stage.PANEL_CONSTITUTED).path
    for place in range(len(acts)):
        for broken in (
            attrs.evolve(acts[place], case_id="another"),
            attrs.evolve(acts[place], stage=Stage.CLOSED),
            opening,
        ):
            several = [*acts[:place], broken, *acts[place + 1 :]]
            singly = refusal_of(lambda entries: reduce(evolve, entries, replay([opening])), several)
            assert refusal_of(lambda entries: replay([opening, *entries]), several) == singly
