"""Checks by tools that nobody here wrote: each reads an export and has to find in it what our own code finds."""
