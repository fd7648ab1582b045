"""One JSON object or table row -> RawItem: which of the usual field names hold the text and which say what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from incidentgraph.errors import ReadError
from incidentgraph.records import RawItem

# In order of preference; compared without case, "_", "-" and spaces, so `publishedAt` is `published_at`.
TEXT = ("text", "maintext", "articlebody", "fulltext", "body", "content", "article")
HTML = ("html", "rawhtml", "contenthtml", "bodyhtml")
METADATA: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "articleid", "docid", "documentid", "uuid", "guid"),
    "url": ("url", "link", "canonicalurl", "permalink", "weburl"),
    "outlet": ("outlet", "publisher", "sitename", "sourcename", "newspaper", "source", "sourcedomain"),
    "published": (
        "published", "publishedat", "publicationdate", "datepublished", "datepublish", "publishdate",
        "publisheddate", "publishedon", "pubdate", "date", "seendate",
    ),
    "title": ("title", "headline"),
    "language": ("language", "lang", "inlanguage"),
}  # fmt: skip

# Feeds and content managers put markup into `content`; a closing tag of a text block is no accident of prose.
_MARKUP = re.compile(r"</(?:p|div|article|section|body|html)\s*>|<br\s*/?>\s*<br", re.IGNORECASE)


def fold_key(key: str) -> str:
    """Return a field name in the form in which the tables above have it."""
    return re.sub(r"[\s_\-]", "", key).casefold()


def plain(value: object) -> str:
    """Return a field's value as text: numbers too, paragraphs of a list joined, the name of a nested thing."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, str | int | float):
        return str(value).strip()
    if isinstance(value, list):
        return "\n\n".join(filter(None, (plain(part) for part in value)))
    if isinstance(value, Mapping):  # schema.org publisher, NewsAPI source
        return plain(value.get("name") or value.get("title") or value.get("text") or "")
    return ""


def item_from_fields(fields: Mapping[str, object], *, name: str, stem: str) -> RawItem:
    """Return the article that the fields of one record hold; ReadError names the record if there is no text in it."""
    folded: dict[str, object] = {}
    for key, value in fields.items():
        folded.setdefault(fold_key(str(key)), value)

    def first(keys: tuple[str, ...]) -> str:
        return next((found for key in keys if (found := plain(folded.get(key)))), "")

    text, kind = first(TEXT), "text"
    if not text:
        text, kind = first(HTML), "html"
    elif _MARKUP.search(text):
        kind = "html"
    if not text:
        raise ReadError(name, f"no text: none of the fields {', '.join(TEXT + HTML[:1])} holds any")
    metadata = {key: found for key, names in METADATA.items() if (found := first(names))}
    # JSON may escape half a surrogate pair, which no encoding can write
    data = text.encode("utf-8", "replace")
    return RawItem(name=name, stem=stem, format=kind, data=data, metadata=metadata)
