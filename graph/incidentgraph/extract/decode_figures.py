"""The words of a casualty figure in, its bounds and whom it counts out."""

from __future__ import annotations

import re

from incidentgraph.extract.numbers import CARDINAL, COUNT, Range, parse_cardinal, parse_count

_COUNT = re.compile(COUNT, re.IGNORECASE | re.VERBOSE)
_NUMBER = re.compile(
    rf"(?ix)\b(?:{CARDINAL}|dozens|scores|hundreds|thousands|several|a\s+(?:dozen|couple|handful|few)|both)\b"
)
_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
_MORE_AFTER = re.compile(r"(?i)\bor more\b|\bat least\b")
_ITEM = re.compile(rf"(?ix)(?:^|,\s*|\band\s+)(?P<number>an?|one|his|her|their|the|{CARDINAL})\s+(?!of\b)[^\W\d]")
_LEADING = re.compile(
    rf"(?ix)^(?:(?:at\s+least|at\s+most|more\s+than|fewer\s+than|less\s+than|over|under|nearly|almost|about|around|some|roughly|up\s+to|"
    rf"as\s+many\s+as|between|and|or|another|other|further|an?|the|of|{CARDINAL}|dozens|scores|hundreds|several|number|couple|few|both|all|"
    r"only|just|his|her|their|to|estimated|total|hundred|dozen|handful)(?:\s+|$))+"
)
_PLURAL = re.compile(r"(?i)(?:(?<!s)s|people|men|women|children|police|troops|personnel|dead|wounded|injured)$")


_OF_THEM = re.compile(r"(?i)^(?:of\s+)?(?:them|those)\b,?\s*")
_QUALIFIER = re.compile(
    r"(?i)\b(?:at least|no fewer than|not less than|no less than|more than|over|up to|as many as|fewer than|less than|about|around|"
    r"nearly|almost|some|roughly|no|an estimated|between)\s*$"
)
_SINGLE = re.compile(
    r"(?i)^(?:an?|the|his|her|its|their|one|another)\s+(?!(?:dozen|couple|handful|few|number|hundred|total)\b)[^\W\d]"
)


def parse_figure(words: str, *, before: str = "") -> tuple[Range, str] | None:
    """Return the bounds and the noun; `before` is the text in front. None where no number can be read."""
    words = re.sub(r"\s+", " ", words.strip(" ,;:.“”\"'"))
    who = _OF_THEM.sub("", _LEADING.sub("", words).strip(" ,;:.“”\"'"))
    qualifier = _QUALIFIER.search(before)
    if qualifier is not None and not _QUALIFIER.match(words[:20]):
        words = f"{qualifier.group().strip()} {words}"
    parts = [match["number"].lower() for match in _ITEM.finditer(words)]
    if len(parts) > 1 and re.search(r"\band\b", words):
        numbers = [
            1 if part in {"a", "an", "one", "his", "her", "their", "the"} else parse_cardinal(part) for part in parts
        ]
        if all(number is not None for number in numbers):
            total = sum(number or 0 for number in numbers)
            return Range(total, total, total), who or "people"
    number = _NUMBER.search(words)
    if number is not None and not (_SINGLE.match(words) and not re.match(r"(?i)(?:another|the|other|one)\s", words)):
        for match in _COUNT.finditer(words):
            if match.start() <= number.start() < match.end() and not match["one"]:
                found = parse_count(match)
                return (found, who or "people") if found is not None else None
    for word, value in _ORDINALS.items():
        if re.search(rf"(?i)\b{word}\b", words):
            return Range(value, value, value), who or "people"
    head = re.split(r"(?i)\s+(?:of|who|in|from|and|at|with|on)\b|,", words)[0]
    if not who or _PLURAL.search(head):
        return None
    return Range(1, 1, 1), who
