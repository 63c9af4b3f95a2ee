"""Mutants of the law pages: run by hand, since each one runs the tests of the law anew."""
