"""R6 and R7: no room on the disk, and no right to write."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from rrm_lifecycle.errors import StorageFull
from rrm_lifecycle.record.docket import Docket
from tests.reliability.work import fill, held_in, key_of, sized

DAY: Final = date(2024, 4, 1)
_NOBODY: Final = 65534
_LIMITED: Final = """
import json, os, resource, sys
from datetime import date
from rrm_lifecycle.errors import StorageFull
from rrm_lifecycle.record.docket import Docket
path, rounds = sys.argv[1], int(sys.argv[2])
told = []
docket = Docket.open(path, observers=(lambda one: told.append((one.case_id, one.seq, one.hash)),))
docket.start("A")
refused = 0
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
for number in range(rounds):
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(path) + 7_000 + 1_111 * (number % 9), hard))
    for _ in range(10_000):
        try:
            docket.remark("A", "x" * 500, on=date(2024, 4, 1))
        except StorageFull:
            refused += 1
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    docket.remark("A", "there is room again", on=date(2024, 4, 1))
entries = docket.verify().entries
docket.close()
print(json.dumps({"told": told, "refused": refused, "entries": entries}))
"""
_READ_ONLY: Final = """
import json, os, sys, tempfile
from datetime import date
from rrm_lifecycle import events as did
from rrm_lifecycle.errors import ReadOnlyStore
from rrm_lifecycle.record.docket import Docket
with tempfile.TemporaryDirectory() as folder, Docket.open(folder + "/warm.db") as warm:  # all that is imported late
    warm.start("A")
    warm.remark("A", "x", on=date(2024, 4, 1))
    warm.verify()
    list(warm.cases())
if os.geteuid() == 0:
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
said = []
with Docket.open(sys.argv[1]) as docket:
    entries = docket.verify().entries
    cases = len(list(docket.cases()))
    for attempt in (
        lambda: docket.start("new"),
        lambda: docket.remark("case-0", "x", on=date(2024, 4, 1)),
        lambda: docket.record("case-0", did.MatterSettled(date(2024, 4, 1))),
        lambda: docket.rebuild(),
    ):
        try:
            attempt()
        except ReadOnlyStore as error:
            said.append(str(error))
    assert docket.verify().entries == entries
print(json.dumps({"entries": entries, "cases": cases, "said": said}))
"""


def _python(code: str, *args: str) -> Any:
    made = subprocess.run(  # noqa: S603 - the program stands in this module
        [sys.executable, "-W", "error", "-c", code, *args], capture_output=True, text=True, check=False, timeout=300
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


@pytest.fixture
def small() -> Iterator[Path]:
    """Yield a file system of one MiB."""
    folder = Path(tempfile.mkdtemp(prefix="rrm-small-"))
    mount = shutil.which("mount")
    made = mount and subprocess.run(  # noqa: S603 - a program of the system
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if not made or made.returncode:
        folder.rmdir()
        pytest.skip("a small file system cannot be mounted: that takes the rights of root")
    yield folder
    umount = shutil.which("umount") or "umount"
    subprocess.run([umount, "-l", folder], capture_output=True, check=False)  # noqa: S603 - likewise
    folder.rmdir()


class TestFull:
    """R6: where no room is left, recording says so, and goes on once there is room."""

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no limit on the size of a file")
    def test_limit_on_the_size_of_a_file(self, quick: Path) -> None:
        """Each time the limit is met StorageFull says so; what was acknowledged is what is held, and writing goes on."""
        path, rounds = quick / "docket.db", sized(20)
        found = _python(_LIMITED, str(path), str(rounds))
        told = {tuple(one) for one in found["told"]}
        assert found["refused"] == rounds
        assert found["entries"] == len(told)
        assert told == held_in(path)

    def test_small_file_system(self, small: Path) -> None:
        """A full file system is StorageFull; acknowledged entries are what is held, and room is all that is needed."""
        told = set()
        ballast = small / "ballast"
        with Docket.open(small / "docket.db", observers=(lambda one: told.add(key_of(one)),)) as docket:
            docket.start("A")
            for number in range(sized(3, 10)):
                ballast.write_bytes(bytes(150_000))
                with pytest.raises(StorageFull, match="room"):
                    fill(docket, 10_000, prefix=f"R{number}")
                assert docket.verify().entries == len(told)
                ballast.unlink()
                docket.remark("A", "there is room again", on=DAY)
                if number < 2:
                    ballast.write_bytes(bytes(40_000))
            assert docket.verify().entries == len(told)
        assert told == held_in(small / "docket.db")


class TestReadOnly:
    """R7: who may read and not write can open and verify, and leaves nothing behind."""

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has other rights")
    @pytest.mark.parametrize("what", ["folder and file", "file", "folder"])
    def test_no_right_to_write(self, what: str) -> None:
        """Opening and verifying work, each way of recording raises ReadOnlyStore, and no file is made."""
        place = Path(tempfile.mkdtemp(prefix="rrm-read-"))
        place.chmod(0o755)
        folder = place / "docket"
        folder.mkdir()
        path = folder / "docket.db"
        with Docket.open(path) as docket:
            fill(docket, 3)
        for one in folder.iterdir():
            if os.geteuid() == 0 and what == "folder":
                os.chown(one, _NOBODY, _NOBODY)
            one.chmod(0o644 if what == "folder" else 0o444)
        if os.geteuid() == 0 and what == "file":
            os.chown(folder, _NOBODY, _NOBODY)
        folder.chmod(0o755 if what == "file" else 0o555)
        before = {one.name: one.read_bytes() for one in folder.iterdir()}
        try:
            found = _python(_READ_ONLY, str(path), str(_NOBODY))
            assert {one.name: one.read_bytes() for one in folder.iterdir()} == before
        finally:
            folder.chmod(0o755)
            shutil.rmtree(place)
        assert (found["entries"], found["cases"], len(found["said"])) == (36, 3, 4)
        assert all("writable" in one for one in found["said"])
