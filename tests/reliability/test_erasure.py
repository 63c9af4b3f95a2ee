"""R17: a name that was sealed and erased stands in no file of the folder."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from rrm_lifecycle import events as did
from rrm_lifecycle.errors import RefusedError
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.sealed import sealed
from rrm_lifecycle.testing.contract_cases import PLANT
from tests.reliability.work import fill, sized

NAMES: Final = ("Juana Perez de la O", "Ñandú Güémez Ibáñez", "工場の花子さん", "M\u0101ra \U0001f33a Kahurangi")
ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


def _found(folder: Path, name: str) -> list[str]:
    """Return the files of a folder, and of those in it, in which a name stands, whole or by its longest word."""
    parts = {name, max(name.split(), key=len)}
    escaped = {part.encode("ascii", "backslashreplace") for part in parts}
    sought = {part.encode(encoding) for part in parts for encoding in ENCODINGS} | escaped
    files = [one for one in folder.rglob("*") if one.is_file()]
    return [one.name for one in files if any(part in one.read_bytes() for part in sought)]


class TestErasure:
    """Erasing a sealed value takes every byte of it out of the folder, and leaves the chain whole."""

    @pytest.mark.parametrize("name", NAMES)
    def test_no_byte_is_left(self, name: str, tmp_path: Path) -> None:
        """The name stands in the file before, and in none behind: with the docket open, closed, and opened again."""
        path = tmp_path / "docket.db"
        docket = Docket.open(path)
        fill(docket, 3)
        docket.start("A", recorded_by=sealed(name))
        asked = did.ReviewRequested(date(2024, 4, 1), facility=PLANT, laws=("the law",), basis=sealed(name))
        docket.record("A", asked, source=sealed(f"letter of {name}"), remark=sealed(f"so says {name}"))
        for number in range(sized(30)):
            docket.remark("case-0", sealed(f"{name}, {number}"), on=date(2024, 4, 1))
        with pytest.raises(RefusedError):
            docket.record("A", did.PanelRequested(date(2024, 4, 2)), remark=sealed(name))
        assert _found(tmp_path, name) == ["docket.db"]
        before = {case: [one.hash for one in docket.history(case)] for case in ("A", "case-0")}
        for case in ("A", "case-0"):
            for seq, place in list(docket.reveal(case)):
                docket.erase(case, seq, place, reason="the person asked for it", recorded_by="clerk-1")
            assert docket.reveal(case) == {}
        assert _found(tmp_path, name) == []
        assert docket.verify().cases == 4
        docket.close()
        assert _found(tmp_path, name) == []
        with Docket.open(path) as again:
            for case, hashes in before.items():
                assert [one.hash for one in again.history(case)][: len(hashes)] == hashes
                assert name not in "".join(f"{one}{one!r}" for one in again.history(case))
            assert "<sealed>" in repr(again.case("A").acts[0].act)
            export = io.BytesIO()
            again.export_jsonl(export, disclose=True)
            assert not any(name.encode(encoding) in export.getvalue() for encoding in ENCODINGS)
            again.backup(tmp_path / "copy.db")
        assert _found(tmp_path, name) == []
