"""An extractor as a component of the user's own spaCy pipeline: Doc in, the same Doc with what it says of attacks.

nlp = spacy.blank("en")
nlp.add_pipe("incidentgraph")
doc = nlp("Gunmen killed three soldiers in Gao on Monday.")
doc._.incidents.attacks
"""

from __future__ import annotations

import hashlib

from spacy.language import Language
from spacy.tokens import Doc

from incidentgraph.extract import DEFAULT_EXTRACTOR, Extractor, make_extractor
from incidentgraph.records import Article, EntityType, Extraction

SPANS = "incidentgraph"  # the key of `doc.spans` with all mentions
LABELS = {
    EntityType.PERSON: "PERSON",
    EntityType.GROUP: "ORG",
    EntityType.LOCATION: "LOC",
    EntityType.WEAPON: "WEAPON",
}

if not Doc.has_extension("incidents"):
    Doc.set_extension("incidents", default=None)
if not Doc.has_extension("published"):
    Doc.set_extension("published", default=None)


class IncidentComponent:
    """Reads the text of a Doc; `doc._.published` (EDTF), if it is set before, dates its weekdays."""

    def __init__(self, extractor: Extractor) -> None:
        self.extractor = extractor

    def __call__(self, doc: Doc) -> Doc:
        """Return the Doc with `doc._.incidents` (None for one without words) and `doc.spans["incidentgraph"]`."""
        if not doc.text.strip():
            return doc
        number = hashlib.sha256(doc.text.encode()).hexdigest()[:16]
        found = self.extractor.extract(Article(id=number, text=doc.text, published=doc._.published))
        doc._.incidents = found
        doc.spans[SPANS] = [
            span
            for entity in found.entities
            for mention in entity.mentions
            if (span := doc.char_span(mention.start, mention.end, label=LABELS[entity.type], alignment_mode="expand"))
        ]
        return doc


@Language.factory("incidentgraph", default_config={"extractor": DEFAULT_EXTRACTOR})
def make_component(nlp: Language, name: str, extractor: str) -> IncidentComponent:  # noqa: ARG001 - spaCy's protocol
    """Return the component for `nlp.add_pipe("incidentgraph", config={"extractor": "rules"})`."""
    return IncidentComponent(make_extractor(extractor))


def incidents(doc: Doc) -> Extraction | None:
    """Return what the component read from the Doc, None if it has not been through one."""
    found: Extraction | None = doc._.incidents
    return found
