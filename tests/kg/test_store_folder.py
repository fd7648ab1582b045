from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

import pytest

from factories import example, make_article, make_extraction, make_hostile, make_wire
from incidentgraph.errors import StoreError
from incidentgraph.ids import DEFAULT_BASE
from incidentgraph.kg.store import article_file, open_store, read_extractions, write_store


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def put(text: bytes) -> object:
    def write(out: BinaryIO) -> None:
        out.write(text)

    return write


def failing(out: BinaryIO) -> None:
    out.write(b"half a ")
    raise OSError(28, "No space left on device")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    store = open_store(tmp_path / "deep" / "out", create=True, version="0.1.0")
    write_store(store, example(), {"graph.nq": put(b"")}, version="0.1.0")  # type: ignore[dict-item]
    assert read_extractions(store) == tuple(sorted(example(), key=lambda extraction: extraction.article.id))
    manifest = json.loads((store.path / "incidentgraph.json").read_text())
    assert manifest == {"format": 1, "base": DEFAULT_BASE, "version": "0.1.0"}
    assert open_store(store.path) == store


def test_ids_that_differ_in_a_sign_get_different_files(tmp_path: Path) -> None:
    store = open_store(tmp_path, create=True)
    names = {article_file(store, article_id).name for article_id in ("a/b", "a b", "../a-b", "A-B", "")}
    assert len(names) == 5
    assert all("/" not in name and not name.startswith(".") for name in names)


def test_half_a_surrogate_pair_survives(tmp_path: Path) -> None:
    store = open_store(tmp_path, create=True)
    odd = make_extraction(make_article("x", "a \ud800 b"))
    write_store(store, [odd], {})
    assert read_extractions(store) == (odd,)


def test_a_failing_step_loses_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path, create=True)
    write_store(store, [make_wire()], {"graph.nq": put(b"old"), "graph.ttl": put(b"old")})  # type: ignore[dict-item]
    before = files(tmp_path)
    with pytest.raises(StoreError, match="No space left"):
        write_store(
            store,
            [make_hostile()],
            {"graph.nq": put(b"new"), "graph.ttl": failing},  # type: ignore[dict-item]
            withdrawn=["wire/1"],
        )
    assert files(tmp_path) == before


def test_any_other_failure_cleans_up_as_well(tmp_path: Path) -> None:
    store = open_store(tmp_path, create=True)
    before = files(tmp_path)

    def broken(out: BinaryIO) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_store(store, [], {"graph.nq": broken})
    assert files(tmp_path) == before


def test_articles_are_added_replaced_and_withdrawn(tmp_path: Path) -> None:
    store = open_store(tmp_path, create=True)
    write_store(store, example(), {})
    changed = make_extraction(make_article("radio", "Nothing happened."))
    write_store(store, [changed], {}, withdrawn=["wire/1"])
    found = {extraction.article.id: extraction for extraction in read_extractions(store)}
    assert set(found) == {"radio", "bad #1?"}
    assert found["radio"] == changed


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        open_store(tmp_path, create=True)
    assert set(files(tmp_path)) == {"thesis.tex"}


def test_a_missing_folder_is_only_made_when_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no graph yet"):
        open_store(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("manifest", ["", "[]", "{}", "no json", '{"format": 1, "base": 3}', "\xff"])
def test_a_damaged_manifest(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "incidentgraph.json").write_bytes(manifest.encode("latin-1"))
    with pytest.raises(StoreError, match=r"incidentgraph"):
        open_store(tmp_path, create=True)


def test_another_format_number(tmp_path: Path) -> None:
    (tmp_path / "incidentgraph.json").write_text('{"format": 2, "base": "urn:x:", "version": "9"}')
    with pytest.raises(StoreError, match="format 2, this version of incidentgraph reads 1"):
        open_store(tmp_path)


def test_another_base(tmp_path: Path) -> None:
    open_store(tmp_path, create=True, base="urn:x:")
    assert open_store(tmp_path).base == "urn:x:"
    with pytest.raises(StoreError, match="built with the base urn:x:"):
        open_store(tmp_path, base="urn:y:")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(StoreError, match="is a file"):
        open_store(tmp_path / "out", create=True)
    with pytest.raises(StoreError):
        open_store(tmp_path / "out" / "deeper", create=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path, create=True)

    def denied(self: Path, *given: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # the tests may run as root, whom no mode stops
    with pytest.raises(StoreError, match="cannot be written: Permission denied"):
        write_store(store, [make_wire()], {})


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"schema": 9}', "null", '{"schema": 1, "article": {}}'])
def test_a_damaged_article_is_named(tmp_path: Path, damage: str) -> None:
    store = open_store(tmp_path, create=True)
    write_store(store, example(), {})
    path = article_file(store, "radio")
    path.write_text(damage)
    with pytest.raises(StoreError, match=path.name):
        read_extractions(store)
