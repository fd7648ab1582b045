"""IncidentGraph -> JSON-LD: the merged layer, readable as plain JSON, with our context inside.

https://www.w3.org/TR/json-ld11/: a value is written short only where the context says how to read it back; every
other value says its type itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyoxigraph as ox
from rdflib.namespace import RDF, XSD

from incidentgraph import resources
from incidentgraph.export.turtle import described
from incidentgraph.kg.graph import IncidentGraph
from incidentgraph.kg.terms import datatype_of

_WHOLE = re.compile("0|[1-9][0-9]*")


def write_jsonld(graph: IncidentGraph, out: BinaryIO) -> None:
    """Write the merged layer of `graph` to `out`."""
    context = json.loads(resources.path("ontology", "context.jsonld").read_text(encoding="utf-8"))["@context"]
    names = _Context(context)
    out.write(f'{{\n"@context": {json.dumps(context, ensure_ascii=False)},\n"@graph": ['.encode())
    between = "\n"
    for iri, properties in described(graph.store, ox.DefaultGraph()).items():
        node = json.dumps(names.node(iri, properties), ensure_ascii=False, indent=1)
        out.write(f"{between}{node}".encode())
        between = ",\n"
    out.write(b"\n]\n}\n")


@dataclass(frozen=True, slots=True)
class _Term:
    name: str
    type: str | None  # a datatype, "@id", "@vocab", or None for plain strings
    many: bool


class _Context:
    """The names that a JSON-LD context gives to IRIs."""

    def __init__(self, context: dict[str, Any]) -> None:
        self._context = context
        self._terms: dict[str, _Term] = {}
        for name, value in context.items():
            definition = value if isinstance(value, dict) else {"@id": value}
            iri = definition.get("@id")
            if isinstance(iri, str) and not name.startswith("@") and not iri.startswith("@"):
                coerced = definition.get("@type")
                expanded = coerced if coerced is None or coerced.startswith("@") else self._expand(coerced)
                term = _Term(name, expanded, definition.get("@container") == "@set")
                self._terms[self._expand(iri)] = term

    def node(self, iri: str, properties: dict[str, list[Any]]) -> dict[str, Any]:
        node: dict[str, Any] = {"id": iri}
        for predicate, values in properties.items():
            if predicate == str(RDF.type):
                node["type"] = self._one([self._name(value.value) for value in values], many=False)
                continue
            term = self._terms.get(predicate) or _Term(predicate, "", many=False)
            node[term.name] = self._one([self._value(value, term.type) for value in values], many=term.many)
        return node

    def _value(self, value: Any, coerced: str | None) -> Any:
        if isinstance(value, ox.NamedNode):
            if coerced == "@vocab":
                return self._name(value.value)
            return value.value if coerced == "@id" else {"@id": value.value}
        if not isinstance(value, ox.Literal):
            raise TypeError(f"no blank nodes and no triple terms here: {value}")
        if value.language:
            return {"@value": value.value, "@language": value.language}
        datatype = datatype_of(value)
        if datatype == str(XSD.string):
            return value.value if coerced is None else {"@value": value.value}
        if datatype == coerced:
            whole = datatype == str(XSD.nonNegativeInteger) and _WHOLE.fullmatch(value.value)
            return int(value.value) if whole else value.value
        return {"@type": self._name(datatype), "@value": value.value}

    def _one(self, values: list[Any], *, many: bool) -> Any:
        return values if many or len(values) > 1 else values[0]

    def _name(self, iri: str) -> str:
        term = self._terms.get(iri)
        return term.name if term else iri

    def _expand(self, name: str) -> str:
        """Return the IRI of a term, of a compact IRI such as `ig:kind`, or of an IRI."""
        prefix, colon, local = name.partition(":")
        if colon:
            known = self._context.get(prefix)
            return f"{known}{local}" if isinstance(known, str) and not local.startswith("//") else name
        known = self._context.get(name)
        return known if isinstance(known, str) else name
