"""The two Annexes, and the Parties that each binds."""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import frozen

from rrm_lifecycle.case.claim import Party
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.show import WebType

ENTRY_INTO_FORCE: Final = date(2020, 7, 1)
"""First day of the USMCA (Art. 34.7; rulebook X-07)."""


@frozen(cache_hash=True)
class Annex(WebType):
    """An Annex with its two Parties.

    Attributes:
        name: ``"31-A"`` or ``"31-B"``.
        parties: The two Parties that it binds. The United States and Canada have none between them.
    """

    name: str
    parties: frozenset[Party]

    def other(self, party: Party) -> Party:
        """Return the other Party.

        Raises:
            EventError: The Annex does not bind that Party.
        """
        if party not in self.parties:
            names = " and ".join(sorted(self.parties))
            msg = f"Annex {self.name} binds {names}; found {party}: a case between {names} alone can be held under it"
            raise EventError(msg)
        (other,) = self.parties - {party}
        return other

    def __str__(self) -> str:
        """Return ``Annex 31-A``."""
        return f"Annex {self.name}"


ANNEX_31A: Final = Annex("31-A", frozenset({Party.US, Party.MX}))
ANNEX_31B: Final = Annex("31-B", frozenset({Party.CA, Party.MX}))
ANNEXES: Final = {annex.name: annex for annex in (ANNEX_31A, ANNEX_31B)}
"""Both Annexes by name."""
