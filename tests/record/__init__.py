"""Tests of what is kept, and of JSON both ways."""
