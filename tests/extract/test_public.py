"""Answers in the terms of the public sets: how scores become fillers, entities and attributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from incidentgraph.errors import ResourceError
from incidentgraph.extract.network_labels import MUC4_ROLES, Candidate
from incidentgraph.extract.public import Filler, FillerView, PublicReader, make_reader


class _Network:
    """A network that only knows its card."""

    def __init__(self, *, public: bool = True, **settings: float) -> None:
        self.knows_public_sets = public
        self.card = {"public": settings}
        self.name = "model-0"


def _reader(**settings: float) -> PublicReader:
    network: Any = _Network(**settings)
    return PublicReader(network, None)  # type: ignore[arg-type]  # places are not asked for


def _filler(text: str, role: str, score: float, at: int = 0) -> Filler:
    return Filler(role, text, text, at, Candidate(at, at, "Party"), score, score)


def _said(reader: PublicReader, view: FillerView) -> dict[str, list[str]]:
    return {role: [item.text for item in items] for role, items in reader.fillers(view).items() if items}


def test_fillers_above_their_threshold_are_said_best_first() -> None:
    fillers = [_filler("a bomb", "Weapon", 0.6), _filler("rifles", "Weapon", 0.9), _filler("knife", "Weapon", 0.2)]
    view = FillerView(0.9, fillers, np.zeros((3, 3), dtype=np.float32))
    assert _said(_reader(), view) == {"Weapon": ["rifles", "a bomb"]}
    assert _said(_reader(muc4_Weapon=0.7), view) == {"Weapon": ["rifles"]}


def test_a_document_that_tells_of_nothing_has_no_fillers() -> None:
    view = FillerView(0.1, [_filler("bomb", "Weapon", 0.9)], np.zeros((1, 1), dtype=np.float32))
    assert _said(_reader(muc4_gate=0.5), view) == {}
    assert set(_reader().fillers(view)) == set(MUC4_ROLES)


def test_one_entity_is_said_once_in_a_role() -> None:
    fillers = [
        _filler("fmln", "PerpOrg", 0.9),
        _filler("front", "PerpOrg", 0.8),
        _filler("fmln command", "PerpOrg", 0.7),
        _filler("fmln", "Target", 0.6),
    ]
    same = np.zeros((4, 4), dtype=np.float32)
    same[0, 1] = same[1, 0] = 0.9
    assert _said(_reader(), FillerView(0.9, fillers, same)) == {"PerpOrg": ["fmln"], "Target": ["fmln"]}


def test_a_model_without_public_layers_says_so() -> None:
    network: Any = _Network(public=False)
    with pytest.raises(ResourceError, match="trained without the public sets"):
        PublicReader(network, None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def shipped() -> PublicReader:
    try:
        return make_reader()
    except ResourceError:
        pytest.skip("the shipped model was trained without the public sets")


def test_an_empty_text_has_no_answers(shipped: PublicReader) -> None:
    seen = shipped.see("")
    assert not any(shipped.fillers(shipped.view_fillers(seen)).values())
    assert shipped.attributions(seen) == []
    assert shipped.entities(*shipped.see_tokens(())) == set()


def test_the_shipped_model_finds_plain_fillers(shipped: PublicReader) -> None:
    text = "guerrillas of the fmln exploded a bomb in san salvador today. the bomb killed mayor jose lopez."
    said = shipped.fillers(shipped.view_fillers(shipped.see(text)))
    assert [item.text for item in said["Weapon"]] in (["bomb"], ["a bomb"])
    assert any("lopez" in item.text for item in said["Victim"])


def test_the_shipped_model_finds_plain_entities(shipped: PublicReader) -> None:
    tokens = ["The", "Syrian", "Army", "shelled", "Aleppo", "on", "Monday", "."]
    assert ("Location", 4, 4) in shipped.entities(*shipped.see_tokens(tokens))
