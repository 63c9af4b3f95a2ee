"""Reads an SCXML document into the types that scjson has generated from the schema of the W3C.

Run by a Python that has scjson and xsdata-pydantic. Takes ``{"scxml": text}`` on stdin and prints, as JSON, what the schema
does not know, and the ids of the states that were read.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from typing import Any

from scjson.dataclasses_strict import Scxml  # type: ignore[import-not-found]  # not in our environment
from xsdata.exceptions import ParserError  # type: ignore[import-not-found]
from xsdata.formats.dataclass.parsers import XmlParser  # type: ignore[import-not-found]
from xsdata.formats.dataclass.parsers.config import ParserConfig  # type: ignore[import-not-found]

STRICT = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)


def elements(one: Any) -> Iterator[Any]:
    """Yield an element and those below it."""
    yield one
    for field in dataclasses.fields(one):
        value = getattr(one, field.name)
        for below in value if isinstance(value, list) else [value]:
            if dataclasses.is_dataclass(below):
                yield from elements(below)


def main() -> None:
    """Answer the question on stdin."""
    try:
        document = XmlParser(config=STRICT).from_string(json.load(sys.stdin)["scxml"], Scxml)
    except (ParserError, ValueError, TypeError) as error:
        print(json.dumps({"problems": [str(error)], "states": []}))
        return
    every = list(elements(document))
    # The schema lets any attribute of another namespace pass, and of ours none.
    strange = sorted({name for one in every for name in getattr(one, "other_attributes", {}) if "{" not in name})
    states = sorted(one.id for one in every if type(one).__name__ in {"State", "Parallel", "Final"} and one.id)
    print(json.dumps({"problems": strange, "states": states}))


if __name__ == "__main__":
    main()
