"""A model's answer in, an Extraction out. What is not in the words of the text is dropped and counted.

The model says which words mean what. Where they stand is looked up; numbers, dates and places are read from these
words by the rules that every extractor shares, so that no value is the model's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from incidentgraph.extract.annotator import Annotated
from incidentgraph.extract.dates import find_dates
from incidentgraph.extract.decode_figures import parse_figure
from incidentgraph.extract.entities import find_entities
from incidentgraph.extract.llm.answer import (
    Answer,
    AttackAnswer,
    ClaimAnswer,
    FigureAnswer,
    PartyAnswer,
    PerpetratorAnswer,
    PlaceAnswer,
    Quote,
)
from incidentgraph.extract.llm.names import build_table
from incidentgraph.extract.llm.quotes import Quotes, Tally
from incidentgraph.extract.places import choose_places
from incidentgraph.gazetteer import Gazetteer
from incidentgraph.records import (
    Article,
    AttackReport,
    ClaimKind,
    ClaimReport,
    Entity,
    EntityType,
    Extraction,
    Figure,
    Harm,
    Located,
    Party,
    PerpetratorStatus,
    RelationReport,
    Span,
    Stated,
)

_T = TypeVar("_T")
_BEFORE = 40  # characters in front of a figure in which "at least" may stand
_WITH_FIGURES = frozenset((ClaimKind.CASUALTY_REPORT, ClaimKind.CONFIRMATION, ClaimKind.RESPONSIBILITY))


class Reading:
    """One answer being read; its tally tells how much of it stands in the text."""

    def __init__(self, article: Article, answer: Answer, annotated: Annotated, gazetteer: Gazetteer) -> None:
        self.article = article
        self.tally = Tally()
        self._answer = answer
        self._quotes = Quotes(article.text, annotated.sentences)
        known = find_entities(article.text, annotated.sentences, gazetteer, given=annotated.names)
        self._table = build_table(answer.entities, self._quotes, self.tally, known)
        choose_places(self._table, gazetteer)  # writes what is certain of the places into the table
        self._ids = {key: number for (_, key), number in self._table.ids.items()}  # the model's id -> ours
        self._types = {key: kind for kind, key in self._table.ids}

    def extraction(self, extractor: str) -> Extraction:
        """Return the extraction of the answer in the name of an extractor."""
        entities = self._table.entities()
        attacks = {answer.id: attack for answer in self._answer.attacks if (attack := self._attack(answer)) is not None}
        attacks = {old: replace(attack, id=f"a{number}") for number, (old, attack) in enumerate(attacks.items(), 1)}
        claims = _present(self._claim(answer, attacks) for answer in self._answer.claims)
        return Extraction(
            article=self.article,
            extractor=extractor,
            entities=(*entities, *self._weapons(attacks.values())),
            attacks=tuple(attacks.values()),
            claims=tuple(replace(claim, id=f"c{number}") for number, claim in enumerate(claims, 1)),
            relations=self._relations(),
        )

    # --- words --------------------------------------------------------------------------------------------------------

    def _find(self, quote: Quote) -> Span | None:
        return self.tally.counted(self._quotes.find(quote.words, quote.sentence))

    def _said(self, span: Span) -> str:
        return self.article.text[span.start : span.end]

    # --- attacks ------------------------------------------------------------------------------------------------------

    def _actor(self, entity: str | None) -> str | None:
        """Return our id of a person or group, None for what is no actor or is not in the text."""
        if entity is None or self._types.get(entity) not in {EntityType.PERSON, EntityType.GROUP}:
            return None
        return self._ids[entity]

    def _attack(self, answer: AttackAnswer) -> AttackReport | None:
        trigger = self._find(answer.trigger)
        if trigger is None:
            return None
        figures = _present(self._figure(item) for item in answer.figures)
        perpetrators = _present(self._perpetrator(item) for item in answer.perpetrators)
        targets = _present(self._party(item) for item in answer.targets)
        victims = _present(self._party(item) for item in answer.victims)
        locations = _present(self._located(item) for item in answer.places)
        weapons = _present(self._find(item) for item in answer.weapons)
        date = self._date(answer.date) if answer.date else None
        stated = [trigger, *weapons, *(place.span for place in locations), *(figure.span for _, figure in figures)]
        stated += [party.span for party in (*perpetrators, *targets, *victims)]
        stated += [date.span] if date else []
        stated += _present(self._quotes.sentence(number) for number in answer.further_sentences)
        return AttackReport(
            id=answer.id,
            kinds=tuple(dict.fromkeys(answer.kinds)),
            status=answer.status,
            role=answer.role,
            trigger=trigger,
            evidence=self._quotes.holding(stated),
            count=max(answer.count, 1),
            perpetrators=perpetrators,
            targets=targets,
            victims=victims,
            locations=_first_of_each(locations),
            date=date,
            weapons=tuple(Stated(value=self._said(span), span=span) for span in weapons),
            killed=_of(Harm.KILLED, figures),
            injured=_of(Harm.INJURED, figures),
            abducted=_of(Harm.ABDUCTED, figures),
        )

    def _party(self, answer: PartyAnswer) -> Party | None:
        span = self._find(answer.quote)
        return Party(text=self._said(span), span=span, actor=self._actor(answer.entity)) if span else None

    def _perpetrator(self, answer: PerpetratorAnswer) -> Party | None:
        span = self._find(answer.quote)
        if span is None:
            return None
        actor, status = self._actor(answer.entity), answer.status
        if actor is not None and status is PerpetratorStatus.UNKNOWN:  # who is named is at least suspected
            status = PerpetratorStatus.SUSPECTED
        return Party(text=self._said(span), span=span, actor=actor, status=status)

    def _located(self, answer: PlaceAnswer) -> Located | None:
        span = self._find(answer.quote)
        if span is None or self._types.get(answer.entity) is not EntityType.LOCATION:
            return None
        return Located(entity=self._ids[answer.entity], span=span)

    def _figure(self, answer: FigureAnswer) -> tuple[Harm, Figure] | None:
        """Return the figure that the words amount to; words without a number count nobody."""
        span = self._find(answer.quote)
        if span is None:
            return None
        before = self.article.text[max(0, span.start - _BEFORE) : span.start].rpartition("\n")[2]
        found = parse_figure(self._said(span), before=before)
        if found is None:
            self.tally.dropped += 1
            return None
        bounds, who = found
        source = self._actor(answer.according_to)
        figure = Figure(
            low=bounds.low,
            best=bounds.best,
            high=bounds.high,
            who=who,
            span=span,
            side=answer.side,
            according_to=source,
        )
        return answer.harm, figure

    def _date(self, quote: Quote) -> Stated | None:
        """Return the date that the words mean against the publication date; None where they do not settle one."""
        span = self._find(quote)
        if span is None:
            return None
        for sentence in self._quotes.holding([span]):
            body = self.article.text[sentence.start : sentence.end]
            for found in find_dates(body, published=self.article.published, offset=sentence.start):
                if found.span.start < span.end and span.start < found.span.end and found.value is not None:
                    return Stated(value=found.value, span=span)
        return None

    def _weapons(self, attacks: Iterable[AttackReport]) -> tuple[Entity, ...]:
        """Return one Weapon for each word by which the attacks name their weapons."""
        spans: dict[str, set[Span]] = {}
        for stated in (weapon for attack in attacks for weapon in attack.weapons):
            spans.setdefault(stated.value.lower(), set()).add(stated.span)
        out = []
        for number, mentions in enumerate(map(sorted, spans.values()), len(self._table.ids) + 1):
            forms = tuple(dict.fromkeys(map(self._said, mentions)))
            out.append(
                Entity(
                    id=f"e{number}",
                    type=EntityType.WEAPON,
                    name=forms[0],
                    surface_forms=forms,
                    mentions=tuple(mentions),
                )
            )
        return tuple(out)

    # --- claims and relations -----------------------------------------------------------------------------------------

    def _claim(self, answer: ClaimAnswer, attacks: dict[str, AttackReport]) -> ClaimReport | None:
        cue = self._find(answer.cue)
        if cue is None:
            return None
        content = self._find(answer.content)
        speaker = self._party(answer.speaker) if answer.speaker else None
        channel = self._party(answer.channel) if answer.channel else None
        perpetrators = _present(self._perpetrator(item) for item in answer.perpetrators)
        if answer.kind is ClaimKind.RESPONSIBILITY and not perpetrators and speaker and speaker.actor:
            perpetrators = (replace(speaker, status=PerpetratorStatus.CLAIMED),)
        figures = _present(self._figure(item) for item in answer.figures)
        stated = [cue, *([content] if content else []), *(fig.span for _, fig in figures)]
        stated += [party.span for party in (speaker, channel, *perpetrators) if party]
        evidence = self._quotes.holding(stated)
        attack = attacks.get(answer.about) if answer.about else None
        claimant = speaker.actor if speaker else None
        is_source = claimant is not None or answer.kind is ClaimKind.CASUALTY_REPORT
        if attack is not None and not figures and is_source and answer.kind in _WITH_FIGURES:
            figures = tuple(
                (harm, figure)
                for harm in Harm
                for figure in attack.figures(harm)
                if figure.according_to == claimant and any(_within(figure.span, span) for span in evidence)
            )
        date = self._date(answer.stated) if answer.stated else None
        return ClaimReport(
            id=answer.id,
            kind=answer.kind,
            claimant=claimant,
            claimant_text=speaker.text if speaker else "",
            content=self._said(content) if content else "",
            cue=cue,
            evidence=evidence,
            about=attack.id if attack else None,
            channel=channel.text if channel else None,
            channel_entity=channel.actor if channel else None,
            stated=date.value if date else None,
            perpetrators=perpetrators,
            killed=_of(Harm.KILLED, figures),
            injured=_of(Harm.INJURED, figures),
            abducted=_of(Harm.ABDUCTED, figures),
        )

    def _relations(self) -> tuple[RelationReport, ...]:
        """Return the relations between different entities that are in the text."""
        out: dict[tuple[str, str, str], RelationReport] = {}
        for answer in self._answer.relations:
            subject, object_ = self._ids.get(answer.subject), self._ids.get(answer.object)
            sentence = self._quotes.sentence(answer.sentence)
            if self.tally.counted(sentence if subject and object_ else None) is None or sentence is None:
                continue
            if subject is not None and object_ is not None and subject != object_:
                report = RelationReport(
                    id=f"r{len(out) + 1}",
                    subject=subject,
                    predicate=answer.predicate,
                    object=object_,
                    evidence=(sentence,),
                )
                out.setdefault((subject, answer.predicate, object_), report)
        return tuple(out.values())


def _of(harm: Harm, figures: Iterable[tuple[Harm, Figure]]) -> tuple[Figure, ...]:
    return tuple(figure for kind, figure in figures if kind is harm)


def _present(values: Iterable[_T | None]) -> tuple[_T, ...]:
    return tuple(value for value in values if value is not None)


def _first_of_each(locations: Iterable[Located]) -> tuple[Located, ...]:
    first: dict[str, Located] = {}
    for place in locations:
        first.setdefault(place.entity, place)
    return tuple(first.values())


def _within(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end
