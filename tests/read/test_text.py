"""Bytes become text without what nobody sees, and text becomes paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentgraph.errors import ReadError
from incidentgraph.read.text import clean_characters, decode, paragraphs

FRENCH = "Des hommes armés ont tué trois personnes à Mopti, a déclaré l’armée. Un élève blessé a été évacué. " * 4
RUSSIAN = "Вооружённые люди убили трёх человек в понедельник, сообщили власти в городе. " * 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_of_french(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding), name="x") == FRENCH


def test_other_alphabets_in_old_encodings() -> None:
    assert decode(RUSSIAN.encode("cp1251"), name="x") == RUSSIAN
    assert decode(RUSSIAN.encode("koi8-r"), name="x", declared="KOI8-R") == RUSSIAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Los pistoleros mataron a tres niños en Bogotá, según la policía.", "cp1252"),
        ("Die Männer töteten drei Soldaten, sagte die Behörde für Öffentlichkeit.", "cp1252"),
        ("Policja zatrzymała mężczyznę, który zaatakował żołnierzy w Łodzi, powiedział rzecznik.", "cp1250"),
        ("Silahlı kişiler pazartesi günü üç kişiyi öldürdü, yetkililer açıkladı.", "cp1254"),
        ("قتل مسلحون ثلاثة أشخاص في موبتي يوم الاثنين، بحسب مسؤولين.", "cp1256"),
        ("武装分子周一在莫普提打死三人，官员说。袭击发生在清晨。", "gb18030"),
    ],
)
def test_old_encodings_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), name="x") == text


def test_a_wrong_claim_is_not_believed() -> None:
    assert decode(FRENCH.encode(), name="x", declared="iso-8859-1") == FRENCH
    assert decode(FRENCH.encode("cp1252"), name="x", declared="unicode_escape") == FRENCH
    assert decode(FRENCH.encode("cp1252"), name="x", declared="iso-8859-1") == FRENCH


def test_bytes_pasted_in_from_another_encoding() -> None:
    assert decode("Pétion-Ville, Pont-Sondé, Artibonité".encode() + b" caf\xe9", name="x").endswith("Artibonité café")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 x", b"PK\x03\x04rest", b"\x89PNG\r\n", b"\x1f\x8b\x08", bytes(range(256)) * 16]
)
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"a\.txt: not text but"):
        decode(data, name="a.txt")


def test_unseen_characters_go_and_line_ends_are_one() -> None:
    assert clean_characters("al\u00ad-Sha\u200bbaab\x00\ufeff\r\nnext\rlast\u2028\u202atext\u202c") == (
        "al-Shabaab\nnext\nlast\ntext"
    )
    assert clean_characters("al\u2011Shabaab") == "al-Shabaab"


def test_joiners_stay_where_they_are_spelling() -> None:
    assert clean_characters("می\u200cخواهد") == "می\u200cخواهد"
    assert clean_characters("Al\u200cShabaab") == "AlShabaab"


def test_other_characters_are_kept() -> None:
    text = "Çağatay “quoted” — Deir ez‑Zor é e\u0301".replace("‑", "-")
    assert clean_characters(text) == text


def test_lines_broken_at_a_fixed_width_are_joined() -> None:
    text = (
        "Gunmen killed three people in the town of Mopti on Monday, local\n"
        "officials said. The army sent a patrol, which came under fire on the\n"
        "road and turned back.\n\nNobody claimed the attack."
    )
    first, last = paragraphs(text)
    assert first == [" ".join(text.split("\n\n")[0].split("\n"))]
    assert last == ["Nobody claimed the attack."]


def test_lines_that_are_whole_stay_apart() -> None:
    assert paragraphs("Please enter your comment!\nPlease enter your name here\n \n0\n4") == [
        ["Please enter your comment!", "Please enter your name here"],
        ["0", "4"],
    ]


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_characters(text)
    assert clean_characters(once) == once
    assert "\r" not in once
    assert "\x00" not in once


@given(st.binary(max_size=400))
def test_decoding_gives_text_or_a_read_error(data: bytes) -> None:
    try:
        text = decode(data, name="x")
    except ReadError:
        return
    clean_characters(text).encode()
