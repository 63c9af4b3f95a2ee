"""Asks Storm for the answers to a model in PRISM's language, by a direct solver, in a process of its own.

Reads ``{"prism", "formulas"}`` and writes the answer to each formula as JSON. Fractions of whole numbers would take
Storm many minutes here; its direct solver has no tolerance either, and rounds as ours does.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import stormpy  # type: ignore[import-not-found]  # not in our environment


def main() -> None:
    """Answer the question on the standard input."""
    question = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.prism"
        path.write_text(question["prism"], encoding="utf-8")
        program = stormpy.parse_prism_program(str(path))
    properties = stormpy.parse_properties("; ".join(question["formulas"]), program)
    model = stormpy.build_model(program, properties)
    environment = stormpy.Environment()
    environment.solver().force_exact = True
    start = model.initial_states[0]
    answers = [stormpy.model_checking(model, one, environment=environment).get_value(start) for one in properties]
    json.dump({"states": model.nr_states, "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
