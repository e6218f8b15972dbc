"""The database layer, on SQLite and on PostgreSQL."""
