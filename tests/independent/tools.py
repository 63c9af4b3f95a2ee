"""Where the tools stand that nobody here wrote, and how a program of theirs is asked.

A tool that is missing is a skip that says how to install it; with ``RRM_INDEPENDENT=required`` it is a failure. Each
runs in a process of its own, so that what it loads and warns of touches neither the library nor the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

HERE: Final = Path(__file__).parent
LONGEST: Final = 560
"""Seconds that a tool is given."""

_PYTHONS: Final = {
    "pm4py": ("RRM_PM4PY_PYTHON", "pm4py"),
    "stormpy": ("RRM_STORMPY_PYTHON", "stormpy"),
    "statemachine": ("RRM_STATEMACHINE_PYTHON", "python-statemachine"),
    "scjson": ("RRM_SCJSON_PYTHON", "scjson xsdata-pydantic"),
}
"""For each module the variable that names a Python which has it, and the package that it comes with."""


class ToolError(RuntimeError):
    """A tool ended with an error; its last words are the message."""


def missing(tool: str, how: str) -> None:
    """Skip a test whose tool is missing, or fail it where the tools are required."""
    told = f"{tool} was not found: {how}"
    if os.environ.get("RRM_INDEPENDENT") == "required":
        pytest.fail(told)
    pytest.skip(told)


def program(name: str, how: str) -> str:
    """Return the path of a program; skip where it is not installed."""
    found = shutil.which(name)
    if found is None:
        missing(name, how)
    return str(found)


def spin() -> tuple[str, str]:
    """Return the paths of Spin and of the compiler of C that it needs."""
    return program("spin", "apt-get install spin"), program("gcc", "apt-get install gcc")


@cache
def _has(python: str, module: str) -> bool:
    asked = [python, "-c", f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"]
    try:
        return subprocess.run(asked, check=False, capture_output=True, timeout=LONGEST).returncode == 0  # noqa: S603
    except OSError:
        return False


def python_with(module: str) -> str:
    """Return a Python that has a module: the one that a variable names, or this one; skip where neither has it."""
    variable, package = _PYTHONS[module]
    python = os.environ.get(variable) or sys.executable
    if not _has(python, module):
        missing(package, f"make a virtual environment, pip install {package}, and let {variable} name its python")
    return python


def node_modules(package: str) -> Path:
    """Return the folder of modules in which Node finds a package; skip where there is none."""
    program("node", "install Node 20 or later")
    folder = Path(os.environ.get("RRM_NODE_MODULES") or HERE / "node_modules")
    if not (folder / package / "package.json").is_file():
        how = f"npm install --no-package-lock in {HERE.name}/, or let RRM_NODE_MODULES name a folder that has it"
        missing(package, how)
    return folder.resolve()


def run(command: list[str], *, given: str = "", cwd: Path | None = None) -> str:
    """Return what a program prints.

    Raises:
        ToolError: It ended with an error.
    """
    environment = {**os.environ, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    done = subprocess.run(  # noqa: S603 - the programs named above, and our own scripts
        command, input=given, cwd=cwd, env=environment, check=False, capture_output=True, text=True, timeout=LONGEST
    )
    if done.returncode != 0:
        last = "\n".join((done.stderr or done.stdout).splitlines()[-12:])
        raise ToolError(f"{Path(command[0]).name} ended with {done.returncode}: {last}")
    return done.stdout


def ask_python(module: str, question: dict[str, Any]) -> Any:
    """Return the answer of ``ask_`` and the module, run by a Python that has the module."""
    script = HERE / f"ask_{module}.py"
    printed = run([python_with(module), "-I", str(script)], given=json.dumps(question))
    return json.loads(printed.splitlines()[-1])  # some print of themselves first


def ask_node(package: str, script: str, question: dict[str, Any], folder: Path, **files: str) -> Any:
    """Return the answer of a script of this folder, run by Node.

    Args:
        package: The package that it imports.
        script: Its name.
        question: What it is asked.
        folder: A folder for a copy of the script, from where it finds the package.
        files: More modules of JavaScript that it imports, by name, without ending.
    """
    modules = node_modules(package)
    link = folder / "node_modules"
    if not link.exists():
        link.symlink_to(modules, target_is_directory=True)
    shutil.copy(HERE / script, folder / script)
    for name, text in files.items():
        (folder / f"{name}.mjs").write_text(text, encoding="utf-8")
    return json.loads(run(["node", script], given=json.dumps(question), cwd=folder))
