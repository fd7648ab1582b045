"""Bad input is normal: a clear message that names the file, the rest goes on, nothing executes, nothing is lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from incidentgraph.errors import ItemError
from incidentgraph.pipeline import BuildResult, build_graph

GOOD = "A suicide bomber killed 26 people in Maiduguri on Friday. Boko Haram claimed responsibility for the attack."
HOSTILE_NAME = 'Abu "Qarz" <img src=x onerror=alert(1)> </script><script>window.__pwned=1</script>'


def build(folder: Path, tmp_path: Path) -> BuildResult:
    return build_graph([str(folder)], out=tmp_path / "out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    (made / "good.txt").write_text(GOOD, encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("spaces.txt", b" \n\t\n "),
        ("binary.txt", b"\x00\x01\x02PNG\r\n" * 500),
        ("line.txt", b"word " * 10_000_000),
        ("nothing.json", b'{"title": "no text here"}'),
        ("broken.json", b'{"text": "'),
        (
            "future.json",
            b'{"text": "Gunmen killed four people in Gao on Friday, officials said there.", "published": "2099-01-01"}',
        ),
        ("soup.html", b"<html><p><div></p><b>" * 20),
    ],
)
def test_one_bad_file_is_named_and_the_good_one_is_read(
    folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    started = time.monotonic()
    result = build(folder, tmp_path)
    assert time.monotonic() - started < 60  # bounded, not fast: 50 MB are read and refused
    assert [error.item for error in result.skipped] == [str(folder / name)]
    assert result.added == ("good",)


def test_a_latin_1_file_is_read(folder: Path, tmp_path: Path) -> None:
    (folder / "latin.txt").write_bytes(
        "Des hommes armés ont tué quatre soldats à Ménaka, près de la frontière, a déclaré l’armée.".encode("cp1252")
    )
    assert "latin" in build(folder, tmp_path).added


def test_a_missing_file_and_an_empty_folder_are_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    result = build_graph([str(folder), str(tmp_path / "missing.txt"), str(tmp_path / "nothing")])
    assert {Path(error.item).name for error in result.skipped} == {"missing.txt", "nothing"}
    assert all(isinstance(error, ItemError) for error in result.skipped)


@pytest.mark.parametrize(
    "name", ["a 'quoted' \"name\".txt", "a<b>c.txt", "line\nbreak.txt", "ünïcode.txt", "a%20b#c?.txt"]
)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    made = tmp_path / "in"
    made.mkdir()
    (made / name).write_text(GOOD, encoding="utf-8")
    result = build(made, tmp_path)
    assert len(result.added) == 1
    assert len(result.graph.attacks()) == 1
    assert len(build(made, tmp_path).unchanged) == 1


def test_two_files_of_one_name_are_two_articles(tmp_path: Path) -> None:
    for place, text in (("a", GOOD), ("b", GOOD.replace("Maiduguri", "Gao"))):
        (tmp_path / "in" / place).mkdir(parents=True)
        (tmp_path / "in" / place / "report.txt").write_text(text, encoding="utf-8")
    result = build(tmp_path / "in", tmp_path)
    assert len(result.added) == 2
    assert all(article.startswith("report-") for article in result.added)


def test_hostile_text_stays_text(folder: Path, tmp_path: Path) -> None:
    (folder / "hostile.md").write_text(
        f"---\ntitle: {HOSTILE_NAME}\noutlet: {HOSTILE_NAME}\nurl: javascript:alert(1)\n---\n"
        f"President {HOSTILE_NAME} said gunmen killed four people in Gao on Friday.",
        encoding="utf-8",
    )
    build(folder, tmp_path)
    page = (tmp_path / "out" / "explorer.html").read_text(encoding="utf-8")
    assert "<script>window.__pwned" not in page
    assert "<img src=x" not in page
    assert "javascript:alert" not in page


def test_syndicated_copies_are_said(folder: Path, tmp_path: Path) -> None:
    body = " ".join(f"Sentence {number} tells of the bombing in Maiduguri and of its victims." for number in range(30))
    (folder / "one.txt").write_text(body, encoding="utf-8")
    (folder / "two.txt").write_text(body + " Additional reporting from Abuja.", encoding="utf-8")
    assert build(folder, tmp_path).duplicates == {"two": "one"}
