"""R16: a docket and an export of each version verify and fold to what they folded to when they were made, for ever.

A version that changes the tables or the bodies adds files of its own and leaves these as they are.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from rrm_lifecycle.errors import RecordTooNew
from rrm_lifecycle.record.chain import records_in
from rrm_lifecycle.record.docket import Docket
from rrm_lifecycle.record.storage.sqlite_tables import TABLES
from tests.reliability.make_golden import FOLDER, VERSION, told

VERSIONS: Final = tuple(sorted(int(one.stem.removeprefix("docket-v")) for one in FOLDER.glob("docket-v*.db")))
KINDS: Final = {"opening", "act", "remark", "correction", "erasure"}


def expected(version: int) -> dict[str, Any]:
    """Return what a golden docket folded to when it was made."""
    found: dict[str, Any] = json.loads((FOLDER / f"docket-v{version}.json").read_text(encoding="utf-8"))
    return found


def as_json(docket: Docket) -> Any:
    """Return what a docket folds to now, as it would be stored."""
    return json.loads(json.dumps(told(docket)))


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a golden docket, which may be written."""
    path = tmp_path / "docket.db"
    shutil.copy(FOLDER / f"docket-v{request.param}.db", path)
    path.chmod(0o644)
    return path


class TestGolden:
    """What a released version wrote is read for ever."""

    def test_this_version_has_its_files(self) -> None:
        """The version of this library's tables is among them, and every kind of entry stands in its docket."""
        assert VERSION in VERSIONS
        cases = expected(VERSION)["cases"].values()
        assert {kind for case in cases for kind in case["kinds"]} == KINDS
        acts = [act for case in cases for act in case["acts"]]
        assert any(act["implied"] and "known" in act["act"] for act in acts)
        assert any(act["act"]["event"] == "HoldBegun" for act in acts)
        assert any(case["sealed"] for case in cases)
        assert any(case["attempts"] for case in cases)
        assert {case["annex"] for case in cases} == {"31-A", "31-B"}

    @pytest.mark.parametrize(("golden", "version"), [(one, one) for one in VERSIONS], indirect=["golden"])
    def test_docket(self, golden: Path, version: int) -> None:
        """A docket verifies in full and folds to the cases that it held, and its tables are those of its version."""
        with Docket.open(golden) as docket:
            assert as_json(docket) == expected(version)
            docket.remark("A", "it can be gone on with", on=date(2024, 3, 1))
            assert docket.verify().entries == expected(version)["entries"] + 1
        if version == VERSION:
            with closing(sqlite3.connect(golden)) as db:
                held = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            assert held == TABLES

    @pytest.mark.parametrize("version", VERSIONS)
    def test_export(self, version: int, tmp_path: Path) -> None:
        """An export comes in whole and folds to the same, and goes out again byte for byte."""
        path = FOLDER / f"docket-v{version}.jsonl"
        with path.open("rb") as file:
            heads = {one.chain.case_id: one.chain.head for one in records_in(file)}
        assert heads == expected(version)["heads"]
        with Docket.in_memory() as docket:
            docket.import_jsonl(path)
            assert as_json(docket) == expected(version)
            docket.export_jsonl(tmp_path / "again.jsonl", disclose=True)
        assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


class TestNewer:
    """What a later version wrote is refused with a clear error, and left as it is."""

    @pytest.mark.parametrize("golden", [VERSION], indirect=True)
    @pytest.mark.parametrize("where", ["first bytes", "table"])
    def test_docket(self, golden: Path, where: str) -> None:
        """A file with a later version of the tables is refused, wherever it says so."""
        with closing(sqlite3.connect(golden, isolation_level=None)) as db:
            if where == "first bytes":
                db.execute(f"PRAGMA user_version = {VERSION + 1}")
            else:
                db.execute("DROP TRIGGER rrm_meta_update")
                db.execute("UPDATE rrm_meta SET value = ? WHERE key = 'schema'", (str(VERSION + 1),))
        before = golden.read_bytes()
        with pytest.raises(RecordTooNew, match="install a later"):
            Docket.open(golden)
        assert golden.read_bytes() == before

    def test_export(self, tmp_path: Path) -> None:
        """An export with bodies of a later version is refused."""
        path = tmp_path / "later.jsonl"
        path.write_bytes((FOLDER / f"docket-v{VERSION}.jsonl").read_bytes().replace(b'"v":1}', b'"v":2}'))
        with Docket.in_memory() as docket, pytest.raises(RecordTooNew, match="line 1"):
            docket.import_jsonl(path)
