"""A SPARQL query and a store -> its answer, read-only and without network.

Oxigraph evaluates the query; the default graph is the merged layer and `GRAPH <article>` reaches what one article says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib import Graph

from incidentgraph.errors import QueryError
from incidentgraph.kg.terms import to_python, to_rdflib
from incidentgraph.vocab import PREFIXES

if TYPE_CHECKING:
    import pandas as pd


_TOKEN = re.compile(  # what a keyword must not be looked for in, then words
    r"""(?P<skip><[^<>"{}|^`\\\x00-\x20]*>|\#[^\r\n]*|\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}
    |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'|[?$]\w+)|(?P<prefix>[\w.-]*):(?:[\w.:%-]|\\.)*|(?P<word>\w+)""",
    re.VERBOSE | re.DOTALL,
)
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_PREFIX = re.compile(r"\bprefix\s+([\w.-]*):", re.IGNORECASE)
_UPDATES = {"insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"}


def run_query(store: ox.Store, query: str) -> pd.DataFrame | bool | Graph:
    """Return a DataFrame for SELECT, a bool for ASK, an rdflib Graph for CONSTRUCT and DESCRIBE."""
    try:
        answer = _evaluate(store, query)
        if isinstance(answer, ox.QuerySolutions):
            return _frame(answer)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        graph = Graph()
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        for triple in answer:
            graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
        return graph
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query could not be evaluated: {error}") from error


def _evaluate(store: ox.Store, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    words = _words(query)
    # `5SERVICE<…>` and `SERVICE:name` parse as well, so anything that holds the word counts
    if any("service" in word for word in words):
        raise QueryError("SERVICE is not allowed: a query sees this graph only and never the network")
    try:
        return store.query(query, prefixes=dict(PREFIXES))
    except SyntaxError as error:
        if _UPDATES & set(words) and "select" not in words:
            raise QueryError("updates are not allowed: the graph is derived from the articles") from error
        raise QueryError(_explained(str(error), query)) from error


def _words(query: str) -> list[str]:
    """Return the bare words of the query and the prefixes of its names, in lower case."""
    return [(match["prefix"] or match["word"] or "").lower() for match in _TOKEN.finditer(query)]


def _explained(message: str, query: str) -> str:
    """Return the parser's message with line and column in words, and without its long lists of characters."""
    found = _POSITION.fullmatch(message)
    if not found:
        return f"not a SPARQL query: {message}"
    line, column, expected = found.groups()
    if unknown := _unknown_prefixes(query):
        expected = f"{expected} (or is it the prefix {', '.join(unknown)}, which is not declared?)"
    elif len(expected) > 200:
        expected = f"{expected[:200].rsplit(',', 1)[0]}, …"
    return f"not a SPARQL query: line {line}, column {column}: {expected}"


def _unknown_prefixes(query: str) -> list[str]:
    declared = {*PREFIXES, "_", *(prefix for prefix in _PREFIX.findall(query))}
    used = {match["prefix"] for match in _TOKEN.finditer(query) if match["prefix"] is not None}
    return sorted(f"{prefix}:" for prefix in used - declared)


def _frame(solutions: ox.QuerySolutions) -> pd.DataFrame:
    import pandas as pd

    names = [variable.value for variable in solutions.variables]
    rows = [tuple(to_python(term) for term in solution) for solution in solutions]
    columns = {name: _column([row[i] for row in rows]) for i, name in enumerate(names)}
    return pd.DataFrame(columns, columns=names)


def _column(values: list[object]) -> pd.Series[Any]:
    """Return a column in which whole numbers stay whole beside empty cells."""
    import pandas as pd

    known = [value for value in values if value is not None]
    if known and all(type(value) is int for value in known):
        return pd.Series(values, dtype="Int64")
    return pd.Series(values, dtype=object).infer_objects()
