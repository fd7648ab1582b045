"""A query in queries/*.rq and a store -> a pandas table.

A query gives its rows in long form: ?id ?column ?value, so that no column multiplies the rows of another. Its first
lines say which columns the table has, in order:

    # columns: attack label kinds* date earliest:date killed_best:int

A star marks a list (a sorted tuple), `:int` a whole number that may be missing, `:float` and `:date` likewise.
The first column is ?id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from incidentgraph.errors import QueryError
from incidentgraph.kg.terms import to_python
from incidentgraph.vocab import PREFIXES

if TYPE_CHECKING:
    import pandas as pd

_HEADER = re.compile(r"^# columns:(.*)$", re.MULTILINE)
_DTYPES = {"int": "Int64", "float": "Float64", "date": "datetime64[s]", "": None}


def read_table(store: ox.Store, query: str) -> pd.DataFrame:
    """Return the table that the query describes, one row per ?id, sorted by it."""
    import pandas as pd

    columns = [name for line in _HEADER.findall(query) for name in line.split()]
    rows: dict[str, dict[str, set[Any]]] = {}
    answer = store.query(query, prefixes=dict(PREFIXES))
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("a table needs a SELECT query")
    for subject, name, value in answer:
        row = rows.setdefault(str(to_python(subject)), {})
        if name is not None and value is not None:
            row.setdefault(str(to_python(name)), set()).add(to_python(value))
    ids = sorted(rows)
    series: dict[str, Any] = {}
    for number, declared in enumerate(columns):
        name, _, kind = declared.rstrip("*").partition(":")
        found = [{node} if number == 0 else rows[node].get(name, set()) for node in ids]
        values = [_listed(v) for v in found] if declared.endswith("*") else [_single(v) for v in found]
        series[name] = _typed(pd, values, kind)
    return pd.DataFrame(series)


def _listed(values: set[Any]) -> tuple[Any, ...]:
    return tuple(sorted(values, key=str))


def _single(values: set[Any]) -> Any:
    return min(values, key=str, default=None)


def _typed(pd: Any, values: list[Any], kind: str) -> Any:
    if kind == "date":
        return pd.Series(pd.array(values, dtype=object)).astype(_DTYPES[kind])
    if kind:
        return pd.Series(values, dtype=_DTYPES[kind])
    return pd.Series(values, dtype=object)
