"""Records made by hand: two articles about one attack that disagree, and one with strings that mean harm."""

from __future__ import annotations

from typing import Any

from incidentgraph.records import (
    Actor,
    Article,
    Attack,
    AttackKind,
    AttackReport,
    AttackRole,
    AttackStatus,
    Claim,
    ClaimKind,
    ClaimReport,
    Entity,
    EntityType,
    Extraction,
    Figure,
    GroupKind,
    Located,
    Location,
    Member,
    Party,
    PerpetratorStatus,
    Reason,
    Relation,
    RelationReport,
    Resolution,
    Side,
    Span,
    Stated,
    Toll,
)

WIRE = """Blast kills 26 at Mayadin market

A car bomb tore through a market in Mayadin on Sunday, killing at least 26 people, said Gen. Omar Haddad, who leads
the Syrian Interior Ministry. Two attackers also died.

The Islamic State (ISIS) claimed responsibility in a statement carried by Amaq. "Our fighters did it," the group
said."""

RADIO = """Up to 30 people died when a bomb went off on 22 February in al-Mayadeen, a town in Deir ez-Zor, the radio
reported. Damascus blamed ISIS fighters, who have not commented. The Free Men denied any part in it.
"""

HOSTILE = """<script>alert(1)</script> struck "O'Neil" \\ in ]]> Foo\tBar\u2028\u202e with \x07 and \x00 at "}; DROP 😀.

\U0001f600 said: <!-- no --> --> "''' '''."""


def span(text: str, words: str, nth: int = 0) -> Span:
    """Return where `words` stand in `text` for the n-th time."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return Span(start=at, end=at + len(words))


def make_article(id: str = "a", text: str = "A bomb went off.", **given: Any) -> Article:  # noqa: A002
    return Article(id=id, text=text, **given)


def make_entity(
    text: str,
    id: str,  # noqa: A002
    type: EntityType,  # noqa: A002
    *names: str,
    **given: Any,
) -> Entity:
    """Return an entity whose mentions are all the places where one of its names stands; the first is its name."""
    mentions = sorted({span(text, name, i) for name in names for i in range(text.count(name))})
    return Entity(id=id, type=type, name=names[0], surface_forms=names, mentions=tuple(mentions), **given)


def make_attack(text: str, trigger: str, sentence: str, **given: Any) -> AttackReport:
    defaults: dict[str, Any] = {
        "id": "a1",
        "kinds": (AttackKind.BOMBING,),
        "status": AttackStatus.OCCURRED,
        "role": AttackRole.MAIN,
        "trigger": span(text, trigger),
        "evidence": (span(text, sentence),),
    }
    return AttackReport(**(defaults | given))


def make_extraction(article: Article | None = None, **given: Any) -> Extraction:
    return Extraction(article=article or make_article(), extractor="hand-1", **given)


def make_resolution(extractions: tuple[Extraction, ...] | None = None) -> Resolution:
    """Return what the example articles (or those of them given) are resolved to."""
    known = {extraction.article.id for extraction in (example() if extractions is None else extractions)}

    def members(*names: str) -> tuple[Member, ...]:
        found = (Member(article=name.rsplit(":", 1)[0], local=name.rsplit(":", 1)[1]) for name in names)
        return tuple(member for member in found if member.article in known)

    why = Reason(
        first=Member(article="wire/1", local="a1"),
        second=Member(article="radio", local="a1"),
        score=0.93,
        why=("same day", "places 0 km apart"),
    )
    resolution = Resolution(
        actors=(
            _group("group/amaq", "Amaq", GroupKind.MEDIA, members("wire/1:e5")),
            _group("group/free-men", "Free Men", GroupKind.ARMED_GROUP, members("radio:e5"), aliases=("The Free Men",)),
            _group("group/hostile", HOSTILE[:25], GroupKind.OTHER, members("bad #1?:e1")),
            _group(
                "group/islamic-state",
                "Islamic State",
                GroupKind.ARMED_GROUP,
                members("wire/1:e4", "radio:e4"),
                aliases=("ISIS", "The Islamic State"),
                wikidata="Q2429253",
            ),
            _group(
                "group/syria",
                "Syria",
                GroupKind.STATE,
                members("radio:e3"),
                aliases=("Damascus",),
                country="SY",
                territory="location/syria",
            ),
            _group(
                "group/syrian-interior-ministry",
                "Syrian Interior Ministry",
                GroupKind.GOVERNMENT_BODY,
                members("wire/1:e3"),
                country="SY",
            ),
            Actor(
                id="person/omar-haddad",
                type=EntityType.PERSON,
                name="Omar Haddad",
                aliases=("Gen. Omar Haddad",),
                members=members("wire/1:e2"),
            ),
        ),
        locations=(
            Location(
                id="location/deir-ez-zor",
                name="Deir ez-Zor",
                aliases=(),
                members=members("radio:e2"),
                kind="province",
                country="SY",
                iso="SY-DY",
                part_of="location/syria",
            ),
            Location(
                id="location/mayadin",
                name="Mayadin",
                aliases=("al-Mayadeen",),
                members=members("wire/1:e1", "radio:e1"),
                kind="city",
                country="SY",
                lat=35.0197,
                lon=40.4515,
                geonames_id=167596,
                part_of="location/deir-ez-zor",
            ),
            Location(id="location/syria", name="Syria", aliases=(), members=(), kind="country", country="SY", iso="SY"),
        ),
        attacks=(
            Attack(
                id="attack/hostile",
                label=HOSTILE[:40],
                kinds=(AttackKind.UNKNOWN,),
                status=AttackStatus.ALLEGED,
                count=1,
                members=members("bad #1?:a1"),
            ),
            Attack(
                id="attack/mayadin-2026-02-22",
                label="Car bomb in Mayadin, 22 February 2026",
                kinds=(AttackKind.BOMBING,),
                status=AttackStatus.OCCURRED,
                count=1,
                members=members("radio:a1", "wire/1:a1"),
                perpetrators=("group/islamic-state",),
                perpetrator_status=PerpetratorStatus.CLAIMED,
                locations=("location/mayadin",),
                target_descriptions=("a market",),
                weapons=("car bomb",),
                date="2026-02-22",
                earliest="2026-02-22",
                latest="2026-02-22",
                killed=Toll(low=26, best=26, high=30),
                attackers_killed=Toll(low=2, best=2, high=2),
                reasons=(why,),
            ),
        ),
        claims=(
            _claim("bad #1?", "c1", "group/hostile", "attack/hostile"),
            _claim("radio", "c1", "group/syria", "attack/mayadin-2026-02-22", perpetrators=("group/islamic-state",)),
            _claim("radio", "c2", "group/free-men", "attack/mayadin-2026-02-22"),
            _claim("wire/1", "c1", "person/omar-haddad", "attack/mayadin-2026-02-22"),
            _claim(
                "wire/1",
                "c2",
                "group/islamic-state",
                "attack/mayadin-2026-02-22",
                channel="group/amaq",
                perpetrators=("group/islamic-state",),
            ),
        ),
        relations=(
            Relation(
                subject="location/mayadin",
                predicate="partOf",
                object="location/deir-ez-zor",
                members=members("radio:r1"),
            ),
            Relation(
                subject="person/omar-haddad",
                predicate="leaderOf",
                object="group/syrian-interior-ministry",
                members=members("wire/1:r1"),
            ),
        ),
        duplicates={"radio": "wire/1"},
    )
    return resolution if len(known) == 3 else _only(resolution, known)


def example() -> tuple[Extraction, ...]:
    """Return the three example extractions."""
    return make_wire(), make_radio(), make_hostile()


def make_wire() -> Extraction:
    text = WIRE
    first = text[span(text, "A car bomb").start : span(text, "Interior Ministry.").end]
    second = "Two attackers also died."
    third = "The Islamic State (ISIS) claimed responsibility in a statement carried by Amaq."
    fourth = '"Our fighters did it," the group\nsaid.'
    dead = Figure(low=26, best=None, high=None, who="people", span=span(text, "at least 26 people"), according_to="e2")
    exact = Figure(low=26, best=26, high=26, who="", span=span(text, "kills 26"))
    attackers = Figure(low=2, best=2, high=2, who="attackers", span=span(text, "Two attackers"), side=Side.ATTACKER)
    islamic_state = Party(
        text="The Islamic State", span=span(text, "The Islamic State"), actor="e4", status=PerpetratorStatus.CLAIMED
    )
    return make_extraction(
        make_article(
            "wire/1",
            text,
            title="Blast kills 26 at Mayadin market",
            url="https://news.example/1?a=b&c=d",
            outlet="Harbour Wire",
            published="2026-02-23",
            language="en",
        ),
        entities=(
            make_entity(text, "e1", EntityType.LOCATION, "Mayadin"),
            make_entity(text, "e2", EntityType.PERSON, "Gen. Omar Haddad", "Omar Haddad"),
            make_entity(text, "e3", EntityType.GROUP, "Syrian Interior Ministry", group_kind=GroupKind.GOVERNMENT_BODY),
            make_entity(
                text,
                "e4",
                EntityType.GROUP,
                "The Islamic State",
                "Islamic State",
                "ISIS",
                group_kind=GroupKind.ARMED_GROUP,
            ),
            make_entity(text, "e5", EntityType.GROUP, "Amaq", group_kind=GroupKind.MEDIA),
            make_entity(text, "e6", EntityType.WEAPON, "car bomb"),
        ),
        attacks=(
            make_attack(
                text,
                "tore through",
                first,
                evidence=(span(text, first), span(text, second), span(text, third)),
                perpetrators=(islamic_state,),
                targets=(Party(text="a market", span=span(text, "a market")),),
                victims=(Party(text="people", span=span(text, "people")),),
                locations=(Located(entity="e1", span=span(text, "Mayadin", 1)),),
                date=Stated(value="2026-02-22", span=span(text, "Sunday")),
                weapons=(Stated(value="car bomb", span=span(text, "car bomb")),),
                killed=(dead, exact, attackers),
                confidence=0.875,
            ),
        ),
        claims=(
            ClaimReport(
                id="c1",
                kind=ClaimKind.CASUALTY_REPORT,
                claimant="e2",
                claimant_text="Gen. Omar Haddad",
                content="killing at least 26 people",
                cue=span(text, "said"),
                evidence=(span(text, first),),
                about="a1",
                stated="2026-02-23",
                killed=(dead,),
            ),
            ClaimReport(
                id="c2",
                kind=ClaimKind.RESPONSIBILITY,
                claimant="e4",
                claimant_text="The Islamic State",
                content="Our fighters did it",
                cue=span(text, "claimed responsibility"),
                evidence=(span(text, third), span(text, fourth)),
                about="a1",
                channel="a statement carried by Amaq",
                channel_entity="e5",
                perpetrators=(islamic_state,),
                confidence=0.5,
            ),
        ),
        relations=(
            RelationReport(id="r1", subject="e2", predicate="leaderOf", object="e3", evidence=(span(text, first),)),
        ),
    )


def make_radio() -> Extraction:
    text = RADIO
    first = text[: span(text, "reported.").end]
    second = "Damascus blamed ISIS fighters, who have not commented."
    third = "The Free Men denied any part in it."
    blamed = Party(
        text="ISIS fighters", span=span(text, "ISIS fighters"), actor="e4", status=PerpetratorStatus.ATTRIBUTED
    )
    return make_extraction(
        make_article("radio", text, outlet="Radio Furat", published="2026-02", language="en"),
        entities=(
            make_entity(text, "e1", EntityType.LOCATION, "al-Mayadeen"),
            make_entity(text, "e2", EntityType.LOCATION, "Deir ez-Zor"),
            make_entity(text, "e3", EntityType.GROUP, "Damascus", group_kind=GroupKind.STATE, country="SY"),
            make_entity(text, "e4", EntityType.GROUP, "ISIS"),
            make_entity(text, "e5", EntityType.GROUP, "The Free Men", "Free Men"),
        ),
        attacks=(
            make_attack(
                text,
                "a bomb went off",
                first,
                evidence=(span(text, first), span(text, second)),
                perpetrators=(blamed,),
                locations=(Located(entity="e1", span=span(text, "al-Mayadeen")),),
                date=Stated(value="2026-02-22", span=span(text, "22 February")),
                killed=(Figure(low=None, best=None, high=30, who="people", span=span(text, "Up to 30 people")),),
            ),
        ),
        claims=(
            ClaimReport(
                id="c1",
                kind=ClaimKind.ATTRIBUTION,
                claimant="e3",
                claimant_text="Damascus",
                content=second,
                cue=span(text, "blamed"),
                evidence=(span(text, second),),
                about="a1",
                perpetrators=(blamed,),
            ),
            ClaimReport(
                id="c2",
                kind=ClaimKind.DENIAL,
                claimant="e5",
                claimant_text="The Free Men",
                content=third,
                cue=span(text, "denied"),
                evidence=(span(text, third),),
                about="a1",
            ),
        ),
        relations=(
            RelationReport(id="r1", subject="e1", predicate="partOf", object="e2", evidence=(span(text, first),)),
        ),
    )


def make_hostile() -> Extraction:
    text = HOSTILE
    name, other = text[:25], "\U0001f600"
    return make_extraction(
        make_article("bad #1?", text, title='"></title><b>\x0b', url="javascript:alert(1)", outlet="\\\"'\n"),
        entities=(make_entity(text, "e1", EntityType.GROUP, name, other),),
        attacks=(
            make_attack(
                text,
                "struck",
                text[: text.index("\n")],
                kinds=(AttackKind.UNKNOWN,),
                status=AttackStatus.ALLEGED,
                role=AttackRole.BACKGROUND,
                targets=(Party(text='"O\'Neil" \\ in ]]>', span=span(text, '"O\'Neil" \\ in ]]>')),),
                weapons=(Stated(value="\x07 and \x00", span=span(text, "\x07 and \x00")),),
            ),
        ),
        claims=(
            ClaimReport(
                id="c1",
                kind=ClaimKind.OTHER,
                claimant="e1",
                claimant_text=other,
                content="<!-- no --> --> \"''' '''",
                cue=span(text, "said"),
                evidence=(span(text, text[text.index("\U0001f600 said") :]),),
                about="a1",
            ),
        ),
    )


def _group(id: str, name: str, kind: GroupKind, members: tuple[Member, ...], **given: Any) -> Actor:  # noqa: A002
    aliases = given.pop("aliases", ())
    return Actor(id=id, type=EntityType.GROUP, name=name, group_kind=kind, members=members, aliases=aliases, **given)


def _claim(
    article: str,
    local: str,
    claimant: str,
    about: str,
    *,
    channel: str | None = None,
    perpetrators: tuple[str, ...] = (),
) -> Claim:
    return Claim(
        member=Member(article=article, local=local),
        claimant=claimant,
        about=about,
        channel=channel,
        asserted_perpetrators=perpetrators,
    )


def _only(resolution: Resolution, known: set[str]) -> Resolution:
    """Return what is left of the example where some of its articles are not given."""
    return Resolution(
        actors=tuple(actor for actor in resolution.actors if actor.members),
        locations=resolution.locations,
        attacks=tuple(attack for attack in resolution.attacks if attack.members),
        claims=tuple(claim for claim in resolution.claims if claim.member.article in known),
        relations=tuple(relation for relation in resolution.relations if relation.members),
        duplicates={copy: of for copy, of in resolution.duplicates.items() if {copy, of} <= known},
    )
