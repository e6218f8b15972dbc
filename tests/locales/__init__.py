"""Tests of catalogues and formats."""
