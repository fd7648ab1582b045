"""Paragraphs of a page -> the title, the stated date and the paragraphs of the article, without the page's furniture.

Two kinds of evidence: what a line says (the table in `patterns.py`) and, in plain-text dumps only, where it stands and
how it looks. Within the body a line goes only for what it says, so a quoted half sentence or a line of a script stays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from incidentgraph.read.dates import ImpossibleDateError, parse_date
from incidentgraph.read.patterns import Pattern, Reach, match_pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What is left of a page; `dropped` pairs each paragraph that went with the reason."""

    title: str | None
    published: str | None
    paragraphs: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...] = ()


_UPDATES = ("updated", "last updated", "modified", "mis à jour", "actualizado", "aktualisiert")
_LABEL = (
    r"(?:(?:first |originally )?(?P<label>published|posted|issued|date|publié|publicado|veröffentlicht"
    rf"|{'|'.join(_UPDATES)})(?: on| at| le| el| am)?\s*[:\s]\s*)?"
)
_DATE_LINE = re.compile(
    rf"(?:(?:by|par|por|von)\s[^|·•–—]{{2,80}}\s*[|·•–—-]\s*)?{_LABEL}(?P<date>[^|·•–—]{{6,45}}?)"
    r"(?:\s*(?:[|·•–—]|\s-)\s*(?:updated|\d+ min|[\d:]+).{0,60}|\s+\(?(?:last )?updated.{0,60})?",
    re.IGNORECASE,
)


def stated_date(line: str) -> tuple[str, bool] | None:
    """Return the date that is all a line states (with a byline, a time), and if it is that of publication."""
    match = _DATE_LINE.fullmatch(line) if len(line) <= 160 else None
    if not match or not re.search(r"\d{4}", match["date"]):
        return None
    if (date := parse_date(match["date"])) is None or len(date) < len("2024-03-03"):
        return None
    return date, (match["label"] or "").lower() not in _UPDATES


_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]]*$|[.!?…。！？]?[”’\"]$")
_FULL_STOP = re.compile(r"[.!…。！؟।۔][\"'”’»)\]]*$")
# A paragraph of an article: a sentence of some length, or so long that it needs no full stop to be one (Thai has none).
_PROSE, _LONG = 45, 160
_HEADLINE = range(15, 201)
_LONGEST_REACH = {Reach.LIST: 12, Reach.BLOCK: 4}  # lines
_LEAST_ARTICLE = 500  # characters of prose that make an article, whatever comes after "LEAVE A REPLY"


def is_prose(line: str) -> bool:
    """Return whether a line looks like a paragraph of running text."""
    weight = sum(3 if c > "\u2e80" else 1 for c in line[: _LONG + 1])  # a Chinese character is about half a word
    return weight >= _LONG or (weight >= _PROSE and bool(_SENTENCE_END.search(line)))


def strip_furniture(blocks: Sequence[Sequence[str]], *, title: str | None = None, mild: bool = False) -> Cleaned:
    """Return the article in the blocks of lines of a page.

    `mild` is for text that was already taken out of its page (HTML, Markdown): position and shape say nothing there.
    Raises ImpossibleDateError if the page states a publication date that cannot be right.
    """
    lines = [line for block in blocks for line in block]
    block_of = [number for number, block in enumerate(blocks) for _ in block]
    reasons: list[str | None] = [None] * len(lines)
    prose = [is_prose(line) for line in lines]
    _apply_patterns(lines, block_of, prose, reasons)
    body = (number for number, flag in enumerate(prose) if flag and reasons[number] is None)
    first = next(body, len(lines))
    published = _take_dates(lines, reasons, last=first)
    if title is None and not mild:
        title = _find_title(lines, reasons, first)
    _drop_titles(lines, reasons, title, last=len(lines) if not mild else first)
    _drop_repeated(lines, reasons)
    if not mild:
        _drop_edges(lines, prose, reasons)
    kept = tuple(line for line, reason in zip(lines, reasons, strict=True) if reason is None)
    dropped = tuple((line, reason) for line, reason in zip(lines, reasons, strict=True) if reason is not None)
    return Cleaned(title=title, published=published, paragraphs=kept, dropped=dropped)


def _take_dates(lines: Sequence[str], reasons: list[str | None], *, last: int) -> str | None:
    """Mark the lines of dates above the body and return the date of publication if they agree on one."""
    found: set[str] = set()
    wrong: ImpossibleDateError | None = None
    for number in range(min(last, len(lines))):
        try:
            stated = stated_date(lines[number])
        except ImpossibleDateError as error:
            reasons[number] = "date"
            wrong = wrong or error
            continue
        if stated:
            reasons[number] = "date"
            if stated[1]:
                found.add(stated[0])
    if wrong and not found:
        raise wrong
    return found.pop() if len(found) == 1 else None


def _apply_patterns(
    lines: Sequence[str], block_of: Sequence[int], prose: Sequence[bool], reasons: list[str | None]
) -> None:
    patterns = [match_pattern(line) for line in lines]
    sizes = [
        len(line) if flag and pattern is None else 0 for line, flag, pattern in zip(lines, prose, patterns, strict=True)
    ]
    total, before = sum(sizes), 0
    for number, pattern in enumerate(patterns):
        before += sizes[number]
        if pattern is None:
            continue
        reasons[number] = reasons[number] or pattern.what
        if _ends_article(pattern, before=before, after=total - before):
            for later in range(number + 1, len(lines)):
                reasons[later] = reasons[later] or f"after {pattern.what}"
            return
        for later in range(number + 1, min(len(lines), number + 1 + _LONGEST_REACH.get(pattern.reach, 0))):
            if pattern.reach is Reach.BLOCK and (block_of[later] != block_of[number] or len(lines[later]) > _LONG):
                break
            if pattern.reach is Reach.LIST and (prose[later] or _FULL_STOP.search(lines[later])):
                break
            reasons[later] = reasons[later] or pattern.what


def _ends_article(pattern: Pattern, *, before: int, after: int) -> bool:
    """Return whether the article ends with this line; a button of the same name above the body ends nothing."""
    if pattern.reach is Reach.COMMENTS:
        return before > 0 and before >= min(after, _LEAST_ARTICLE)
    return pattern.reach is Reach.END and before > after


def _folded(line: str) -> str:
    return "".join(c for c in line.casefold() if c.isalnum())


def _find_title(lines: Sequence[str], reasons: Sequence[str | None], first: int) -> str | None:
    """Return the headline above the first paragraph: of those that could be one, the first that shares its words."""
    if first == len(lines):
        return None
    candidates = [
        line
        for line, reason in zip(lines[:first], reasons, strict=False)
        if reason is None and len(line) in _HEADLINE and _may_be_headline(line) and not _FULL_STOP.search(line)
    ]
    body = {word for line in lines[first:] if is_prose(line) for word in _words(line)}
    for line in candidates:
        words = _words(line)
        if words and len(words & body) * 3 >= len(words):
            return line
    return candidates[0] if candidates else None


def _may_be_headline(line: str) -> bool:
    """Return whether a line has the four words that the name of a page or a section seldom has."""
    return len(line.split()) >= 4 or sum(c > "\u2e80" for c in line) >= 8


def _words(line: str) -> set[str]:
    """Return the words of a line that could tell its subject, for Chinese and the like pairs of characters."""
    words = set(re.findall(r"[^\W\d_]{4,}", line.casefold()))
    return words | {line[i : i + 2] for i in range(len(line) - 1) if line[i] > "\u2e80"}


def _drop_titles(lines: Sequence[str], reasons: list[str | None], title: str | None, *, last: int) -> None:
    """Mark the title wherever it stands as a line of its own, with the name of the outlet or a credit or without."""
    folded = _folded(title or "")
    if not folded:
        return
    for number, line in enumerate(lines[:last]):
        here = _folded(line) if len(line) < 2 * len(title or "") + 40 else ""
        with_outlet = here.startswith(folded) and len(line) < len(title or "") + 40 and re.search(r"\s[|–—-]\s", line)
        if here == folded or with_outlet:
            reasons[number] = reasons[number] or "title"


def _drop_repeated(lines: Sequence[str], reasons: list[str | None]) -> None:
    """Mark short lines that occur again (menus), and all but the first of long ones (text set twice in a page)."""
    counts = Counter(line for line, reason in zip(lines, reasons, strict=True) if reason is None)
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if reasons[number] is not None or counts[line] < 2:
            continue
        if line in seen or (len(line) < _PROSE and not _SENTENCE_END.search(line)):
            reasons[number] = "repeated"
        seen.add(line)


# A line above the body this long is no label: it is the standfirst, which is part of the article.
_STANDFIRST_WORDS = 10


def _drop_edges(lines: Sequence[str], prose: Sequence[bool], reasons: list[str | None]) -> None:
    """Mark the lines before the first and after the last paragraph that are no sentences; keep all if none is prose."""
    body = [number for number, flag in enumerate(prose) if flag and reasons[number] is None]
    if not body:
        return
    for step, start, stop in ((-1, body[0] - 1, -1), (1, body[-1] + 1, len(lines))):
        for number in range(start, stop, step):
            if reasons[number] is not None:
                continue
            sentence = bool(_SENTENCE_END.search(lines[number]))
            if step < 0 and (sentence or len(lines[number].split()) >= _STANDFIRST_WORDS):
                continue
            if step > 0 and sentence:
                continue
            reasons[number] = "before the body" if step < 0 else "after the body"
