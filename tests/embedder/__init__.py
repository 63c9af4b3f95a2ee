"""A small tracker that embeds the library, checked by mypy and pyright against the installed wheel."""
