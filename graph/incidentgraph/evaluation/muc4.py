"""MUC-4 documents with their role fillers in (JSON lines as GRIT has them), CEAF-REE scores out.

CEAF-REE: Du, Rush and Cardie 2021, GRIT (https://aclanthology.org/2021.eacl-main.52): in each document and role the
entities said and those of the key are matched one to one, as well as can be; an entity said is right where all its
mentions are mentions of the entity that it is matched with. Counts are summed over documents and roles.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from incidentgraph.errors import UsageError
from incidentgraph.evaluation.metrics import Count

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
Mentions = tuple[str, ...]  # of one entity
Fillers = Mapping[str, Sequence[Mentions]]  # by role

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True, slots=True)
class Document:
    """A text and who and what fills each role; without a key all roles are empty."""

    id: str
    text: str
    fillers: Fillers


def read_documents(path: Path) -> list[Document]:
    """Return the documents of a file."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            stored = json.loads(line)
            extracts = stored.get("extracts") or {}
            fillers = {
                role: [
                    tuple(mention if isinstance(mention, str) else mention[0] for mention in entity)
                    for entity in extracts.get(role) or []
                    if entity
                ]
                for role in ROLES
            }
            out.append(Document(str(stored["docid"]), str(stored["doctext"]), fillers))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise UsageError(f"{path}:{number}: not a document with docid, doctext and extracts ({error})") from error
    return out


def folded(mention: str) -> str:
    """Return the mention without case, punctuation, articles and further spaces, as it is compared."""
    return " ".join(_ARTICLES.sub(" ", mention.lower().translate(_PUNCTUATION)).split())


def score(pairs: Iterable[tuple[Fillers, Fillers]]) -> dict[str, Count]:
    """Return the counts of all fillers (`fillers`) and of each role, for pairs of what was said and the key."""
    counts = {role: Count() for role in ROLES}
    for said, gold in pairs:
        for role in ROLES:
            counts[role] += _count(said.get(role, ()), gold.get(role, ()))
    return {"fillers": sum(counts.values(), Count()), **counts}


def _count(said: Sequence[Mentions], gold: Sequence[Mentions]) -> Count:
    ours = [{folded(mention) for mention in entity} for entity in said]
    keys = [{folded(mention) for mention in entity} for entity in gold]
    right = np.array([[mentions <= key for mentions in ours] for key in keys], dtype=float).reshape(
        len(keys), len(ours)
    )
    rows, columns = linear_sum_assignment(-right)
    best = float(right[rows, columns].sum())
    return Count(right=best, said=len(ours), found=best, gold=len(keys))
