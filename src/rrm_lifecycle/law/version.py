"""The version of the law pages: the digest of the canonical JSON of rows, terms, provisions and readings."""

from __future__ import annotations

import hashlib
from enum import Enum
from functools import cache
from typing import Any, Final

import attrs

from rrm_lifecycle.canonical import canonical
from rrm_lifecycle.law.customs import CUSTOMS
from rrm_lifecycle.law.guards import Fact
from rrm_lifecycle.law.provisions import PROVISIONS, Provision
from rrm_lifecycle.law.readings import Reading, choices
from rrm_lifecycle.law.table import TABLE
from rrm_lifecycle.law.terms import TERMS, Term

_AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any value of the law pages, a line each kind
    if type(value) in _AS_THEY_ARE:  # most are: asked first, since this runs whenever the library is loaded
        return value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Fact):
        return [value.code, value.provision and value.provision.code, value.force.value, value.bars_under]
    if isinstance(value, Provision):
        return value.code
    if isinstance(value, Term):
        return value.name
    if attrs.has(type(value)):
        return _fields(value)
    return value


@cache
def _names(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a class; the cache wants to know no more
    return tuple(one.name for one in attrs.fields(kind))


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any attrs value of the law pages
    kind: Any = type(value)
    return {name: _plain(getattr(value, name)) for name in _names(kind)}


def rulebook_digest() -> str:
    """Return the SHA-256 of the canonical JSON of rows, terms, provisions and readings."""
    defaults = {one.name: _plain(one.default) for one in attrs.fields(Reading) if one.name in choices()}
    page = {
        "rows": _plain((*TABLE, *CUSTOMS)),
        "terms": [_fields(term) for term in TERMS],
        "provisions": [_fields(provision) for provision in PROVISIONS],
        "readings": _plain(choices()),
        "defaults": defaults,
    }
    return hashlib.sha256(canonical(page)).hexdigest()


RULEBOOK: Final = "1"
"""Number of the law pages, raised with each change of what they say."""
RULEBOOK_SHA256: Final = rulebook_digest()
RULEBOOK_VERSION: Final = f"{RULEBOOK}+{RULEBOOK_SHA256[:16]}"
