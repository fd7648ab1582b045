"""Article text in, sentence spans out. Not those of `extract`: the gold must not move with the reader."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from incidentgraph.records import Span

# A full stop after one of these ends no sentence.
_ABBREVIATIONS_WORDS = """
mr mrs ms dr gen lt col maj brig capt sgt cpl st no vs jan feb mar apr jun jul aug sep sept oct nov dec approx inc
ltd co prof rev fr gov sen rep supt insp hon mt ft dept adm cmdr cf art fig dist ex
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_WORDS.split())
_BOUNDARY = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_OPENER = re.compile(r"[\"'“‘«(\[]*[\w$€£#@]")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences in order; a line break always ends one."""
    out: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for match in _BOUNDARY.finditer(text, line.start(), line.end()):
            if _is_end(text, match, line.end()):
                _append(out, text, start, match.end())
                start = match.end()
        _append(out, text, start, line.end())
    return tuple(out)


def sentence_at(sentences: Sequence[Span], offset: int) -> int:
    """Return the index of the sentence that holds the offset."""
    return max(0, bisect_right([sentence.start for sentence in sentences], offset) - 1)


def _is_end(text: str, match: re.Match[str], limit: int) -> bool:
    rest = text[match.end() : limit].lstrip()
    if not rest:
        return True
    opener = _OPENER.match(rest)
    following = opener.group()[-1] if opener else rest[0]
    if following.islower():
        return False
    if match.group()[0] != "." or match.group().startswith(".."):
        return True
    word = re.search(r"[^\s(\"“‘]*$", text[: match.start()])
    stem = word.group() if word else ""
    if stem.lower() in _ABBREVIATIONS:
        return bool(stem.lower() == "no" and not following.isdigit())
    # initials and "U.S." go on, unless the next word is one that opens sentences
    if re.fullmatch(r"(?:[A-Za-z]\.)*[A-Za-z]", stem) and stem not in {"I"}:
        return "." in stem and re.match(r"(?:The|A|An|It|He|She|They|In|On|But|No|At|This|That)\b", rest) is not None
    return True


def _append(out: list[Span], text: str, start: int, end: int) -> None:
    body = text[start:end]
    start += len(body) - len(body.lstrip())
    end -= len(body) - len(body.rstrip())
    if start < end:
        out.append(Span(start=start, end=end))
