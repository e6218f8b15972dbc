"""Use cases: one function each, over a unit of work."""
