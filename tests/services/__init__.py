"""The use cases, on SQLite and on PostgreSQL."""
