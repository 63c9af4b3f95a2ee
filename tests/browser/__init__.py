"""The built pages and the reports, in a real browser."""
