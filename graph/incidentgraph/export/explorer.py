"""One interactive HTML page: the network view -> a file that opens from disk and asks for nothing.

pyvis makes the drawing (its JSON and the vis-network script that it ships); the page around it is our own, because the
template of pyvis runs untrusted text in several corners and names a CDN. Everything read from articles travels as
JSON in a data block and reaches the page as text only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from incidentgraph.errors import ResourceError
from incidentgraph.export.layout import positions

TEMPLATES = Path(__file__).with_name("templates")
LABEL_LIMIT = 38  # characters on the drawing; the panel shows the whole name

# Shape and size (half the width, in pixels at full zoom) of each class. The colours stand in explorer.css, once for
# light and once for dark; shape says the same as colour, for those who cannot tell the colours apart.
SYMBOLS = {
    "Attack": ("diamond", 19),
    "Group": ("square", 13),
    "Person": ("dot", 12),
    "Location": ("triangleDown", 13),
    "Claim": ("hexagon", 6),
    "Other": ("star", 10),
}

# Controls, lone surrogates, marks that turn the direction of what follows. Joiners stay: Persian and emoji need them.
_UNDRAWABLE = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"


class HasNetwork(Protocol):
    """What `write_html` needs of a graph."""

    def network(self) -> Any: ...


def write_html(graph: HasNetwork, out: BinaryIO) -> None:
    """Write the explorer page of `graph` to `out`."""
    out.write(explorer_html(graph.network()).encode("utf-8"))


def explorer_html(network: Any, *, title: str = "incidentgraph") -> str:
    """Return a complete HTML page that draws `network`, a `networkx.MultiDiGraph` as `kg.network` makes it."""
    style = _source("explorer.css")
    scripts = [_vis_network(), _explorer_script()]
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts))}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    # Markup marks what is ours or already escaped; the title is not among it.
    return environment.get_template("explorer.html.j2").render(
        title=_well_formed(title),
        policy=policy,
        style=Markup(style),  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        data=Markup(_embedded(_page_data(network))),  # noqa: S704
    )


def _page_data(network: Any) -> dict[str, Any]:
    nodes = sorted(network, key=str)
    number = {node: i for i, node in enumerate(nodes)}
    edges = sorted(network.edges(keys=True, data=True), key=lambda edge: (str(edge[0]), str(edge[1]), str(edge[2])))
    tables = _Tables()
    return {
        "drawing": _drawing(network, number, edges),
        "nodes": [_node_data(node, network.nodes[node], tables) for node in nodes],
        "edges": [
            [_local_name(attributes.get("predicate") or key), tables.add(attributes.get("evidence"))]
            for _, _, key, attributes in edges
        ],
        "articles": list(tables.articles),
        "quotes": list(tables.quotes),
        "evidence": list(tables.evidence),
    }


def _node_data(node: Hashable, attributes: Mapping[str, Any], tables: _Tables) -> dict[str, Any]:
    return {
        "iri": _well_formed(str(node)),
        "cls": _class(attributes),
        "label": _text(attributes.get("label")) or "",
        "facts": [[str(name), _text(value), tables.add(found)] for name, value, found in attributes.get("facts") or ()],
        "evidence": tables.add(attributes.get("evidence")),
    }


def _drawing(network: Any, number: Mapping[Hashable, int], edges: list[Any]) -> dict[str, Any]:
    """Return the nodes, edges and options of vis-network, as pyvis makes them."""
    from pyvis.network import Network  # loads IPython, which nobody should wait for who only builds a graph

    drawing = Network(directed=True)
    place = positions(network)
    for node, i in number.items():
        attributes = network.nodes[node]
        shape, size = SYMBOLS[_class(attributes)]
        x, y = place[node]
        # Much-linked nodes grow, slowly: a hub of 1,000 links is about twice the size of a leaf.
        grown = round(size * (1 + 0.15 * math.log2(1 + network.degree(node) / 4)))
        # pyvis searches a list for the id at every edge: small integers make that 20 times as fast as IRIs.
        drawing.add_node(
            i, label=_short(attributes.get("label")), shape=shape, group=_class(attributes), x=x, y=y, size=grown
        )
    between: Counter[frozenset[Hashable]] = Counter()
    for i, (source, target, _, _) in enumerate(edges):
        options: dict[str, Any] = {"id": i}
        if "Claim" in (_class(network.nodes[source]), _class(network.nodes[target])):
            options["dashes"] = [4, 4]  # what somebody says, not what is
        nth = between[frozenset((source, target))]
        between[frozenset((source, target))] += 1
        if nth and source != target:  # further relations of the same two nodes are bent, or they would hide each other
            options["smooth"] = {"enabled": True, "type": "curvedCW", "roundness": round(0.12 * nth, 2)}
        drawing.add_edge(number[source], number[target], **options)
    drawing.options = {
        "autoResize": True,
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "multiselect": False,
            "hideEdgesOnDrag": len(edges) > 3000,
            "hideEdgesOnZoom": len(edges) > 3000,
            "keyboard": {"enabled": True, "bindToWindow": False},
        },
        "nodes": {"borderWidth": 1.5, "borderWidthSelected": 4, "font": {"size": 0}},  # explorer.js draws the labels
        "edges": {
            "smooth": False,
            "width": 1,
            "selectionWidth": 1.5,
            "hoverWidth": 1,
            "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}},
            "font": {"size": 0},
        },
    }
    made_nodes, made_edges, _, _, _, options_text = drawing.get_network_data()
    return {"nodes": made_nodes, "edges": made_edges, "options": json.loads(options_text)}


class _Tables:
    """Articles, quotes and evidence, each stored once: a sentence stands behind five facts on average."""

    def __init__(self) -> None:
        self.articles: dict[tuple[str | None, ...], int] = {}
        self.quotes: dict[str, int] = {}
        self.evidence: dict[tuple[int, int, int, int], int] = {}

    def add(self, found: Iterable[Mapping[str, Any]] | None) -> list[int]:
        """Return the numbers of these pieces of evidence, in order, without repeats."""
        return list(dict.fromkeys(self._add_one(piece) for piece in found or ()))

    def _add_one(self, piece: Mapping[str, Any]) -> int:
        source = tuple(_text(piece.get(key)) for key in ("title", "outlet", "published", "url", "article"))
        quote = _text(piece.get("quote")) or ""
        row = (
            self.articles.setdefault(source, len(self.articles)),
            self.quotes.setdefault(quote, len(self.quotes)),
            *_marked(piece, quote),
        )
        return self.evidence.setdefault(row, len(self.evidence))


def _marked(piece: Mapping[str, Any], quote: str) -> tuple[int, int]:
    """Return where the stated words stand in `quote`, counted as JavaScript counts; (0, 0) for nowhere."""
    start, first, last = (piece.get(key) for key in ("start", "span_start", "span_end"))
    if not (isinstance(start, int) and isinstance(first, int) and isinstance(last, int)):
        return 0, 0
    begin, end = first - start, last - start
    if not 0 <= begin < end <= len(quote):
        return 0, 0
    return _utf16_length(quote[:begin]), _utf16_length(quote[:end])


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _class(attributes: Mapping[str, Any]) -> str:
    found = attributes.get("cls")
    return found if isinstance(found, str) and found in SYMBOLS else "Other"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _local_name(predicate: object) -> str:
    return re.split(r"[#/]", str(predicate))[-1]


def _short(label: object) -> str:
    """Return a label for the drawing: one line, no control or direction characters, cut at a word if there is one."""
    text = re.sub(_UNDRAWABLE, " ", str(label or "")[:500])
    text = " ".join(text.split()) or "(no name)"  # pyvis would show its own id instead of an empty label
    if len(text) <= LABEL_LIMIT:
        return text
    cut = text[:LABEL_LIMIT].rsplit(" ", 1)[0]
    return (cut if len(cut) > LABEL_LIMIT // 2 else text[:LABEL_LIMIT]) + "…"


def _embedded(data: object) -> str:
    """Return `data` as JSON that cannot end the script element that holds it, whatever the texts contain."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Lone surrogates cannot be written as UTF-8; a carriage return is already \r in JSON.
    return re.sub("[<>&\u2028\u2029\x7f\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _well_formed(text: str) -> str:
    return re.sub("[\x00-\x1f\x7f\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text)


def _hash(code: str) -> str:
    """Return the CSP source expression that allows exactly this inline code."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def _explorer_script() -> str:
    """Return the three parts of our script in one function, so that no name of theirs is global."""
    parts = (_source(name) for name in ("explorer-data.js", "explorer-panel.js", "explorer.js"))
    return "\n".join(['"use strict";', "(() => {", *parts, "})();", ""])


def _source(name: str) -> str:
    return _inlinable(TEMPLATES / name)


def _vis_network() -> str:
    """Return the vis-network script that pyvis ships; its CSS is for parts we do not use (editing, tooltips)."""
    import pyvis

    found = sorted(Path(pyvis.__file__).parent.glob("templates/lib/vis-*/vis-network.min.js"), key=_version)
    if not found:
        raise ResourceError("pyvis is installed without its vis-network script: reinstall pyvis")
    return re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", _inlinable(found[-1]))


def _version(script: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", script.parent.name)]


def _inlinable(file: Path) -> str:
    """Return the text of a script or style sheet, with the line ends that a browser hashes."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ResourceError(f"{file} cannot be read: reinstall incidentgraph") from error
    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        raise ResourceError(f"{file} cannot stand inside a page: it contains </script, </style or <!--")
    return text
