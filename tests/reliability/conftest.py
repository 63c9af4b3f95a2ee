"""A folder for tests in which nothing depends on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_SHARED: Final = "/dev/shm"  # noqa: S108 - where Linux keeps files in memory
MEMORY: Final = _SHARED if os.access(_SHARED, os.W_OK) else None
"""Where temporary folders lie in memory; None where there is no such place."""


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """Yield an empty folder, in memory where there is such a place.

    A killed process leaves the system and its files as they are: there a disk would show nothing but its own speed. Power
    cuts are simulated by a test of their own.
    """
    if MEMORY is None:
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="rrm-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
