"""The pages, over a real database."""
