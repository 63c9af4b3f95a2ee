"""The tables of a docket in PostgreSQL, as text for the migrations of an application.

The database itself refuses a gap, a dangling link, a second entry under one number, a hash that is not the hash of its
body, and every change of an entry. Whoever owns the tables can take those guards away: a hash chain alone does not stop
anyone who can write the file, and what is changed behind them is shown by ``verify``.
"""

from __future__ import annotations

import re
from typing import Final

from rrm_lifecycle.canonical import clean_id
from rrm_lifecycle.errors import EventError
from rrm_lifecycle.record.filed import PREFIX
from rrm_lifecycle.record.storage.sql import SCHEMA

CONSTRAINTS: Final = (
    "entry_pkey",
    "entry_hash_key",
    "entry_follows",
    "entry_first",
    "entry_hashed",
    "numbered_pkey",
    "numbered_entry_key",
    "numbered_hash_key",
    "numbered_entry",
)
"""What ``check`` looks for."""
TRIGGERS: Final = ("entry_stays", "entry_not_emptied", "numbered_stays", "numbered_not_emptied")
"""The same, of triggers."""
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,40}")
_DRAWN: Final = "'postgresql-' || left(replace(gen_random_uuid()::text, '-', ''), 16)"

_TABLES: Final = r"""
CREATE SCHEMA IF NOT EXISTS "{schema}";

-- The shape of the tables, and the name of the log, which stands in every entry.
CREATE TABLE IF NOT EXISTS "{schema}".meta (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version integer NOT NULL,
  log     text NOT NULL
);
INSERT INTO "{schema}".meta (version, log)
  VALUES ({version}, {log})
  ON CONFLICT DO NOTHING;

-- The record. case_key is the id of the case in lower case; recorded counts microseconds since 1970-01-01, in UTC.
CREATE TABLE IF NOT EXISTS "{schema}".entry (
  case_key text COLLATE "C" NOT NULL,
  seq      integer NOT NULL,
  prev_seq integer,
  prev     bytea,
  hash     bytea NOT NULL,
  case_id  text COLLATE "C" NOT NULL,
  recorded bigint,
  body     bytea NOT NULL,
  CONSTRAINT entry_pkey     PRIMARY KEY (case_key, seq),
  CONSTRAINT entry_hash_key UNIQUE (case_key, seq, hash),
  CONSTRAINT entry_follows  FOREIGN KEY (case_key, prev_seq, prev) REFERENCES "{schema}".entry (case_key, seq, hash),
  CONSTRAINT entry_first    CHECK (CASE WHEN seq = 0 THEN prev_seq IS NULL AND prev IS NULL
                                        ELSE seq > 0 AND prev IS NOT NULL AND prev_seq IS NOT NULL
                                             AND prev_seq = seq - 1 END),
  CONSTRAINT entry_hashed   CHECK (hash = sha256('\x{prefix}'::bytea || body))
);
CREATE INDEX IF NOT EXISTS entry_begun ON "{schema}".entry (coalesce(recorded, -1), case_key) WHERE seq = 0;

-- Log order: a place for every entry, from 0 on without a gap; unnumbered holds those that have none yet.
CREATE TABLE IF NOT EXISTS "{schema}".numbered (
  idx      bigint NOT NULL CHECK (idx >= 0),
  case_key text COLLATE "C" NOT NULL,
  seq      integer NOT NULL,
  hash     bytea NOT NULL,
  CONSTRAINT numbered_pkey      PRIMARY KEY (idx),
  CONSTRAINT numbered_entry_key UNIQUE (case_key, seq),
  CONSTRAINT numbered_hash_key  UNIQUE (hash),
  CONSTRAINT numbered_entry     FOREIGN KEY (case_key, seq, hash) REFERENCES "{schema}".entry (case_key, seq, hash)
);
CREATE TABLE IF NOT EXISTS "{schema}".unnumbered (
  case_key text COLLATE "C" NOT NULL,
  seq      integer NOT NULL
);

-- The values behind sealed texts: these rows may be deleted, and nothing else.
CREATE TABLE IF NOT EXISTS "{schema}".sealed (
  case_key text COLLATE "C" NOT NULL,
  seq      integer NOT NULL,
  place    text COLLATE "C" NOT NULL,
  salt     text NOT NULL,
  value    text NOT NULL,
  PRIMARY KEY (case_key, seq, place),
  FOREIGN KEY (case_key, seq) REFERENCES "{schema}".entry (case_key, seq)
);

-- Keys of writers, so that a repeat is harmless.
CREATE TABLE IF NOT EXISTS "{schema}".once (
  case_key text COLLATE "C" NOT NULL,
  key      text COLLATE "C" NOT NULL,
  seq      integer NOT NULL,
  PRIMARY KEY (case_key, key),
  FOREIGN KEY (case_key, seq) REFERENCES "{schema}".entry (case_key, seq)
);

-- Where each case stands now. It is made from the record, and can be made anew.
CREATE TABLE IF NOT EXISTS "{schema}".current (
  case_key    text COLLATE "C" PRIMARY KEY,
  begun       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  case_id     text COLLATE "C" NOT NULL,
  stage       text NOT NULL,
  phase       text NOT NULL,
  closing     text,
  country     text,
  facility    text,
  owner       text,
  is_open     boolean NOT NULL,
  has_denials boolean NOT NULL,
  seq         integer NOT NULL,
  hash        bytea NOT NULL,
  snapshot    bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX IF NOT EXISTS current_facility ON "{schema}".current (facility) WHERE has_denials;
CREATE INDEX IF NOT EXISTS current_owner ON "{schema}".current (owner) WHERE has_denials;

CREATE OR REPLACE FUNCTION "{schema}".stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is filed in %.% is never changed and never removed', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'file a correction instead: docket.correct(...)';
END $$;
CREATE OR REPLACE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON "{schema}".entry
  FOR EACH ROW EXECUTE FUNCTION "{schema}".stays();
CREATE OR REPLACE TRIGGER entry_not_emptied BEFORE TRUNCATE ON "{schema}".entry
  FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".stays();
CREATE OR REPLACE TRIGGER numbered_stays BEFORE UPDATE OR DELETE ON "{schema}".numbered
  FOR EACH ROW EXECUTE FUNCTION "{schema}".stays();
CREATE OR REPLACE TRIGGER numbered_not_emptied BEFORE TRUNCATE ON "{schema}".numbered
  FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".stays();
"""
_GRANTS: Final = """
-- What the role of the application may do: add entries, never change one.
GRANT USAGE ON SCHEMA "{schema}" TO {role};
GRANT SELECT ON "{schema}".meta TO {role};
GRANT SELECT, INSERT ON "{schema}".entry, "{schema}".numbered, "{schema}".once TO {role};
GRANT SELECT, INSERT, UPDATE ON "{schema}".current TO {role};
GRANT SELECT, INSERT, DELETE ON "{schema}".sealed, "{schema}".unnumbered TO {role};
"""


def clean_schema(schema: str) -> str:
    """Return the name of a schema, or refuse it.

    Raises:
        EventError: It is no plain identifier.
    """
    if not isinstance(schema, str) or not _NAME.fullmatch(schema):
        shown = schema if isinstance(schema, str) else type(schema).__name__
        msg = f"the name of a schema is a-z, 0-9 and _, does not begin with a digit and is at most 41 long; found {shown!r}"
        raise EventError(msg)
    return schema


def ddl(schema: str = "rrm", *, app_role: str | None = None, log: str | None = None) -> str:
    """Return the statements that make the tables of a docket, for your own migrations. Running them twice does no harm.

    They ask for PostgreSQL 14 or later, and for a database in UTF8.

    Args:
        schema: Name of the schema; it is made where it is missing.
        app_role: A role that your application connects as: it is given what it needs, and may add entries and never
            change one. It must not be the owner of the tables.
        log: Name of the log; the database draws one unless you give one.

    Raises:
        EventError: The name of the schema, the role or the log cannot be used.

    Example:
        >>> "GRANT SELECT, INSERT ON" in ddl("rrm", app_role="clerk")
        True
    """
    name = _DRAWN if log is None else f"'{clean_id(log, 'the name of a log')}'"
    made = _TABLES.format(schema=clean_schema(schema), version=SCHEMA, prefix=PREFIX.hex(), log=name)
    if app_role is None:
        return made
    if not isinstance(app_role, str) or not app_role or "\0" in app_role:
        msg = f"app_role is the name of a role that your application connects as; found {app_role!r}"
        raise EventError(msg)
    role = '"' + app_role.replace('"', '""') + '"'
    return made + _GRANTS.format(schema=schema, role=role)
