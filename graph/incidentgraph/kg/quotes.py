"""Text and a span in it -> the span of the sentence around it, for words that no recorded sentence holds.

Evidence should quote something that a reader can take in at once, so a "sentence" never leaves its paragraph and
is cut at words where a page dump has no punctuation for a long way.
"""

from __future__ import annotations

import re

from incidentgraph.records import Span

REACH = 400  # characters either side of the words; four long sentences, and still readable in a panel

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n|\n(?=[-*•#|])")  # a blank line, or the next item, heading or row
_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b[A-Z]\.[A-Z])"  # an initial or "U.S." ends no sentence
    r"(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\bGen)(?<!\bCol)(?<!\bMaj)(?<!\bCapt)(?<!\bLt)(?<!\bSgt)"
    r"(?<!\bRev)(?<!\bGov)(?<!\bSen)(?<!\bRep)(?<!\bProf)(?<!\bBrig)(?<!\bCmdr)"
    r"[.!?…][\"'”’»)\]]*\s+(?=[^\sa-z])|[。！？؟۔।]\s*"
)


def sentence_around(text: str, span: Span) -> Span:
    """Return the sentence (or the sentences, where it crosses a boundary) that holds `span`, without outer blanks."""
    low, high = max(0, span.start - REACH), min(len(text), span.end + REACH)
    start, end = low, high
    for boundary in (_PARAGRAPH, _END):
        for match in boundary.finditer(text, low, high):
            if match.end() <= span.start:
                start = max(start, match.end())
            elif match.start() >= span.end or (boundary is _END and match.end() >= span.end > match.start()):
                end = min(end, match.end())
                break
    if start == low > 0:
        start = _next_word(text, start, span.start)
    if end == high < len(text):
        end = _last_word(text, end, span.end)
    return trimmed(text, Span(start=start, end=end), span)


def trimmed(text: str, outer: Span, inner: Span) -> Span:
    """Return `outer` without leading and trailing white space, but never cutting into `inner`."""
    start, end = outer.start, outer.end
    while start < inner.start and text[start].isspace():
        start += 1
    while end > inner.end and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end)


def _next_word(text: str, start: int, limit: int) -> int:
    blank = next((i for i in range(start, limit) if text[i].isspace()), None)
    return start if blank is None else blank + 1


def _last_word(text: str, end: int, limit: int) -> int:
    return next((i for i in range(end - 1, limit - 1, -1) if text[i].isspace()), end)
