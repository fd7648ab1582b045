"""A compiled `Gold` in, what may be right but often is not out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from incidentgraph.evaluation.authoring import Gold
from incidentgraph.records import AttackStatus, ClaimKind, Entity, EntityType, Harm, Side, Span

_NO_NAMES_WORDS = """
I The A An In On At It He She They We You But And Or If As For From By To Of With When While After Before No Not
This That These Those There Here Their His Her Its Our My What Who Why How Where Which Some Many Most Two Three Four
Five Six One January February March April May June July August September October November December Monday Tuesday
Wednesday Thursday Friday Saturday Sunday President Prime Minister General Colonel Major Captain Lieutenant Sergeant
Governor Mayor Mr Mrs Ms Dr Sheikh Mullah Imam King Queen Prince Pope Ambassador Secretary Chief Commander Brigadier
Admiral Inspector Superintendent Professor Islamist Islamic Muslim Muslims Christian Christians Jewish Sunni Shiite
Shia Arab Arabs Kurdish French Dutch Greek Turkish Spanish English British American Americans Iraqi Israeli
Pakistani Afghan Somali Yemeni Kuwaiti Thai Filipino Swiss Czech Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
Gen Col Maj Capt Lt Sgt Brig Defence Defense Interior Foreign Health Justice Ramadan Easter Christmas Eid Asr
Maghrib Fajr GMT UTC AM PM CEO MP MPs IED IEDs AK RPG TV SUV SUVs CCTV FM
"""
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
_DEMONYM = re.compile(r"\w{2,}(?:ian|ese|ish|ean|can|ians|eans|cans|iers|ien)$")
_CAPITALS = re.compile(r"\b[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*")


def find_warnings(gold: Gold) -> list[str]:
    """Return what is worth a second look, each with the place it is at."""
    return [f"{gold.path.name}: {message}" for check in _WARNINGS for message in check(gold)]


def _unnamed(gold: Gold) -> Iterator[str]:
    """Capitalised names that belong to no entity and that nobody has set aside with `ignore`."""
    text = gold.extraction.article.text
    covered = [False] * len(text)
    spans = [span for entity in gold.extraction.entities for span in entity.mentions]
    outlet = gold.extraction.article.outlet or ""
    for words in (*gold.ignored, *([outlet] if outlet else [])):
        spans += [Span(start=match.start(), end=match.end()) for match in re.finditer(re.escape(words), text)]
    for span in spans:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    starts = {sentence.start for sentence in gold.sentences}
    found: dict[str, int] = {}
    for match in _CAPITALS.finditer(text):
        names: list[str] = []
        for word in re.finditer(r"\S+", match.group()):
            at = match.start() + word.start()
            plain = re.sub(r"[’']s?$", "", word.group())
            opener = at in starts or text[max(0, at - 1) : at] in {'"', "“", "‘", "("}
            if covered[at] or plain in _NO_NAMES or _DEMONYM.fullmatch(plain) or (opener and " " not in match.group()):
                continue
            names.append(plain)
        if names:
            found.setdefault(" ".join(names), match.start())
    for name, at in found.items():
        number = next(
            (index for index, sentence in enumerate(gold.sentences, 1) if sentence.start <= at < sentence.end), 0
        )
        yield f"s{number}: {name!r} belongs to no entity (add it, or 'ignore = {name}')"


def _thin(gold: Gold) -> Iterator[str]:
    """Attacks, relations and claims that lack what most have."""
    extraction = gold.extraction
    for attack in extraction.attacks:
        victims = [figure for harm in Harm for figure in attack.figures(harm) if figure.side is Side.VICTIM]
        if victims and not attack.victims:
            yield f"{attack.id}: people were harmed but there is no victim"
        if not attack.locations:
            yield f"{attack.id}: no location"
        if attack.status is AttackStatus.THREATENED and not any(
            claim.about == attack.id for claim in extraction.claims
        ):
            yield f"{attack.id}: threatened, but no threat claim is about it"
        for party in attack.perpetrators:
            if party.actor in {target.actor for target in attack.targets if target.actor}:
                yield f"{attack.id}: {party.text!r} is perpetrator and target"
    for relation in extraction.relations:
        for end in (relation.subject, relation.object):
            mentions = extraction.entity(end).mentions
            if not any(
                sentence.start <= span.start < sentence.end for span in mentions for sentence in relation.evidence
            ):
                yield f"rel {relation.subject} {relation.predicate} {relation.object}: {end} is not in the evidence"
    for claim in extraction.claims:
        if claim.kind is ClaimKind.CASUALTY_REPORT and not any(claim.figures(harm) for harm in Harm):
            yield f"{claim.id}: a casualty report without figures (in the claim, or in the attack 'by' the claimant)"
        if claim.kind is ClaimKind.ATTRIBUTION and not claim.perpetrators:
            yield f"{claim.id}: an attribution that names no perpetrator ('perp: e1 | attributed')"


def _shared_names(gold: Gold) -> Iterator[str]:
    """Names of several entities, other than a state and its place."""
    forms = Counter(form.lower() for entity in gold.extraction.entities for form in entity.surface_forms)
    for form, count in forms.items():
        if count > 1 and not _state_and_place(
            [entity for entity in gold.extraction.entities if form in {name.lower() for name in entity.surface_forms}]
        ):
            yield f"{form!r} is a name of {count} entities"


def _state_and_place(entities: list[Entity]) -> bool:
    return {entity.type for entity in entities} == {EntityType.GROUP, EntityType.LOCATION}


_WARNINGS: tuple[Callable[[Gold], Iterator[str]], ...] = (_thin, _shared_names, _unnamed)
