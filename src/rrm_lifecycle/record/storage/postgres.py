"""The store in PostgreSQL: on connections of its own, on a pool, or in the caller's own transaction.

Writers take no lock. Each files behind the head that it knows, in one statement, and the constraints of the tables tell two
writers of one case apart. Log order is given afterwards, by :meth:`PostgresStore.number`; ``checkpoint`` and ``verify``
call it, and until then an entry is in its case and in no log order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from rrm_lifecycle.case.case import Case
from rrm_lifecycle.case.claim import CoveredFacility
from rrm_lifecycle.errors import ConcurrencyConflict, RecordDamaged, StorageError
from rrm_lifecycle.record.filed import Filed, Secret, utc
from rrm_lifecycle.record.kept import ATTEMPTS, Erasure
from rrm_lifecycle.record.storage import postgres_sql as sql
from rrm_lifecycle.record.storage.postgres_ddl import CONSTRAINTS, TRIGGERS, clean_schema, ddl
from rrm_lifecycle.record.storage.postgres_ways import Lent, Own, Pooled, Taken, Way, driver, greet
from rrm_lifecycle.record.storage.sql import (
    CURRENT,
    bytes_of_row,
    filed_of_row,
    head_of_row,
    narrowed,
    nearby,
    row_of_standing,
    secret_of_row,
    standing_of_row,
)
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

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

__all__ = ["PostgresStore", "ddl"]

PAGE: Final = 1_000
"""How many entries or rows are fetched at a time: memory does not grow with the log."""
HASHES: Final = 20_000
"""The same, of hashes."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_Row = tuple[Any, ...]


class PostgresStore:
    """A store in a PostgreSQL database. Make one with :meth:`open`, :meth:`pool` or :meth:`on`.

    It asks for PostgreSQL 14 or later and a database in UTF8. It may be used from several threads, unless it is
    :meth:`on` a connection of yours.
    """

    def __init__(self, way: Way, schema: str, clock: Clock | None, log: str) -> None:
        self._way, self._schema, self._clock, self._log = way, schema, clock or utc_clock, log

    @classmethod
    def open(
        cls,
        conninfo: str,
        *,
        schema: str = "rrm",
        create: bool | None = None,
        clock: Clock | None = None,
        log: str | None = None,
    ) -> PostgresStore:
        """Return the store in a database, on connections of its own.

        Args:
            conninfo: An address, such as ``postgresql://user@host/name``, or what ``psycopg.connect`` takes.
            schema: The schema that holds its tables.
            create: Make the tables where they are missing; without it, nothing is created.
            clock: Gives the moment in UTC; the machine's clock unless you give another.
            log: Name of the log, where the tables are made; a random one unless you give one.

        Raises:
            StorageError: The database cannot be reached, or holds no docket; the message says how to make one.
            RecordTooNew: A later version of this library made its tables.
            EventError: The address or the name of the schema is none.
            MissingExtra: ``psycopg`` is not installed.
        """
        driver()
        return cls._made(Own(conninfo, clean_schema(schema)), schema, clock, log, create=bool(create))

    @classmethod
    def pool(
        cls,
        pool: ConnectionPool[Any],
        *,
        schema: str = "rrm",
        create: bool | None = None,
        clock: Clock | None = None,
        log: str | None = None,
    ) -> PostgresStore:
        """Return the store in a database, on a ``psycopg_pool.ConnectionPool`` of yours, which stays open.

        Args:
            pool: The pool.
            schema: As for :meth:`open`, like what follows.
            create: Make the tables where they are missing.
            clock: Gives the moment in UTC.
            log: Name of the log, where the tables are made.

        Raises:
            StorageError: As for :meth:`open`.
            RecordTooNew: Likewise.
        """
        driver()
        return cls._made(Pooled(pool, clean_schema(schema)), schema, clock, log, create=bool(create))

    @classmethod
    def on(cls, connection: Connection[Any], *, schema: str = "rrm", clock: Clock | None = None) -> PostgresStore:
        """Return the store on a connection of yours: what it writes lies in your transaction, and you commit it.

        It sets savepoints and never commits nor rolls back. It reads in any transaction, and writes in one that is open
        (or that the driver opens, where autocommit is off) and is READ COMMITTED.

        Args:
            connection: A connection of psycopg 3.
            schema: The schema that holds its tables; they have to be there.
            clock: Gives the moment in UTC.

        Raises:
            StorageError: The database holds no docket, or the connection cannot be used as it stands.
            RecordTooNew: A later version of this library made its tables.
            EventError: It is no connection of psycopg 3.
        """
        driver()
        return cls._made(Lent(connection, clean_schema(schema)), schema, clock)

    @classmethod
    def _made(
        cls, way: Way, schema: str, clock: Clock | None, log: str | None = None, *, create: bool = False
    ) -> PostgresStore:
        try:
            return cls(way, schema, clock, greet(way, schema, log, create=create))
        except BaseException:
            way.close()
            raise

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
        """File entries behind a head, all or none, in one statement; see :class:`.Store`."""
        case_id = drafts[0].kept.case_id
        filed = link(drafts, after=after, log=self._log, now=self.now())
        erased = [(one.entry.seq, one.entry.place) for one in filed if isinstance(one.entry, Erasure)]
        secrets = [(one.seq, secret) for one in filed for secret in one.secrets]
        try:
            self._file(filed, secrets, case, erased, once)
        except Taken as error:
            raise self._lost(case_id, filed[0].seq, once, error) from error
        return filed

    def put(self, filed: Sequence[Filed], secrets: Iterable[tuple[int, Secret]], case: Case | None) -> None:
        """Take up a whole record as it was filed elsewhere; see :class:`.Store`."""
        try:
            self._file(filed, list(secrets), case)
        except Taken as error:
            raise self._lost(filed[0].case_id, 0, None, error) from error

    def _file(
        self,
        filed: Sequence[Filed],
        secrets: Sequence[tuple[int, Secret]],
        case: Case | None,
        erased: Sequence[tuple[int, str]] = (),
        once: str | None = None,
    ) -> None:
        first, text = filed[0], sql.ENTRIES
        values: dict[str, Any] = {
            "seq": [one.seq for one in filed],
            "prev": [None if one.prev is None else bytes.fromhex(one.prev) for one in filed],
            "hash": [bytes.fromhex(one.hash) for one in filed],
            "recorded": [None if one.recorded is None else (one.recorded - _EPOCH) // _TICK for one in filed],
            "body": [one.body for one in filed],
        }
        if len(filed) == 1:
            text, values = sql.ENTRY_ALONE, {name: one for name, (one,) in values.items()}
        values |= {"key": first.case_id.casefold(), "case_id": first.case_id}
        held = [(seq, one) for seq, one in secrets if (seq, one.place) not in erased]
        if held:
            text += sql.SECRETS
            values |= {"s_seq": [seq for seq, _ in held], "s_place": [one.place for _, one in held]}
            values |= {"s_salt": [one.salt for _, one in held], "s_value": [one.value for _, one in held]}
        if erased:
            text += sql.ERASED
            values |= {"e_seq": [seq for seq, _ in erased], "e_place": [place for _, place in erased]}
        if once is not None:
            text += sql.ONCE
            values |= {"once": once, "first": first.seq}
        if case is None:
            text += " SELECT"
        else:
            text += " " + sql.STAND
            values |= _at(Standing.of(case, filed[-1].seq, filed[-1].hash))
        with self._way.writing() as cursor:
            cursor.execute(sql.composed(text, self._schema), values)

    def _lost(self, case_id: str, seq: int, once: str | None, error: Taken) -> Exception:
        """Return the error for entries that found their place taken, or their head not there."""
        if error.constraint.startswith("once"):
            return ConcurrencyConflict(
                f"case {case_id} holds an entry under the key {once!r} already; nothing was written"
            )
        found = self._rows(sql.LAST, case_id.casefold())
        if error.constraint.startswith("entry") and (not found or seq or found[0][1] < 0):
            return conflict(case_id, seq, found[0][1] + 1 if found else 0)
        if found:
            return duplicate(found[0][0])
        return StorageError(f"PostgreSQL refuses what was to be filed ({error.constraint}); nothing was written")

    def restand(self, standing: Standing) -> None:
        """Write anew where a case stands."""
        with self._way.writing() as cursor:
            cursor.execute(sql.composed(sql.STAND, self._schema), _at(standing))

    # ---- reading -----------------------------------------------------------------------------------------------------
    def _rows(self, text: str, *values: Any) -> list[_Row]:  # noqa: ANN401 - whatever a statement takes
        with self._way.reading() as cursor:
            rows: list[_Row] = cursor.execute(sql.composed(text, self._schema), values).fetchall()
        return rows

    def read(self, case_id: str, start: int = 0) -> tuple[Filed, ...]:
        """Return the entries of a case in order, from a number on; see :class:`.Store`."""
        key = _key(case_id)
        rows = self._rows(sql.READ, key, start)
        if not rows:
            self.head(case_id)
        return tuple(filed_of_row(row, key, seq) for seq, row in enumerate(rows, start))

    def bodies(self, case_id: str) -> Iterator[tuple[bytes, str]]:
        """Yield bytes and stated hash of each entry of a case in order, unread; see :class:`.Store`."""
        key = _key(case_id)
        rows = self._rows(sql.READ, key, 0)
        if not rows:
            self.head(case_id)
        return (bytes_of_row(row, key, seq) for seq, row in enumerate(rows))

    def head(self, case_id: str) -> Head:
        """Return where the record of a case ends; see :class:`.Store`."""
        rows = self._rows(sql.LAST, _key(case_id))
        if not rows:
            raise near_ids(str(case_id), [one[0] for one in self._rows(sql.IDS, len(ATTEMPTS), ATTEMPTS)])
        return head_of_row(rows[0])

    def heads(self) -> Iterator[Head]:
        """Yield where each record ends, in the order in which their first entries were recorded."""
        last: Sequence[Any] = (-2, "")
        while rows := self._rows(sql.HEADS, *last, PAGE):
            for *row, _, _ in rows:
                yield head_of_row(row)
            last = rows[-1][-2:]

    def once(self, case_id: str, key: str) -> int | None:
        """Return the number of the entry that was filed with a key in a case; None if none was."""
        rows = self._rows(sql.ONCE_OF, _key(case_id), key)
        return rows[0][0] if rows else None

    def secrets(self, case_id: str, seq: int | None = None) -> tuple[tuple[int, Secret], ...]:
        """Return the values behind sealed texts that are still held."""
        return tuple(map(secret_of_row, self._rows(sql.SECRETS_OF, _key(case_id), seq)))

    # ---- log order ---------------------------------------------------------------------------------------------------
    def number(self) -> int:
        """Give every entry its place in log order that has none yet, and return how many have one.

        Lock and numbering are two statements: the second has to see what was numbered while the first waited.
        """
        with self._way.block() as cursor:
            cursor.execute(sql.LOCK, [f"rrm-lifecycle number {self._schema}"])
            (many,) = cursor.execute(sql.composed(sql.NUMBER, self._schema)).fetchall()[0]
            return int(many)

    def _by_place(self, text: str, start: int, many: int) -> Iterator[_Row]:
        """Yield rows in log order, many at a time: each ends in its place."""
        while rows := self._rows(text, start, many):
            for row in rows:
                if row[-1] != start:
                    msg = f"the log lacks the entry in place {start}: it was taken out, or its place names another"
                    raise RecordDamaged(msg)
                yield row
                start += 1

    def in_order(self, start: int = 0) -> Iterator[Filed]:
        """Yield the entries that have a place in log order, from a place on. :meth:`number` gives places."""
        for *row, _ in self._by_place(sql.IN_ORDER, start, PAGE):
            yield filed_of_row(row)

    def hashes(self, start: int = 0) -> Iterator[bytes]:
        """Yield the hashes of the entries that have a place in log order, from a place on."""
        return (row[0] for row in self._by_place(sql.HASHES, start, HASHES))

    def recordings(self) -> Iterator[tuple[bytes, datetime | None]]:
        """Yield the hash of each entry that has a place in log order, without a time: log order is not that of time."""
        return ((digest, None) for digest in self.hashes())

    def place(self, case_id: str, seq: int) -> int | None:
        """Return the place of an entry in log order; None if it has none yet, or is not held."""
        rows = self._rows(sql.PLACE, _key(case_id), seq)
        return rows[0][0] if rows else None

    # ---- where cases stand -------------------------------------------------------------------------------------------
    def _standings(self, condition: str, values: Sequence[Any]) -> Iterator[Standing]:
        begun = 0
        while rows := self._rows(sql.STANDINGS + condition + sql.STANDINGS_IN_ORDER, *values, begun, PAGE):
            for *row, _ in rows:
                yield standing_of_row(row)
            if len(rows) < PAGE:
                return
            begun = rows[-1][-1]

    def standing(self, case_id: str) -> Standing | None:
        """Return where a case stands; None where no row says so."""
        return next(self._standings("case_key = %s", [_key(case_id)]), None)

    def standings(self, query: Query = Query()) -> Iterator[Standing]:  # noqa: B008 - frozen
        """Yield where cases stand, in the order in which they were opened."""
        return self._standings(*narrowed(query, "%s", "true"))

    def near(self, facility: CoveredFacility) -> Iterator[Standing]:
        """Yield where cases stand that leave a Denial at a facility, or at one of its owner."""
        return self._standings(*nearby(facility, "%s", "true"))

    # ---- the store itself --------------------------------------------------------------------------------------------
    def backup(self, target: str) -> None:
        """Refuse: PostgreSQL's own tools write a copy that holds together."""
        msg = (
            f"a docket in PostgreSQL is not copied to {target!r} from here: use pg_dump --schema={self._schema} "
            f"--file={target} (which may run while others record), or your server's base backups"
        )
        raise StorageError(msg)

    def check(self) -> None:
        """Check that the guards of the tables stand, and that the places in log order leave no gap.

        Raises:
            RecordDamaged: They do not.
        """
        constraints = {one[0] for one in self._rows(sql.CONSTRAINED, self._schema)}
        triggers = {one[0] for one in self._rows(sql.TRIGGERED, self._schema)}
        gone = [one for one in CONSTRAINTS if one not in constraints] + [one for one in TRIGGERS if one not in triggers]
        if gone:
            msg = (
                f"the tables in the schema {self._schema!r} have lost what guards them ({', '.join(gone)}): find out who "
                "took it away and why, verify the record, and put it back with postgres.ddl(schema)"
            )
            raise RecordDamaged(msg)
        entries, numbered, places, waiting = self._rows(sql.COUNTS)[0]
        if numbered != places or entries != numbered + waiting:
            msg = (
                f"of {entries} entries, {numbered} have one of {places} places in log order and {waiting} wait for one: "
                "entries were removed, or put in past this library"
            )
            raise RecordDamaged(msg)

    def close(self) -> None:
        """Let go of the connections that are its own."""
        self._way.close()


# ---- helpers --------------------------------------------------------------------------------------------------------
def _key(case_id: str) -> str:
    """Return the key of a case; of what can be no id, one that is never held."""
    return case_id.casefold() if isinstance(case_id, str) and case_id.isascii() and "\0" not in case_id else ""


def _at(one: Standing) -> dict[str, Any]:
    """Return the values of the statement that writes where a case stands."""
    return {f"at_{column}": value for column, value in zip(CURRENT.split(", "), row_of_standing(one), strict=True)}
