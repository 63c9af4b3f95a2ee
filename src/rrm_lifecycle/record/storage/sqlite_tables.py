"""The tables of a docket in SQLite: how they are made, and how they are checked."""

from __future__ import annotations

import sqlite3
from importlib.metadata import version
from typing import Final

from rrm_lifecycle.errors import RecordDamaged, RecordTooNew
from rrm_lifecycle.record.storage.sql import SCHEMA

APPLICATION: Final = 0x52524D31
"""Says that a file is ours: ``RRM1``."""
_NOTHING_BEFORE: Final = "an entry stands for ever: correct with docket.correct(…)"
TABLES: Final = {
    "rrm_meta": """CREATE TABLE rrm_meta (
        key   TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    "rrm_entry": """CREATE TABLE rrm_entry (
        idx      INTEGER PRIMARY KEY,
        case_id  TEXT NOT NULL,
        case_key TEXT NOT NULL,
        seq      INTEGER NOT NULL,
        prev_seq INTEGER,
        prev     TEXT,
        hash     TEXT NOT NULL,
        recorded TEXT,
        body     BLOB NOT NULL,
        UNIQUE (case_key, seq),
        UNIQUE (case_key, seq, hash),
        FOREIGN KEY (case_key, prev_seq, prev) REFERENCES rrm_entry (case_key, seq, hash),
        CHECK (CASE seq WHEN 0 THEN prev_seq IS NULL AND prev IS NULL ELSE prev_seq = seq - 1 AND prev IS NOT NULL END)
    ) STRICT""",
    "rrm_entry_opening": "CREATE INDEX rrm_entry_opening ON rrm_entry (idx) WHERE seq = 0",
    # Next-position guard: INSERT OR REPLACE and upserts do not ask the triggers against UPDATE and DELETE.
    "rrm_entry_next": """CREATE TRIGGER rrm_entry_next BEFORE INSERT ON rrm_entry
        WHEN new.idx IS NOT (SELECT coalesce(max(idx), -1) + 1 FROM rrm_entry)
          OR new.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM rrm_entry WHERE case_key = new.case_key)
        BEGIN SELECT raise(ABORT, 'an entry is filed at the end of its record alone'); END""",
    "rrm_entry_update": f"""CREATE TRIGGER rrm_entry_update BEFORE UPDATE ON rrm_entry
        BEGIN SELECT raise(ABORT, '{_NOTHING_BEFORE}'); END""",
    "rrm_entry_delete": f"""CREATE TRIGGER rrm_entry_delete BEFORE DELETE ON rrm_entry
        BEGIN SELECT raise(ABORT, '{_NOTHING_BEFORE}'); END""",
    "rrm_meta_once": """CREATE TRIGGER rrm_meta_once BEFORE INSERT ON rrm_meta
        WHEN EXISTS (SELECT 1 FROM rrm_meta WHERE key = new.key)
        BEGIN SELECT raise(ABORT, 'what a docket says of itself stands for ever'); END""",
    "rrm_meta_update": """CREATE TRIGGER rrm_meta_update BEFORE UPDATE ON rrm_meta
        BEGIN SELECT raise(ABORT, 'what a docket says of itself stands for ever'); END""",
    "rrm_meta_delete": """CREATE TRIGGER rrm_meta_delete BEFORE DELETE ON rrm_meta
        BEGIN SELECT raise(ABORT, 'what a docket says of itself stands for ever'); END""",
    "rrm_current": """CREATE TABLE rrm_current (
        begun       INTEGER PRIMARY KEY,
        case_key    TEXT NOT NULL UNIQUE,
        case_id     TEXT NOT NULL,
        stage       TEXT NOT NULL,
        closing     TEXT,
        country     TEXT,
        facility    TEXT,
        owner       TEXT,
        seq         INTEGER NOT NULL,
        hash        TEXT NOT NULL,
        has_denials INTEGER NOT NULL,
        snapshot    BLOB NOT NULL,
        phase       TEXT NOT NULL,
        is_open     INTEGER NOT NULL
    ) STRICT""",
    "rrm_current_stage": "CREATE INDEX rrm_current_stage ON rrm_current (stage)",
    "rrm_current_facility": "CREATE INDEX rrm_current_facility ON rrm_current (facility)",
    "rrm_current_owner": "CREATE INDEX rrm_current_owner ON rrm_current (owner)",
    "rrm_current_open": "CREATE INDEX rrm_current_open ON rrm_current (begun) WHERE is_open = 1",
    "rrm_current_denials": "CREATE INDEX rrm_current_denials ON rrm_current (facility, country) WHERE has_denials = 1",
    "rrm_current_kin": "CREATE INDEX rrm_current_kin ON rrm_current (owner) WHERE has_denials = 1",
    "rrm_sealed": """CREATE TABLE rrm_sealed (
        case_key TEXT NOT NULL,
        seq      INTEGER NOT NULL,
        place    TEXT NOT NULL,
        salt     TEXT NOT NULL,
        value    TEXT NOT NULL,
        PRIMARY KEY (case_key, seq, place)
    ) STRICT""",
    "rrm_once": """CREATE TABLE rrm_once (
        case_key TEXT NOT NULL,
        key      TEXT NOT NULL,
        seq      INTEGER NOT NULL,
        PRIMARY KEY (case_key, key)
    ) STRICT, WITHOUT ROWID""",
}
"""Every table, index and trigger, by its name, as it is made and as ``check`` expects it."""

_COUNTS: Final = (
    "count(*) FROM rrm_entry NOT INDEXED",
    "count(*) FROM rrm_entry INDEXED BY sqlite_autoindex_rrm_entry_1 WHERE case_key >= ''",
    "count(*) FROM rrm_entry INDEXED BY sqlite_autoindex_rrm_entry_2 WHERE case_key >= ''",
    "coalesce(max(idx), -1) + 1 FROM rrm_entry",
)


def make_tables(cursor: sqlite3.Cursor, log: str, *, is_ours: bool) -> None:
    """Make every table, index and trigger, and say whose they are.

    Args:
        cursor: In the middle of a transaction.
        log: Name of the log.
        is_ours: Whether the whole file is ours, so that it may say so in its first bytes.
    """
    for statement in TABLES.values():
        cursor.execute(statement)
    said = {"schema": str(SCHEMA), "log": log, "made_by": f"rrm-lifecycle {version('rrm-lifecycle')}"}
    cursor.executemany("INSERT INTO rrm_meta (key, value) VALUES (?, ?)", said.items())
    if is_ours:
        cursor.execute(f"PRAGMA application_id = {APPLICATION}")
        cursor.execute(f"PRAGMA user_version = {SCHEMA}")


def log_of(cursor: sqlite3.Cursor, name: str) -> str | None:
    """Return the name of the log that the tables hold; None where there are no tables."""
    if cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'rrm_meta'").fetchone() is None:
        return None
    said = dict(cursor.execute("SELECT key, value FROM rrm_meta"))
    if not str(said.get("schema")).isdigit() or "log" not in said:
        msg = f"{name} is damaged: its table rrm_meta does not say which version it has and what its log is called"
        raise RecordDamaged(msg)
    too_new(int(said["schema"]), name)
    return str(said["log"])


def too_new(version: int, name: str) -> None:
    """Refuse tables of a later version.

    Raises:
        RecordTooNew: They are.
    """
    if version > SCHEMA:
        msg = f"{name} has tables of version {version}; this library knows version {SCHEMA}: install a later one"
        raise RecordTooNew(msg)


def check_tables(cursor: sqlite3.Cursor, name: str) -> None:
    """Check what SQLite can check: its pages, indexes and links, and that tables and triggers are as we made them.

    Args:
        cursor: To read with.
        name: What the storage is called in a message.

    Raises:
        RecordDamaged: It does not hold.
    """
    run = cursor.execute
    found = [row[0] for row in run("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise _damaged(name, "; ".join(map(str, found)))
    if run("PRAGMA foreign_key_check(rrm_entry)").fetchone():
        raise _damaged(name, "an entry links to one that is not there")
    held = dict(run("SELECT name, sql FROM sqlite_master WHERE tbl_name LIKE 'rrm~_%' ESCAPE '~' AND sql IS NOT NULL"))
    for one, statement in TABLES.items():
        if held.get(one) != statement:
            raise _damaged(name, f"{one} is missing, or is not as it was made")
    if extra := sorted(held.keys() - TABLES.keys()):
        raise _damaged(name, f"{extra[0]!r} was put in")
    # one statement looks at one moment: others may be writing meanwhile
    counts = set(run(f"SELECT {', '.join(f'(SELECT {one})' for one in _COUNTS)}").fetchone())
    if len(counts) > 1:
        raise _damaged(name, "its table and its indexes do not hold the same entries")


def _damaged(name: str, what: str) -> RecordDamaged:
    return RecordDamaged(f"{name} is damaged: {what}. Restore a backup, and compare it with your checkpoints")
