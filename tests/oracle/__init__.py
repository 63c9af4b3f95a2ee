"""A second opinion on the law: written from the rulebook alone, and asked along with the library."""
