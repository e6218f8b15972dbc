"""Telegram in: an update becomes an event for a use case."""
