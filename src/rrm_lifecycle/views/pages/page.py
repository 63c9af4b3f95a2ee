"""A page that needs nothing else: its frame, its style, and its sections, for wide and narrow, light and dark screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from rrm_lifecycle import __version__
from rrm_lifecycle.views.cards.blocks import Link, Para
from rrm_lifecycle.views.markup import Html, block, escape, join, tag
from rrm_lifecycle.views.pages.words import known_language, said

if TYPE_CHECKING:
    from rrm_lifecycle.views.cards.blocks import Block

GENERATOR: Final = "rrm_lifecycle"
"""What a page of ours says of its maker: another file of its name is left alone."""
_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{margin:0 auto;max-width:72rem;padding:1rem 1.25rem 3rem;font:1rem/1.5 system-ui,sans-serif;"
    "color:#1d262e;background:#ffffff;overflow-wrap:break-word}"
    "a{color:#1b5686}h1{font-size:1.6rem;line-height:1.25;margin:.6rem 0}"
    "h2{font-size:1.2rem;line-height:1.3;margin:2rem 0 .4rem;border-bottom:1px solid rgba(128,128,128,.45)}"
    "p{max-width:46rem}table{font-size:.94rem}footer{margin-top:2.5rem;border-top:1px solid rgba(128,128,128,.45)}"
    "a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid #4682b4;outline-offset:2px}"
    "@media (prefers-color-scheme:dark){body{color:#e6e9ec;background:#14181c}a{color:#93c4ee}}"
    "@media print{body{max-width:none}}"
)


@frozen
class Section:
    """A part of a page under a heading.

    Attributes:
        id: Its name inside of the page.
        heading: Its heading.
        blocks: What it tells.
    """

    id: str
    heading: str
    blocks: tuple[Block, ...]


@frozen
class Page:
    """A page.

    Attributes:
        title: What stands in the bar of the window.
        heading: What stands on top.
        intro: Sentences for a reader who has never heard of the subject.
        sections: Its parts.
        language: The language of its sentences.
        up: The file of the page over it; None where there is none.
    """

    title: str
    heading: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    language: str = "en"
    up: str | None = None


def html_of(page: Page) -> str:
    """Return a page as a document.

    Example:
        >>> html_of(Page("a", "<b>", (), ())).splitlines()[:2]
        ['<!doctype html>', '<html lang="en">']
    """
    language = page.language
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width,initial-scale=1"),
        tag("meta", name="generator", content=GENERATOR),
        tag("title", page.title),
        Html(f"<style>{_STYLE}</style>"),
    ]
    up = "" if page.up is None else tag("nav", block(Para((Link(said("index", language), page.up),)), leads=True),
                                        aria_label=said("index", language))  # fmt: skip
    top = tag("header", up, tag("h1", page.heading, dir="auto"))
    intro = [tag("p", sentence) for sentence in page.intro]
    main = tag("main", *intro, *(_section(one) for one in page.sections))
    foot = tag("footer", tag("p", said("not_advice", language)), tag("p", _made_by(language)))
    lines = [
        "<!doctype html>",
        f'<html lang="{escape(known_language(language))}">',
        "<head>",
        *head,
        "</head>",
        "<body>",
        top,
        main,
        foot,
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Html:
    heading = tag("h2", section.heading, id=section.id)
    blocks = join((block(one, leads=True) for one in section.blocks), "\n")
    return tag("section", heading, blocks, aria_labelledby=section.id)


def _made_by(language: str) -> str:
    from rrm_lifecycle.law.version import RULEBOOK_VERSION  # noqa: PLC0415 - asks for all of the law pages

    return said("made_by", language, version=__version__, rulebook=RULEBOOK_VERSION)
