"""RawItem -> Article: bytes in any of the formats become clean text with what the source states about it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from incidentgraph.errors import ReadError, UsageError
from incidentgraph.read.dates import ImpossibleDateError, parse_date
from incidentgraph.read.duplicates import find_duplicates
from incidentgraph.read.frontmatter import markdown_paragraphs, split_front_matter
from incidentgraph.read.furniture import Cleaned, strip_furniture
from incidentgraph.read.html import MAX_MARKUP, MAX_TAGS, all_text, declared_charset, read_html
from incidentgraph.read.language import detect_language, stated_language
from incidentgraph.read.text import clean_characters, decode, one_line, paragraphs
from incidentgraph.records import Article, RawItem

__all__ = ["MAX_CHARACTERS", "MIN_LETTERS", "find_duplicates", "read_article"]

# A long book. No report of an attack comes near it, while a log or a dump of a database does, and the time and memory
# that extraction takes grow with the text.
MAX_CHARACTERS = 2_000_000
# Less is a button, a title or "Access denied", not an article.
MIN_LETTERS = 40
# Where trafilatura finds less than this it may have lost text that stands outside of paragraphs, as in pages written by
# hand; all text of the page is tried then and wins if it has half as much again without its furniture.
_SHORT_PAGE = 250


def read_article(item: RawItem, *, published: str | None = None) -> Article:
    """Return the article in an item; `published` is the date to assume where the item itself has none.

    The text is the body without title and page furniture, its paragraphs separated by one blank line. What the source
    states about an item (fields of JSON, columns) goes before what the document states about itself.
    Raises ReadError naming the item if there is no article in it.
    """
    most = MAX_MARKUP if item.format == "html" else MAX_CHARACTERS
    if len(item.data) > 4 * most:  # no need to decode it to know
        raise ReadError(item.name, f"longer than {most} characters")
    declared = declared_charset(item.data) if item.format == "html" else None
    text = clean_characters(decode(item.data, name=item.name, declared=declared))
    if len(text) > most:
        raise ReadError(item.name, f"longer than {most} characters")
    if item.format == "html" and text.count("<") > MAX_TAGS:
        raise ReadError(item.name, f"a page of more than {MAX_TAGS} tags")
    try:
        stated, cleaned = _parse(text, item)
        body = "\n\n".join(cleaned.paragraphs)
        _check_body(body, item.name)
        date = parse_date(stated.get("published", "")) or cleaned.published
    except ImpossibleDateError as error:
        raise ReadError(item.name, str(error)) from None
    return Article(
        id=one_line(stated.get("id", "")) or item.stem,
        text=body,
        title=cleaned.title,
        url=_url(stated.get("url", "")),
        outlet=one_line(stated.get("outlet", "")) or None,
        published=date or _assumed(published),
        language=stated_language(stated.get("language")) or detect_language(body),
    )


def _parse(text: str, item: RawItem) -> tuple[Mapping[str, str], Cleaned]:
    """Return what is stated about the item, by the source before the document, and its text without furniture."""
    if item.format == "html":
        header, lines = read_html(text)
        stated = {**header, **item.metadata}
        blocks = [[line] for line in map(one_line, lines) if line]
        cleaned = strip_furniture(blocks, title=_title(stated), mild=True)
        length = sum(map(len, cleaned.paragraphs))
        if length < _SHORT_PAGE:
            whole = strip_furniture(paragraphs(clean_characters(all_text(text))), title=_title(stated))
            if sum(map(len, whole.paragraphs)) > length * 1.5:
                return stated, whole
        return stated, cleaned
    header, text = split_front_matter(text)
    stated = {**header, **item.metadata}
    if item.format == "markdown":
        heading, found = markdown_paragraphs(text)
        title = _title(stated) or heading
        return stated, strip_furniture([[line] for line in found], title=title, mild=True)
    return stated, strip_furniture(paragraphs(text), title=_title(stated))


def _title(stated: Mapping[str, str]) -> str | None:
    return one_line(stated.get("title", "")) or None


def _check_body(body: str, name: str) -> None:
    letters = sum(map(str.isalpha, body[: 100 * MIN_LETTERS]))
    if letters < MIN_LETTERS:
        raise ReadError(name, f"no article text ({letters} letters)" if letters else "no article text")
    if len(body) > MAX_CHARACTERS:
        raise ReadError(name, f"longer than {MAX_CHARACTERS} characters")


def _url(stated: str) -> str | None:
    """Return a stated address with what may not stand in an IRI escaped, None if it is no web address."""
    stated = stated.strip()
    if not re.match(r"https?://[^\s/]", stated, re.IGNORECASE):
        return None
    return re.sub(r'[\x00-\x20<>"{}|\\^`]', lambda match: f"%{ord(match[0]):02X}", stated)


def _assumed(published: str | None) -> str | None:
    if published is None:
        return None
    try:
        date = parse_date(published)
    except ImpossibleDateError as error:
        raise UsageError(str(error)) from None
    if date is None:
        raise UsageError(f"publication date {published!r} is not a date such as 2024-03-03")
    return date
