"""What the network says of cues and speakers in, claims out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from incidentgraph.extract.arguments import find_perpetrators
from incidentgraph.extract.claims import find_channel, find_speeches, find_stated
from incidentgraph.extract.decode_attacks import HARMLESS, ArticleView, Incident, sentences_of
from incidentgraph.extract.network import sigmoid
from incidentgraph.extract.network_labels import CLAIM_KINDS, Candidate
from incidentgraph.extract.sentences import Sentence
from incidentgraph.extract.triggers import find_triggers
from incidentgraph.records import (
    AttackReport,
    ClaimKind,
    ClaimReport,
    EntityType,
    Figure,
    Harm,
    Party,
    PerpetratorStatus,
    Span,
)

SPEAKERS = ("Person", "Group", "Location", "Nominal", "Speaker", "Party")
_WITH_FIGURES = {ClaimKind.CASUALTY_REPORT, ClaimKind.CONFIRMATION, ClaimKind.RESPONSIBILITY}
_NO_ATTACK = -1
_SOON = 6  # sentences within which announced attacks are told of
_NAMED = {EntityType.PERSON, EntityType.GROUP}


def build_claims(
    view: ArticleView,
    cues: Sequence[Candidate],
    incidents: Sequence[Incident],
    attacks: Sequence[AttackReport],
    dismissed: Sequence[Candidate],
) -> list[ClaimReport]:
    """Return what is said about the attacks, by whom."""
    if not cues:
        return []
    network, words, groups = view.network, view.words, view.groups
    kinds = sigmoid(network.unary("claim", view.hidden, cues))
    speakers = [
        (item, owner) for item, owner in zip(groups.candidates, groups.owner, strict=True) if item.type in SPEAKERS
    ]
    said = network.pairs("speaker", view.hidden, words, cues, [item for item, _ in speakers])[:, :, 0]
    triggers = [trigger for incident in incidents for trigger in incident.triggers]
    whose = [number for number, incident in enumerate(incidents) for _ in incident.triggers]
    triggers += dismissed
    whose += [_NO_ATTACK] * len(dismissed)
    told = network.pairs("about", view.hidden, words, cues, triggers)[:, :, 0]
    out: list[ClaimReport] = []
    for row, cue in enumerate(cues):
        speaker = _choose(
            said[row], [owner for _, owner in speakers], network.null("speaker") + view.settings["no_speaker"]
        )
        about = _choose(told[row], whose, network.null("about") + view.settings["about_nothing"])
        attack = attacks[about] if about is not None and about != _NO_ATTACK else None
        claimant, claimant_text, span = None, "", None
        if speaker is not None:
            item = max(
                (index for index, (_, owner) in enumerate(speakers) if owner == speaker),
                key=lambda index: said[row, index],
            )
            span = words.span(speakers[item][0].first, speakers[item][0].last)
            claimant_text = words.text[span.start : span.end]
            claimant = groups.entities[speaker]
        own = [index for index in range(len(CLAIM_KINDS)) if kinds[row, index] > view.settings["claim_kind"]]
        for index in own or [int(kinds[row].argmax())]:
            kind = ClaimKind(CLAIM_KINDS[index])
            if attack is not None and (
                kind is ClaimKind.OTHER or (kind is ClaimKind.CASUALTY_REPORT and attack.status in HARMLESS)
            ):
                kind = ClaimKind.ATTRIBUTION if _accuses(view, cue, claimant) else ClaimKind.OTHER
            announced = _announced(view, cue, incidents) if kind is ClaimKind.RESPONSIBILITY else []
            meant: list[AttackReport | None]
            if announced or about != _NO_ATTACK:
                meant = [attacks[number] for number in announced] or [attack]
            else:  # of attacks in general, of a war or an arrest only these are noted
                meant = [None] if kind in {ClaimKind.THREAT, ClaimKind.RESPONSIBILITY} else []
            for one in meant:
                out.append(_claim(view, cue, kind, claimant, claimant_text, span, one, f"c{len(out) + 1}"))
    return _once(out)


def _once(claims: Sequence[ClaimReport]) -> list[ClaimReport]:
    """Return each speaker's statement of one kind about one attack once, with the sentences of all its repeats."""
    first: dict[tuple[object, ...], ClaimReport] = {}
    for claim in claims:
        speaker = claim.claimant or claim.claimant_text.lower()
        key = (claim.kind, speaker, claim.about) if speaker and claim.about else (claim.id,)
        known = first.setdefault(key, claim)
        if known is not claim:
            first[key] = replace(
                known,
                evidence=tuple(sorted({*known.evidence, *claim.evidence})),
                perpetrators=known.perpetrators or claim.perpetrators,
                killed=tuple(dict.fromkeys((*known.killed, *claim.killed))),
                injured=tuple(dict.fromkeys((*known.injured, *claim.injured))),
                abducted=tuple(dict.fromkeys((*known.abducted, *claim.abducted))),
            )
    return [replace(claim, id=f"c{number}") for number, claim in enumerate(first.values(), 1)]


def _announced(view: ArticleView, cue: Candidate, incidents: Sequence[Incident]) -> list[int]:
    """Return the attacks that the text tells of right after "claimed two new attacks", none unless there are so many."""
    here = int(view.words.sentence[cue.first])
    counts = [trigger.count for trigger in find_triggers(view.sentences[here]) if trigger.is_plural and trigger.count]
    following = [
        number
        for number, incident in enumerate(incidents)
        if here < min(int(view.words.sentence[trigger.first]) for trigger in incident.triggers) <= here + _SOON
    ]
    return following[: counts[0]] if counts and len(following) >= counts[0] else []


def with_told_cues(cues: Sequence[Candidate], view: ArticleView) -> list[Candidate]:
    """Return the network's cues and those of the patterns in other sentences, where their words leave no doubt."""
    busy = {int(view.words.sentence[cue.first]) for cue in cues}
    out = list(cues)
    for number, sentence in enumerate(view.sentences):
        if number in busy:
            continue
        spans = [speech.cue for speech in find_speeches(sentence, view.table) if speech.kind is not ClaimKind.OTHER]
        out += [Candidate(*cover, "Cue") for span in spans if (cover := view.words.cover(span)) is not None]
    return sorted(set(out), key=lambda cue: (cue.first, cue.last))


def with_admissions(attacks: Sequence[AttackReport], claims: Sequence[ClaimReport]) -> list[AttackReport]:
    """Return the attacks with perpetrators `claimed` where, and only where, they say so themselves.

    An attack without a named perpetrator gets those who claim it; one without any those who are accused of it.
    """
    own = {(claim.about, claim.claimant) for claim in claims if claim.kind is ClaimKind.RESPONSIBILITY}
    said = {about for about, _ in own}

    def settled(attack: AttackReport, party: Party) -> Party:
        if (attack.id, party.actor) in own and party.actor is not None:
            return replace(party, status=PerpetratorStatus.CLAIMED)
        if party.status is PerpetratorStatus.CLAIMED and attack.id not in said:
            return replace(party, status=PerpetratorStatus.ATTRIBUTED)
        return party

    def told(attack: AttackReport, kind: ClaimKind) -> tuple[Party, ...]:
        parties = [
            party for claim in claims if claim.about == attack.id and claim.kind is kind for party in claim.perpetrators
        ]
        return tuple({party.actor: party for party in reversed(parties)}.values())

    def all_of(attack: AttackReport) -> tuple[Party, ...]:
        found = attack.perpetrators
        if not any(party.actor for party in found):
            found = told(attack, ClaimKind.RESPONSIBILITY) or found or told(attack, ClaimKind.ATTRIBUTION)
        return tuple(settled(attack, party) for party in found)

    return [replace(attack, perpetrators=all_of(attack)) for attack in attacks]


def _choose(
    scores: np.ndarray[tuple[int, ...], np.dtype[np.float32]], owners: Sequence[int], null: float
) -> int | None:
    """Return the owner with the most probability over all its words, None if "none of them" has more."""
    totals: dict[int, float] = {}
    for score, owner in zip(scores.tolist(), owners, strict=True):
        totals[owner] = float(np.logaddexp(totals.get(owner, -1e4), score))
    best = max(totals, key=lambda owner: totals[owner], default=None)
    return best if best is not None and totals[best] > null else None


def _claim(
    view: ArticleView,
    cue: Candidate,
    kind: ClaimKind,
    claimant: str | None,
    claimant_text: str,
    speaker: Span | None,
    attack: AttackReport | None,
    local: str,
) -> ClaimReport:
    words = view.words
    span = words.span(cue.first, cue.last)
    told = view.sentences[int(words.sentence[cue.first])]
    channel = find_channel(told, view.table, claimant)
    stated = [span] if speaker is None else [span, speaker]
    evidence = sentences_of(words, stated)
    sentence = words.sentences[int(words.sentence[cue.first])]
    perpetrators: tuple[Party, ...] = ()
    figures: dict[Harm, tuple[Figure, ...]] = dict.fromkeys(Harm, ())
    if kind is ClaimKind.RESPONSIBILITY and claimant is not None and speaker is not None:
        perpetrators = (Party(text=claimant_text, span=speaker, actor=claimant, status=PerpetratorStatus.CLAIMED),)
    elif kind is ClaimKind.ATTRIBUTION:
        perpetrators = _accused(view, told, claimant, attack)
    if attack is not None and kind in _WITH_FIGURES:
        figures = {
            harm: tuple(
                replace(figure, according_to=claimant)
                for figure in attack.figures(harm)
                if _inside(figure.span, sentence)
            )
            for harm in Harm
        }
    return ClaimReport(
        id=local,
        kind=kind,
        claimant=claimant,
        claimant_text=claimant_text,
        content=_content(words.text, sentence, span),
        cue=span,
        evidence=evidence,
        about=attack.id if attack else None,
        channel=channel[0] if channel else None,
        channel_entity=channel[1] if channel else None,
        stated=find_stated(told, span),
        perpetrators=perpetrators,
        killed=figures[Harm.KILLED],
        injured=figures[Harm.INJURED],
        abducted=figures[Harm.ABDUCTED],
    )


def _accuses(view: ArticleView, cue: Candidate, claimant: str | None) -> bool:
    """Tell whether the patterns see, in the sentence of the cue, who did it, by name."""
    sentence = view.sentences[int(view.words.sentence[cue.first])]
    seen = find_perpetrators(sentence, 0, len(sentence.mask), view.table)
    return any(party.actor and party.actor != claimant for party in seen)


def _accused(
    view: ArticleView, sentence: Sentence, claimant: str | None, attack: AttackReport | None
) -> tuple[Party, ...]:
    """Return whom the sentence accuses: by its patterns, else those of the attack whom it names."""
    seen = find_perpetrators(sentence, 0, len(sentence.mask), view.table)
    named = tuple(party for party in seen if party.actor and party.actor != claimant)
    known = attack.perpetrators if attack is not None else ()
    return named or tuple(party for party in known if _inside(party.span, sentence.span))


def _inside(span: Span, outer: Span) -> bool:
    return outer.start <= span.start < outer.end


def _content(text: str, sentence: Span, cue: Span) -> str:
    """Return what is said: the longer part of the sentence, before or behind the words of saying."""
    before, after = text[sentence.start : cue.start].strip(' ,“”"'), text[cue.end : sentence.end].strip(' ,“”"')
    return max(before, after, key=len) or text[sentence.start : sentence.end]


def with_sources(attacks: Sequence[AttackReport], claims: Sequence[ClaimReport]) -> list[AttackReport]:
    """Return the attacks with the sources of their figures: who reports them in the same sentence."""
    sources: dict[tuple[str, Span], str] = {}
    for claim in claims:
        if claim.kind is ClaimKind.CASUALTY_REPORT and claim.claimant is not None and claim.about is not None:
            for harm in Harm:
                for figure in claim.figures(harm):
                    sources.setdefault((claim.about, figure.span), claim.claimant)

    def told(attack: AttackReport, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
        return tuple(replace(figure, according_to=sources.get((attack.id, figure.span))) for figure in figures)

    return [
        replace(
            attack,
            killed=told(attack, attack.killed),
            injured=told(attack, attack.injured),
            abducted=told(attack, attack.abducted),
        )
        for attack in attacks
    ]
