"""A name and a network in, what is known about the nodes of that name out, each fact with its sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incidentgraph.spelling import fold

if TYPE_CHECKING:
    import networkx as nx

# What an entity is called when the edge is read from its other end.
_INVERSE = {
    "perpetrator": "Attacks as perpetrator",
    "target": "Attacks as target",
    "victim": "Attacks as victim",
    "location": "Attacks here",
    "claimant": "Claims made",
    "about": "Claims",
    "channel": "Claims carried",
    "assertsPerpetrator": "Claims naming it as perpetrator",
}
_MERGING = frozenset(("mergedFrom", "mergeDecision", "figure", "reportedIn", "inArticle"))
_NAMES = frozenset(("prefLabel", "altLabel"))


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence and where it stands."""

    quote: str
    named: str  # outlet, title and date as far as known


@dataclass(frozen=True, slots=True)
class Fact:
    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    iri: str
    label: str
    cls: str
    sections: tuple[Section, ...]


def find_dossiers(network: nx.MultiDiGraph, name: str) -> list[Dossier]:
    """Return the dossiers of all nodes with this IRI or name; if there are none, of those whose label holds it."""
    if name in network:
        return [_dossier(network, name)]
    wanted = fold(name)
    nodes = [(iri, data) for iri, data in network.nodes(data=True) if data["cls"] != "Claim"]
    exact = [iri for iri, data in nodes if wanted in {fold(label) for label in _labels(data)}]
    loose = [iri for iri, data in nodes if wanted and any(wanted in fold(label) for label in _labels(data))]
    return [_dossier(network, iri) for iri in sorted(exact or loose)]


def _labels(data: dict[str, Any]) -> Iterator[str]:
    yield data["label"]
    for name, value, _ in data["facts"]:
        if name in _NAMES:
            yield str(value)


def _dossier(network: nx.MultiDiGraph, iri: str) -> Dossier:
    data = network.nodes[iri]
    sections: dict[str, list[Fact]] = defaultdict(list)
    for name, value, evidence in data["facts"]:
        if name not in _MERGING:
            title = "Names" if name in _NAMES else "Facts"
            sections[title].append(Fact(str(value) if name in _NAMES else f"{name}: {value}", _sources(evidence)))
    for _, target, key, edge in network.out_edges(iri, keys=True, data=True):
        if key not in _MERGING:
            sections["Relations"].append(Fact(f"{key} {_named(network, target)}", _sources(edge["evidence"])))
    for source, _, key, edge in network.in_edges(iri, keys=True, data=True):
        if key in _MERGING:
            continue
        title = _INVERSE.get(key, "Relations")
        text = _named(network, source) if key in _INVERSE else f"{_named(network, source)} {key} this"
        sections[title].append(Fact(text, _sources(edge["evidence"])))
    order = ["Names", "Facts", "Relations", *_INVERSE.values()]
    return Dossier(
        iri=iri,
        label=data["label"],
        cls=data["cls"],
        sections=tuple(
            Section(title, tuple(sorted(sections[title], key=lambda fact: fact.text)))
            for title in order
            if sections[title]
        ),
    )


def _named(network: nx.MultiDiGraph, iri: str) -> str:
    return str(network.nodes[iri]["label"])


def _sources(evidence: Iterable[dict[str, Any]]) -> tuple[Source, ...]:
    found: dict[tuple[str, str], Source] = {}
    for piece in evidence:
        stated = (piece["outlet"], piece["title"], piece["published"])
        named = ", ".join(str(part) for part in stated if part) or str(piece["article"])
        found.setdefault((named, piece["quote"]), Source(piece["quote"], named))
    return tuple(found.values())
