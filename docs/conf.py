"""How the documentation is built: ``sphinx-build -W -n docs build/docs``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

from rrm_lifecycle import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx

project = "rrm_lifecycle"
author = "The rrm_lifecycle authors"
version = release = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["build", "_build", "conf.py", "generate.py", "jupyter_execute"]

# Notebooks are kept as text, a program with cells, and run anew each time that the pages are built.
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_timeout = 90
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
suppress_warnings = ["mystnb.unknown_mime_type"]

html_theme = "furo"
html_title = f"rrm_lifecycle {__version__}"
html_static_path = ["_static"]
html_favicon = "_static/mark.svg"

myst_heading_anchors = 3

# Types stand in the text of the docstrings; the signatures stay short enough to be read.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes stand in the text of their class, once

# Names of other people's libraries, which no page of ours describes.
nitpick_ignore_regex = [
    ("py:.*", r"(datetime\.)?(date|datetime)"),
    ("py:.*", r"collections\..*"),
    ("py:.*", r"numpy\..*"),
]


def in_the_code(app: Sphinx, env: object, node: pending_xref, shown: nodes.TextElement) -> nodes.TextElement | None:  # noqa: ARG001 - as Sphinx calls it
    """Show a name that stands in the code, and on no page, as it is; one that stands nowhere goes on to be warned of."""
    target = node.get("reftarget", "").split(".")
    holder = import_module(node.get("py:module") or "rrm_lifecycle")
    for start in (getattr(holder, node.get("py:class") or "", holder), holder, *_modules(target)):
        found, path = start, target
        if isinstance(start, tuple):
            found, path = start
        for name in path:
            found = getattr(found, name, None)
        if found is not None and path:
            return shown
    return None


def _modules(target: list[str]) -> Iterator[tuple[object, list[str]]]:
    for cut in range(len(target) - 1, 0, -1):
        try:
            yield import_module(".".join(target[:cut])), target[cut:]
        except ImportError:
            continue


def reached_by_keyboard(app: Sphinx, name: str, template: str, context: dict[str, object], tree: object) -> None:  # noqa: ARG001 - as Sphinx calls it
    """Let the keyboard reach what scrolls: blocks of code and wide tables."""
    body = context.get("body")
    if isinstance(body, str):
        body = body.replace("<pre>", '<pre tabindex="0">')
        context["body"] = body.replace(' class="table-wrapper', ' tabindex="0" class="table-wrapper')


def setup(app: Sphinx) -> None:
    """Show diagrams in Mermaid as text: whoever reads the pages on GitHub sees them drawn."""
    app.connect("missing-reference", in_the_code)
    app.connect("html-page-context", reached_by_keyboard, priority=900)
    app.add_lexer("mermaid", TextLexer)
