"""The programs that break the code one place at a time: what they change, and what they leave alone."""

from __future__ import annotations

import pytest

from tests.mutants.code import PACKAGE, ROOMS, ROOT, drawn, of_room
from tests.mutants.law import mutants
from tests.mutants.operators import mutants_of, stands
from tests.mutants.same import KNOWN
from tests.mutants.words import READING, WORDING

SOURCE = '''"""A page."""
LONGEST = 45

def due(start: int, days: int = 10, *, rolls: bool = False) -> int:
    """Return a day."""
    if rolls and start + days > LONGEST:
        raise ValueError("é")
    total = start - (days) * 2
    return max(total, 0, key=abs)
'''


class TestOperators:
    """One place at a time."""

    def test_all(self) -> None:
        """Comparisons, sums, conditions, numbers, arguments, statements and what is returned are changed; no text is."""
        found = [f"{one.line}: {one.old} -> {one.new}" for one in mutants_of("a.py", SOURCE.encode())]
        assert found == [
            "6: rolls and start + days > LONGEST -> not (rolls and start + days > LONGEST)",
            "6: and -> or",
            "6: + -> -",
            "6: > -> >=",
            '7: raise ValueError("é") -> pass',
            "8: total = start - (days) * 2 -> pass",
            "8: - -> +",
            "8: * -> +",
            "8: 2 -> 3",
            "9: return max(total, 0, key=abs) -> return None",
            "9: 0 -> 1",
            "9: key=abs -> ",
        ]

    def test_applied(self) -> None:
        """Each change is made where it stands, behind a letter of two bytes too, and the page still compiles."""
        source = SOURCE.encode()
        every = mutants_of("a.py", source)
        assert all(stands(one, source) for one in every)
        last = every[-1].applied(source).decode()
        assert last.endswith("return max(total, 0, )\n")
        assert every[1].applied(source).decode() == SOURCE.replace("rolls and", "rolls or")


class TestSample:
    """A seed, a sample."""

    @pytest.mark.parametrize("room", ROOMS)
    def test_rooms(self, room: str) -> None:
        """Each room has functions, and its sample is the same each time; a smaller one is its beginning."""
        every = of_room(room)
        sample = drawn(every, 5, 1)
        assert len(set(sample)) == 5
        assert sample == drawn(every, 5, 1) != drawn(every, 5, 2)
        assert drawn(every, 3, 1) == sample[:3]

    def test_tests_are_there(self) -> None:
        """What a room runs is there; its modules lie below the package."""
        for tests in ROOMS.values():
            assert all((ROOT / one).exists() for one in tests if not one.startswith("-"))
        assert all((ROOT / PACKAGE / one.path).is_file() for one in of_room("case")[:1])

    def test_known(self) -> None:
        """Every survivor that is said to change nothing names a mutant that there is."""
        names = {one.name for room in ROOMS for one in of_room(room)}
        assert set(KNOWN) <= names


class TestLaw:
    """The law pages."""

    def test_names(self) -> None:
        """Rows, terms, forces, readings and words have mutants, each under a name of its own."""
        names = [name for name, _ in mutants()]
        assert len(set(names)) == len(names)
        assert f"{READING}roll_over: the other way" in names
        assert f"{WORDING}es stage.assessment: left out" in names
        assert "A4-03a: dropped" in names
        assert "reply: longer" in names
