"""Where a record is kept: the protocol of a store, in memory, in SQLite, in PostgreSQL, and what a store lists."""
