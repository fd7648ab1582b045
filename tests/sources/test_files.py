"""Files, folders and standard input become items; what cannot be had becomes an error in its place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentgraph.errors import ItemError, ReadError, SourceUnavailable
from incidentgraph.records import RawItem
from incidentgraph.sources import documents, open_sources

BODY = "Gunmen killed three people in Mopti on Monday, officials said."


def read(*names: object, stdin: bytes | None = None) -> tuple[list[RawItem], list[ItemError]]:
    found = list(open_sources([str(name) for name in names], stdin=stdin))
    return [i for i in found if isinstance(i, RawItem)], [i for i in found if isinstance(i, ItemError)]


def test_a_file_is_one_item_named_after_it(tmp_path: Path) -> None:
    file = tmp_path / "first.report.txt"
    file.write_text(BODY)
    (item,), errors = read(file)
    assert not errors
    assert (item.name, item.stem, item.format, item.data) == (str(file), "first.report", "text", BODY.encode())


def test_a_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.md", "a.html", "sub/c.TXT", "sub/.hidden/d.txt", ".e.txt", "f.pdf", "sub/a.htm"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(BODY)
    items, errors = read(tmp_path)
    assert not errors
    assert [Path(item.name).relative_to(tmp_path).as_posix() for item in items] == [
        "a.html", "b.md", "sub/a.htm", "sub/c.TXT",
    ]  # fmt: skip
    assert [item.format for item in items] == ["html", "markdown", "html", "text"]


def test_a_folder_without_articles_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    items, (error,) = read(tmp_path)
    assert not items
    assert isinstance(error, SourceUnavailable)
    assert str(tmp_path) in str(error)
    assert "no article" in str(error)


def test_links_that_lead_back_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    (folder / "a.txt").write_text(BODY)
    (folder / "back").symlink_to(tmp_path)
    (folder / "self").symlink_to(folder)
    (folder / "nothing.txt").symlink_to(folder / "gone.txt")
    items, errors = read(folder)
    assert [item.stem for item in items] == ["a"]
    assert [error.reason for error in errors] == ["no such file or directory"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(BODY)
    items, errors = read(file, tmp_path, f"{tmp_path}/./a.txt")
    assert len(items) == 1
    assert not errors


def test_missing_files_addresses_and_unknown_endings_are_errors_and_the_rest_is_read(tmp_path: Path) -> None:
    good, pdf = tmp_path / "a.txt", tmp_path / "a.pdf"
    good.write_text(BODY)
    pdf.write_text(BODY)
    items, errors = read(tmp_path / "gone.txt", "https://example.org/a.html", pdf, "", "-", "a\0b", good)
    assert [item.stem for item in items] == ["a"]
    assert [type(error) for error in errors] == [SourceUnavailable] * 6
    assert "no such file" in errors[0].reason
    assert errors[1].reason.startswith("not fetched:")
    assert "unknown ending '.pdf'" in errors[2].reason
    assert all("\0" not in str(error) for error in errors)


@pytest.mark.skipif(os.name == "nt", reason="such names cannot exist there")
def test_odd_file_names_are_kept_as_ids_and_printed_on_one_line(tmp_path: Path) -> None:
    for name in ("a\"b'<c>", "line\nbreak"):
        (tmp_path / f"{name}.txt").write_text(BODY)
    Path(os.fsdecode(os.fsencode(str(tmp_path)) + b"/latin\xe9.txt")).write_text(BODY)
    items, errors = read(tmp_path)
    assert not errors
    assert {item.stem for item in items} == {"a\"b'<c>", "line\nbreak", "latin\ufffd"}
    for item in items:
        assert item.name.isprintable()
        item.stem.encode()


def test_json_lines_are_items_and_bad_lines_errors(tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    lines = [
        json.dumps({"id": 7, "text": BODY, "publishedAt": "2024-03-03", "source": {"name": "Wire"}, "link": "u"}),
        "{broken", "", json.dumps({"headline": "no text"}), "[1]", json.dumps({"body": BODY}),
    ]  # fmt: skip
    file.write_text("\ufeff" + "\n".join(lines))
    items, errors = read(file)
    assert [item.name for item in items] == [f"{file}:1", f"{file}:6"]
    assert items[0].metadata == {"id": "7", "published": "2024-03-03", "outlet": "Wire", "url": "u"}
    assert items[1].stem == "wire-6"
    assert [error.item for error in errors] == [f"{file}:2", f"{file}:4", f"{file}:5"]
    assert all(isinstance(error, ReadError) for error in errors)
    assert "no text" in errors[1].reason


@pytest.mark.parametrize(
    ("document", "names"),
    [
        ({"text": BODY}, [""]),
        ([{"text": BODY}, {"maintext": BODY}], ["[0]", "[1]"]),
        ({"articles": [{"content": BODY}]}, ["[0]"]),
    ],
)
def test_json_is_an_object_a_list_or_a_list_of_articles(tmp_path: Path, document: object, names: list[str]) -> None:
    file = tmp_path / "news.json"
    file.write_text(json.dumps(document))
    items, errors = read(file)
    assert not errors
    assert [item.name for item in items] == [f"{file}{name}" for name in names]


@pytest.mark.parametrize("text", ["", "nothing", "[]", "3", "[" * 100_000, '{"title": "no text"}', '{"text": "  "}'])
def test_json_without_articles_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "news.json"
    file.write_text(text)
    items, errors = read(file)
    assert not items
    assert len(errors) == 1


def test_markup_in_a_text_field_is_read_as_html(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    records = [{"content": f"<p>{BODY}</p>"}, {"html": BODY}, {"text": f"{BODY} a < b"}]
    file.write_text("\n".join(map(json.dumps, records)))
    items, _ = read(file)
    assert [item.format for item in items] == ["html", "html", "text"]


def test_half_a_surrogate_pair_in_json_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "news.json"
    file.write_text('{"text": "half \\ud800 a pair"}')
    (item,), _ = read(file)
    assert item.data == b"half ? a pair"


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "cp1252")]
)
def test_csv_is_read_by_its_header(tmp_path: Path, delimiter: str, encoding: str) -> None:
    file = tmp_path / "news.csv"
    rows = [["ID", "Date", "Text"], ["a", "2024-03-03", '"Café, first line\nsecond"'], ["b", "", "Text two"]]
    file.write_text("\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    items, errors = read(file)
    assert not errors
    assert [item.name for item in items] == [f"{file}:2", f"{file}:4"]
    assert items[0].data.decode() == "Café, first line\nsecond"
    assert items[0].metadata == {"id": "a", "published": "2024-03-03"}


def test_csv_rows_that_do_not_fit_are_errors(tmp_path: Path) -> None:
    file = tmp_path / "news.csv"
    file.write_text(f"id,text\na,{BODY}\nb,one\n\nc\n")
    items, errors = read(file)
    assert [item.name for item in items] == [f"{file}:3"]
    assert [(error.item, error.reason[:8]) for error in errors] == [
        (f"{file}:2", "3 fields"),
        (f"{file}:5", "no text:"),
    ]


def test_csv_fields_may_be_long(tmp_path: Path) -> None:
    file = tmp_path / "news.csv"
    file.write_text("text\n" + "word " * 100_000)
    (item,), _ = read(file)
    assert len(item.data) == 499_999


def test_what_is_larger_than_the_limit_is_an_error_and_the_next_line_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 100)
    monkeypatch.setattr("incidentgraph.sources.files.MAX_BYTES", 100)
    lines, text = tmp_path / "a.jsonl", tmp_path / "a.txt"
    lines.write_text(json.dumps({"text": "x" * 5000}) + "\n" + json.dumps({"text": BODY}) + "\n")
    text.write_text("x" * 101)
    items, errors = read(lines, text)
    assert [item.name for item in items] == [f"{lines}:2"]
    assert [error.item for error in errors] == [f"{lines}:1", str(text)]
    assert all("larger than" in error.reason for error in errors)


@pytest.mark.parametrize(
    ("data", "formats"),
    [
        (BODY.encode(), ["text"]),
        (b"---\ntitle: x\n---\n" + BODY.encode(), ["markdown"]),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>x</p>", ["html"]),
        (b'{"text": "a"}\n{"text": "b"}\n', ["text", "text"]),
        (b'{\n "text": "a"}', ["text"]),
        (b'[\n {"text": "a"}]', ["text"]),
    ],
)
def test_standard_input_is_told_by_its_first_characters(data: bytes, formats: list[str]) -> None:
    items, errors = read("-", stdin=data)
    assert not errors
    assert [item.format for item in items] == formats


@given(data=st.binary(max_size=300), kind=st.sampled_from(["json", "jsonl", "csv"]))
def test_no_bytes_raise(data: bytes, kind: str) -> None:
    for item in documents.items_in(data, kind=kind, name="x", stem="x"):
        assert isinstance(item, RawItem | ItemError)
