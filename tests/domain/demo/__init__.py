"""Tests of invented people."""
