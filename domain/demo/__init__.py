"""People who do not exist and what becomes of their applications, for demonstrations and tests."""
