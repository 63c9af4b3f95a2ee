"""The list of formats, and what is true of each: the same bytes for the same input."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.export import FORMATS, Takes, export
from rrm_lifecycle.simulation.compiling import compile_program
from tests.export.hostile import CASES

_SHA = """
import sys
from hashlib import sha256
from datetime import date
from rrm_lifecycle.case.agenda import agenda
from rrm_lifecycle.export import FORMATS, Takes, export
from tests.export.hostile import CASES
for name, one in FORMATS.items():
    if one.takes is not Takes.PROGRAM:
        source = {Takes.LOG: (CASES,), Takes.AGENDA: (agenda(CASES[0], date(2024, 4, 10)),)}.get(one.takes, ())
        told = export(name, *source)
        print(name, sha256(told if isinstance(told, bytes) else told.encode()).hexdigest())
"""


def source_of(takes: Takes) -> tuple[Any, ...]:
    """Return a source that a format takes."""
    if takes is Takes.LOG:
        return (CASES,)
    if takes is Takes.AGENDA:
        return (agenda(CASES[0], date(2024, 4, 10)),)
    return (compile_program(),) if takes is Takes.PROGRAM else ()


class TestFormats:
    """Each format is made by its name."""

    @pytest.mark.parametrize("name", FORMATS)
    def test_each(self, name: str) -> None:
        """Each format is made of what it says it takes, ends with a line end, and is the same each time."""
        found = FORMATS[name]
        told = export(name, *source_of(found.takes))
        assert told == export(name, *source_of(found.takes))
        assert told[-1:] in {"\n", b"\n"}
        assert found.suffix.startswith(".")
        assert (found.write is None) == (found.writes is None)

    @pytest.mark.parametrize("name", FORMATS)
    def test_options(self, name: str) -> None:
        """Each keyword that a format lists is one of its function."""
        code = FORMATS[name].make.__code__
        taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        assert set(FORMATS[name].options) <= set(taken)

    def test_other_hashes(self) -> None:
        """Another process, with another seed of hashes, gives the same bytes."""
        told = set()
        for seed in ("1", "2"):
            env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
            # The program is ours, written above.
            done = subprocess.run([sys.executable, "-c", _SHA], env=env, check=True, capture_output=True, text=True)  # noqa: S603
            told.add(done.stdout)
        assert len(told) == 1
        assert told.pop().count("\n") == len(FORMATS) - 1

    def test_wrong_calls(self) -> None:
        """A format that there is not, a source too many or too few, and a foreign keyword are refused with the choices."""
        with pytest.raises(EventError, match="there is no format 'pdf': there are mermaid, dot"):
            export("pdf")
        with pytest.raises(EventError, match="takes no source"):
            export("dot", CASES)
        with pytest.raises(EventError, match="needs one source"):
            export("xes")
        with pytest.raises(EventError, match="takes annex, reading; found language"):
            export("scxml", language="es")
