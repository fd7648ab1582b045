"""Name spans of the network in, the article's entities out: one for all spellings, with what the gazetteers know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from incidentgraph import lexicon
from incidentgraph.extract import gazetteers, names
from incidentgraph.extract.entities import EntityTable
from incidentgraph.extract.mentions import NameMention
from incidentgraph.extract.network_words import Words
from incidentgraph.records import Entity, EntityType, GroupKind, Span
from incidentgraph.spelling import fold

_EDGES = re.compile(r"(?s)[\W_]*(?P<name>\w(?:.*?[\w)])??)(?:\s[A-Z]-)?(?:['’]s)?[^\w)]*")
_SHORT_FORM = re.compile(r"\s*\(\s*[“\"]?$")
_PLACE_NOUN = re.compile(
    r"\s+(?:province|district|region|state|area|county|governorate|municipality|department|oblast)$"
)
_LEAD = re.compile(r"(?:the|The|a|an|of|and|in)\s+")
_TAIL = re.compile(r"(?:[\s,]+(?:of|the|to|in|and|for|at|on|de|group))+$")
# Titles that the lexicon lacks because they tell of no office.
_TITLES = frozenset(
    [
        "Mr",
        "Mrs",
        "Ms",
        "Miss",
        "Dr",
        "Prof",
        "Professor",
        "Doctor",
        "Sir",
        "Lady",
        "Lord",
        "Sheikh",
        "Shaykh",
        "Sheikha",
        "Sayyid",
        "Syed",
        "Molavi",
        "Maulvi",
        "Maulana",
        "Mullah",
        "Hajja",
        "Hajji",
        "Haji",
        "Don",
        "Doña",
        "Dona",
        "don",
        "doña",
        "Frau",
        "Herr",
        "Madame",
        "Monsieur",
        "Mama",
        "Papa",
        "Lic",
        "Ing",
        "IGP",
        "DIG",
        "SSP",
        "DC",
        "Brig",
        "Lt",
        "Col",
        "Gen",
        "Maj",
        "Capt",
        "Sgt",
        "Cpl",
        "Cmdr",
        "Cdr",
        "General",
        "Colonel",
        "Major",
        "Captain",
        "Lieutenant",
        "Sergeant",
        "Corporal",
        "Brigadier",
        "Commander",
        "Comandante",
        "Comrade",
        "Father",
        "Sister",
        "Brother",
        "Pastor",
        "Bishop",
        "Rev",
        "Reverend",
        "Imam",
        "Ayatollah",
        "Hujjat",
        "Engineer",
        "Chief",
        "Inspector",
        "Superintendent",
        "Constable",
        "Private",
        "Judge",
        "Justice",
        "Minister",
        "President",
        "Premier",
        "Governor",
        "Mayor",
        "Senator",
        "Ambassador",
        "Prince",
        "Princess",
        "King",
        "Queen",
        "Emir",
    ]
)
_WITH_SHORT_FORM = re.compile(r"(?P<long>[^()]{3,}?)\s*\(\s*[“\"']?(?P<short>[A-Z][\w./-]{1,11})[”\"']?\s*\)?")
_STANCE = re.compile(r"(?:[Pp]ro|[Aa]nti)-(?=[A-Z])")
_SHORTEST = 2
_LISTED = 1.0  # what a place in the actor list is worth, in mentions that the network is sure of
_MIN_REPEAT = 3  # shorter names are not looked for again in the text


@dataclass(frozen=True, slots=True)
class FoundName:
    span: Span
    type: EntityType
    group_kind: GroupKind | None
    certainty: float = 1.0


def build_table(words: Words, found: Sequence[FoundName]) -> EntityTable:
    """Return the entities of the article by name."""
    text = words.text
    pieces = _with_listed(words.table, _rejoined(text, [part for name in found for part in _parts(text, name)]))
    found = _settled(words, [trimmed for name in pieces if (trimmed := _trimmed(text, name)) is not None])
    mentions = [_mention(text, name, words.table) for name in found]
    owners = list(range(len(mentions)))

    def root(index: int) -> int:
        while owners[index] != index:
            index = owners[index]
        return index

    def join(first: int, second: int) -> None:
        one, two = root(first), root(second)
        owners[max(one, two)] = min(one, two)

    seen: dict[tuple[EntityType, str], int] = {}
    for index, mention in enumerate(mentions):
        for key in {f"text:{fold(mention.text)}", f"key:{mention.key}", f"id:{mention.known_id or index}"}:
            join(seen.setdefault((mention.type, key), index), index)
    for index in range(len(mentions)):
        owner = _long_form(text, index, mentions)
        if owner is not None:
            join(owner, index)
    keys: dict[int, str] = {}
    for index in range(len(mentions)):
        keys.setdefault(root(index), mentions[root(index)].key)
    first_of: dict[int, NameMention] = {}
    for index, mention in enumerate(mentions):
        known = first_of.get(root(index))
        if known is None or (mention.known_id and not known.known_id):
            first_of[root(index)] = mention
    out = [_copy(mention, first_of[root(index)], key=keys[root(index)]) for index, mention in enumerate(mentions)]
    out += _repeats(text, out)
    out.sort(key=lambda mention: mention.start)
    table = EntityTable(text=text, mentions=out, country=words.table.country)
    for mention in out:
        table.ids.setdefault((mention.type, mention.key), f"e{len(table.ids) + 1}")
    return table


def _parts(text: str, name: FoundName) -> list[FoundName]:
    """Return the name, or the two that it runs together: "Islamic State (IS)"; without "pro-" and "anti-"."""
    start, end = name.span.start, name.span.end
    line = text.find("\n", start, end)  # a heading and the first word below it are no name together
    if line > start:
        end = line
        name = replace(name, span=Span(start=start, end=end))
    match = _WITH_SHORT_FORM.fullmatch(text, start, end)
    if match is not None:
        return [replace(name, span=Span(start=match.start(part), end=match.end(part))) for part in ("long", "short")]
    stance = _STANCE.match(text, start, end)
    return [replace(name, span=Span(start=stance.end(), end=end))] if stance and stance.end() < end else [name]


def _with_listed(known: EntityTable, found: list[FoundName]) -> list[FoundName]:
    """Return the names, each as long as the lists know it: "global coalition to defeat IS", not "global coalition"."""
    listed = [mention for mention in known.mentions if mention.known_id and mention.type is EntityType.GROUP]
    out = []
    for name in found:
        for mention in listed:
            is_inside = mention.start <= name.span.start and name.span.end <= mention.end
            if is_inside and mention.type is name.type:
                name = replace(name, span=mention.span)
        out.append(name)
    return list({name.span: name for name in out}.values())


def _rejoined(text: str, found: Sequence[FoundName]) -> list[FoundName]:
    """Return the names with those put together again that stand side by side: "M. Pradip" + "Singh"."""
    out: list[FoundName] = []
    for name in sorted(found, key=lambda name: name.span):
        last = out[-1] if out else None
        if last is not None and last.type is name.type:
            between = text[last.span.end : name.span.start]
            initial = re.fullmatch(r"\.\s?", between) and re.search(
                r"(?:^|[\s.])[A-Z]$", text[last.span.start : last.span.end]
            )
            if between in {" ", "-"} or initial:
                span = Span(start=last.span.start, end=name.span.end)
                kind = last.group_kind or name.group_kind
                out[-1] = FoundName(span, last.type, kind, max(last.certainty, name.certainty))
                continue
        out.append(name)
    return out


def _without_title(spelled: str) -> int:
    """Return how many characters of rank and title stand before a person's name."""
    cut = 0
    while True:
        match = re.match(r"[\w’'-]+\.?\s+", spelled[cut:])
        word = match.group().strip().rstrip(".") if match else ""
        if match is None or (
            word not in _TITLES and word not in lexicon.titles() and word.lower() not in lexicon.titles()
        ):
            return cut
        cut += match.end()


def _trimmed(text: str, name: FoundName) -> FoundName | None:
    """Return the name without stray marks at its ends ("American F-"); None if nothing is left."""
    start, end = name.span.start, name.span.end
    match = _EDGES.fullmatch(text[start:end])
    if match is None:
        return None
    span = Span(start=start + match.start("name"), end=start + match.end("name"))
    if text[span.end - 1] == ")" and "(" not in text[span.start : span.end]:
        span = Span(start=span.start, end=span.end - 1)
    elif (
        "(" in text[span.start : span.end]
        and ")" not in text[span.start : span.end]
        and text[span.end : span.end + 1] == ")"
    ):
        span = Span(start=span.start, end=span.end + 1)
    spelled = text[span.start : span.end]
    lead = _LEAD.match(spelled)
    tail = _TAIL.search(spelled)
    span = Span(start=span.start + (lead.end() if lead else 0), end=span.end - (len(tail.group()) if tail else 0))
    if name.type is EntityType.PERSON:
        cut = _without_title(text[span.start : span.end])
        span = Span(start=span.start + cut, end=span.end)
    spelled = text[span.start : span.end]
    if len(spelled) < _SHORTEST or (spelled.islower() and " " not in spelled):
        return None  # "the ministry" alone names nobody
    if (spelled in _TITLES or spelled in lexicon.titles()) and name.type is not EntityType.LOCATION:
        return None
    return FoundName(span, name.type, name.group_kind, name.certainty)


def _settled(words: Words, found: Sequence[FoundName]) -> list[FoundName]:
    """Return the names with one type for each spelling; only a country may be a Group here and a Location there."""
    votes: dict[str, dict[EntityType, float]] = {}
    kinds: dict[str, GroupKind] = {}
    for name in found:
        key = fold(words.text[name.span.start : name.span.end])
        tally = votes.setdefault(key, {})
        tally[name.type] = tally.get(name.type, 0.0) + name.certainty
        if name.group_kind is not None:
            kinds.setdefault(key, name.group_kind)
    listed = {fold(mention.text): mention for mention in reversed(words.table.mentions) if mention.known_id}
    out = []
    for name in found:
        spelled = words.text[name.span.start : name.span.end]
        key = fold(spelled)
        tally = dict(votes[key])
        known = listed.get(key)
        is_country = gazetteers.country_index().get(spelled) is not None
        if known is not None and known.type is not EntityType.LOCATION:
            tally[known.type] = tally.get(known.type, 0.0) + _LISTED
        best = max(tally, key=lambda kind: (tally[kind], kind.value))
        if is_country and best is not EntityType.PERSON and name.type is not EntityType.PERSON:
            best = name.type
        kind = (name.group_kind or kinds.get(key) or GroupKind.OTHER) if best is EntityType.GROUP else None
        out.append(FoundName(name.span, best, kind, name.certainty))
    return out


def _mention(text: str, name: FoundName, known: EntityTable) -> NameMention:
    start, end = name.span.start, name.span.end
    spelled = text[start:end]
    same = [
        mention
        for mention in known.between(max(0, start - 40), end)
        if mention.type is name.type and fold(mention.text) == fold(spelled) and mention.end > start
    ]
    listed = same[0] if same else None
    kind = listed.group_kind if listed and listed.known_id else name.group_kind
    return NameMention(
        start=start,
        end=end,
        text=spelled,
        type=name.type,
        key=listed.key if listed else f"name:{fold(spelled)}",
        group_kind=kind if name.type is EntityType.GROUP else None,
        known_id=listed.known_id if listed else None,
        country=listed.country if listed else None,
    )


def _copy(mention: NameMention, owner: NameMention, *, key: str) -> NameMention:
    return NameMention(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        type=mention.type,
        key=key,
        group_kind=owner.group_kind or mention.group_kind,
        known_id=owner.known_id,
        country=owner.country,
    )


def _long_form(text: str, index: int, mentions: list[NameMention]) -> int | None:
    """Return the mention whose name this one shortens: a part of a person's name, or a group's initials."""
    mention = mentions[index]
    own = fold(mention.text).split()
    best: int | None = None
    for other, candidate in enumerate(mentions):
        if candidate.type is not mention.type or other == index or len(candidate.text) <= len(mention.text):
            continue
        theirs = fold(candidate.text).split()
        if mention.type is EntityType.PERSON:
            fits = 0 < len(own) < len(theirs) and (theirs[-len(own) :] == own or theirs[: len(own)] == own)
        else:
            initials = names.initials(candidate.text)
            introduced = candidate.end < mention.start and _SHORT_FORM.fullmatch(text, candidate.end, mention.start)
            spelled = mention.text.replace("-", "").replace(".", "")
            fits = bool(introduced) or (spelled.isupper() and len(spelled) > 1 and initials == spelled)
        if fits and (best is None or candidate.start < mention.start):
            best = other
    return best


def with_bare_form(entity: Entity) -> Entity:
    """Return a place with the name that stands within its longer one: "Anantnag" of "Anantnag district"."""
    if entity.type is not EntityType.LOCATION:
        return entity
    bare = [_PLACE_NOUN.sub("", form) for form in entity.surface_forms]
    forms = tuple(dict.fromkeys((*entity.surface_forms, *(form for form in bare if form))))
    return replace(entity, surface_forms=forms)


def _repeats(text: str, mentions: list[NameMention]) -> list[NameMention]:
    """Return further places where the same names stand, as in the annotation: every whole word is a mention."""
    owners: dict[str, NameMention | None] = {}
    for mention in mentions:
        known = owners.get(mention.text, mention)
        owners[mention.text] = (
            mention if known is not None and (known.type, known.key) == (mention.type, mention.key) else None
        )
    taken = bytearray(len(text))
    for mention in mentions:
        taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    out = []
    for form, owner in sorted(owners.items(), key=lambda item: (-len(item[0]), item[0])):
        if owner is None or len(form) < _MIN_REPEAT or not form[0].isupper():
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * len(form)
                moved = NameMention(
                    start=match.start(),
                    end=match.end(),
                    text=form,
                    type=owner.type,
                    key=owner.key,
                    group_kind=owner.group_kind,
                    known_id=owner.known_id,
                    country=owner.country,
                )
                out.append(moved)
    return out
