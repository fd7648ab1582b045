"""What a source states about its articles: dates, languages, front matter."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentgraph.read.dates import ImpossibleDateError, parse_date
from incidentgraph.read.frontmatter import markdown_paragraphs, split_front_matter
from incidentgraph.read.language import detect_language, stated_language


@pytest.mark.parametrize(
    "stated",
    [
        "2024-03-03", "2024-03-03T23:59:00+03:00", "2024-03-03 10:00:00.123456-05", "2024-03-03T10:00:00Z",
        "2024/03/03",
        "2024.3.3", "20240303", "20240303T100000Z", "Sun, 03 Mar 2024 10:00:00 +0000", "Sunday, 3 March 2024",
        "March 3, 2024", "Mar. 3rd, 2024 at 5:12 PM", "3 March 2024", "3rd of March 2024", "3 de marzo de 2024",
        "3. März 2024", "3 mars 2024", "03.03.2024", "03/03/2024", "1709424000", "1709424000000",
    ],
)  # fmt: skip
def test_dates_in_the_forms_that_sources_use(stated: str) -> None:
    assert parse_date(stated) == "2024-03-03"


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2024-03", "2024-03"), ("March 2024", "2024-03"), ("2024", "2024"), ("25/12/2023", "2023-12-25"),
        ("12/25/2023", "2023-12-25"), ("03/04/2024", None), ("yesterday", None), ("", None), ("n/a", None),
        ("Monday 3 Nonsense 2024", None),
    ],
)  # fmt: skip
def test_dates_that_say_less_or_nothing(stated: str, date: str | None) -> None:
    assert parse_date(stated) == date


@pytest.mark.parametrize("stated", ["2099-01-01", "1 January 2099", "1066-10-14", "2024-02-30", "2024-13-01"])
def test_dates_that_cannot_be_right(stated: str) -> None:
    with pytest.raises(ImpossibleDateError, match=f"publication date {stated}"):
        parse_date(stated)


@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2050, 12, 31)))
def test_iso_dates_come_back_as_they_are(date: object) -> None:
    assert parse_date(str(date)) == str(date)


@given(st.text(max_size=90))
def test_any_text_is_a_date_or_not(text: str) -> None:
    with contextlib.suppress(ImpossibleDateError):
        parse_date(text)


@pytest.mark.parametrize(
    ("stated", "code"), [("en-US", "en"), ("English", "en"), ("eng", "en"), ("pt_BR", "pt"), ("", None), ("und", None)]
)
def test_stated_languages(stated: str, code: str | None) -> None:
    assert stated_language(stated) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Gunmen killed three people in Mopti on Monday, officials said, and the army sent help. " * 3, "en"),
        ("Des hommes armés ont tué trois personnes lundi à Mopti, selon des responsables. " * 3, "fr"),
        ("Вооружённые люди убили трёх человек в понедельник, сообщили власти. " * 3, "ru"),
        ("Gunmen killed three.", None),
        ("Mogadishu Al-Shabaab Raqqa Deir ez-Zor Hassan Sheikh Mohamud Abu Huzaifa al-Ansari " * 3, None),
    ],
)
def test_detected_languages(text: str, code: str | None) -> None:
    assert detect_language(text) == code


def test_front_matter_is_read_and_taken_off() -> None:
    text = (
        '---\n# note\nid: a-1\ntitle: "The \\"quoted\\": one"\ndate: 2024-03-03\nsource: Wire\ntags:\n  - x\n'
        "link: 'https://example.org/it''s'\nlang: en # English\n---\nBody.\n"
    )
    assert split_front_matter(text) == (
        {
            "id": "a-1", "title": 'The "quoted": one', "published": "2024-03-03", "outlet": "Wire",
            "url": "https://example.org/it's", "language": "en",
        },
        "Body.\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Body.", "---\nBody without header.\n---\n", "---\nkey: value\nnever closed", "", "---"]
)
def test_without_front_matter_all_is_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


def test_markdown_markup_is_taken_off() -> None:
    text = (
        "# The *title*\n\nThe **army** [said](https://example.org) that `three` men\n"
        "were __killed__ in snake_case.[^1]\n\n"
        "> A quoted\n> line &amp; more\n\n- first\n- second ![image](a.png)\n\n1. numbered\n\nSub\n---\n\n***\n\n"
        "<!-- hidden\ncomment -->2 \\* 3\n\n[ref]: https://example.org\n"
    )
    assert markdown_paragraphs(text) == (
        "The title",
        [
            "The army said that three men were killed in snake_case.", "A quoted line & more", "first", "second",
            "numbered", "Sub", "2 * 3",
        ],
    )  # fmt: skip


@given(st.text(alphabet="ab #*_`[]()<>!-=\n\\|~", max_size=200))
def test_any_markdown_is_read(text: str) -> None:
    markdown_paragraphs(text)
    split_front_matter(text)
