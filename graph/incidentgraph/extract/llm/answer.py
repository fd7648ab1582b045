"""What the model is asked to answer, as a JSON schema; what it did answer, checked against it.

The lists of kinds and statuses are those of the records. The model never gives an offset, a number or a date: it copies
words, and where they stand and what they amount to is found here, by the rules that every extractor shares.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from incidentgraph.records import (
    AttackKind,
    AttackRole,
    AttackStatus,
    ClaimKind,
    GroupKind,
    Harm,
    PerpetratorStatus,
    Side,
)

Predicate = Literal[
    "memberOf",
    "leaderOf",
    "officialOf",
    "spokespersonOf",
    "founderOf",
    "formerLeaderOf",
    "formerMemberOf",
    "formerOfficialOf",
    "partOf",
    "affiliateOf",
    "alliedWith",
    "opponentOf",
    "splitFrom",
]
_MAX_PROBLEMS = 12


class InvalidAnswer(Exception):  # noqa: N818 - what is the matter, not whose fault it is
    """The answer is not what was asked for; `problems` tell the model, and the user, what is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Part(BaseModel):
    """Every field is required and no other is allowed, as strict structured output wants it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(_Part):
    """Words copied from the text, and the number of the sentence in which they stand."""

    words: str
    sentence: int


class Name(_Part):
    """A name as spelled in the text, and the sentences in which it means this entity; none listed means all."""

    words: str
    sentences: list[int]


class EntityAnswer(_Part):
    id: str
    type: Literal["Person", "Group", "Location"]
    group_kind: GroupKind | None
    names: list[Name]
    references: list[Quote]


class PartyAnswer(_Part):
    entity: str | None
    quote: Quote


class PerpetratorAnswer(PartyAnswer):
    status: PerpetratorStatus


class PlaceAnswer(_Part):
    entity: str
    quote: Quote


class FigureAnswer(_Part):
    harm: Harm
    quote: Quote
    side: Side
    according_to: str | None


class AttackAnswer(_Part):
    id: str
    kinds: list[AttackKind]
    status: AttackStatus
    role: AttackRole
    count: int
    trigger: Quote
    perpetrators: list[PerpetratorAnswer]
    targets: list[PartyAnswer]
    victims: list[PartyAnswer]
    places: list[PlaceAnswer]
    date: Quote | None
    weapons: list[Quote]
    figures: list[FigureAnswer]
    further_sentences: list[int]


class ClaimAnswer(_Part):
    id: str
    kind: ClaimKind
    speaker: PartyAnswer | None
    about: str | None
    cue: Quote
    content: Quote
    channel: PartyAnswer | None
    stated: Quote | None
    perpetrators: list[PerpetratorAnswer]
    figures: list[FigureAnswer]


class RelationAnswer(_Part):
    subject: str
    predicate: Predicate
    object: str
    sentence: int


class Answer(_Part):
    entities: list[EntityAnswer]
    attacks: list[AttackAnswer]
    claims: list[ClaimAnswer]
    relations: list[RelationAnswer]

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Answer:
        entities = [entity.id for entity in self.entities]
        attacks = [attack.id for attack in self.attacks]
        problems = [f"the id {name!r} is given twice" for name in _twice(entities) + _twice(attacks)]
        problems += [f"{attack.id} has no kind" for attack in self.attacks if not attack.kinds]
        named = {name for name in self._entities_named() if name not in set(entities)}
        problems += [f"no entity has the id {name!r}" for name in sorted(named)]
        about = {claim.about for claim in self.claims if claim.about is not None and claim.about not in set(attacks)}
        problems += [f"no attack has the id {name!r}" for name in sorted(about)]
        if problems:
            raise ValueError("; ".join(problems[:_MAX_PROBLEMS]))
        return self

    def _entities_named(self) -> list[str]:
        named: list[str | None] = []
        for attack in self.attacks:
            named += [party.entity for party in (*attack.perpetrators, *attack.targets, *attack.victims)]
            named += [place.entity for place in attack.places]
            named += [figure.according_to for figure in attack.figures]
        for claim in self.claims:
            named += [party.entity for party in (claim.speaker, claim.channel, *claim.perpetrators) if party]
            named += [figure.according_to for figure in claim.figures]
        for relation in self.relations:
            named += [relation.subject, relation.object]
        return [name for name in named if name is not None]


def _twice(names: list[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def answer_schema() -> dict[str, Any]:
    """Return the JSON schema of an answer, without the titles that pydantic adds."""
    schema: dict[str, Any] = _untitled(Answer.model_json_schema())
    return schema


def _untitled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _untitled(item) for key, item in value.items() if not (key == "title" and isinstance(item, str))}
    return [_untitled(item) for item in value] if isinstance(value, list) else value


def parse_answer(text: str) -> Answer:
    """Return the answer in what the model wrote; InvalidAnswer with what is wrong with it."""
    try:
        return Answer.model_validate_json(_bare(text))
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, item['loc'])) or 'answer'}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise InvalidAnswer(problems[:_MAX_PROBLEMS]) from error


def _bare(text: str) -> str:
    """Return the text without the thoughts and the fence that some models put around their JSON."""
    text = re.sub(r"\A\s*<think>.*?</think>", "", text, flags=re.DOTALL).strip()
    fenced = re.fullmatch(r"```\w*\s*(.*?)\s*```", text, re.DOTALL)
    return fenced[1] if fenced else text
