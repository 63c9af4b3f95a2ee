"""The project itself: its names and versions agree, its dependencies have reasons, its modules stay small."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import rrm_lifecycle as rrm

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
KEPT = tuple(
    path
    for folder in ("src", "tests", "docs", "benchmarks", ".ci")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".md", ".json", ".csv", ".toml", ".cff", ""}
    and path.is_file()
    and "_build" not in path.parts
    and "__pycache__" not in path.parts
)
LONG = {
    "__init__.py": "one door: each public name three times, for types, for loading, for whoever lists them",
    "case/events.py": "one page of acts, a class each",
    "case/engine.py": "one path, from the act to the ruling",
    "histories/alignment.py": "one play, from the first event of a history to what the record says of its end",
    "law/facts.py": "one small function for each question of the guards",
    "views/frames.py": "one frame for each kind of value, with its columns",
    "record/docket.py": "one door: each way of writing in a docket, with what it takes and raises",
    "record/storage/sqlite.py": "one store, with every question that a docket asks of a file",
    "record/fields.py": "one recursive subject: a field of any type, both ways",
}
"""Modules of more than 400 lines, each with the reason why it is one."""


def names_of(requirements: list[str]) -> set[str]:
    """Return the names of the distributions that requirements ask for."""
    return {re.split(r"[\[<>=!~ ]", one)[0] for one in requirements} - {"rrm-lifecycle"}


class TestNames:
    """One version, told once."""

    def test_version_is_that_of_the_metadata(self) -> None:
        """What is installed says the version that the package says it is."""
        try:
            installed = metadata.version("rrm-lifecycle")
        except metadata.PackageNotFoundError:
            pytest.skip("the tests run on a checkout that is not installed")
        assert installed == rrm.__version__

    def test_commands_for_ci_stand_in_the_readme(self) -> None:
        """The README holds one block of each mark that the script of CI runs."""
        page = (ROOT / "README.md").read_text("utf-8")
        for mark in ("main", "tests"):
            block = rf"^<!-- ci: {mark} -->\n```\w*\npython -m pip install .+\n```$"
            assert len(re.findall(block, page, re.MULTILINE)) == 1

    def test_version_is_that_of_the_citation(self) -> None:
        """The citation file names the version that the package says it is."""
        said = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
        assert said is not None
        assert said[1] == rrm.__version__

    def test_changes_tell_the_version(self) -> None:
        """The change notes have a heading for the version."""
        assert f"\n## {rrm.__version__} " in (ROOT / "CHANGELOG.md").read_text("utf-8")

    def test_citation_names_library_and_data(self) -> None:
        """``cite()`` gives BibTeX for the library, with its version, and for the data, with their edition."""
        told = rrm.cite()
        assert told.count("@") == 2
        assert rrm.__version__ in told
        assert str(rrm.histories.load().edition) in told


class TestDependencies:
    """Each dependency has a reason."""

    @pytest.mark.parametrize("extra", [None, *PYPROJECT["project"]["optional-dependencies"]])
    def test_every_dependency_is_explained(self, extra: str | None) -> None:
        """The page of dependencies names each of them."""
        project = PYPROJECT["project"]
        asked = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
        page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text("utf-8")
        assert [name for name in sorted(names_of(asked)) if f"`{name}`" not in page] == []


class TestLayers:
    """Who may import whom is said of every module."""

    def test_every_module_has_a_layer(self) -> None:
        """No module of the library stands outside the layers, but for the doors through which all is reached."""
        contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
        layers = [name.strip(" ()") for layer in contracts[0]["layers"] for name in layer.split("|")]
        package = ROOT / "src" / "rrm_lifecycle"
        modules = {
            ".".join(path.relative_to(package).with_suffix("").parts)
            for path in package.rglob("*.py")
            if path.name != "__init__.py"
        }
        placed = {one for one in modules if any(one == layer or one.startswith(f"{layer}.") for layer in layers)}
        assert modules - placed == {"__main__", "events"}

    def test_types_are_told(self) -> None:
        """The package says that it is typed."""
        assert (ROOT / "src" / "rrm_lifecycle" / "py.typed").is_file()


class TestFiles:
    """What the project ships, it holds; and a module has one subject."""

    @pytest.mark.parametrize("word", ["." + "./shared", "/" + "work/", "py" + "pi.org", "registry" + ".npmjs"])
    def test_no_file_leans_on_a_place_outside(self, word: str) -> None:
        """No file names a folder beside the project, a path of a machine, or the address of a registry."""
        found = [path.relative_to(ROOT).as_posix() for path in KEPT if word in path.read_text("utf-8", "replace")]
        assert found == []

    def test_long_modules_have_a_reason(self) -> None:
        """A module of the library above 400 lines is listed with the reason, and nothing else is listed."""
        package = ROOT / "src" / "rrm_lifecycle"
        found = {
            path.relative_to(package).as_posix()
            for path in package.rglob("*.py")
            if len(path.read_text("utf-8").splitlines()) > 400
        }
        assert found == set(LONG)

    def test_ci_script_is_sound_shell(self) -> None:
        """The script of CI parses."""
        subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)  # noqa: S603, S607 - a fixed script
