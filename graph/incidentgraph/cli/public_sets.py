"""`incidentgraph evaluate --set …`: a public set's file in, scores of the trained model and its answers out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from incidentgraph.evaluation import muc4, polnear, re3d
from incidentgraph.evaluation.metrics import Count
from incidentgraph.records import Span

if TYPE_CHECKING:
    from incidentgraph.extract.public import PublicReader

Answers = tuple[dict[str, Count], str]  # counts by row, and what was said in the set's own format


def score_re3d(reader: PublicReader, paths: Sequence[Path]) -> Answers:
    pairs, lines = [], []
    for sentence in (sentence for path in paths for sentence in re3d.read_sentences(path)):
        said = reader.entities(*reader.see_tokens(sentence.tokens))
        pairs.append((said, re3d.entities_of(sentence.tags)))
        tags = re3d.tags_of(said, len(sentence.tokens))
        lines += [*(f"{token}\t{tag}" for token, tag in zip(sentence.tokens, tags, strict=True)), ""]
    return re3d.score(pairs), "".join(f"{line}\n" for line in lines)


def score_muc4(reader: PublicReader, paths: Sequence[Path]) -> Answers:
    pairs, lines = [], []
    for document in (document for path in paths for document in muc4.read_documents(path)):
        said = reader.fillers(reader.view_fillers(reader.see(document.text)))
        pairs.append(({role: [(filler.text,) for filler in found] for role, found in said.items()}, document.fillers))
        extracts = {role: [[[filler.text, filler.start]] for filler in found] for role, found in said.items()}
        lines.append({"docid": document.id, "extracts": extracts})
    return muc4.score(pairs), _json_lines(lines)


def score_polnear(reader: PublicReader, paths: Sequence[Path]) -> Answers:
    pairs, lines = [], []
    for document in (document for path in paths for document in polnear.read_documents(path)):
        said = reader.attributions(reader.see(document.text))
        pairs.append((said, document.attributions))
        parts = [
            {"source": _part(document.text, source), "cue": _part(document.text, cue), "content": None}
            for cue, source in said
        ]
        lines.append({"doc_id": document.id, "annotations": [{"annotator": reader.name, "attributions": parts}]})
    return polnear.score(pairs), _json_lines(lines)


SETS: Mapping[str, Callable[[PublicReader, Sequence[Path]], Answers]] = {
    "muc4": score_muc4,
    "polnear": score_polnear,
    "re3d": score_re3d,
}


def _part(text: str, span: Span | None) -> dict[str, object] | None:
    return None if span is None else {"spans": [[span.start, span.end]], "text": text[span.start : span.end]}


def _json_lines(items: Sequence[Mapping[str, object]]) -> str:
    return "".join(f"{json.dumps(item, ensure_ascii=False)}\n" for item in items)
