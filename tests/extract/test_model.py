"""The trained extractor: its decoding by hand-made scores, its files, and the shipped model on a short report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from incidentgraph.errors import ExtractError, ResourceError
from incidentgraph.extract.decode_attacks import cluster
from incidentgraph.extract.decode_figures import parse_figure
from incidentgraph.extract.model import MODEL, ModelExtractor
from incidentgraph.extract.network import decode_tags, log_softmax
from incidentgraph.records import Article, EntityType

REPORT = Article(
    id="report",
    published="2024-03-06",
    text=(
        "MAIDUGURI, March 6 - Gunmen on motorcycles attacked the village of Gajiram in Borno state on Tuesday, killing at "
        "least 12 farmers, police said.\n\nBoko Haram claimed responsibility for the attack in a statement."
    ),
)
QUIET = "The ministers of trade met in Geneva on Monday and agreed to meet again in the autumn."


# --- decoding ---------------------------------------------------------------------------------------------------------


def test_an_inside_tag_never_begins_a_span() -> None:
    scores = np.array([[0.0, -9, 3], [0, 5, -9], [0, -9, 5], [5, -9, -9]], dtype=np.float32)
    assert [found[:3] for found in decode_tags(log_softmax(scores), ("Trigger",))] == [(1, 2, "Trigger")]


def test_a_bias_against_outside_finds_more() -> None:
    scores = log_softmax(np.array([[0.5, 0.0, -9]], dtype=np.float32))
    assert not decode_tags(scores, ("Trigger",))
    assert decode_tags(scores, ("Trigger",), bias=1.0)


def test_no_words_have_no_spans() -> None:
    assert decode_tags(np.zeros((0, 3), dtype=np.float32), ("Trigger",)) == []


def test_triggers_join_while_they_are_alike_on_average() -> None:
    likeness = np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]], dtype=np.float32)
    assert cluster(likeness, 0.5) == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("words", "before", "bounds", "who"),
    [
        ("at least 26 people", "", (26, None, None), "people"),
        ("twelve men", "killing no fewer than ", (12, None, None), "men"),
        ("17", "", (17, 17, 17), "people"),
        ("two soldiers and a civilian", "", (3, 3, 3), "soldiers and a civilian"),
        ("a girl of sixteen", "", (1, 1, 1), "girl of sixteen"),
        ("eight of them children", "", (8, 8, 8), "children"),
        ("dozens", "", (24, None, None), "people"),
        ("the attacker", "", (1, 1, 1), "attacker"),
    ],
)
def test_the_words_of_a_figure_give_its_bounds(
    words: str, before: str, bounds: tuple[int | None, ...], who: str
) -> None:
    found = parse_figure(words, before=before)
    assert found is not None
    assert ((found[0].low, found[0].best, found[0].high), found[1]) == (bounds, who)


@pytest.mark.parametrize("words", ["", "people", "more than", "soldiers"])
def test_words_without_a_number_are_no_figure(words: str) -> None:
    assert parse_figure(words) is None


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"model\.json is missing.*--extractor rules"):
        ModelExtractor(tmp_path)


def test_a_card_that_is_no_card_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ResourceError, match="damaged"):
        ModelExtractor(tmp_path)


def test_a_changed_file_is_found_by_its_checksum(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"not a model")
    card = {"version": "1", "encoder": "encoder.onnx", "heads": "heads.npz", "files": {"encoder.onnx": "0" * 64}}
    (tmp_path / "model.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ResourceError, match="checksum"):
        ModelExtractor(tmp_path)


def test_a_file_that_is_no_network_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"not a model")
    card = {"version": "1", "encoder": "encoder.onnx", "heads": "heads.npz", "files": {}}
    (tmp_path / "model.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ResourceError, match="damaged"):
        ModelExtractor(tmp_path)


def test_without_its_runtime_the_model_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ResourceError, match=r"cannot be loaded here.*--extractor rules"):
        ModelExtractor()


def test_the_shipped_model_is_small_enough() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir() if file.is_file()) < 40_000_000


# --- the shipped model ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> ModelExtractor:
    return ModelExtractor()


@pytest.mark.slow
def test_a_plain_report_has_its_attack(model: ModelExtractor) -> None:
    extraction = model.extract(REPORT)
    names = {(entity.type, entity.name) for entity in extraction.entities}
    assert {(EntityType.LOCATION, "Gajiram"), (EntityType.GROUP, "Boko Haram")} <= names
    (attack,) = extraction.attacks
    assert attack.date is not None
    assert attack.date.value == "2024-03-05"
    assert extraction.entity(attack.locations[0].entity).name == "Gajiram"
    assert [(figure.low, figure.high) for figure in attack.killed] == [(12, None)]


@pytest.mark.slow
def test_reading_twice_gives_the_same(model: ModelExtractor) -> None:
    assert model.extract(REPORT) == model.extract(REPORT)


@pytest.mark.slow
def test_a_quiet_text_has_no_attack(model: ModelExtractor) -> None:
    assert model.extract(Article(id="quiet", text=QUIET)).attacks == ()


@pytest.mark.slow
@pytest.mark.parametrize("text", ["?", "!" * 50_000, "Привет, мир. " * 50, "\n\n \n.", "word " * 15_000])
def test_odd_text_is_read_without_complaint(model: ModelExtractor, text: str) -> None:
    assert model.extract(Article(id="odd", text=text)).attacks == ()


def test_empty_text_is_refused(model: ModelExtractor) -> None:
    with pytest.raises(ExtractError, match="no text"):
        model.extract(Article(id="empty", text=" \n"))


def test_a_book_is_refused_in_words(model: ModelExtractor) -> None:
    with pytest.raises(ExtractError, match="longer than 20000 words"):
        model.extract(Article(id="book", text="word " * 20_001))
