"""A compiled `Gold` in, what is wrong with it out: what must be mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from incidentgraph.evaluation.authoring import Gold
from incidentgraph.records import (
    AttackKind,
    AttackReport,
    AttackStatus,
    ClaimKind,
    ClaimReport,
    EntityType,
    Figure,
    Harm,
    PerpetratorStatus,
    Span,
)
from incidentgraph.schema import from_json, to_json

WORDS = (120, 1000)
_GENRES = """
wire local radio official_statement monitor un think_tank live_blog translated communique page_dump feature tabloid
other
"""
GENRES = frozenset(_GENRES.split())
_REGIONS = """
sahel horn lake_chad great_lakes mozambique levant iraq gulf_iran afpak india_kashmir south_east_asia latin_america
europe ukraine_russia north_america caucasus_central_asia north_africa southern_africa east_asia oceania none
"""
REGIONS = frozenset(_REGIONS.split())
_TAGS = """
no_incident several_incidents background foiled attempted threatened alleged denial retracted rival_tolls
vague_numbers attackers_killed nominals pronouns aliases transliteration ranks weekdays no_claim series state_actor
kidnapping air_strike cluster syndicated furniture clumsy_english figurative numbers_in_words update correction
quotes
"""
TAGS = frozenset(_TAGS.split())
_ACTORS = frozenset((EntityType.PERSON, EntityType.GROUP))
_P, _G, _L = EntityType.PERSON, EntityType.GROUP, EntityType.LOCATION
PREDICATES: dict[str, tuple[frozenset[EntityType], frozenset[EntityType]]] = {
    "memberOf": (_ACTORS, frozenset((_G,))),
    "formerMemberOf": (_ACTORS, frozenset((_G,))),
    "leaderOf": (frozenset((_P,)), frozenset((_G, _L))),
    "formerLeaderOf": (frozenset((_P,)), frozenset((_G, _L))),
    "spokespersonOf": (frozenset((_P,)), _ACTORS),
    "founderOf": (frozenset((_P,)), frozenset((_G,))),
    "officialOf": (frozenset((_P,)), frozenset((_G, _L))),
    "formerOfficialOf": (frozenset((_P,)), frozenset((_G, _L))),
    "partOf": (frozenset((_G, _L)), frozenset((_G, _L))),
    "affiliateOf": (frozenset((_G,)), frozenset((_G,))),
    "alliedWith": (frozenset((_G,)), frozenset((_G,))),
    "opponentOf": (frozenset((_G,)), frozenset((_G,))),
    "splitFrom": (frozenset((_G,)), frozenset((_G,))),
    "aliasOf": (_ACTORS, _ACTORS),
}
# EDTF level 1 and a little of 2: X for unknown digits, seasons 21 to 24, ? ~ %, intervals with open ends
_EDTF_DATE = r"[\dX]{4}(?:-(?:0[1-9]|1[0-2]|2[1-4]|XX)(?:-(?:0[1-9]|[12]\d|3[01]|XX|[0-3]X))?)?[?~%]?"
_EDTF = re.compile(rf"(?:{_EDTF_DATE}|(?:{_EDTF_DATE}|\.\.)?/(?:{_EDTF_DATE}|\.\.)?)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS.split())} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}


def is_edtf(value: str) -> bool:
    """Say if the value is an EDTF date as the schema allows it."""
    if not _EDTF.fullmatch(value) or value == "/":
        return False
    try:
        for part in re.findall(r"\d{4}-\d{2}-\d{2}", value):
            date.fromisoformat(part)
    except ValueError:
        return False
    return True


def find_errors(gold: Gold) -> list[str]:
    """Return what must be mended, each with the place it is at."""
    return [f"{gold.path.name}: {message}" for check in _ERRORS for message in check(gold)]


# --- header and text --------------------------------------------------------------------------------------------------


def _header(gold: Gold) -> Iterator[str]:
    article = gold.extraction.article
    if article.id != gold.path.stem:
        yield f"id {article.id!r} is not the file's name {gold.path.stem!r}"
    if article.published is not None and not is_edtf(article.published):
        yield f"published {article.published!r} is no date"
    if article.title is None or article.outlet is None or article.language is None:
        yield "title, outlet and language must be given"
    if gold.genre not in GENRES:
        yield f"genre {gold.genre!r} is not one of {', '.join(sorted(GENRES))}"
    if gold.region not in REGIONS:
        yield f"region {gold.region!r} is not one of {', '.join(sorted(REGIONS))}"
    for tag in gold.tags:
        if tag not in TAGS:
            yield f"tag {tag!r} is not one of {', '.join(sorted(TAGS))}"
    if ("no_incident" in gold.tags) != (not gold.extraction.attacks):
        yield "the tag no_incident must be there exactly when there is no attack"


def _text(gold: Gold) -> Iterator[str]:
    text = gold.extraction.article.text
    count = len(text.split())
    if not WORDS[0] <= count <= WORDS[1]:
        yield f"the text has {count} words; between {WORDS[0]} and {WORDS[1]} are wanted"
    if re.search(r"[\t\u00a0\u200b]|\n{3,}", text):
        yield "the text holds a tab, a hard space or an empty paragraph"
    if (gold.raw is not None) != (gold.genre == "page_dump"):
        yield "'=== raw' belongs to the genre page_dump, and to it alone"
    if gold.raw is not None:
        raw = " ".join(gold.raw.split())
        for paragraph in text.split("\n"):
            if paragraph.strip() and " ".join(paragraph.split()) not in raw:
                yield f"the paragraph {paragraph[:50]!r}… is not in '=== raw'"


def _round_trip(gold: Gold) -> Iterator[str]:
    if from_json(to_json(gold.extraction)) != gold.extraction:
        yield "does not survive writing and reading as JSON"  # a fault of ours, not of the writer's


# --- entities, attacks, claims, relations -----------------------------------------------------------------------------


def _entities(gold: Gold) -> Iterator[str]:
    text = gold.extraction.article.text
    seen: dict[tuple[EntityType, str], str] = {}
    for entity in gold.extraction.entities:
        if not entity.mentions:
            yield f"{entity.id} ({entity.name}) is never mentioned"
        if any(not 0 <= span.start < span.end <= len(text) for span in entity.mentions):
            yield f"{entity.id}: a mention lies outside the text"
        other = seen.setdefault((entity.type, entity.name.lower()), entity.id)
        if other != entity.id:
            yield f"{other} and {entity.id} are both {entity.type} {entity.name!r}"


def _attacks(gold: Gold) -> Iterator[str]:
    types = {entity.id: entity.type for entity in gold.extraction.entities}
    triggers: dict[Span, str] = {}
    for attack in gold.extraction.attacks:
        at = f"{attack.id}:"
        other = triggers.setdefault(attack.trigger, attack.id)
        if other != attack.id:
            yield f"{at} has the same trigger as {other}"
        if not any(
            sentence.start <= attack.trigger.start and attack.trigger.end <= sentence.end
            for sentence in attack.evidence
        ):
            yield f"{at} no evidence sentence holds the trigger"
        if AttackKind.UNKNOWN in attack.kinds and len(attack.kinds) > 1:
            yield f"{at} 'unknown' stands alone among the kinds"
        for party in (*attack.perpetrators, *attack.targets, *attack.victims):
            if party.actor is not None and types[party.actor] not in _ACTORS:
                yield f"{at} {party.actor} ({party.text}) is a {types[party.actor]}, no actor; write '- | words'"
        for party in attack.perpetrators:
            if party.actor is not None and party.status is PerpetratorStatus.UNKNOWN:
                yield f"{at} perpetrator {party.text!r} is named, so its status is claimed, attributed or suspected"
        for place in attack.locations:
            if types[place.entity] is not EntityType.LOCATION:
                yield f"{at} {place.entity} is a {types[place.entity]}, not a Location"
        if len({place.entity for place in attack.locations}) < len(attack.locations):
            yield f"{at} names a location twice"
        for harm in Harm:
            yield from (
                f"{at} {harm}: {message}" for figure in attack.figures(harm) for message in _figure(figure, types)
            )
        yield from (f"{at} {message}" for message in _attack_date(attack, gold))


def _figure(figure: Figure, types: dict[str, EntityType]) -> Iterator[str]:
    given = [value for value in (figure.low, figure.best, figure.high) if value is not None]
    if not given:
        yield f"{figure.who!r} has no bounds"
    if given != sorted(given):
        yield f"low <= best <= high does not hold for {figure.who!r}: {given}"
    if figure.according_to is not None and types[figure.according_to] not in _ACTORS:
        yield f"'by {figure.according_to}' is a {types[figure.according_to]}, not a Person or Group"


def _bounds(gold: Gold) -> Iterator[str]:
    """Compare each figure with its own words, by the conventions of the design."""
    text = gold.extraction.article.text
    reports: list[AttackReport | ClaimReport] = [*gold.extraction.attacks, *gold.extraction.claims]
    for report in reports:
        for harm in Harm:
            for figure in report.figures(harm):
                words = text[figure.span.start : figure.span.end]
                wanted = _expected(words)
                if wanted is not None and wanted != (figure.low, figure.best, figure.high):
                    shown = "/".join("-" if value is None else str(value) for value in wanted)
                    yield f"{report.id}: {harm} {words!r} says {shown} (low/best/high)"


def _expected(words: str) -> tuple[int | None, int | None, int | None] | None:
    """Return low, best, high of plain figures ("at least 26"); None where the words leave more than one reading."""
    folded = words.lower()
    numbers = [int(token.replace(",", "")) for token in re.findall(r"\d[\d,]*", folded) if token.strip(",")]
    numbers += [_NUMBERS[token] for token in re.findall(r"[a-z]+", folded) if token in _NUMBERS and "-" not in folded]
    if re.match(r"(?:dozens|scores|hundreds|several|a number)\b", folded) and not numbers:
        first = folded.split()[0]
        return {"dozens": 24, "scores": 40, "hundreds": 200, "several": 3, "a": 3}[first], None, None
    if len(numbers) != 1:
        return None
    number = numbers[0]
    if re.match(r"at least\b", folded) or re.search(r"\bor more\b", folded):
        return number, None, None
    if re.match(r"(?:more than|over)\b", folded):
        return number + 1, None, None
    if re.match(r"(?:up to|as many as|at most)\b", folded):
        return None, None, number
    if re.match(r"(?:about|around|nearly|almost|some|roughly|approximately)\b", folded):
        return None, number, None
    return (number, number, number) if re.match(rf"(?:the |another |all |\d|{'|'.join(_NUMBERS)})", folded) else None


def _attack_date(attack: AttackReport, gold: Gold) -> Iterator[str]:
    if attack.date is None:
        return
    value = attack.date.value
    if not is_edtf(value):
        yield f"the date {value!r} is not EDTF (2024, 2024-08, 2024-08-02, XXXX-08-02, 2024-08-05/2024-08-11, 2024-08~)"
        return
    published = gold.extraction.article.published
    words = gold.extraction.article.text[attack.date.span.start : attack.date.span.end].lower()
    full = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    weekday = next((index for index, name in enumerate(_WEEKDAYS) if name in words), None)
    if weekday is not None and published is None and not re.search(r"\d", words):
        yield f"a bare weekday ({words!r}) in an article without publication date gives no date"
    if full and weekday is not None and date.fromisoformat(value).weekday() != weekday:
        hint = ""
        if published is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", published):
            day = date.fromisoformat(published)
            day -= timedelta(days=(day.weekday() - weekday) % 7)
            hint = f"; the last {_WEEKDAYS[weekday].title()} up to publication was {day.isoformat()}"
        yield f"{value} is a {_WEEKDAYS[date.fromisoformat(value).weekday()].title()}, the text says {words!r}{hint}"
    if (
        full
        and published is not None
        and attack.status is not AttackStatus.THREATENED
        and value[: len(published)] > published
    ):
        yield f"the date {value} lies after publication ({published})"


def _claims(gold: Gold) -> Iterator[str]:
    types = {entity.id: entity.type for entity in gold.extraction.entities}
    attacks = {attack.id: attack for attack in gold.extraction.attacks}
    for claim in gold.extraction.claims:
        at = f"{claim.id}:"
        if claim.claimant is not None and types[claim.claimant] not in _ACTORS:
            yield f"{at} the claimant {claim.claimant} is a {types[claim.claimant]}, not a Person or Group"
        if claim.kind in {ClaimKind.RESPONSIBILITY, ClaimKind.DENIAL, ClaimKind.THREAT} and not claim.claimant_text:
            yield f"{at} a {claim.kind} needs a claimant, at least in words ('by: - | the group')"
        if claim.stated is not None and not is_edtf(claim.stated):
            yield f"{at} stated {claim.stated!r} is not EDTF"
        if not claim.evidence or not claim.content:
            yield f"{at} needs evidence and content"
        for harm in Harm:
            yield from (
                f"{at} {harm}: {message}" for figure in claim.figures(harm) for message in _figure(figure, types)
            )
        for party in claim.perpetrators:
            if party.actor is not None and types[party.actor] not in _ACTORS:
                yield f"{at} asserted perpetrator {party.actor} is a {types[party.actor]}"
    for attack in attacks.values():
        said = {
            party.actor
            for claim in gold.extraction.claims
            if claim.about == attack.id and claim.kind is ClaimKind.RESPONSIBILITY
            for party in claim.perpetrators
        }
        if attack.status is AttackStatus.THREATENED:  # whoever announces it, owns it
            said |= {claim.claimant for claim in gold.extraction.claims if claim.about == attack.id}
        for party in attack.perpetrators:
            if party.status is PerpetratorStatus.CLAIMED and party.actor not in said:
                yield (
                    f"{attack.id}: perpetrator {party.text!r} is 'claimed', but no responsibility claim asserts it "
                    "(add the claim, with 'perp: e1 | claimed' in it where a spokesman speaks for the group)"
                )


def _relations(gold: Gold) -> Iterator[str]:
    types = {entity.id: entity.type for entity in gold.extraction.entities}
    counts = Counter((relation.subject, relation.predicate, relation.object) for relation in gold.extraction.relations)
    for (subject, predicate, object_), count in counts.items():
        at = f"rel {subject} {predicate} {object_}:"
        if predicate not in PREDICATES:
            yield f"{at} {predicate!r} is not one of {', '.join(PREDICATES)}"
            continue
        subjects, objects = PREDICATES[predicate]
        if types[subject] not in subjects or types[object_] not in objects:
            yield f"{at} a {types[subject]} cannot be {predicate} a {types[object_]}"
        if (subject == object_) != (predicate == "aliasOf"):
            yield f"{at} aliasOf joins an entity with itself (both names belong to one entity); no other relation does"
        if (
            predicate == "aliasOf"
            and len(next(entity for entity in gold.extraction.entities if entity.id == subject).surface_forms) < 2
        ):
            yield f"{at} the entity has one name only"
        if count > 1:
            yield f"{at} stated twice; give both sentences in one line, '| s2, s5'"


_ERRORS: tuple[Callable[[Gold], Iterator[str]], ...] = (
    _header,
    _text,
    _entities,
    _attacks,
    _bounds,
    _claims,
    _relations,
    _round_trip,
)
