"""The statements of the store in PostgreSQL. ``{s}`` stands for the schema."""

# ruff: noqa: S608 - statements are put together from the texts of this module and of sql.py, and of nothing else

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rrm_lifecycle.record.storage.sql import CURRENT, ENTRY, HEAD, STANDING


@lru_cache(maxsize=256)
def composed(text: str, schema: str) -> bytes:
    """Return a statement for a schema, as the bytes that the driver takes: else it puts them together for each call.

    Its text is put together from the texts below, never from what a caller gave; the schema stands in it as an identifier.
    """
    name = schema.replace('"', '""')
    return text.replace("{s}", f'"{name}"').encode()


META: Final = (
    "SELECT version, log, current_setting('server_encoding'), current_setting('client_encoding') FROM {s}.meta"
)

# ---- writing
ENTRIES: Final = """WITH filed AS (
  INSERT INTO {s}.entry (case_key, seq, prev_seq, prev, hash, case_id, recorded, body)
  SELECT %(key)s, seq, nullif(seq - 1, -1), prev, hash, %(case_id)s, recorded, body
  FROM unnest(%(seq)s::int[], %(prev)s::bytea[], %(hash)s::bytea[], %(recorded)s::bigint[], %(body)s::bytea[])
    AS one (seq, prev, hash, recorded, body)
), waiting AS (
  INSERT INTO {s}.unnumbered (case_key, seq) SELECT %(key)s, unnest(%(seq)s::int[])
)"""
ENTRY_ALONE: Final = """WITH filed AS (
  INSERT INTO {s}.entry (case_key, seq, prev_seq, prev, hash, case_id, recorded, body)
  VALUES (%(key)s, %(seq)s::int, nullif(%(seq)s::int - 1, -1), %(prev)s::bytea, %(hash)s::bytea, %(case_id)s,
    %(recorded)s::bigint, %(body)s::bytea)
), waiting AS (
  INSERT INTO {s}.unnumbered (case_key, seq) VALUES (%(key)s, %(seq)s::int)
)"""
"""The same for one entry, which is what most appends file: a quarter faster than with arrays."""
SECRETS: Final = """, secrets AS (
  INSERT INTO {s}.sealed (case_key, seq, place, salt, value)
  SELECT %(key)s, * FROM unnest(%(s_seq)s::int[], %(s_place)s::text[], %(s_salt)s::text[], %(s_value)s::text[])
)"""
ERASED: Final = """, erased AS (
  DELETE FROM {s}.sealed WHERE case_key = %(key)s
    AND (seq, place) IN (SELECT * FROM unnest(%(e_seq)s::int[], %(e_place)s::text[]))
)"""
ONCE: Final = ", keyed AS (INSERT INTO {s}.once (case_key, key, seq) VALUES (%(key)s, %(once)s, %(first)s::int))"
_COLUMNS: Final = CURRENT.split(", ")
_VALUES: Final = ", ".join("decode(%(at_hash)s, 'hex')" if one == "hash" else f"%(at_{one})s" for one in _COLUMNS)
_MOVED: Final = ", ".join(f"{one} = excluded.{one}" for one in _COLUMNS if one not in {"case_key", "case_id"})
STAND: Final = f"""INSERT INTO {{s}}.current ({CURRENT}) VALUES ({_VALUES})
  ON CONFLICT (case_key) DO UPDATE SET {_MOVED}"""


def _shown(columns: str) -> str:
    """Return columns as they are read: hashes as hexadecimal digits."""
    return columns.replace("hash", "encode(hash, 'hex')")


# ---- reading the record
READ: Final = f"SELECT {_shown(ENTRY)} FROM {{s}}.entry WHERE case_key = %s AND seq >= %s::int ORDER BY seq"
LAST: Final = f"SELECT {_shown(HEAD)} FROM {{s}}.entry WHERE case_key = %s ORDER BY seq DESC LIMIT 1"
HEADS: Final = f"""SELECT {_shown(HEAD)}, begun, case_key
  FROM (SELECT case_key AS of_case, coalesce(recorded, -1) AS begun FROM {{s}}.entry WHERE seq = 0) AS first
  CROSS JOIN LATERAL (SELECT * FROM {{s}}.entry WHERE case_key = of_case ORDER BY seq DESC LIMIT 1) AS last
  WHERE (begun, of_case) > (%s::bigint, %s) ORDER BY begun, of_case LIMIT %s"""
IDS: Final = "SELECT case_id FROM {s}.entry WHERE seq = 0 AND right(case_key, %s) <> %s"
ONCE_OF: Final = "SELECT seq FROM {s}.once WHERE case_key = %s AND key = %s"
SECRETS_OF: Final = """SELECT seq, place, salt, value FROM {s}.sealed
  WHERE case_key = %s AND seq = coalesce(%s::int, seq) ORDER BY seq, place"""

# ---- log order
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
NUMBER: Final = """WITH taken AS (DELETE FROM {s}.unnumbered RETURNING case_key, seq),
  held AS (SELECT coalesce(max(idx) + 1, 0) AS many FROM {s}.numbered),
  placed AS (
    INSERT INTO {s}.numbered (idx, case_key, seq, hash)
    SELECT held.many - 1 + row_number() OVER (ORDER BY entry.recorded NULLS FIRST, entry.case_key, entry.seq),
      entry.case_key, entry.seq, entry.hash
    FROM taken JOIN {s}.entry AS entry USING (case_key, seq) CROSS JOIN held
    RETURNING 1)
  SELECT held.many + (SELECT count(*) FROM placed) FROM held"""
_PLACED: Final = """FROM {s}.entry JOIN (SELECT idx, case_key, seq, hash FROM {s}.numbered
    WHERE idx >= %s::bigint ORDER BY idx LIMIT %s) AS placed USING (case_key, seq, hash) ORDER BY idx"""
IN_ORDER: Final = f"SELECT {_shown(ENTRY)}, idx {_PLACED}"
HASHES: Final = f"SELECT hash, idx {_PLACED}"
"""Hashes are those of the entries: what stands beside a place is only believed where it is the same."""
PLACE: Final = "SELECT idx FROM {s}.numbered WHERE case_key = %s AND seq = %s::int"

# ---- where cases stand
STANDINGS: Final = f"SELECT {_shown(STANDING)}, begun FROM {{s}}.current WHERE "
STANDINGS_IN_ORDER: Final = " AND begun > %s::bigint ORDER BY begun LIMIT %s"

# ---- the store itself
CONSTRAINED: Final = """SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %s AND convalidated"""
TRIGGERED: Final = """SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
  JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %s AND tgenabled IN ('O', 'A')"""
COUNTS: Final = """SELECT (SELECT count(*) FROM {s}.entry), (SELECT count(*) FROM {s}.numbered),
  (SELECT coalesce(max(idx) + 1, 0) FROM {s}.numbered), (SELECT count(*) FROM {s}.unnumbered)"""
