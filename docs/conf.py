"""How the documentation is built: ``sphinx-build -W -n docs build/docs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

from rrm_lifecycle import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "rrm_lifecycle"
author = "The rrm_lifecycle authors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["build", "_build"]

html_theme = "furo"
html_title = f"rrm_lifecycle {__version__}"

myst_heading_anchors = 3

# Types stand in the text of the docstrings; the signatures stay short enough to be read.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes stand in the text of their class, once

# Names of the standard library, which no page of ours describes.
nitpick_ignore_regex = [("py:.*", r"(datetime\.)?(date|datetime)"), ("py:.*", r"collections\..*")]


def setup(app: Sphinx) -> None:
    """Show diagrams in Mermaid as text: whoever reads the pages on GitHub sees them drawn."""
    app.add_lexer("mermaid", TextLexer)
