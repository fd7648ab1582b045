"""Page furniture goes, the article stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentgraph.read.dates import ImpossibleDateError
from incidentgraph.read.furniture import stated_date, strip_furniture
from incidentgraph.read.patterns import match_pattern
from incidentgraph.read.text import paragraphs

TITLE = "Gunmen Kill Three at Checkpoint Near Mopti as Army Denies Withdrawal"
LEAD = (
    "Gunmen killed three soldiers at a checkpoint near Mopti on Monday, the army said, denying that it had withdrawn."
)
NEXT = "No group has claimed responsibility. The governor said that two attackers died as well."

DUMP = f"""Menu

Search

\xa0 \xa0|\xa0 \xa0 Politics

We value your privacy
We and our 99 partners use cookies to store information on your device. Accept all

{TITLE}

By Staff Writer | 4 March 2024

0
4

Share on Facebook  Share on X

{TITLE}. Source: By Ministry of Information, CC BY 3.0, via Wikimedia Commons

{LEAD}

Read also: Bomb kills ten in market

Advertisement

A new phase

"We ran."

{NEXT}

  • Market Data
Close

Welcome to NewsTimes

Sign up for daily updates for the most important
stories unfolding in the region.

LEAVE A REPLY

Please enter your comment!
Please enter your name here
They killed 500 of us in 2018 and nobody wrote about it anywhere in the world.
"""


def test_a_dump_keeps_its_article_title_and_date() -> None:
    cleaned = strip_furniture(paragraphs(DUMP))
    assert cleaned.title == TITLE
    assert cleaned.published == "2024-03-04"
    assert cleaned.paragraphs == (LEAD, "A new phase", '"We ran."', NEXT)


@pytest.mark.parametrize(
    "line",
    [
        "Menu", "|   Politics", "Home > Africa > Mali", "World | Sport | Money", "312", "4.1k views", "5 min read",
        "ADVERTISEMENT", "Continue reading below", "We use cookies to improve this site.", "Sign up for our newsletter",
        "Subscribe to our channel", "LEAVE A REPLY", "Please enter your comment!", "3 COMMENTS", "Tags: Mali, Mopti",
        "Read also: Bomb kills ten", "Lire aussi : Trois morts à Mopti",
        "Leer también: Tres muertos", "Related stories",
        "More on this:", "Soldiers patrol in Mopti. (Photo: AFP/Getty)", "Image credit: Jane Doe",
        "A soldier in Bamako on Monday [Jane Doe/AFP]", "The scene in Mopti. REUTERS/Jane Doe",
        "People flee, March 2024. Source: By X, CC BY 3.0, via Wikimedia Commons", "By Jane Doe and John Roe in Bamako",
        "By Staff Writer", "Reporting by Jane Doe in Bamako; Editing by John Roe", "(Reporting by Jane Doe)",
        "© 2024 NewsTimes. All rights reserved.", "Copyright 2024 The Agency.", "Previous article", "Share on WhatsApp",
        "desk@example.org", "• Market Data", "Close", "Welcome to NewsTimes", "Most read",
    ],
)  # fmt: skip
def test_furniture_is_recognised(line: str) -> None:
    assert match_pattern(" ".join(line.split()))


@pytest.mark.parametrize(
    "line",
    [
        LEAD, NEXT, "Renewed focus on Syria", "Good evening.", '"We ran."', "By Monday the toll had risen to 30.",
        "MOGADISHU, Aug 3 (Wire) — A bomb went off on Lido Beach.", "The army said two died. (Reuters)",
        "More than 300 people were killed (source: a monitor).", "Reporting by the mission found 30 dead, it said.",
        "Searches went on.", "Related attacks killed five.", "The statement was carried via AFP.", "PESHAWAR:",
        "Close to the border, 30 died.", "Friday, 15:40", "Claim by IS", "Accept all demands, gunmen say",
        "It was a grim picture: 30 dead.", "Video of the attack was posted on Telegram.", "They killed 3.",
    ],
)  # fmt: skip
def test_sentences_and_headings_are_no_furniture(line: str) -> None:
    assert match_pattern(line) is None


def test_a_radio_script_of_short_lines_is_kept() -> None:
    lines = ["Good evening.", LEAD, "How many?", NEXT, "We'll have more at ten."]
    assert strip_furniture([[line] for line in lines]).paragraphs == tuple(lines)


def test_lists_of_other_headlines_go_with_their_heading() -> None:
    blocks = [[LEAD], ["Most read"], ["1 Bomb kills ten in market", "Shots fired at ferry", "Who is Jane Doe?"], [NEXT]]
    assert strip_furniture(blocks).paragraphs == (LEAD, NEXT)


def test_a_button_above_the_article_does_not_end_it() -> None:
    for button in ("Leave a comment", "Tags: Mali", "© 2024 NewsTimes"):
        assert strip_furniture([[button], [LEAD], [NEXT]]).paragraphs == (LEAD, NEXT)


def test_tags_in_the_middle_do_not_end_the_article() -> None:
    assert strip_furniture(
        [["Short lead of the article is here, it says."], ["Topics: Mali"], [LEAD], [NEXT]]
    ).paragraphs[1:]


def test_a_stated_title_is_taken_out_of_the_text() -> None:
    blocks = [[TITLE.upper()], [f"{TITLE} | NewsTimes"], [LEAD]]
    assert strip_furniture(blocks, title=TITLE, mild=True).paragraphs == (LEAD,)


def test_without_headline_there_is_no_title() -> None:
    assert strip_furniture([[LEAD], [NEXT]]).title is None
    assert strip_furniture([["Windward Tribune"], [LEAD]]).title is None


def test_text_without_any_sentence_is_kept() -> None:
    assert strip_furniture([["gunmen killed three in mopti"]]).paragraphs == ("gunmen killed three in mopti",)


def test_extracted_text_keeps_headings_and_short_lines() -> None:
    lines = ["Harbour 3 Rovers 2", LEAD, "Arrest a day later", NEXT, "Claim by IS"]
    assert strip_furniture([[line] for line in lines], mild=True).paragraphs == tuple(lines)


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("Published: 3 March 2024", ("2024-03-03", True)),
        ("By Jane Doe | 3 March 2024", ("2024-03-03", True)),
        ("October 10, 2024 5:12 PM Updated 6:40 PM", ("2024-10-10", True)),
        ("Last updated: 2024-03-03", ("2024-03-03", False)),
        ("Published on 3 March 2024 · 5 min read", ("2024-03-03", True)),
        ("03/04/2024", None),
        ("On 3 March 2024 gunmen killed three.", None),
    ],
)
def test_lines_that_state_a_date(line: str, stated: tuple[str, bool] | None) -> None:
    assert stated_date(line) == stated


def test_two_dates_are_no_date_and_an_impossible_one_is_an_error() -> None:
    assert strip_furniture([["3 March 2024"], ["4 March 2024"], [LEAD]]).published is None
    with pytest.raises(ImpossibleDateError):
        strip_furniture([["Published: 3 March 2099"], [LEAD]])


@given(st.lists(st.lists(st.sampled_from([*DUMP.split("\n"), "x", "Tags:"]).filter(str.strip), min_size=1), max_size=8))
def test_every_line_is_kept_or_dropped_with_a_reason(blocks: list[list[str]]) -> None:
    cleaned = strip_furniture(blocks)
    assert sorted([*cleaned.paragraphs, *(line for line, _ in cleaned.dropped)]) == sorted(
        line for block in blocks for line in block
    )
    assert all(reason for _, reason in cleaned.dropped)


@pytest.mark.parametrize(
    "part", ["By Aa", "Aaaa", "about us ", "| a ", "source: a", "[| ", "A/AFP ", "Photo: ", "- ", ". ", "Aa, ", "x by "]
)
def test_no_line_takes_long(part: str) -> None:
    line = (part * 400)[:399] + "!"
    start = time.perf_counter()
    match_pattern(line)
    assert time.perf_counter() - start < 0.5
