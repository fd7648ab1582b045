"""Names in one article: sentence by sentence, typed spans out. `entities.py` makes entities of them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from incidentgraph import lexicon
from incidentgraph.extract import gazetteers, names
from incidentgraph.extract.names import Chunk, Word
from incidentgraph.gazetteer import Gazetteer, Place
from incidentgraph.lexicon import KnownActor
from incidentgraph.records import EntityType, GroupKind, Span
from incidentgraph.spelling import canonical_body, fold

# A town of fewer people than this needs a preposition or a place noun beside it before its name is taken for a place.
_KNOWN_TOWN = 100_000


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name that someone else found: the user's own spaCy pipeline."""

    span: Span
    type: EntityType


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMention:
    """A name in the text. Mentions with one `key` and type are one entity; `text` may be shorter than the name met."""

    start: int
    end: int
    text: str
    type: EntityType
    key: str
    group_kind: GroupKind | None = None
    known_id: str | None = None
    country: str | None = None
    full_start: int | None = (
        None  # "Syria's Defence Ministry": the mention is "Defence Ministry", this is where it begins
    )

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end)


_ACTS = r"""said|says|say|accused|accuses|blamed|blames|denied|denies|launched|struck|strikes|joined|condemned|condemns|
    warned|vowed|claimed|signed|announced|invaded|attacked|bombed|rejected|confirmed|responded|retaliated|fired|pledged|
    called|imposed|withdrew|recalled|summoned|expelled|agreed|carried|sent|deployed|supports|backs|backed|arrested|
    declared|reported|killed|targeted|conducted|shelled|insists|insisted|maintains|wants|hit|seized"""
_STATE_ACTS = re.compile(
    rf"(?x)['’]s\s+(?:accession|membership|admission|participation)\b|\s+(?:(?:has|have|had|also|later|then|formally|immediately|repeatedly|reportedly|again|quickly|itself|in\s+turn)\s+)*"
    rf"(?:{_ACTS})\b"
)
_STATE_ACTED_ON = re.compile(
    r"(?i)\b(?:accus(?:ed|es|ing)|blam(?:ed|es|ing)|(?:carried out|claimed|launched|fired|conducted|ordered|backed|"
    r"supported|sponsored|denied|condemned|staged|waged|rejected|confirmed|led) by|allied with|war with|war against|"
    r"relations with|talks with|behalf of|told)\s+(?:the\s+)?$"
)
_PLACE_BEFORE = re.compile(
    r"(?i)\b(?:in|at|near|from|outside|around|into|inside|across|through|throughout|within|toward|towards|between|"
    r"(?:north|south|east|west|northeast|northwest|southeast|southwest|north-east|north-west|south-east|south-west|"
    r"northern|southern|eastern|western|central|north-eastern|north-western|south-eastern|south-western|"
    r"northeastern|northwestern|southeastern|southwestern|downtown|coastal|rural)(?: of)?|"
    r"(?:city|cities|town|towns|village|villages|district|districts|province|provinces|state|region|regency|capital|"
    r"area|areas|suburb|suburbs|neighbou?rhood|county|island|islands|outskirts|port|municipality|commune|camp|"
    r"countryside|governorate|territory|residents|people|hills|mountains|border town|hamlet|settlement|stronghold|"
    r"locality)(?: of| between| and)?|"
    r"capital,|city,|town,|village,|kilomet(?:er|re)s? (?:north|south|east|west) of|km from|to|and|or|left|reached)"
    r"\s+(?:the\s+)?(?:(?:nearby|neighbou?ring|besieged|central|historic|remote)\s+)?$"
)
_AT = re.compile(r"(?:\b(?:in|near|outside|at|from)|\b(?:north|south|east|west) of)\s+$")
_STRONG_PLACE_BEFORE = re.compile(
    r"(?i)\b(?:city|town|village|district|province|state|region|suburb|neighbou?rhood|county|island|municipality|commune|"
    r"camp|governorate|hamlet|settlement|locality|port)\s+of\s+(?:the\s+)?$"
)
_PLACE_AFTER = re.compile(
    r"\s+(?P<noun>province|district|governorate|town|city|village|region|state|county|area|neighbou?rhood|suburb|airport|"
    r"municipality|commune|countryside|department|prefecture|oblast|valley|peninsula|mountains|desert|camp|island)\b"
)
_PERSON_AFTER = re.compile(
    r"(?:,\s+\d{1,2},)|\s+(?:said|told|added|wrote|tweeted|recalled|warned|vowed)\b|,\s+(?:who|the|a|an|his|her)\s"
)
_KUNYA = re.compile(r"(?:Abu|Abou|Umm|Ibn|Bin|Mullah|Maulana|Sheikh|Hajji|Ayatollah)\s")
_NUMBERED_UNIT = re.compile(
    r"\b\d+(?:st|nd|rd|th)\s+(?:[A-Z]\w+\s+){0,3}(?:Division|Brigade|Battalion|Regiment|Corps|Army|Squadron)\b"
)
_ORG_OF = re.compile(
    r"\b(?:[A-Z][\w.’'-]*\s+){0,4}(?:Ministry|Office|Department|Council|Front|Army|Party|Movement|Observatory|Committee|Union|"
    r"Organi[sz]ation|Forces|Bureau|Mission|Agency|Association|Federation|Commission|Brigades?|Coalition|Alliance|Centre|"
    r"Center|Institute|Directorate|Authority|Guard|Court)\s+(?:of|for|on)\s+(?:the\s+)?"
    r"[A-Z][\w’'-]*(?:(?:,|\s+and|\s+of|\s+of\s+the|\s+for|\s+for\s+the)?\s+[A-Z][\w’'-]*)*"
)


def find_mentions(
    text: str, sentences: list[Span], gazetteer: Gazetteer, *, given: Sequence[GivenName] = ()
) -> list[NameMention]:
    """Return the name mentions of the article in order, none overlapping; lists go before `given`, `given` before guesses."""
    found: list[NameMention] = []
    for sentence in sentences:
        taken: list[NameMention] = []
        inside = [name for name in given if sentence.start <= name.span.start and name.span.end <= sentence.end]
        for mention in _candidates(text, sentence, gazetteer, inside):
            if all(
                mention.end <= (other.full_start or other.start) or other.end <= (mention.full_start or mention.start)
                for other in taken
            ):
                taken.append(mention)
        found += sorted(taken, key=lambda mention: mention.start)
    return found


def _candidates(text: str, sentence: Span, gazetteer: Gazetteer, given: list[GivenName]) -> Iterator[NameMention]:
    """Yield mentions, the most certain kind first: whoever comes first keeps the words."""
    words = list(names.words_of(text, start=sentence.start, end=sentence.end))
    yield from _institutions(text, sentence)
    yield from _known_actors(text, words)
    yield from _numbered_units(text, sentence)
    yield from _organisations(text, sentence)
    yield from _countries(text, words, gazetteer)
    for name in given:
        yield from _given(text, name, gazetteer)
    chunks = [
        piece for chunk in names.chunks(text, start=sentence.start, end=sentence.end) for piece in _pieces(text, chunk)
    ]
    for chunk in chunks:
        mention = _classify(text, chunk, gazetteer)
        if mention is not None:
            yield mention


# --- lists ------------------------------------------------------------------------------------------------------------


def _known_actors(text: str, words: list[Word]) -> Iterator[NameMention]:
    following = {word.start: after for word, after in itertools.pairwise(words)}
    ends = {word.end: word for word in words}
    for match in gazetteers.actor_index().find(text, words):
        actor = match.value
        if actor.type is EntityType.PERSON:
            last = ends[match.end]
            after = following.get(last.start)
            goes_on = after is not None and after.is_capitalised and text[last.end : after.start] in {" ", "-"}
            if goes_on and " " in match.text and fold(match.text) != fold(actor.name):
                continue
            if goes_on and " " not in match.text:
                continue  # "Netanyahu Square", "Erdogan Toprak"
        yield NameMention(
            start=match.start,
            end=match.end,
            text=match.text,
            type=actor.type,
            key=f"known:{actor.id}",
            group_kind=actor.group_kind,
            known_id=actor.id,
            country=actor.country,
        )


def _countries(text: str, words: list[Word], gazetteer: Gazetteer) -> Iterator[NameMention]:
    for match in gazetteers.country_index().find(text, words):
        country = match.value
        if text[match.end : match.end + 1] in {"-", "‑"}:  # "US-led"
            continue
        after = text[match.end : match.end + 60]
        if re.match(r"\s[A-Z]", after) and match.text in country.demonyms:  # "US National Security Council"
            continue
        if _PLACE_AFTER.match(after) and "state" in after[:7].lower():  # "Georgia state"
            continue
        acts = _STATE_ACTS.match(after) or _STATE_ACTED_ON.search(text[max(0, match.start - 40) : match.start])
        place = gazetteer.country(country.iso2)
        yield NameMention(
            start=match.start,
            end=match.end,
            text=match.text,
            type=EntityType.GROUP if acts else EntityType.LOCATION,
            key=f"state:{country.iso2}" if acts else (f"place:{place.id}" if place else f"country:{country.iso2}"),
            group_kind=GroupKind.STATE if acts else None,
            known_id=place.id if place and not acts else None,
            country=country.iso2,
        )


# --- bodies of a state ------------------------------------------------------------------------------------------------


@cache
def _institution_pattern() -> re.Pattern[str]:
    bodies = "|".join(re.escape(form) for form in sorted(lexicon.institutions(), key=len, reverse=True))
    owners = {name for country in lexicon.countries() for name in country.demonyms}
    countries = {name for country in lexicon.countries() for name in country.names}
    demonym = "|".join(re.escape(name) for name in sorted(owners, key=lambda name: (-len(name), name)))
    country = "|".join(re.escape(name) for name in sorted(countries, key=lambda name: (-len(name), name)))
    return re.compile(
        rf"(?<!\w)(?:(?P<owner>(?:{demonym})|(?:{country})(?=[’']))(?:[’']s?)?\s+(?:(?:interim|transitional|new|national|federal|regular|state)\s+)?|(?P<the>[Tt]he\s+))?"
        rf"(?P<body>(?i:{bodies}))(?:\s+(?:of|in)\s+(?P<of>{country}))?(?!\w|-)"
    )


# Without a country beside them these words are too general to be an actor.
_GENERAL = frozenset(
    [
        "police",
        "forces",
        "soldiers",
        "troops",
        "intelligence",
        "authorities",
        "media",
        "press",
        "radio",
        "cabinet",
        "embassy",
        "prosecutors",
        "customs",
        "investigators",
        "emergency",
        "services",
        "marines",
        "special",
        "forces",
        "security",
        "force",
        "state",
        "media",
        "administration",
        "regime",
        "state",
        "television",
        "senate",
        "judiciary",
        "police",
        "force",
        "border",
        "guards",
        "state",
        "police",
        "presidency",
    ]
) | {
    "special forces",
    "emergency services",
    "security forces",
    "security force",
    "state media",
    "police force",
    "state television",
    "intelligence services",
    "intelligence service",
    "news agency",
    "state tv",
    "border guards",
    "border guard",
    "state police",
    "intelligence agency",
    "secret service",
    "security council",
    "riot police",
    "coast guard",
    "supreme court",
}


def _institutions(text: str, sentence: Span) -> Iterator[NameMention]:
    for match in _institution_pattern().finditer(text, sentence.start, sentence.end):
        owner = match["of"] or match["owner"]
        body = match["body"]
        canonical = canonical_body(body)
        kind = lexicon.institutions()[body.lower().replace("’", "'")]
        country = None
        if owner:
            found = gazetteers.demonym_index().get(owner) or gazetteers.country_index().get(owner)
            country = found.iso2 if found else None
        elif canonical in _GENERAL or (not match["the"] and body.islower()):
            continue
        is_adjective = bool(match["owner"]) and text[match.end("owner")] not in "’'"
        start = match.start("owner") if is_adjective else match.start("body")
        listed = _listed_body(country, canonical)
        yield NameMention(
            start=start,
            end=match.end(),
            text=text[start : match.end()],
            type=EntityType.GROUP,
            key=f"known:{listed.id}" if listed else f"body:{country or ''}:{canonical}",
            group_kind=listed.group_kind if listed else kind,
            known_id=listed.id if listed else None,
            country=country,
            full_start=match.start("owner") if match["owner"] else None,
        )


def _listed_body(country: str | None, body: str) -> KnownActor | None:
    """Return the body if the actor list has it under a name of its own ("Israeli army": Israel Defense Forces)."""
    if country is None:
        return None
    index = gazetteers.actor_index()
    demonyms = gazetteers.countries_by_code()[country].demonyms
    return next((actor for demonym in demonyms if (actor := index.get(f"{demonym} {body}"))), None)


def _numbered_units(text: str, sentence: Span) -> Iterator[NameMention]:
    for match in _NUMBERED_UNIT.finditer(text, sentence.start, sentence.end):
        yield _group(match.start(), match.end(), match.group(), GroupKind.STATE_FORCE)


def _organisations(text: str, sentence: Span) -> Iterator[NameMention]:
    for match in _ORG_OF.finditer(text, sentence.start, sentence.end):
        start, name = match.start(), match.group()
        while (first := name.split(" ", 1))[0] in {"The", "A", "An", "In", "At", "By", "While"} and len(first) == 2:
            start, name = start + len(name) - len(first[1]), first[1]
        yield _group(start, match.end(), name, _suffix_kind(name) or GroupKind.OTHER)


def _group(start: int, end: int, name: str, kind: GroupKind) -> NameMention:
    return NameMention(
        start=start, end=end, text=name, type=EntityType.GROUP, key=f"group:{fold(name)}", group_kind=kind
    )


def _suffix_kind(name: str) -> GroupKind | None:
    words = name.split()
    kinds = lexicon.group_suffixes()
    for size in (2, 1):
        kind = kinds.get(" ".join(words[-size:]))
        if kind is not None and len(words) > size:
            return kind
    return (
        next((kinds[word] for word in words[:-1] if word in kinds), None) if " of " in name or " for " in name else None
    )


# --- everything else --------------------------------------------------------------------------------------------------


def _pieces(text: str, chunk: Chunk) -> Iterator[Chunk]:
    """Yield the chunk without the nationality and titles before the name."""
    words = list(names.words_of(text, start=chunk.start, end=chunk.end))
    titles = lexicon.titles()
    position = 0
    while position < len(words):
        rest = text[words[position].start : chunk.end]
        length = next(
            (
                size
                for size in (3, 2, 1)
                if len(words) > position + size and _is_title(words[position : position + size], text, titles)
            ),
            0,
        )
        if length:
            position += length
            continue
        if (
            len(words) > position + 1
            and position == 0
            and gazetteers.demonym_index().get(words[0].text)
            and not lexicon.group_suffixes().get(words[-1].text)
        ):
            position += 1
            continue
        if (
            words[position].text in {"Former", "Interim", "Acting", "Senior", "Late", "Deputy", "Retired"}
            and len(words) > position + 1
        ):
            position += 1
            continue
        yield Chunk(rest, words[position].start, chunk.end, chunk.opens_sentence and position == 0)
        return


def _is_title(words: list[Word], text: str, titles: dict[str, str]) -> bool:
    phrase = text[words[0].start : words[-1].end]
    return phrase in titles or phrase + "." in titles


def title_before(text: str, start: int) -> str | None:
    """Return the title that ends right before `start` ("spokesman ", "President "), None if there is none."""
    before = text[max(0, start - 40) : start]
    match = re.search(r"((?:[\w.’'-]+\s+){1,3})$", before)
    if match is None:
        return None
    words = match.group().split()
    titles = lexicon.titles()
    return next((" ".join(words[-size:]) for size in (3, 2, 1) if " ".join(words[-size:]) in titles), None)


def _classify(text: str, chunk: Chunk, gazetteer: Gazetteer) -> NameMention | None:
    name, start, end = chunk.text, chunk.start, chunk.end
    before, after = text[max(0, start - 50) : start], text[end : end + 40]
    words = name.split()
    if gazetteers.demonym_index().get(name) or name in lexicon.titles():
        return None
    kind = _suffix_kind(name)
    if kind is not None:
        return _group(start, end, name, kind)
    noun = _place_noun(words)
    if noun:
        return _place(
            chunk,
            gazetteer.lookup(name) or (gazetteer.lookup(" ".join(words[:-1])) if noun in {"province", "city"} else ()),
            name,
        )
    if title_before(text, start) or _KUNYA.match(name):
        return _person(chunk)
    is_first_name = fold(words[0]).split(" ", 1)[0] in gazetteers.first_names()
    after_noun = _PLACE_AFTER.match(after)
    cue = bool(_PLACE_BEFORE.search(before)) and not (is_first_name and len(words) > 1)
    places = gazetteer.lookup(f"{name} {after_noun['noun']}" if after_noun else name)
    if after_noun or _STRONG_PLACE_BEFORE.search(before):
        return _place(chunk, places, name)
    if places and (cue or _in_place_list(text, chunk, gazetteer)):
        return _place(chunk, places, name)
    if len(words) > 1 and (is_first_name or _PERSON_AFTER.match(after)) and 2 <= len(words) <= 5:
        return _person(chunk)
    if places and not is_first_name and not chunk.opens_sentence and places[0].population >= _KNOWN_TOWN:
        return _place(chunk, places, name)
    if places and not is_first_name and len(words) == 1 and places[0].population >= 10 * _KNOWN_TOWN:
        return _place(chunk, places, name)
    if chunk.opens_sentence or any(word.isupper() or not word[0].isupper() for word in words):
        return None
    if len(words) in {2, 3} and not re.search(r"(?i)\bthe\s+$", before) and not _has_common_word(text, words):
        return _person(chunk)  # two or three capitalised words that nothing else explains
    if len(words) == 1 and _AT.search(before) and not is_first_name:
        return _place(chunk, (), name)
    return None


def _has_common_word(text: str, words: list[str]) -> bool:
    """Tell whether a word of the name is used in lower case, too, or is a noun for people: "Police Lines" is nobody."""
    return any(
        word.lower() in lexicon.parties() or re.search(rf"\b{re.escape(word.lower())}s?\b", text) for word in words
    )


def _place_noun(words: list[str]) -> str | None:
    nouns = lexicon.place_nouns()
    return next(
        (nouns[" ".join(words[-size:])] for size in (2, 1) if len(words) > size and " ".join(words[-size:]) in nouns),
        None,
    )


def _in_place_list(text: str, chunk: Chunk, gazetteer: Gazetteer) -> bool:
    """Tell whether the name is followed by its province or country: "Mastung, Balochistan"."""
    match = re.match(r",\s+((?:[A-Z][\w’'-]+\s?){1,3})", text[chunk.end : chunk.end + 40])
    return match is not None and any(
        place.kind in {"country", "province"} for place in gazetteer.lookup(match[1].strip())
    )


def _given(text: str, name: GivenName, gazetteer: Gazetteer) -> Iterator[NameMention]:
    """Yield the mention for a name that was given, without the article, title and possessive around it."""
    words = list(names.words_of(text, start=name.span.start, end=name.span.end))
    while len(words) > 1 and words[0].text in {"The", "the", "A", "a", "An", "an"}:
        words = words[1:]
    if not words or (len(words) == 1 and gazetteers.demonym_index().get(words[0].text)):
        return  # "Israeli" alone acts or not; the patterns for states see to it
    start, end = words[0].start, words[-1].end
    chunk = Chunk(text[start:end], start, end, opens_sentence=False)
    if name.type is EntityType.PERSON:
        yield from map(_person, _pieces(text, chunk))
    elif name.type is EntityType.GROUP:
        yield _group(start, end, chunk.text, _suffix_kind(chunk.text) or GroupKind.OTHER)
    elif name.type is EntityType.LOCATION:
        yield _place(chunk, gazetteer.lookup(chunk.text), chunk.text)


def _person(chunk: Chunk) -> NameMention:
    return NameMention(
        start=chunk.start, end=chunk.end, text=chunk.text, type=EntityType.PERSON, key=f"person:{fold(chunk.text)}"
    )


def _place(chunk: Chunk, places: tuple[Place, ...], name: str) -> NameMention:
    sure = places[0] if len(places) == 1 else None
    return NameMention(
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        type=EntityType.LOCATION,
        key=f"place:{fold(name)}",
        known_id=sure.id if sure else None,
        country=sure.country or None if sure else None,
    )
