"""What the network tells apart: labels of spans, roles of arguments, kinds, and how many values each feature has."""

from __future__ import annotations

from dataclasses import dataclass

from incidentgraph.records import AttackKind, AttackRole, AttackStatus, ClaimKind, GroupKind, Harm
from incidentgraph.records import PerpetratorStatus as Blame

# What is tagged: one B/I/O layer for each family, since phrases of different families overlap.
FAMILIES: dict[str, tuple[str, ...]] = {
    "name": ("Person", "Group", "Location"),
    "weapon": ("Weapon",),
    "party": ("Party",),
    "nominal": ("Nominal",),
    "figure": tuple(harm.value for harm in Harm),
    "trigger": ("Trigger",),
    "cue": ("Cue",),
    "speaker": ("Speaker",),
}
CANDIDATE_TYPES = (
    *("Person", "Group", "Location", "Weapon", "Party", "Nominal", "Speaker", "Date"),
    *(harm.value for harm in Harm),
    *("Trigger", "Cue"),
)
ROLES = ("perpetrator", "target", "victim", "location", "date", "weapon", "figure", "figure_attacker")
BLAMES = tuple(status.value for status in Blame)
KINDS = tuple(kind.value for kind in AttackKind)
STATUSES = tuple(status.value for status in AttackStatus)
ATTACK_ROLES = tuple(role.value for role in AttackRole)
CLAIM_KINDS = tuple(kind.value for kind in ClaimKind)
GROUP_KINDS = tuple(kind.value for kind in GroupKind)
PREDICATES = (
    *("memberOf", "leaderOf", "officialOf", "spokespersonOf", "founderOf", "formerLeaderOf", "formerMemberOf"),
    *("formerOfficialOf", "partOf", "affiliateOf", "alliedWith", "opponentOf", "splitFrom"),
)
# Scores of one span, and of two: name -> number of outputs.
UNARY = {
    "kind": len(KINDS),
    "status": len(STATUSES),
    "role": len(ATTACK_ROLES),
    "claim": len(CLAIM_KINDS),
    "group": len(GROUP_KINDS),
    "real": 1,  # whether a trigger tells of an attack at all
}
PAIRS = {
    "argument": len(ROLES) + len(BLAMES),
    "same": 1,
    "speaker": 1,
    "about": 1,
    "antecedent": 1,
    "relation": len(PREDICATES),
}
# The label sets of public corpora, which differ from ours: tag layers and scorers of their own on the same encoder.
# They cost nothing where only our own task is read (`extract/public.py` applies them).
MUC4_ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
PUBLIC_LAYERS: dict[str, tuple[str, ...]] = {
    "re3d": (
        *("Organisation", "Location", "Person", "Temporal", "Quantity", "Weapon", "DocumentReference"),
        *("MilitaryPlatform", "Nationality", "Money"),
    ),
    **{f"muc4.{role}": (role,) for role in MUC4_ROLES},
    "attribution.cue": ("Cue",),
    "attribution.source": ("Source",),
}
PUBLIC_UNARY = {"muc4": len(MUC4_ROLES)}  # whether words fill a role
PUBLIC_PAIRS = {
    "muc4_same": 1,  # whether two fillers are one entity
    "attribution": 1,  # whether a source is that of a cue
}
FEATURES = (7, 7, 3, 2, 2, 2, 6, 3, 2, 2)  # how many values each word feature has
DISTANCES = 17  # buckets of words between two spans, and of sentences


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may play a part; `first` and `last` are word numbers."""

    first: int
    last: int
    type: str
