"""Strategies: what one is, and those that are built in. Pure."""
