"""The extractors work inside a spaCy pipeline of the user's own."""

from __future__ import annotations

import pytest
import spacy

from incidentgraph.extract.component import SPANS, incidents

TEXT = "Gunmen of Boko Haram killed three soldiers in Gwoza on Monday, the army said."


@pytest.mark.parametrize("extractor", ["rules", "model"])
def test_a_pipeline_reads_attacks(extractor: str) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("incidentgraph", config={"extractor": extractor})
    doc = nlp.make_doc(TEXT)
    doc._.published = "2024-03-06"
    found = incidents(nlp(doc))
    assert found is not None
    (attack,) = found.attacks
    assert [(figure.low, figure.high) for figure in attack.killed] == [(3, 3)]
    assert attack.date is not None
    assert attack.date.value == "2024-03-04"
    assert {("Boko Haram", "ORG"), ("Gwoza", "LOC")} <= {(span.text, span.label_) for span in doc.spans[SPANS]}


def test_a_doc_without_words_says_nothing() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("incidentgraph", config={"extractor": "rules"})
    assert incidents(nlp("  \n ")) is None


def test_an_unknown_extractor_is_named() -> None:
    with pytest.raises(Exception, match="no extractor 'oracle'"):
        spacy.blank("en").add_pipe("incidentgraph", config={"extractor": "oracle"})
