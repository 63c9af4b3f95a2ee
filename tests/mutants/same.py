"""Mutants of functions that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

KNOWN: Final[dict[str, str]] = {}
"""By the name of the mutant, which is the same as long as its function reads the same."""
