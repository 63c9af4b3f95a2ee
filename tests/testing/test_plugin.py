"""The plugin for pytest, in suites of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PLUGIN: Final = "rrm_lifecycle.testing.plugin"


def run(folder: Path, *words: str) -> str:
    """Run Python in a folder, with this library and without plugins but those named; return what it printed."""
    # Plugins are named here, since an environment may hold this library with its entry point, or without it.
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    env.pop("COVERAGE_PROCESS_START", None)
    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-B", *words], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    return done.stdout + done.stderr


def suite(folder: Path, text: str, *words: str) -> str:
    """Run a suite of one module with the plugin."""
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    return run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", PLUGIN, "-W", "error", *words)


USES = """
from datetime import date
import pytest
from rrm_lifecycle import events as did
from rrm_lifecycle.testing import assert_admitted, case_at

def test_docket(rrm_docket, frozen_today):
    case = rrm_docket.start("SLP-1")
    assert rrm_docket.history(case)[0].recorded.date() == frozen_today == date(2024, 4, 9)

@pytest.mark.parametrize("one", [did.ReviewAccepted, did.ReviewDeclined])
def test_reply(one):
    assert_admitted(case_at("review_requested"), one(date(2024, 1, 10)))
"""


class TestFixtures:
    """Dockets, and a day."""

    def test_both(self, tmp_path: Path) -> None:
        """A test that asks for a docket runs with one in memory and with one in a file, on the frozen day."""
        told = suite(tmp_path, USES, "-vv")
        assert "test_docket[memory] PASSED" in told
        assert "test_docket[sqlite] PASSED" in told
        assert "4 passed" in told

    def test_today(self, tmp_path: Path) -> None:
        """The day is that of the setting; what is no day is told."""
        text = "def test_day(frozen_today):\n    assert frozen_today.year == 2025\n"
        (tmp_path / "pytest.ini").write_text("[pytest]\nrrm_today = 2025-02-03\n")
        assert "1 passed" in suite(tmp_path, text)
        (tmp_path / "pytest.ini").write_text("[pytest]\nrrm_today = soon\n")
        assert "rrm_today has to be a day such as 2024-04-09; found 'soon'" in suite(tmp_path, text)


class TestCoverage:
    """Which rows were used."""

    def test_told(self, tmp_path: Path) -> None:
        """Rows that no test used are told with what they are for; those that were used are not."""
        told = suite(tmp_path, USES, "--rrm-coverage")
        assert "2 of 83 rows were used" in told
        assert "never used: A4-03c   ReviewAccepted (respondent) in review_declined" in told
        assert "never used: A4-03a" not in told
        assert (
            "never used: A5-02b   PanelistsDrawn (secretariat) in panel_requested, under constituted_by_lot=True"
            in told
        )

    def test_not_asked(self, tmp_path: Path) -> None:
        """Without the option nothing is told."""
        assert "rows" not in suite(tmp_path, USES)

    def test_workers(self, tmp_path: Path) -> None:
        """What workers of pytest-xdist used is told together."""
        pytest.importorskip("xdist")
        alone = suite(tmp_path, USES, "--rrm-coverage")
        spread = suite(tmp_path, USES, "--rrm-coverage", "-p", "xdist", "-n", "2")
        one, two = ([line for line in told.splitlines() if "never used" in line] for told in (alone, spread))
        assert one == two
        assert len(one) > 70


class TestLoading:
    """What loads when."""

    def test_plugin_is_light(self, tmp_path: Path) -> None:
        """When pytest starts, the plugin loads itself and the lazy front door, and nothing heavy."""
        script = (
            f"import sys, pytest\nbefore = set(sys.modules)\nimport {PLUGIN}\n"
            "print(sorted(name for name in set(sys.modules) - before if name not in sys.stdlib_module_names))"
        )
        told = run(tmp_path, "-c", script)
        assert told.strip() == "['rrm_lifecycle', 'rrm_lifecycle.testing', 'rrm_lifecycle.testing.plugin']"

    def test_suite_without_hypothesis(self, tmp_path: Path) -> None:
        """Where Hypothesis is missing, a suite of a stranger runs, and so does ours without strategies."""
        (tmp_path / "conftest.py").write_text("import sys\nsys.modules['hypothesis'] = None\n")
        assert "4 passed" in suite(tmp_path, USES, "--rrm-coverage")

    @pytest.mark.parametrize("name", ["strategies", "CaseMachine", "visited"])
    def test_missing_extra(self, tmp_path: Path, name: str) -> None:
        """What draws examples says which extra is missing."""
        script = f"import sys\nsys.modules['hypothesis'] = None\nfrom rrm_lifecycle.testing import {name}"
        told = run(tmp_path, "-c", script)
        assert "MissingExtra: strategies need the extra 'test'" in told
