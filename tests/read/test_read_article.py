"""Items of every format become articles, and what is none is refused by name."""

from __future__ import annotations

import time

import pytest

from incidentgraph.errors import ReadError, UsageError
from incidentgraph.read import read_article
from incidentgraph.records import Article, RawItem

LEAD = "Gunmen killed three soldiers at a checkpoint near Mopti on Monday, the army said."
NEXT = "No group has claimed responsibility. The governor said that two attackers died as well."
PAGE = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">
<title>Three killed near Mopti | News Times</title><meta property="og:title" content="Three killed near Mopti">
<meta property="og:site_name" content="News Times">
<meta property="article:published_time" content="2024-03-04T01:00:00+03:00">
<link rel="canonical" href="https://example.org/mopti"></head>
<body><nav><a href="/">Home</a> <a href="/w">World</a></nav><article><h1>Three killed near Mopti</h1>
<p class="byline">By Jane Doe</p><p>{LEAD}</p><div><p>Advertisement: cheap flights</p></div><p>{NEXT}</p></article>
<footer><p>&copy; 2024 News Times</p></footer></body></html>"""


def read(data: str | bytes, kind: str = "text", *, published: str | None = None, **metadata: str) -> Article:
    data = data.encode() if isinstance(data, str) else data
    return read_article(
        RawItem(name="dir/a.x", stem="a", format=kind, data=data, metadata=metadata), published=published
    )


def test_plain_text() -> None:
    assert read(f"Three soldiers killed near Mopti\n\n{LEAD}\r\n\r\n\r\n{NEXT}\n") == Article(
        id="a", title="Three soldiers killed near Mopti", text=f"{LEAD}\n\n{NEXT}", language="en"
    )


def test_html() -> None:
    assert read(PAGE, "html") == Article(
        id="a", title="Three killed near Mopti", text=f"{LEAD}\n\n{NEXT}", url="https://example.org/mopti",
        outlet="News Times", published="2024-03-04", language="en",
    )  # fmt: skip


def test_markdown_with_front_matter() -> None:
    article = read(f"---\nid: m-1\npublished: 4 March 2024\nlang: en\n---\n# Three killed\n\n{LEAD}\n", "markdown")
    assert article == Article(id="m-1", title="Three killed", text=LEAD, published="2024-03-04", language="en")


def test_the_source_goes_before_the_document_and_both_before_the_assumed_date() -> None:
    text = f"---\ntitle: Inner\noutlet: Inner\npublished: 2024-03-04\n---\n{LEAD}"
    article = read(text, "markdown", published="2020-01-01", id=" outer ", title="Outer")
    assert (article.id, article.title, article.outlet, article.published) == ("outer", "Outer", "Inner", "2024-03-04")
    assert read(LEAD, published="3 March 2024").published == "2024-03-03"


def test_an_assumed_date_that_is_none_is_a_wrong_call() -> None:
    for published in ("soon", "2099-01-01"):
        with pytest.raises(UsageError):
            read(LEAD, published=published)


def test_addresses_are_made_fit_for_iris() -> None:
    assert read(LEAD, url="https://example.org/a b<c>").url == "https://example.org/a%20b%3Cc%3E"
    assert read(LEAD, url="javascript:alert(1)").url is None


@pytest.mark.parametrize("data", ["", " \n\t", "Menu\n\nSearch", "Access denied.", "\x00\x00", "---\nid: x\n---\n"])
@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
def test_no_article_text(data: str, kind: str) -> None:
    with pytest.raises(ReadError, match=r"dir/a\.x: "):
        read(data, kind)


def test_the_year_2099() -> None:
    message = "publication date 2099-01-01.* lies in the future beyond what can be right"
    for data, kind in (
        (f"---\ndate: 2099-01-01\n---\n{LEAD}", "markdown"),
        (PAGE.replace("2024-03-04", "2099-01-01"), "html"),
    ):
        with pytest.raises(ReadError, match=message):
            read(data, kind)
    item = RawItem(name="x", stem="x", format="text", data=LEAD.encode(), metadata={"published": "2099-01-01"})
    with pytest.raises(ReadError, match=message):
        read_article(item)


def test_a_stated_date_that_cannot_be_read_is_no_date() -> None:
    item = RawItem(name="x", stem="x", format="text", data=LEAD.encode(), metadata={"published": "n/a"})
    assert read_article(item).published is None
    assert read_article(item, published="2024-03-03").published == "2024-03-03"


@pytest.mark.parametrize(
    "soup",
    [
        f"<b><i>{LEAD}</b> {NEXT}</i><br><td>x<p>",
        f"<p>{LEAD}<p>{NEXT}<div><table><tr></p></p>",
        f"<div {'<div>' * 300}<p>{LEAD}</p>{NEXT}",
        f"<html><html><body><body><div>{LEAD}<script>if (a < b) {{}}</script><p>{NEXT}",
        f"{LEAD} {NEXT}",
    ],
)
def test_tag_soup(soup: str) -> None:
    article = read(soup, "html")
    assert "three soldiers at a checkpoint" in article.text
    assert "<" not in article.text


def test_wrong_encodings() -> None:
    text = "Des hommes armés ont tué trois élèves à Mopti, a déclaré l'armée. Un blessé a été évacué."
    for encoding in ("latin-1", "utf-16", "utf-8-sig"):
        assert read(text.encode(encoding)).text == text
    page = f'<html><head><meta charset="iso-8859-1"></head><body><article><p>{text}</p></article></body></html>'
    assert read(page.encode("latin-1"), "html").text == text


@pytest.mark.parametrize("kind", ["text", "markdown", "html"])
@pytest.mark.parametrize("unit", [b"a line without end ", b"\xe9\xe8 ", b"<p>", b"[*_"])
def test_fifty_megabytes_on_one_line_end_soon(kind: str, unit: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(ReadError, match=r"longer than|more than"):
        read(unit * (50_000_000 // len(unit)), kind)
    assert time.perf_counter() - start < 20


def test_text_is_normal_whatever_the_whitespace() -> None:
    article = read(f"\ufeff  {LEAD}\t\n\n\n \n{NEXT}\u00a0 \u200b\n")
    assert article.text == f"{LEAD}\n\n{NEXT}"


def test_reading_twice_gives_the_same() -> None:
    assert read(PAGE, "html") == read(PAGE, "html")
