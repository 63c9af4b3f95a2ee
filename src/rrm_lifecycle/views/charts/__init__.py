"""Charts drawn with matplotlib, in one style."""
