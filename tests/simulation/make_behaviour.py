"""Write the behaviour that is fitted to the shipped histories: to be run when they, or the fit, change."""

from __future__ import annotations

import json
from pathlib import Path

import rrm_lifecycle
from rrm_lifecycle.histories import load
from rrm_lifecycle.simulation.fitting import SHIPPED, fit


def main() -> None:
    """Fit, and write the file."""
    path = Path(rrm_lifecycle.__file__).parent / "simulation" / SHIPPED
    told = fit(load()).to_json()
    path.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
