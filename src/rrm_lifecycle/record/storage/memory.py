"""The store in memory, for as long as the program runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from threading import Lock
from uuid import uuid4

from rrm_lifecycle.canonical import clean_id
from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.errors import EventError, RecordDamaged
from rrm_lifecycle.record.filed import Filed, Secret, utc
from rrm_lifecycle.record.kept import ATTEMPTS, Erasure
from rrm_lifecycle.record.links import filed_from, without_values
from rrm_lifecycle.record.storage.standing import Standing
from rrm_lifecycle.record.storage.stores import (
    Clock,
    Draft,
    Head,
    Query,
    conflict,
    duplicate,
    link,
    near_ids,
    utc_clock,
)


class MemoryStore:
    """A store that keeps entries in memory, for as long as the program runs. Safe to use from several threads.

    Args:
        clock: Gives the moment in UTC; the machine's clock unless you give another.
        log: Name of the log; a random one unless you give one.
    """

    def __init__(self, *, clock: Clock | None = None, log: str | None = None) -> None:
        self._clock = clock or utc_clock
        self._log = f"memory-{uuid4().hex[:16]}" if log is None else clean_id(log, "the name of a log")
        self._lock = Lock()
        self._cases: dict[str, list[Filed]] = {}
        self._order: list[Filed] = []
        self._places: dict[tuple[str, int], int] = {}
        self._once: dict[tuple[str, str], int] = {}
        self._secrets: dict[tuple[str, int], dict[str, Secret]] = {}
        self._standings: dict[str, Standing] = {}

    @property
    def log(self) -> str:
        """Name of its log."""
        return self._log

    def now(self) -> datetime:
        """Return the moment by the store's clock, in UTC."""
        return utc(self._clock())

    # ---- writing -----------------------------------------------------------------------------------------------------
    def append(
        self, drafts: Sequence[Draft], *, after: Head | None, case: Case | None, once: str | None = None
    ) -> tuple[Filed, ...]:
        """File entries behind a head, all or none; see :class:`.Store`."""
        key = drafts[0].kept.case_id.casefold()
        with self._lock:
            kept = self._cases.get(key)
            if after is None and kept is not None:
                raise duplicate(kept[0].case_id)
            if after is not None and (kept is None or kept[-1].hash != after.hash):
                raise conflict(after.case_id, after.seq + 1, len(kept or ()))
            last = self._order[-1].recorded if self._order else None
            filed = link(drafts, after=after, log=self._log, now=self.now(), last=last)
            standing = None if case is None else Standing.of(case, filed[-1].seq, filed[-1].hash)
            secrets = [(one.seq, secret) for one in filed for secret in one.secrets]
            self._keep(key, tuple(map(without_values, filed)), secrets, standing)
            for one in filed:
                if isinstance(one.entry, Erasure):
                    self._secrets.get((key, one.entry.seq), {}).pop(one.entry.place, None)
            if once is not None:
                self._once[key, once] = filed[0].seq
        return filed

    def put(self, filed: Sequence[Filed], secrets: Iterable[tuple[int, Secret]], case: Case | None) -> None:
        """Take up a whole record as it was filed elsewhere; see :class:`.Store`."""
        key = filed[0].case_id.casefold()
        with self._lock:
            if key in self._cases:
                raise duplicate(self._cases[key][0].case_id)
            standing = None if case is None else Standing.of(case, filed[-1].seq, filed[-1].hash)
            self._keep(key, filed, secrets, standing)

    def _keep(
        self, key: str, filed: Sequence[Filed], secrets: Iterable[tuple[int, Secret]], standing: Standing | None
    ) -> None:
        self._cases.setdefault(key, []).extend(filed)
        for one in filed:
            self._places[key, one.seq] = len(self._order)
            self._order.append(one)
        for seq, secret in secrets:
            self._secrets.setdefault((key, seq), {})[secret.place] = secret
        if standing is not None:
            self._standings[key] = standing

    def restand(self, standing: Standing) -> None:
        """Write anew where a case stands."""
        with self._lock:
            self._standings[standing.case_id.casefold()] = standing

    # ---- reading -----------------------------------------------------------------------------------------------------
    def _kept(self, case_id: str) -> list[Filed]:
        kept = self._cases.get(case_id.casefold()) if isinstance(case_id, str) else None
        if kept is None:
            raise near_ids(str(case_id), [one[0].case_id for one in self._cases.values() if not _is_attempts(one)])
        return kept

    def read(self, case_id: str, start: int = 0) -> tuple[Filed, ...]:
        """Return the entries of a case in order, from a number on; see :class:`.Store`."""
        with self._lock:
            return tuple(self._kept(case_id)[start:])

    def bodies(self, case_id: str) -> Iterator[tuple[bytes, str]]:
        """Yield bytes and stated hash of each entry of a case; what is shown otherwise than they say is refused."""
        for number, one in enumerate(self.read(case_id)):
            where = f"entry {number} of case {case_id}"
            if filed_from(one.body, one.hash, where) != one:
                msg = f"{where} is shown otherwise than its bytes say"
                raise RecordDamaged(msg)
            yield one.body, one.hash

    def head(self, case_id: str) -> Head:
        """Return where the record of a case ends; see :class:`.Store`."""
        with self._lock:
            return Head.of(self._kept(case_id)[-1])

    def heads(self) -> Iterator[Head]:
        """Yield where each record ends."""
        with self._lock:
            heads = [Head.of(kept[-1]) for kept in self._cases.values()]
        return iter(heads)

    def once(self, case_id: str, key: str) -> int | None:
        """Return the number of the entry that was filed with a key in a case; None if none was."""
        with self._lock:
            return self._once.get((case_id.casefold(), key))

    def secrets(self, case_id: str, seq: int | None = None) -> tuple[tuple[int, Secret], ...]:
        """Return the values behind sealed texts that are still held."""
        with self._lock:
            return tuple(
                (number, secret)
                for (key, number), held in self._secrets.items()
                if key == case_id.casefold() and seq in (None, number)
                for secret in held.values()
            )

    # ---- log order ---------------------------------------------------------------------------------------------------
    def number(self) -> int:
        """Return how many entries there are: each takes its place when it is filed."""
        with self._lock:
            return len(self._order)

    def in_order(self, start: int = 0) -> Iterator[Filed]:
        """Yield every entry in the order in which it was filed, from a place on."""
        with self._lock:
            order = tuple(self._order[start:])
        return iter(order)

    def hashes(self, start: int = 0) -> Iterator[bytes]:
        """Yield the hashes of the entries in log order."""
        return (bytes.fromhex(one.hash) for one in self.in_order(start))

    def recordings(self) -> Iterator[tuple[bytes, datetime | None]]:
        """Yield hash and time of recording of each entry in log order."""
        return ((bytes.fromhex(one.hash), one.recorded) for one in self.in_order())

    def place(self, case_id: str, seq: int) -> int | None:
        """Return the place of an entry in log order; None if it is not held."""
        with self._lock:
            return self._places.get((case_id.casefold(), seq))

    # ---- where cases stand -------------------------------------------------------------------------------------------
    def standing(self, case_id: str) -> Standing | None:
        """Return where a case stands."""
        with self._lock:
            return self._standings.get(case_id.casefold())

    def standings(self, query: Query = Query()) -> Iterator[Standing]:  # noqa: B008 - frozen
        """Yield where cases stand, in the order in which they were opened."""
        with self._lock:
            found = [one for one in self._standings.values() if query.admits(one)]
        return iter(found)

    def near(self, facility: CoveredFacility) -> Iterator[Standing]:
        """Yield where cases stand that leave a Denial at a facility, or at one of its owner."""
        name, owner = facility.name.casefold(), facility.owner and facility.owner.casefold()
        with self._lock:
            found = [
                one
                for one in self._standings.values()
                if one.has_denials
                and ((one.facility == name and one.country is facility.country) or (owner and one.owner == owner))
            ]
        return iter(found)

    # ---- the store itself --------------------------------------------------------------------------------------------
    def backup(self, target: str) -> None:
        """Refuse: what is in memory is written with ``docket.export_jsonl``."""
        msg = f"a docket in memory has no file to copy to {target!r}: write its records with docket.export_jsonl(path)"
        raise EventError(msg)

    def check(self) -> None:
        """Return: memory has nothing of its own to check."""

    def close(self) -> None:
        """Return: nothing is held open."""


def _is_attempts(kept: Sequence[Filed]) -> bool:
    return kept[0].case_id.endswith(ATTEMPTS)
