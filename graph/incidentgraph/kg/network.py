"""The merged layer -> a networkx MultiDiGraph of actors, places, attacks and claims, each fact with its evidence.

Nodes are IRIs with `label`, `cls`, `facts` (name, value, evidence) and `evidence`; edges are keyed by the name of
their predicate, with `predicate` and `evidence`. Articles are not nodes but the sources of evidence. `within` is left
out: it says again what the chain of `partOf` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, RDFS, SKOS

from incidentgraph.kg.terms import to_python
from incidentgraph.vocab import GEO, IG, SCHEMA

if TYPE_CHECKING:
    import networkx as nx

Evidence = dict[str, Any]
Key = tuple[str, str, str]

CLASSES = ("Person", "Group", "Location", "Attack", "Claim")
_LEFT_OUT = {str(RDF.type), str(RDFS.label), str(GEO.asWKT), str(IG.within)}
_ARTICLE_KEYS = {
    str(DCTERMS.identifier): "article",
    str(DCTERMS.title): "title",
    str(IG.outlet): "outlet",
    str(IG.publishedOn): "published",
    str(SCHEMA.url): "url",
}


def build_network(store: ox.Store) -> nx.MultiDiGraph:
    """Return the network of the default graph; nodes and edges come sorted, so that the result is always the same."""
    import networkx as nx

    described = _describe(store)
    classes = {str(IG[name]): name for name in CLASSES}
    nodes = {
        iri: classes[found]
        for iri, properties in described.items()
        for found in map(str, map(to_python, properties.get(str(RDF.type), ())))
        if found in classes
    }
    evidence = _evidence(described)
    network = nx.MultiDiGraph()
    edges: list[tuple[str, str, str, tuple[Evidence, ...]]] = []
    for iri in sorted(nodes):
        facts: list[tuple[str, Any, tuple[Evidence, ...]]] = []
        for predicate, values in sorted(described[iri].items()):
            name = _local_name(predicate)
            for value in sorted(values, key=str):
                found = tuple(evidence.get((iri, predicate, str(value)), ()))
                if isinstance(value, ox.NamedNode) and value.value in nodes:
                    if predicate not in _LEFT_OUT:
                        edges.append((iri, value.value, name, found))
                elif predicate not in _LEFT_OUT:
                    facts.append((name, _shown(value, described), found))
        labels = described[iri].get(str(SKOS.prefLabel), [])
        network.add_node(
            iri,
            label=str(to_python(min(labels, key=str))) if labels else iri,
            cls=nodes[iri],
            facts=tuple(facts),
            evidence=_ordered(piece for _, _, found in facts for piece in found),
        )
    for source, target, name, found in sorted(edges, key=lambda edge: edge[:3]):
        network.add_edge(source, target, key=name, predicate=name, evidence=found)
    return network


Described = dict[str, dict[str, list[Any]]]


def _describe(store: ox.Store) -> Described:
    """Return every subject of the merged layer with its properties and their values."""
    described: Described = defaultdict(lambda: defaultdict(list))
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        described[_name(quad.subject)][quad.predicate.value].append(quad.object)
    return described


def _evidence(described: Described) -> dict[Key, tuple[Evidence, ...]]:
    """Return the evidence of each triple, by article and place in it."""
    sources: dict[str, Evidence] = {}
    found: dict[Key, list[Evidence]] = defaultdict(list)
    for properties in described.values():
        if ox.NamedNode(IG.Evidence) not in properties.get(str(RDF.type), ()):
            continue

        def value(name: str, properties: dict[str, list[Any]] = properties) -> Any:
            return to_python(next(iter(properties.get(str(IG[name]), ())), None))

        article = str(value("inArticle"))
        if article not in sources:
            known = described.get(article, {})
            sources[article] = {
                key: next((str(_plain(v)) for v in known.get(predicate, ())), None)
                for predicate, key in _ARTICLE_KEYS.items()
            }
        key = tuple(properties[str(name)][0] for name in (RDF.subject, RDF.predicate, RDF.object))
        found[_name(key[0]), _name(key[1]), str(key[2])].append(
            {
                **sources[article],
                "start": value("start"),
                "end": value("end"),
                "quote": value("quote"),
                "span_start": value("spanStart"),
                "span_end": value("spanEnd"),
            }
        )
    return {key: _ordered(pieces) for key, pieces in found.items()}


def _ordered(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the pieces by article and position, each once."""
    ordered = {(str(p["article"]), p["span_start"], p["span_end"], p["start"], p["end"]): p for p in pieces}
    return tuple(ordered[key] for key in sorted(ordered))


def _shown(value: Any, described: Described) -> Any:
    """Return a fact's value for people: a concept by its name, another node by what it says."""
    if not isinstance(value, ox.NamedNode):
        return _plain(value)
    if value.value.startswith(str(IG)):
        return _local_name(value.value)
    about = described.get(value.value, {})
    if ox.NamedNode(SKOS.Concept) in about.get(str(RDF.type), ()):  # a kind of an extension's own
        return str(_plain(about[str(SKOS.prefLabel)][0]))

    def texts(name: str) -> list[str]:
        return sorted(str(_plain(v)) for v in about.get(str(IG[name]), ()))

    if about.get(str(IG.harm)):
        return _figure(texts, about, described)
    if about.get(str(IG.reason)):
        return f"{'; '.join(texts('reason'))} ({''.join(texts('score'))})"
    identifiers = about.get(str(DCTERMS.identifier), ())
    return next((str(_plain(v)) for v in identifiers), value.value)


def _figure(texts: Any, about: dict[str, list[Any]], described: Described) -> str:
    low, best, high = ("".join(texts(name)) for name in ("low", "best", "high"))
    number = best or (f"{low} to {high}" if low and high else f"at least {low}" if low else f"up to {high}")
    who = f" ({'; '.join(texts('victimDescription'))})" if about.get(str(IG.victimDescription)) else ""
    side = "attackers " if texts("side") == ["attacker"] else ""
    names = [
        str(_plain(label))
        for source in about.get(str(IG.accordingTo), ())
        for label in described.get(_name(source), {}).get(str(SKOS.prefLabel), ())
    ]
    return f"{side}{''.join(texts('harm'))}: {number}{who}{f', according to {names[0]}' if names else ''}"


def _plain(value: Any) -> Any:
    """Return a literal as str, int or float; dates stay text."""
    found = to_python(value)
    return found if isinstance(found, (str, int, float)) else value.value


def _name(term: Any) -> str:
    return str(term.value)


def _local_name(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
