"""Markdown -> metadata and plain paragraphs: front matter without YAML, and markup taken off."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

_MAX_HEADER_LINES = 200  # a rule of dashes at the top of a text is not the start of a header that never ends
_FENCE = re.compile(r"-{3,}\s*")
_FIELD = re.compile(r"([A-Za-z][\w \-]{0,40}?)\s*:(?:\s+(.*))?")
# `sources/fields.py` has the like for JSON and tables; the two stages share no code.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "url": ("url", "link", "canonical", "permalink"),
    "outlet": ("outlet", "publisher", "site", "sitename", "newspaper", "source"),
    "published": ("published", "date", "publishedat", "publicationdate", "datepublished", "pubdate"),
    "title": ("title", "headline"),
    "language": ("language", "lang"),
}


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return what a header between lines of dashes states, under our names, and the text after it.

    Only `key: value` on one line is read; lists and nested values are passed over. Without a header all is text.
    """
    lines = text.lstrip("\n").split("\n", _MAX_HEADER_LINES)
    if not _FENCE.fullmatch(lines[0]):
        return {}, text
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1:_MAX_HEADER_LINES], 1):
        if re.fullmatch(r"(?:-{3,}|\.{3})\s*", line):
            named = {
                key: found for key, names in _NAMES.items() if (found := next(filter(None, map(fields.get, names)), ""))
            }
            return named, "\n".join(lines[number + 1 :])
        if match := _FIELD.fullmatch(line):
            fields.setdefault(re.sub(r"[\s_\-]", "", match[1]).lower(), _unquote(match[2] or ""))
        elif line.strip() and line[0] not in " \t-#":
            break  # prose: the dashes were a rule
    return {}, text


def _unquote(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r'\\(["\\])', r"\1", value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    value = value.split(" #", 1)[0].rstrip()
    return "" if value in ("~", "null", ">", "|", ">-", "|-") or value.startswith(("[", "{")) else value


_UNDERLINE = re.compile(r"=+|-{2,}")
_RULE = re.compile(r"(?:[-*_]\s*){3,}")
_CODE_FENCE = re.compile(r"(?:```|~~~).*")
_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+")
_DEFINITION = re.compile(r"\[[^\]]{1,80}\]:\s.*")
_INLINE = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"!\[[^\[\]]{0,300}\](?:\([^)\n]{0,1000}\)|\[[^\]]{0,100}\])", ""),  # an image, caption and all
        (r"\[\^[^\]]{1,40}\]", ""),  # mark of a footnote
        (r"\[([^\[\]]{1,500})\](?:\([^)\n]{0,1000}\)|\[[^\]]{0,100}\])", r"\1"),
        (r"<(https?://[^\s>]{1,500})>", r"\1"),
        (r"</?[A-Za-z][^<>]{0,300}>", ""),
        (r"(`{1,3})([^`]{1,300})\1", r"\2"),
        (r"(\*{1,3})(?=\S)([^*\n]{0,1000}[^*\s])\1", r"\2"),
        (r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]{0,1000}[^_\s])\1(?!\w)", r"\2"),
        (r"~~([^~\n]{1,500})~~", r"\1"),
        (r"\\([\\`*_{}\[\]()#+\-.!|>~])", r"\1"),
    )
)


def markdown_paragraphs(text: str) -> tuple[str | None, list[str]]:
    """Return the heading that the text opens with, None if it opens without one, and its paragraphs without markup."""
    title: str | None = None
    found: list[str] = []
    block: list[str] = []

    def end_block() -> None:
        if block and (plain := _strip_inline(" ".join(block))):
            found.append(plain)
        block.clear()

    for raw in [*_without_comments(text).split("\n"), ""]:
        line = " ".join(raw.split()).lstrip("> ")
        marks = len(line) - len(line.lstrip("#"))
        heading = line[marks:].rstrip("#").strip() if 0 < marks < 7 and line[marks : marks + 1] in (" ", "") else ""
        if heading or (len(block) == 1 and _UNDERLINE.fullmatch(line)):
            if heading:
                end_block()
                block.append(heading)
            if title is None and not found and (marks == 1 or line.startswith("=")):
                title = _strip_inline(block.pop()) or None
            end_block()
        elif not line or _RULE.fullmatch(line) or _CODE_FENCE.fullmatch(line) or _DEFINITION.fullmatch(line):
            end_block()
        elif match := _ITEM.match(line):
            end_block()
            block.append(line[match.end() :])
        else:
            block.append(line)
    return title, found


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    return first + "".join(part.partition("-->")[2] if "-->" in part else f"<!--{part}" for part in rest)


def _strip_inline(text: str) -> str:
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return " ".join(html.unescape(text).split())
