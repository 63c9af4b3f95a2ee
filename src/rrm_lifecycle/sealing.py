"""A sealed text: personal data that the record commits to without holding it, so that it can be erased.

Whoever looks at a sealed text sees ``<sealed>``; that is its content as a text, so that no display, frame, log or export
can show more by accident. The value stands beside it for whoever asks for it by name.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final, Self

import msgspec

SEALED: Final = "<sealed>"
"""What stands for a sealed text wherever it is shown."""
PREFIX: Final = b"rrm-lifecycle/sealed/v1\n"
"""Stands before salt and value under the hash, so that no other bytes have that hash."""

_ENCODE: Final = msgspec.json.Encoder(order="sorted").encode


def commitment(salt: str, value: str) -> str:
    """Return what the record holds of a sealed text: a digest of its salt and value, 43 characters of base64url.

    Args:
        salt: At least 22 characters of base64url: 128 random bits.
        value: The text.

    Source:
        In the manner of RFC 9901, section 4.2: a digest over salt and value.
    """
    digest = sha256(PREFIX + _ENCODE([salt, value])).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


class Sealed(str):
    """A text that the record commits to without holding it. Make one with :func:`rrm_lifecycle.sealed`.

    Two are equal where they commit to the same salt and value.

    Attributes:
        commitment: The digest that the record holds.
        salt: The salt; None where the value is not at hand.
        value: The text; None where it is not at hand: it was read from a record, or erased.
    """

    __slots__ = ("commitment", "salt", "value")

    commitment: str
    salt: str | None
    value: str | None

    def __new__(cls, commitment: str, salt: str | None = None, value: str | None = None) -> Self:
        """Return a sealed text for a commitment; its content as a text is ``<sealed>``."""
        made = super().__new__(cls, SEALED)
        made.commitment, made.salt, made.value = commitment, salt, value
        return made

    def __eq__(self, other: object) -> bool:
        """Return whether both commit to the same salt and value."""
        return isinstance(other, Sealed) and self.commitment == other.commitment

    def __ne__(self, other: object) -> bool:
        """Return whether they commit to different ones."""
        return not self == other

    def __hash__(self) -> int:
        """Return a hash of the commitment."""
        return hash(self.commitment)

    def __repr__(self) -> str:
        """Return ``<sealed>``."""
        return SEALED

    def __reduce__(self) -> tuple[type[Sealed], tuple[str, str | None, str | None]]:
        """Survive pickling, with the value where it is at hand."""
        return Sealed, (self.commitment, self.salt, self.value)
