"""A page -> what it states about itself and the lines of its article; the only home of trafilatura."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import Any

# What trafilatura is given at most: news pages have 50 KB to 2 MB, scripts and all, and 500 to 10,000 tags, for each of
# which it takes some 50 microseconds.
MAX_MARKUP = 5_000_000
MAX_TAGS = 100_000

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,20})""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_HTML_TAG = re.compile(r"<html\b[^>]{0,2000}", re.IGNORECASE)
_LANGUAGE = re.compile(r"""\s(?:xml:)?lang\s*=\s*["']?([A-Za-z]{2,3}\b[A-Za-z\-_]{0,10})""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_STRAY_TAGS = 10  # left over after taking off all that closes; more is no text
_BLOCKS = frozenset(
    ("p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section")
) | {"blockquote", "title", "header", "footer"}
_SILENT = frozenset(("script", "style", "template", "noscript"))

# Only dates that the page states in its head or in a time element; the range is wide so that a wrong date is seen and
# said to be wrong, not passed over. htmldate would take today as the limit.
_DATES = {"original_date": True, "extensive_search": False, "min_date": "1800-01-01", "max_date": "2999-12-31"}


def declared_charset(data: bytes) -> str | None:
    """Return the encoding that the head of a page claims for it."""
    match = _CHARSET.search(data, 0, 4096)
    return match[1].decode("ascii") if match else None


def read_html(markup: str) -> tuple[dict[str, str], list[str]]:
    """Return what the page states (title, outlet, published, url, language) and the paragraphs of its article.

    No paragraphs come back where no article is recognised; `all_text` is the resort then.
    """
    # a third of a second to import, and not every run has pages
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    page = bare_extraction(
        _XML_DECLARATION.sub("", markup),
        include_comments=False,
        with_metadata=True,
        date_extraction_params=_DATES,
        config=_config(),
    )
    stated = {"language": _language(markup)}
    if not isinstance(page, Document):
        return {key: value for key, value in stated.items() if value}, []
    stated |= {"title": page.title, "outlet": page.sitename, "published": page.date, "url": page.url}
    return {key: str(value) for key, value in stated.items() if value}, (page.text or "").split("\n")


def all_text(markup: str) -> str:
    """Return all text of a page, a block for each element, for pages in which no article can be told from the rest."""
    from trafilatura import load_html

    tree = load_html(_XML_DECLARATION.sub("", markup).replace("\n", " "))
    if tree is None:
        # plain text under the wrong name, or elements nested too deeply for the parser
        text = _TAG.sub("\n\n", markup)
        return "" if len(re.findall(r"<[a-z]", text, re.IGNORECASE)) > _STRAY_TAGS else unescape(text)
    for element in list(tree.iter(*_SILENT)):
        element.clear(keep_tail=True)
    for element in tree.iter(*_BLOCKS):
        element.text = f"\n\n{element.text or ''}"
        element.tail = f"\n\n{element.tail or ''}"
    return str(tree.text_content())


@cache
def _config() -> Any:
    from trafilatura.settings import use_config

    config = use_config()
    # Below this many characters trafilatura takes all text of the page for the article, in one paragraph with the
    # byline. Its own 250 is more than many a short report has.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "80")
    return config


def _language(markup: str) -> str | None:
    tag = _HTML_TAG.search(markup[:20_000])
    match = _LANGUAGE.search(tag[0]) if tag else None
    return match[1] if match else None
