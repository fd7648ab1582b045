"""Person and Group entities of all articles in, one Actor for each real one out, each merge with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rapidfuzz.distance import JaroWinkler

from incidentgraph import lexicon
from incidentgraph.ids import content_hash, slug
from incidentgraph.records import Actor, Entity, EntityType, Extraction, GroupKind, Member, Reason
from incidentgraph.resolve.cluster import cluster
from incidentgraph.resolve.places import Places
from incidentgraph.spelling import canonical_body, fold, skeleton

# Two words of equal skeleton are one name's spellings above this Jaro-Winkler similarity: "Yusuf" and "Youssef" reach
# 0.83, "Hussein" and "Hasan" 0.75.
_SAME_WORD = 0.78
_ALMOST_SAME_WORD = 0.94  # without equal skeletons: a slip of one letter in a long name


@dataclass(frozen=True, slots=True)
class ResolvedActors:
    records: tuple[Actor, ...]
    ids: dict[Member, str]

    def id_of(self, article: str, local: str | None) -> str | None:
        return self.ids.get(Member(article=article, local=local)) if local else None


@dataclass(frozen=True, slots=True)
class _Mention:
    member: Member
    entity: Entity
    key: str | None  # identity that needs no comparison of names


def resolve_actors(extractions: Sequence[Extraction], places: Places) -> ResolvedActors:
    """Return the actors of these extractions, sorted by id."""
    mentions = {
        member: _Mention(member, entity, _key(entity))
        for extraction in extractions
        for entity in extraction.entities
        if entity.type in {EntityType.PERSON, EntityType.GROUP}
        for member in [Member(article=extraction.article.id, local=entity.id)]
    }
    clusters = cluster(mentions, _pairs(list(mentions.values())))
    drafts = [(_draft([mentions[member] for member in members], reasons, places)) for members, reasons in clusters]
    records = tuple(sorted(_distinct_ids(drafts), key=lambda actor: actor.id))
    return ResolvedActors(records, {member: actor.id for actor in records for member in actor.members})


def _key(entity: Entity) -> str | None:
    """Return what identifies an entity outright: its entry in the actor list, a state, a body of a state."""
    if entity.known_id:
        return f"listed as {entity.known_id}"
    if entity.type is EntityType.GROUP and entity.country:
        if entity.group_kind is GroupKind.STATE:
            return f"the state {entity.country}"
        return f"the {_body(entity)} of {entity.country}"
    return None


def _body(entity: Entity) -> str:
    """Return the body's name without its country: "Syria's Defence Ministry" is the "defence ministry"."""
    shortest = min(entity.surface_forms, key=lambda form: (len(form), form))
    country = next((item for item in lexicon.countries() if item.iso2 == entity.country), None)
    words = fold(shortest)
    for name in sorted((*country.demonyms, *country.names), key=len, reverse=True) if country else ():
        words = words.removeprefix(f"{fold(name)} s ").removeprefix(f"{fold(name)} ")
    return canonical_body(words)


# --- which pairs are one ----------------------------------------------------------------------------------------------


def _pairs(mentions: list[_Mention]) -> Iterator[Reason]:
    by_key: dict[str, list[_Mention]] = defaultdict(list)
    blocks: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.key is not None:
            by_key[f"{mention.entity.type}:{mention.key}"].append(mention)
        for block in _blocks(mention.entity):
            blocks[block].append(mention)
    for key, same in by_key.items():
        first, *others = sorted(same, key=lambda mention: mention.member)
        for other in others:
            yield Reason(first=first.member, second=other.member, score=1.0, why=(f"both are {key.split(':', 1)[1]}",))
    for block in sorted(blocks):
        for first, second in combinations(sorted(blocks[block], key=lambda mention: mention.member), 2):
            if first.key is not None and second.key is not None:
                continue
            reason = _same_name(first, second)
            if reason is not None:
                yield reason


def _blocks(entity: Entity) -> set[str]:
    """Return the keys under which an entity is compared: a person's last word, a group's whole name."""
    if entity.type is EntityType.PERSON:
        return {f"P:{skeleton(words[-1])}" for form in entity.surface_forms if len(words := fold(form).split()) > 1}
    # "the government" of no known state is another one in each article
    return {
        f"G:{fold(form)}"
        for form in entity.surface_forms
        if not _is_acronym(form) and canonical_body(fold(form)) not in lexicon.institutions()
    }


def _is_acronym(form: str) -> bool:
    return " " not in form and form.isupper()


def _same_name(first: _Mention, second: _Mention) -> Reason | None:
    if first.entity.country and second.entity.country and first.entity.country != second.entity.country:
        return None
    best: tuple[float, str] | None = None
    for one in first.entity.surface_forms:
        for other in second.entity.surface_forms:
            score = _likeness(one, other, first.entity.type)
            if score is not None and (best is None or score > best[0]):
                best = (
                    score,
                    f"“{one}” and “{other}” are spellings of one name"
                    if fold(one) != fold(other)
                    else f"same name “{one}”",
                )
    if best is None:
        return None
    return Reason(first=first.member, second=second.member, score=best[0], why=(best[1],))


def _likeness(one: str, other: str, kind: EntityType) -> float | None:
    """Return how surely two names are one, None if they are not; a person needs two words at least."""
    first, second = fold(one).split(), fold(other).split()
    if kind is EntityType.GROUP:
        return 0.95 if first == second and not _is_acronym(one) else None
    if min(len(first), len(second)) < 2:
        return None
    if first == second:
        return 0.95
    if len(first) == len(second):
        scores = [_word_likeness(a, b) for a, b in zip(first, second, strict=True)]
        return 0.7 + 0.2 * min(scores) if all(scores) else None
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    ends = [_word_likeness(longer[0], shorter[0]), _word_likeness(longer[-1], shorter[-1])]
    rest = iter(longer[1:-1])
    inside = all(any(_word_likeness(word, candidate) for candidate in rest) for word in shorter[1:-1])
    return 0.75 if all(ends) and inside else None  # a middle name left out


def _word_likeness(one: str, other: str) -> float:
    similarity = JaroWinkler.similarity(one, other)
    if one == other:
        return 1.0
    if skeleton(one) == skeleton(other) and similarity >= _SAME_WORD:
        return float(similarity)
    return float(similarity) if min(len(one), len(other)) > 6 and similarity >= _ALMOST_SAME_WORD else 0.0


# --- records ----------------------------------------------------------------------------------------------------------


def _draft(mentions: list[_Mention], reasons: tuple[Reason, ...], places: Places) -> Actor:
    forms: Counter[str] = Counter()
    for mention in mentions:
        forms.update(mention.entity.surface_forms)
    known_id = next((mention.entity.known_id for mention in mentions if mention.entity.known_id), None)
    listed = lexicon.known_actors().get(known_id) if known_id else None
    country = next((mention.entity.country for mention in mentions if mention.entity.country), None)
    kinds = Counter(mention.entity.group_kind for mention in mentions if mention.entity.group_kind)
    kind = min(kinds, key=lambda item: (-kinds[item], item)) if kinds else None
    entity_type = mentions[0].entity.type
    is_state = kind is GroupKind.STATE and country is not None
    if listed is not None:
        name = listed.name
    elif is_state:
        name = next((item.names[0] for item in lexicon.countries() if item.iso2 == country), _best(forms))
    elif entity_type is EntityType.GROUP and country and (mentions[0].key or "").startswith("the "):
        name = _body_name(forms, country)
    else:
        name = _best(forms)
    prefix = "person" if entity_type is EntityType.PERSON else "group"
    return Actor(
        id=f"{prefix}/{listed.id if listed else slug(name)}",
        type=entity_type,
        name=name,
        aliases=tuple(sorted(set(forms) - {name})),
        members=tuple(sorted(mention.member for mention in mentions)),
        group_kind=kind,
        country=country,
        known_id=known_id,
        territory=places.country_id(country) if is_state and country else None,
        wikidata=listed.wikidata if listed else None,
        reasons=reasons,
    )


def _best(forms: Counter[str]) -> str:
    """Return the fullest of the common spellings: names before acronyms, more words, more often, then by alphabet."""
    return min(forms, key=lambda form: (_is_acronym(form), -len(form.split()), -forms[form], form))


def _body_name(forms: Counter[str], country: str) -> str:
    """Return a body's name with its country, so that "Defence Ministry" of two states are told apart."""
    owner = next((item for item in lexicon.countries() if item.iso2 == country), None)
    if owner is None:
        return _best(forms)
    owned = [form for form in forms if any(form.startswith(name) for name in (*owner.demonyms, *owner.names))]
    if owned:
        return min(owned, key=lambda form: (form.replace("'", "’").split("’")[0] != form, -forms[form], form))
    return f"{_best(forms)} ({owner.names[0]})"


def _distinct_ids(drafts: list[Actor]) -> Iterator[Actor]:
    """Yield the actors with ids made distinct by a hash of their first member where two have one name."""
    counts = Counter(actor.id for actor in drafts)
    for actor in drafts:
        if counts[actor.id] == 1 or actor.known_id:
            yield actor
        else:
            yield replace(actor, id=f"{actor.id}-{content_hash(str(actor.members[0]))[:8]}")
