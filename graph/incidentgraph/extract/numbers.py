"""Number words in, ranges out: "at least 26" is (26, None, None), after the conventions of docs/reference.md."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * (index + 2)
    for index, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_VAGUE = {"dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "several": 3, "a number": 3, "tens": 20,
          "a dozen": 12, "a couple": 2, "a handful": 3, "both": 2, "a few": 3, "a few dozen": 24}  # fmt: skip

_WORDS = "|".join([*_UNITS, *_TENS])
CARDINAL = rf"""(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?!\d*(?:[.:/%]\d|th\b|st\b|nd\b|rd\b|-year|\s*%))|
    (?:{_WORDS})(?:[-\s](?:{_WORDS}))?(?:\s+hundred(?:\s+and\s+(?:{_WORDS})(?:-(?:{_WORDS}))?)?)?\b|a\s+hundred\b)"""
_FLOOR = r"(?:at\s+least|no\s+fewer\s+than|not\s+less\s+than|no\s+less\s+than|not\s+fewer\s+than|a\s+minimum\s+of)"
_MORE = r"(?:more\s+than|over|upwards\s+of|in\s+excess\s+of|above)"
_CEILING = r"(?:up\s+to|as\s+many\s+as|at\s+most|no\s+more\s+than|a\s+maximum\s+of)"
_LESS = r"(?:fewer\s+than|less\s+than|under)"
_ABOUT = r"(?:about|around|nearly|almost|some|roughly|approximately|close\s+to|an\s+estimated|estimated)"

# One expression for a count of people; the named groups tell which reading applies.
COUNT = rf"""(?ix:
    (?:(?P<floor>{_FLOOR})|(?P<more>{_MORE})|(?P<ceiling>{_CEILING})|(?P<less>{_LESS})|(?P<about>{_ABOUT}))?\s*(?:a\s+total\s+of\s+)?
    (?: (?:between\s+)?(?P<from>{CARDINAL})\s*(?:to|and|-|–|or)\s*(?P<to>{CARDINAL})(?=\s)
      | (?P<number>{CARDINAL})(?P<ormore>\s+or\s+more)?
      | (?P<vague>dozens|scores|hundreds|thousands|tens|several|a\s+number|a\s+dozen|a\s+couple|a\s+handful|a\s+few\s+dozen|a\s+few|both)(?:\s+of)?
      | (?P<one>an?(?:other)?|one|the)(?=\s)
    ))"""


@dataclass(frozen=True, slots=True)
class Range:
    low: int | None
    best: int | None
    high: int | None


def parse_cardinal(text: str) -> int | None:
    """Return the number that digits or words stand for, None if they stand for none."""
    text = text.lower().strip()
    if re.fullmatch(r"[\d,]+", text):
        digits = text.replace(",", "")
        return int(digits) if len(digits) <= 7 else None  # longer runs are identifiers, not people
    total = 0
    for word in re.split(r"[\s-]+", text):
        if word in _UNITS:
            total += _UNITS[word]
        elif word in _TENS:
            total += _TENS[word]
        elif word == "hundred":
            total = max(total, 1) * 100
        elif word not in {"and", "a"}:
            return None
    return total


def parse_count(match: re.Match[str]) -> Range | None:
    """Return the range of a match of COUNT (its groups may be part of a larger pattern)."""
    groups = match.groupdict()
    if groups["vague"]:
        low = _VAGUE[re.sub(r"\s+", " ", groups["vague"].lower())]
        if low in {2, 12} and not groups["floor"]:
            return Range(low, low, low)
        return Range(low, None, None)
    if groups["from"] and groups["to"]:
        first, last = parse_cardinal(groups["from"]), parse_cardinal(groups["to"])
        if first is None or last is None or first >= last:
            return None
        return Range(first, None, last)
    number = 1 if groups["one"] else parse_cardinal(groups["number"] or "")
    if number is None:
        return None
    if groups["floor"] or groups["ormore"]:
        return Range(number, None, None)
    if groups["more"]:
        return Range(number + 1, None, None)
    if groups["ceiling"]:
        return Range(None, None, number)
    if groups["less"]:
        return Range(None, None, number - 1)
    if groups["about"]:
        return Range(None, number, None)
    return Range(number, number, number)
