"""Reads the graph formats back by other people's readers: DOT by Graphviz, Mermaid by mermaid itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.independent import tools

Arrow = tuple[str, str]


def dot_arrows(text: str) -> tuple[set[str], set[Arrow]]:
    """Return the nodes and the arrows that Graphviz sees."""
    # In a circle: what is asked is how the text is read, not how arrows are led around each other.
    asked = [tools.program("dot", "apt-get install graphviz"), "-Kcirco", "-Gsplines=line", "-Tjson0"]
    found = json.loads(tools.run(asked, given=text))
    named = {one["_gvid"]: one["name"] for one in found["objects"]}
    nodes = {one["name"] for one in found["objects"] if "nodes" not in one and "subgraphs" not in one}
    return nodes, {(named[one["tail"]], named[one["head"]]) for one in found["edges"]}


def mermaid_arrows(text: str, folder: Path) -> tuple[set[str], set[Arrow]]:
    """Return the states and the arrows that mermaid sees."""
    found: dict[str, Any] = tools.ask_node("mermaid", "read_mermaid.mjs", {"text": text}, folder)
    return set(found["states"]), {(one, other) for one, other in found["arrows"]}
