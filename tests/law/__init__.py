"""Tests of the law, one module per article."""
