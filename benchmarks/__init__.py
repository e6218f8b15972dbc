"""This bot and its peers on the same work."""
