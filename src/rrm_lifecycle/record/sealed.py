"""Making a sealed text: the salt is random, so that nobody can guess the value from its commitment."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Final

from rrm_lifecycle.canonical import clean_text
from rrm_lifecycle.errors import TextError
from rrm_lifecycle.sealing import SEALED, Sealed, commitment

_SALT: Final = 16
"""Random bytes of a salt."""


def sealed(text: str) -> Sealed:
    """Return a text whose record is a commitment alone, so that it can be erased.

    It goes where no rule reads the text: ``remark``, ``recorded_by``, a basis, an order, a source, the name of a document,
    the reference of a panelist. Displays, frames, logs and exports show ``<sealed>``; ``docket.reveal(case)`` shows the
    value, until ``docket.erase`` has erased it.

    Args:
        text: The value, such as the name of a person.

    Raises:
        TextError: Not a text, an empty one, or one that no reader could trust.

    Example:
        >>> name = sealed("Juana Pérez")
        >>> name, name.value
        (<sealed>, 'Juana Pérez')
    """
    value = clean_text(text, "a sealed text")
    if not value or value == SEALED:
        msg = "a sealed text has to say something"
        raise TextError(msg)
    salt = token_urlsafe(_SALT)
    return Sealed(commitment(salt, value), salt, value)
