"""Terms of the Oxigraph store -> rdflib's terms, and plain Python values for tables.

Oxigraph keeps every integer type as xsd:integer and gives that back. All whole numbers of ours are
xsd:nonNegativeInteger, so the type is put right wherever terms leave the store.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from incidentgraph.errors import QueryError

Value = str | int | float | bool | date | None
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_INTEGERS = {str(XSD.integer), str(XSD.nonNegativeInteger)}
_FLOATS = {str(XSD.double), str(XSD.float)}


def datatype_of(literal: ox.Literal) -> str:
    """Return the IRI of the literal's datatype as it was before the store kept it."""
    datatype = literal.datatype.value
    if datatype == str(XSD.integer) and not literal.value.startswith("-"):
        return str(XSD.nonNegativeInteger)
    return datatype


def to_python(term: Term | None) -> Value:
    """Return a term as the plain Python value that a table shows; None where a variable is not bound."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return term.value
    if not isinstance(term, ox.Literal):
        return str(term)
    datatype, text = term.datatype.value, term.value
    try:
        if datatype in _INTEGERS:
            return int(text)
        if datatype in _FLOATS:
            return float(text)
        if datatype == str(XSD.decimal):
            return float(Decimal(text))
        if datatype == str(XSD.boolean):
            return text in ("true", "1")
        if datatype == str(XSD.date):
            return date.fromisoformat(text)
    except (ValueError, ArithmeticError):
        pass  # a value that its datatype does not allow is shown as it stands
    return text


def to_rdflib(term: Term) -> Node:
    """Return an Oxigraph term as rdflib's; strings get no datatype, as rdflib's own parsers do."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = None if term.datatype.value == str(XSD.string) else URIRef(datatype_of(term))
        return Literal(term.value, datatype=datatype, normalize=False)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise QueryError("triple terms are not supported")
