"""Each key of each body, in turn another type, gone, or joined by a key that there is not: refused, or read as it stands.

All hashes are made to fit, so that nothing but the strictness of the reader stands between a forger and a case.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import pytest

from rrm_lifecycle.canonical import MOST, canonical
from rrm_lifecycle.errors import RecordError
from rrm_lifecycle.record.chain import dumps, loads_filed, verify
from rrm_lifecycle.record.shapes import Body
from tests.hostile.again import Path, lost_of
from tests.hostile.corpus_records import chained
from tests.hostile.kinds import records

WRONG: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 7, MOST, "", "x", "<sealed>", "not stated", "2024-04-01", "2024-04-01T00:00:00Z",
    "../x", "0" * 64, [], {}, [None], ["x"], [1], [[]], [{}], {"x": 1}, {"x": None}, {"version": 1},
    ["2024-04-01", "2024-04-02"],
)  # fmt: skip
"""A value of each type, and the values that other keys hold."""
OPEN: Final = frozenset({"params", "reading", "calendar", "sealed"})
"""Objects whose keys are the writer's own."""
_GONE: Final = object()
_RECORDS: Final = ("case", "attempts", "bare")


def bodies_of(record: bytes) -> list[dict[str, Any]]:
    """Return the bodies of a record, decoded."""
    return [found["body"] for found in map(json.loads, record.splitlines()) if "body" in found]


def places_in(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of everything that stands in a body."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from places_in(one, (*path, key))


def changed(body: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return a body with another value at a place, or with nothing there."""
    made = deepcopy(body)
    inside: Any = made
    for key in path[:-1]:
        inside = inside[key]
    if value is _GONE:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return made


def is_refused(bodies: list[dict[str, Any]], number: int, body: dict[str, Any]) -> bool:
    """Return whether a record with one body changed is refused; if it is not, it has to come back byte for byte."""
    told = [*bodies[:number], body, *bodies[number + 1 :]]
    data = chained([canonical(one) for one in told], bodies[0]["case"])
    try:
        filed = loads_filed(data)
    except RecordError as error:
        if not re.search(r"\bline [0-9]+\b", str(error)):
            pytest.fail(f"names no line: {error}")
        with pytest.raises(RecordError):
            verify(data)
        return True
    assert dumps(filed) == data
    for one in filed:
        gone = list(lost_of(one))
        assert not gone, f"{gone}: stated in {one.body!r} and lost in reading"
    assert verify(data).entries == len(bodies)
    return False


@pytest.mark.parametrize("which", range(3), ids=_RECORDS)
class TestBodies:
    """A body is read as strictly as it is written."""

    def test_wrong_types(self, which: int) -> None:
        """A value of another type is refused at every place, and what is taken in spite of it comes back as it stands."""
        bodies = bodies_of(records()[which])
        taken: dict[tuple[str, Path], list[Any]] = defaultdict(list)
        for number, body in enumerate(bodies):
            for path in places_in(body):
                if OPEN.intersection(path[:-1]):
                    continue
                for value in WRONG:
                    if not is_refused(bodies, number, changed(body, path, value)):
                        taken[str(body["kind"]), path].append(value)
        for (kind, path), values in taken.items():
            assert {type(one) for one in values} <= {str, type(None), list, int, bool, dict}
            assert len({repr(one) for one in values}) < len(WRONG) - 10, (
                f"{kind}: nearly anything is taken at {path}: {values}"
            )

    def test_gone(self, which: int) -> None:
        """A record without one of its keys is refused, or comes back as it stands."""
        bodies = bodies_of(records()[which])
        refused = {
            path
            for number, body in enumerate(bodies)
            for path in places_in(body)
            if isinstance(path[-1], str) and is_refused(bodies, number, changed(body, path, _GONE))
        }
        assert refused >= {("v",), ("alg",), ("case",), ("seq",), ("kind",), ("prev",), ("from",), ("to",)} - (
            {("prev",), ("to",)} if len(bodies) == 1 else set()
        )

    def test_joined(self, which: int) -> None:
        """A key that there is not is refused in every object, and each key that there is where it has no place."""
        bodies = bodies_of(records()[which])
        for number, body in enumerate(bodies):
            objects = [path for path in [(), *places_in(body)] if isinstance(_at(body, path), dict)]
            for path in objects:
                if not OPEN.intersection(path):
                    assert is_refused(bodies, number, changed(body, (*path, "zzz"), "x")), (number, path)
            for name in Body.__struct_fields__:
                for value in WRONG:
                    key = name.rstrip("_")
                    if key not in body:
                        is_refused(bodies, number, changed(body, (key,), value))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _with(record: bytes, number: int, **keys: Any) -> bytes:
    bodies = bodies_of(record)
    bodies[number] |= keys
    return chained([canonical(one) for one in bodies], bodies[0]["case"])


PARAMS: Final = ({"a": 2**60}, {"\u00e9": 1}, {"a": [{"b": -(2**53)}]}, {"a": {"\u202f": 1}})
"""What stands outside the closed domain, in the one place of a body that takes any JSON."""


class TestSets:
    """Facts that a row decided are members that this library knows, as everything else in a body."""

    @pytest.mark.parametrize(
        "sets", [{"question": "x"}, {"origin": "x"}, {"question": ""}, {"origin": "petition "}], ids=str
    )
    def test_unknown(self, sets: dict[str, str]) -> None:
        """A fact that is set to what there is not is refused with its line, by an error of the library."""
        try:
            verify(_with(records()[2], 1, sets=sets))
        except RecordError as error:
            message = str(error)
        assert "line 2" in message


class TestDomain:
    """Whole numbers lie within 2^53 and keys are ASCII wherever a body leaves room for them."""

    @pytest.mark.parametrize(
        "params", [{"a": 2**60}, {"\u00e9": 1}, {"a": [{"b": -(2**53)}]}, {"a": {"\u202f": 1}}], ids=range(4)
    )
    @pytest.mark.parametrize("which", ["findings", pytest.param("refused")])
    def test_params(self, which: str, params: dict[str, Any]) -> None:
        """What a guard was told is as plain as everything else."""
        number, of_record = (1, records()[2]) if which == "findings" else (0, records()[1])
        first = bodies_of(of_record)[number][which][0]
        with pytest.raises(RecordError, match=r"keys are ASCII|not every reader"):
            verify(_with(of_record, number, **{which: [first | {"params": params}]}))

    @pytest.mark.parametrize("skipped", [-1, -(2**53), 2**53, 2**60])
    def test_skipped(self, skipped: int) -> None:
        """The number of attempts that are not kept is a number of attempts."""
        with pytest.raises(RecordError):
            verify(_with(records()[1], 0, skipped=skipped))

    def test_calendar(self) -> None:
        """What is said of a calendar has ASCII keys."""
        with pytest.raises(RecordError):
            verify(_with(records()[0], 2, calendar={"\u00e9": "x"}))


class TestUnread:
    """No key is passed over by the reader: what nobody reads could say anything."""

    @pytest.mark.parametrize("value", ["", "x", "../x", "closed"])
    def test_attempt_leads_nowhere(self, value: str) -> None:
        """An attempt that was refused leaves the case where it stood, and a body that says otherwise is refused."""
        with pytest.raises(RecordError):
            verify(_with(records()[1], 0, to=value))

    def test_clock_alone(self) -> None:
        """What the clock said stands beside a moment of recording alone."""
        with pytest.raises(RecordError):
            verify(_with(records()[2], 0, clock="2024-04-01T00:00:00Z"))

    @pytest.mark.parametrize("value", ["Ana", "x"])
    def test_seal_of_an_open_text(self, value: str) -> None:
        """A text that stands open beside a commitment to it is refused, as in the data of an act."""
        with pytest.raises(RecordError):
            verify(_with(records()[0], 1, recorded_by=value))

    def test_seal_of_an_open_remark(self) -> None:
        """A remark whose words stand open in the record is never shown as sealed."""
        held = bodies_of(records()[0])[1]["sealed"]["recorded_by"]
        with pytest.raises(RecordError):
            verify(_with(records()[0], 3, remark="open words", sealed={"remark": held}))

    @pytest.mark.parametrize("place", ["nowhere", "data.nothing", "../x", "kind", ""])
    def test_seal_of_nothing(self, place: str) -> None:
        """A commitment for a place where nothing stands is refused, so that nothing can be erased there."""
        held = bodies_of(records()[0])[1]["sealed"]["recorded_by"]
        with pytest.raises(RecordError):
            verify(_with(records()[0], 2, sealed={place: held}))
