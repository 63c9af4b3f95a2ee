"""Hostile input and output: what nobody should be able to do to a reader, and what no output may carry."""
