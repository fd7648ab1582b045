"""Casualty figures of one sentence: how many were killed, injured or abducted, who they were, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from incidentgraph import lexicon
from incidentgraph.extract.numbers import CARDINAL, COUNT, Range, parse_cardinal, parse_count
from incidentgraph.extract.sentences import Sentence
from incidentgraph.records import Harm, Side, Span

_KILLED = r"(?:killed|dead|died|slain|murdered|massacred|slaughtered|martyred|shot\s+dead|gunned\s+down|beheaded|executed|perished|assassinated|burn(?:ed|t)\s+to\s+death|hacked\s+to\s+death|stabbed\s+to\s+death|lost\s+their\s+lives|lost\s+his\s+life)"
_INJURED = r"(?:wounded|injured|hurt|hospitali[sz]ed|maimed|in\s+hospital|in\s+critical\s+condition)"
_ABDUCTED = r"(?:abducted|kidnapped|taken\s+hostage|seized|taken\s+captive|held\s+hostage|missing)"
_KILLS = r"(?:killed|killing|kills|kill|murdered|murdering|massacred|slaughtered|executed|beheaded|gunned\s+down|shot\s+dead|shot\s+and\s+killed|assassinated|assassinating|slaying|claimed\s+the\s+lives\s+of|took\s+the\s+lives\s+of|claiming\s+the\s+lives\s+of|left\s+dead|stabbed\s+to\s+death|hacked\s+to\s+death)"
_INJURES = r"(?:wounded|wounding|wounds|wound|injured|injuring|injures|injure|hurt|hurting|maimed|maiming)"
_ABDUCTS = (
    r"(?:abducted|abducting|abducts|kidnapped|kidnapping|seized|took\s+hostage|took|captured|carried\s+off|snatched)"
)
_AUX = r"(?:(?:,\s+[^,.;]{3,40},)?\s+(?:people|persons)?\s*(?:(?:were|was|are|is|have|has|had|been|being|reportedly|also|confirmed|feared|believed|to|be|initially|allegedly|left|lay|either|still|all|so\s+far|critically|seriously|severely|badly|slightly|lightly|gravely)\s+)*)"
_ADVERB = r"(?:(?:at\s+least\s+)?(?:reportedly|allegedly|also|instantly|another)\s+)?"

# A figure's noun phrase ends before the next verb, preposition of place or time, or clause.
_STOP = r"(?=\s+(?:were|was|are|is|have|has|had|who|which|that|in|at|on|near|by|with|during|when|while|after|before|as|from|since|including|among|across|outside|inside|and\s+(?:wound|injur|left|abduct|kidnap|kill|hurt|seiz|took|burn|tak|set|torch|a\s+further)\w*|dead|killed|wounded|injured|abducted|kidnapped|lost|died|remain)|[,;:.()—–]|$)"
# "one of two", "four of those killed" are parts of another figure; a second number begins another one.
_WORD = r"(?!at\s+least\b|more\s+than\b|dozens\b|scores\b)[^\s\d,;:.()—–]+"
_WHOLE = r"(?!\s+of\s+(?:those|them|the|two|three|four|five|\d)\b)"
_NP = rf"{_WHOLE}(?P<np>(?:\s+{_WORD}){{0,7}}?){_STOP}"
_NP_SHORT = rf"{_WHOLE}(?P<np>(?:\s+(?!and\b|were\b|was\b|while\b|but\b|among\b){_WORD}){{0,6}}?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFigure:
    harm: Harm
    range: Range
    who: str
    side: Side
    span: Span  # absolute; number and noun phrase
    at: int  # offset in the sentence, for order


@cache
def _patterns() -> tuple[tuple[Harm, re.Pattern[str]], ...]:
    flags = re.IGNORECASE | re.VERBOSE
    out: list[tuple[Harm, re.Pattern[str]]] = []
    for harm, passive, active in (
        (Harm.KILLED, _KILLED, _KILLS),
        (Harm.INJURED, _INJURED, _INJURES),
        (Harm.ABDUCTED, _ABDUCTED, _ABDUCTS),
    ):
        out.append((harm, re.compile(rf"\b{COUNT}{_NP_SHORT}(?P<aux>{_AUX}){passive}\b", flags)))
        out.append((harm, re.compile(rf"\b{active}\s+{_ADVERB}(?P<fig>{COUNT}{_NP})", flags)))
    out.append(
        (
            Harm.KILLED,
            re.compile(
                rf"\b(?:death\s+toll|toll|number\s+of\s+(?:dead|deaths|fatalities|people\s+killed|those\s+killed))\b[^.;]{{0,60}}?\b(?:to|at|of|was|is|stood\s+at|reached|passed|as)\s+(?P<fig>{COUNT})(?!\s*(?:January|February|March|April|May|June|July|August|September|October|November|December|\d))",
                flags,
            ),
        )
    )
    out.append(
        (
            Harm.KILLED,
            re.compile(
                rf"\b{COUNT}(?P<np>(?:\s+{_WORD}){{0,2}}?)\s+(?:deaths|fatalities|dead\s+bodies|bodies|corpses|lives)\b",
                flags,
            ),
        )
    )
    out.append(
        (
            Harm.INJURED,
            re.compile(
                rf"\b(?:number\s+of\s+(?:wounded|injured|injuries))\b[^.;]{{0,40}}?\b(?:to|at|of|was)\s+(?P<fig>{COUNT})",
                flags,
            ),
        )
    )
    out.append(
        (
            Harm.KILLED,
            re.compile(rf"\b(?:left|leaving|leaves)\s+(?P<fig>{COUNT}(?P<np>(?:\s+{_WORD}){{0,6}}?))\s+dead\b", flags),
        )
    )
    out.append(
        (
            Harm.INJURED,
            re.compile(
                rf"\band\s+(?P<fig>{COUNT}(?P<np>(?:\s+(?:others?|more|people|civilians|soldiers))*))\s+(?:(?:were|was|critically|seriously)\s+)*{_INJURED}\b",
                flags,
            ),
        )
    )
    out.append(
        (
            Harm.INJURED,
            re.compile(
                rf"\b(?:left|leaving)\s+(?P<fig>{COUNT}(?P<np>(?:\s+{_WORD}){{0,5}}?))\s+(?:with\s+injuries|wounded|injured)\b",
                flags,
            ),
        )
    )
    return tuple(out)


# "a soldier and a civilian were killed", "twelve soldiers, three police officers and a child died": one sum.
_ONE = rf"(?:an?|his|her|their|{CARDINAL})\s+(?!of\b|people\s+and\b)[^\s,;:.()\d]+(?:\s+(?!and\b|were\b|was\b|died\b|have\b|had\b)[^\s,;:.()\d]+){{0,3}}?"
_LIST = re.compile(
    rf"(?ix)(?<![\w-])(?P<who>{_ONE}(?:,\s+{_ONE}){{0,4}},?\s+and\s+{_ONE})"
    rf"\s+(?:(?:were|was|have|had|been|also|all|both|reportedly)\s+)*(?P<harm>{_KILLED}|{_INJURED}|{_ABDUCTED})\b"
)
_ITEM = re.compile(rf"(?ix)(?:^|,\s+|\band\s+)(?P<number>an?|his|her|their|{CARDINAL})\s")
_BOMBER = re.compile(
    rf"(?ix)\b(?:kill(?:ed|ing)|blew\s+up|blowing\s+up)\s+(?:him|her|them)sel(?:f|ves)\s+and\s+(?P<fig>{COUNT}(?P<np>(?:\s+{_WORD}){{0,3}}?))"
    r"(?=\s+(?:in|at|on|when|and|near|outside)\b|[,.;]|$)"
)
_NOT_PEOPLE = re.compile(
    r"(?i)\b(?:attacks?|strikes?|blasts?|explosions?|days?|hours?|minutes?|weeks?|months?|years?|kilomet\w+|miles?|km|per\s*cent|percent|dollars|homes|houses|vehicles|cars|drones|missiles|rockets|shots|rounds|times|villages|animals|cows|goats|buildings|shops|trucks|weapons|arrests?|claims?|bombs|motorcycles|incidents|points|goals|cattle|livestock|sheep|camels|buses|tanks|countries)\b"
)
_AGE = re.compile(r"(?i)\b(?:aged|age|ages|(?:man|woman|boy|girl|officer|policeman|soldier|student|teenager)\s+of)\s+$")
_YEAR = re.compile(
    r"(?i)\b(?:January|February|March|April|May|June|July|August|September|October|November|December|in|of|since)\s+$"
)
_ATTACKER_WORDS = re.compile(
    r"(?i)\b(?:attackers?|assailants?|gunm[ae]n|bombers?|himself|themselves|perpetrators?|militants?|insurgents?|terrorists?|jihadists?|rebels?|fighters?|gang\s+members?|bandits?|shooters?)\b"
)


def find_figures(sentence: Sentence) -> list[FoundFigure]:
    """Return the figures of the sentence in order; of overlapping readings the first pattern wins."""
    found: list[FoundFigure] = []
    taken: set[tuple[Harm, int]] = set()
    for figure in [*_lists(sentence), *_matches(sentence)]:
        positions = range(figure.span.start, figure.span.end)
        if any((figure.harm, position) in taken for position in positions):
            continue
        taken.update((figure.harm, position) for position in positions)
        found.append(figure)
    # "killing 12 and injuring 30 people": one number is never both dead and wounded
    found.sort(key=lambda figure: (figure.at, list(Harm).index(figure.harm)))
    return [
        figure for index, figure in enumerate(found) if not any(other.span == figure.span for other in found[:index])
    ]


def _lists(sentence: Sentence) -> Iterator[FoundFigure]:
    for match in _LIST.finditer(sentence.text):
        numbers = [
            1 if item["number"].lower() in _SINGLE else parse_cardinal(item["number"])
            for item in _ITEM.finditer(match["who"])
        ]
        if len(numbers) < 2 or None in numbers or _NOT_PEOPLE.search(match["who"]):
            continue
        if not any(word in lexicon.parties() for word in re.findall(r"[\w-]+", match["who"].lower())):
            continue
        total = sum(number for number in numbers if number is not None)
        yield _figure(
            sentence,
            _harm(match["harm"]),
            Range(total, total, total),
            match["who"],
            match.start("who"),
            match.end("who"),
        )
    for match in _BOMBER.finditer(sentence.text):
        counted = parse_count(match)
        if counted is not None:
            phrase = match["np"].strip() or "people"
            yield _figure(sentence, Harm.KILLED, counted, phrase, match.start("fig"), match.end("fig"))


_SINGLE = frozenset(("a", "an", "his", "her", "their"))


def _harm(word: str) -> Harm:
    if re.fullmatch(_ABDUCTED, word, re.IGNORECASE | re.VERBOSE):
        return Harm.ABDUCTED
    return Harm.INJURED if re.fullmatch(_INJURED, word, re.IGNORECASE | re.VERBOSE) else Harm.KILLED


def _matches(sentence: Sentence) -> Iterator[FoundFigure]:
    for harm, regex in _patterns():
        for match in regex.finditer(sentence.text):
            groups = match.groupdict()
            if groups["one"] and groups["one"].lower() == "the":
                continue
            counted = parse_count(match)
            phrase = re.sub(r"^of\s+", "", (groups.get("np") or "").strip())
            if (
                counted is None
                or _NOT_PEOPLE.search(phrase)
                or (groups["one"] and not _is_people(phrase, groups["one"]))
            ):
                continue
            if counted.best is not None and 1900 <= counted.best <= 2100 and not phrase:
                continue  # a year
            before = sentence.text[: match.start("number")] if match["number"] else sentence.text[: match.start()]
            if "aux" in groups and not _is_passive(match, sentence.text):
                continue
            if (match["number"] or "").isdigit() and (
                _AGE.search(before) if len(match["number"]) < 3 else _YEAR.search(before) and len(match["number"]) == 4
            ):
                continue
            if groups["vague"] and re.match(r"(?:the|those|them|these)\b", phrase):
                continue  # "several of the wounded" counts nobody anew
            start = match.start("fig") if "fig" in groups else match.start()
            end = match.end("np") if groups.get("np") else _number_end(match)
            while start < end and sentence.text[start].isspace():
                start += 1
            yield _figure(sentence, harm, counted, phrase or "people", start, end)


def _is_passive(match: re.Match[str], text: str) -> bool:
    """Tell "three people killed in …" from "a bomber killed twelve"."""
    if re.search(r"[a-z]", match["aux"]) or re.search(
        r"(?i)(?:dead|died|perished|lives?|hospital|missing|hurt)$", match.group()
    ):
        return True
    if match["one"] and match["one"].lower() not in {"one", "another"}:
        return False
    return _AFTER_PASSIVE.match(text, match.end()) is not None


_AFTER_PASSIVE = re.compile(
    r"(?i)\s*(?:$|[.,;:)—–]|\s(?:and|in|at|on|by|during|when|after|as|so|this|since|near|over|across|including|while|overnight|with|last|early|late|or)\b)"
)


def _number_end(match: re.Match[str]) -> int:
    return max(match.end(name) for name in ("to", "number", "ormore", "vague", "one") if match[name])


def _is_people(phrase: str, article: str) -> bool:
    """Tell whether "a …", "one …" counts a person: "a soldier" does, "a bomb" does not."""
    if not phrase:
        return article.lower() in {"one", "another"}
    words = [word.lower() for word in re.findall(r"[\w-]+", phrase)]
    return any(word in lexicon.parties() for word in words)


def _figure(sentence: Sentence, harm: Harm, counted: Range, who: str, start: int, end: int) -> FoundFigure:
    side = Side.ATTACKER if _ATTACKER_WORDS.search(who) else Side.VICTIM
    return FoundFigure(
        harm=harm,
        range=counted,
        who=re.sub(r"(?:,|\s+and)$", "", who),
        side=side,
        span=sentence.absolute(start, end),
        at=start,
    )
