"""Telegram in."""
