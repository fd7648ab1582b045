"""The network view -> the same network with plain text and whole numbers only, for formats that know nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from incidentgraph.kg.graph import IncidentGraph

SEPARATOR = " | "
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets


def flat_network(graph: IncidentGraph) -> Any:
    """Return a MultiDiGraph whose attributes are the facts, several values of one joined, and the sentences."""
    network = graph.network()
    flat = type(network)()
    for node, attributes in network.nodes(data=True):
        facts: dict[str, list[Any]] = {}
        for name, value, _ in attributes["facts"]:
            facts.setdefault(name, []).append(value)
        flat.add_node(
            xml_text(node),
            label=xml_text(attributes["label"]),
            cls=attributes["cls"],
            **{name: _joined(values) for name, values in sorted(facts.items()) if name != "prefLabel"},
            evidence=_sentences(attributes["evidence"]),
        )
    for source, target, key, attributes in network.edges(keys=True, data=True):
        flat.add_edge(
            xml_text(source),
            xml_text(target),
            key=key,
            predicate=attributes["predicate"],
            evidence=_sentences(attributes["evidence"]),
        )
    return flat


def xml_text(value: object) -> str:
    """Return `value` as text that XML can hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _joined(values: list[Any]) -> Any:
    if len(values) == 1 and isinstance(values[0], (int, float)):
        return values[0]
    return SEPARATOR.join(xml_text(value) for value in values)


def _sentences(evidence: Iterable[dict[str, Any]]) -> str:
    found = dict.fromkeys(f"{piece['outlet'] or piece['article']}: {piece['quote']}" for piece in evidence)
    return SEPARATOR.join(map(xml_text, found))
