"""Asks Spin: which claims hold of a model in Promela, where it can come to a stand, and what it never reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Final

from attrs import frozen

from rrm_lifecycle.export.claims import Claim
from tests.independent import tools

_DEEPEST: Final = "-m1000000"
_TABLE: Final = "-w21"
_LONGEST: Final = 1800
"""Characters of a formula; one of 4,000 is more than Spin reads."""
_ROW: Final = re.compile(r"== (?:STAGE|HOLD)_(\w+).*/\* (\S+) \*/$")


EVERYWHERE: Final = Claim("everywhere", "", "A case stands somewhere.", "[] (stage <= STAGE_CLOSED)")
"""A claim that holds, under which every run is searched to its end."""


@frozen(slots=False)
class Checker:
    """A model that Spin and the compiler made ready to be searched.

    Attributes:
        folder: Where its files stand.
        text: The model.
    """

    folder: Path
    text: str

    @classmethod
    def of(cls, text: str, folder: Path, *, step_by_step: bool = False) -> Checker:
        """Return a checker for a model.

        Args:
            text: The model, with at least one claim.
            folder: An empty folder.
            step_by_step: Whether Spin keeps the statements of an option apart. It merges them by itself, which is twice
                as fast, and then leaves out some that are never reached.

        Raises:
            ToolError: Spin does not read the model.
        """
        spin, gcc = tools.spin()
        (folder / "model.pml").write_text(text, encoding="utf-8")
        tools.run([spin, "-a", *(["-o3"] if step_by_step else []), "model.pml"], cwd=folder)
        # One process: nothing to reduce. Optimising this program takes the compiler minutes.
        tools.run([gcc, "-O0", "-w", "-DNOREDUCE", "-o", "pan", "pan.c"], cwd=folder)
        return cls(folder, text)

    def refuted(self, names: list[str]) -> list[str]:
        """Return which of some claims do not hold of every run, or are not made in the model.

        Raises:
            ToolError: A search was not complete.
        """
        with ThreadPoolExecutor(2) as several:
            held = list(several.map(self._holds, names))
        return [name for name, holds in zip(names, held, strict=True) if not holds]

    def _holds(self, name: str) -> bool:
        return f"\nltl {name} " in self.text and _errors(self._search(name)) == 0

    def _search(self, name: str) -> str:
        return tools.run([str(self.folder / "pan"), "-a", "-N", name, _DEEPEST, _TABLE], cwd=self.folder)

    def broken(self) -> str | None:
        """Return what is broken wherever a run can go: an assertion; None if none is."""
        found = re.search(r"pan:1: (.*) \(at depth", self._everywhere)
        return found[1] if found else None

    def unreached(self) -> list[str]:
        """Return what no run uses: rows, as their id and the place that they lead from, and limits that never end.

        The checker has to be made ``step_by_step``.
        """
        lines = self.text.splitlines()
        found = []
        # The last statement of an option tells whether the option is ever used.
        for number in re.findall(r'model\.pml:(\d+), state \d+, "last = \d+"', self._everywhere):
            at = int(number) - 1
            row = _ROW.search(lines[at - 1])
            found.append(
                f"{row[2]} at {row[1].lower()}" if row and _ROW.search(lines[at]) is None else lines[at].strip()
            )
        return found

    @cached_property
    def _everywhere(self) -> str:
        return self._search(EVERYWHERE.name)


def together(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return what some claims say of every moment in a few claims as long as Spin reads: few searches instead of many."""
    parts = [""]
    for one in claims:
        said = one.formula.removeprefix("[] ")
        if parts[-1] and len(parts[-1]) + len(said) > _LONGEST:
            parts.append("")
        parts[-1] += f" && {said}" if parts[-1] else said
    return tuple(
        Claim(f"together_{number}", "", "What is claimed of every moment.", f"[] ({part})")
        for number, part in enumerate(parts, 1)
    )


def of_every_moment(claim: Claim) -> bool:
    """Return whether a claim is of the form *always*, of a moment at a time."""
    return claim.formula.startswith("[] ") and not re.search(r"\[\]|<>| [WU] ", claim.formula.removeprefix("[] "))


def _errors(found: str) -> int:
    errors = re.search(r"errors: (\d+)", found)
    if errors is None or (errors[1] == "0" and ("not completed" in found or "too small" in found)):
        raise tools.ToolError(f"the search was not complete: {found[-600:]}")
    return int(errors[1])
