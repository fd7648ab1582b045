"""Sentences as the rules see them: text, names, dates and a mask of equal length in which names are typed.

In a mask every character of a name is replaced by one character for its type, so that a pattern can say "group, then
'claimed responsibility'" and its offsets are still those of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from incidentgraph import lexicon
from incidentgraph.extract.dates import FoundDate, find_dates
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.mentions import NameMention
from incidentgraph.lexicon import SHIPPED, WordLists
from incidentgraph.records import EntityType, Span

# Private-use characters, so that no text can hold them by chance (reading drops them).
_PERSON, _GROUP, _LOCATION, _ATTACKER, _DATE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_TYPES = {EntityType.PERSON: _PERSON, EntityType.GROUP: _GROUP, EntityType.LOCATION: _LOCATION}
_CLASSES = {
    "<P>": f"{_PERSON}+",
    "<G>": f"{_GROUP}+",
    "<L>": f"{_LOCATION}+",
    "<A>": f"(?:{_PERSON}+|{_GROUP}+)",  # actor
    "<N>": f"{_ATTACKER}+",  # attackers without a name
    "<D>": f"{_DATE}+",
    "<X>": f"(?:{_PERSON}+|{_GROUP}+|{_ATTACKER}+)",  # whoever may attack
    "<W>": f"[^\\s{_PERSON}{_GROUP}{_LOCATION}{_ATTACKER}{_DATE},;:.()]+",  # a plain word
}


def pattern(text: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Compile a pattern over masks; <P>, <G>, <L>, <A>, <N>, <D>, <X> stand for names and <W> for a plain word."""
    for symbol, characters in _CLASSES.items():
        text = text.replace(symbol, characters)
    return re.compile(text, flags | re.VERBOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    index: int
    paragraph: int
    start: int
    end: int
    text: str
    mask: str
    mentions: tuple[NameMention, ...]
    attackers: tuple[Span, ...]  # "unidentified gunmen", without a name
    dates: tuple[FoundDate, ...]
    lists: WordLists  # what to look for in it

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end)

    def absolute(self, start: int, end: int) -> Span:
        return Span(start=self.start + start, end=self.start + end)

    def mention_at(self, start: int) -> NameMention | None:
        """Return the name that covers this offset of the sentence."""
        offset = self.start + start
        return next((mention for mention in self.mentions if mention.start <= offset < mention.end), None)


def build_sentences(
    text: str, spans: list[Span], table: EntityTable, *, published: str | None, lists: WordLists = SHIPPED
) -> list[Sentence]:
    """Return the sentences of an article with names, nameless attackers and dates marked."""
    out = []
    paragraph = 0
    previous_end = 0
    for index, span in enumerate(spans):
        paragraph += "\n" in text[previous_end : span.start]
        previous_end = span.end
        body = text[span.start : span.end]
        mentions = tuple(table.within(span))
        mask = list(body)
        for mention in mentions:
            mask[mention.start - span.start : mention.end - span.start] = _TYPES[mention.type] * (
                mention.end - mention.start
            )
        dates = tuple(find_dates(body, published=published, offset=span.start))
        for found in dates:
            start, end = found.span.start - span.start, found.span.end - span.start
            if all(character < _PERSON for character in mask[start:end]):
                mask[start:end] = _DATE * (end - start)
        joined = "".join(mask)
        attackers = []
        for match in _nominal_pattern().finditer(joined):
            attackers.append(Span(start=span.start + match.start(), end=span.start + match.end()))
            joined = joined[: match.start()] + _ATTACKER * len(match.group()) + joined[match.end() :]
        out.append(
            Sentence(
                index=index,
                paragraph=paragraph,
                start=span.start,
                end=span.end,
                text=body,
                mask=joined,
                mentions=mentions,
                attackers=tuple(attackers),
                dates=dates,
                lists=lists,
            )
        )
    return out


@cache
def _nominal_pattern() -> re.Pattern[str]:
    nouns = "|".join(
        re.escape(form)
        for form in sorted(
            (form for form, role in lexicon.parties().items() if role == "attacker"), key=len, reverse=True
        )
    )
    qualifiers = (
        "unidentified|unknown|suspected|alleged|armed|masked|heavily[ -]armed|heavily|Islamist|jihadist|extremist|separatist|"
        "rebel|lone|two|three|four|five|six|seven|eight|several|dozens\\ of|hundreds\\ of|scores\\ of|at\\ least\\ \\w+|"
        "unnamed|foreign|local|motorcycle-borne|communist|Maoist|Shiite|Sunni|pro-\\w+|young|a\\ group\\ of|groups\\ of|"
        "the|a|an|group\\ of|female|male|teenage|disguised|other|government|communal|ethnic|Fulani|Hutu|Tuareg"
    )
    return re.compile(rf"(?i)\b(?:(?:{qualifiers})\s+)*(?:{nouns})\b(?!-)")
