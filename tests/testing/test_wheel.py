"""The plugin as a stranger meets it: the wheel and pytest alone, in an environment of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
_PIP: Final = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--retries", "1")
_AWAY: Final = re.compile(
    r"No module named pip|No matching distribution|connection|resolution|timed out|unreachable", re.IGNORECASE
)
"""What pip says where it reaches no packages."""
_OURS: Final = ("attr", "attrs", "transitions", "six", "msgspec", "holidays", "dateutil", "filelock")
"""What this library brings with it."""

CONFTEST: Final = '''
import sys

AT_START = set(sys.modules)
"""What pytest had loaded before it read anything of this suite."""
'''
OTHERS: Final = """
def test_of_a_stranger():
    assert 1 + 1 == 2
"""
LOADED: Final = f"""
from importlib.util import find_spec
from conftest import AT_START

def test_plugin_is_loaded():
    ours = sorted(name for name in AT_START if name.startswith("rrm_lifecycle"))
    assert ours == ["rrm_lifecycle", "rrm_lifecycle.testing", "rrm_lifecycle.testing.plugin"]

def test_nothing_else_is():
    assert AT_START.isdisjoint({_OURS!r})
    assert not [name for name in ("hypothesis", "numpy", "pandas", "matplotlib") if find_spec(name)]
"""
USES: Final = """
from datetime import date
import pytest
import rrm_lifecycle as rrm
from rrm_lifecycle import events as did
from rrm_lifecycle.testing import assert_admitted, assert_refused, case_at

def test_reply(frozen_today):
    assert assert_admitted(case_at("review_requested"), did.ReviewAccepted(date(2024, 1, 10))).stage == "under_review"
    assert_refused(case_at("assessment"), did.ReviewAccepted(frozen_today), reason="no_rule")

def test_docket(rrm_docket, frozen_today):
    case = rrm_docket.start("SLP-1")
    assert rrm_docket.history(case)[0].recorded.date() == frozen_today == date(2025, 2, 3)
    assert rrm_docket.verify().entries == 1

def test_strategies_name_the_extra():
    from rrm_lifecycle import testing
    with pytest.raises(rrm.MissingExtra, match=r"rrm-lifecycle\\[test\\]"):
        testing.strategies
"""


def _clean() -> dict[str, str]:
    """Return the environment without what would lead Python, pytest or coverage elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "COV"))}


def _pip(*words: str) -> None:
    """Run pip. Where it reaches no packages, skip, or fail where ``RRM_INDEPENDENT=required`` stands."""
    done = subprocess.run(  # noqa: S603 - this Python
        [*_PIP, *words], env=_clean(), capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode == 0:
        return
    if _AWAY.search(done.stderr) and os.environ.get("RRM_INDEPENDENT") != "required":
        pytest.skip(f"pip reaches no packages here: {done.stderr.strip().splitlines()[-1][:200]}")
    pytest.fail(f"pip {' '.join(words)}\n{done.stdout}{done.stderr}")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds the wheel and pytest, with what these need, and nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    builder = venv.EnvBuilder(symlinks=os.name != "nt")
    python = Path(builder.ensure_directories(folder / "env").env_exe)
    builder.create(folder / "env")
    (wheel,) = folder.glob("*.whl")
    _pip("--python", str(python), "install", str(wheel), "pytest")
    return python


def suite(python: Path, folder: Path, texts: dict[str, str], *words: str) -> str:
    """Run a suite of a stranger, and return what pytest told."""
    for name, text in {"conftest.py": CONFTEST, **texts}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\nrrm_today = 2025-02-03\n", encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - the Python of the fixture
        [python, "-B", "-m", "pytest", "-vv", "-p", "no:cacheprovider", *words],
        cwd=folder, env=_clean(), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class TestAlone:
    """An environment without the extra ``test``: the entry point loads the plugin in every suite there."""

    def test_stranger(self, alone: Path, tmp_path: Path) -> None:
        """A suite that has no use for the plugin runs; pytest loaded it, the lazy front door, and nothing else of ours."""
        told = suite(alone, tmp_path, {"test_others.py": OTHERS, "test_loaded.py": LOADED})
        assert "3 passed" in told
        assert "rows of the Mechanism" not in told

    def test_embedder(self, alone: Path, tmp_path: Path) -> None:
        """Assertions, the docket, the frozen day and the report of rows work; strategies say which extra they need."""
        told = suite(alone, tmp_path, {"test_uses.py": USES}, "--rrm-coverage")
        assert "test_docket[memory] PASSED" in told
        assert "test_docket[sqlite] PASSED" in told
        assert "4 passed" in told
        assert re.search(r"^[1-9]\d* of \d+ rows were used$", told, re.MULTILINE)
        assert "never used: A4-03c " in told
        assert "never used: A4-03a " not in told
