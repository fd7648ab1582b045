"""Number words become ranges after the conventions of docs/reference.md."""

from __future__ import annotations

import re

import pytest

from incidentgraph.extract.numbers import COUNT, Range, parse_cardinal, parse_count


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("26", Range(26, 26, 26)),
        ("two", Range(2, 2, 2)),
        ("twenty-three", Range(23, 23, 23)),
        ("one hundred and forty-five", Range(145, 145, 145)),
        ("1,200", Range(1200, 1200, 1200)),
        ("at least 26", Range(26, None, None)),
        ("26 or more", Range(26, None, None)),
        ("more than 40", Range(41, None, None)),
        ("up to 30", Range(None, None, 30)),
        ("as many as 30", Range(None, None, 30)),
        ("fewer than ten", Range(None, None, 9)),
        ("about 50", Range(None, 50, None)),
        ("nearly 50", Range(None, 50, None)),
        ("between 10 and 15 ", Range(10, None, 15)),
        ("dozens", Range(24, None, None)),
        ("scores", Range(40, None, None)),
        ("hundreds", Range(200, None, None)),
        ("several", Range(3, None, None)),
        ("a couple of", Range(2, 2, 2)),
        ("a dozen", Range(12, 12, 12)),
        ("another ", Range(1, 1, 1)),
    ],
)
def test_count(words: str, expected: Range) -> None:
    match = re.match(COUNT, words)
    assert match is not None
    assert parse_count(match) == expected


@pytest.mark.parametrize("words", ["12-year-old", "3.5 million", "5th"])
def test_what_counts_no_people(words: str) -> None:
    match = re.match(COUNT, words)
    assert match is None or match.group("number") is None


def test_a_run_of_digits_is_an_identifier() -> None:
    assert parse_cardinal("123456789") is None
