"""Newspaper dates become EDTF against the publication date, and never against today."""

from __future__ import annotations

import pytest

from incidentgraph.extract.dates import find_dates
from incidentgraph.resolve.dates import period_of

PUBLISHED = "2026-02-22"  # a Sunday


@pytest.mark.parametrize(
    ("words", "known", "unknown"),
    [
        ("on Saturday", "2026-02-21", None),
        ("on Sunday", "2026-02-22", None),
        ("last Sunday", "2026-02-15", None),
        ("late on Thursday", "2026-02-19", None),
        ("on 22 March", "2025-03-22", "XXXX-03-22"),
        ("on March 22, 2024", "2024-03-22", "2024-03-22"),
        ("on Friday, 2 August 2024", "2024-08-02", "2024-08-02"),
        ("last November", "2025-11", "XXXX-11"),
        ("in late 2024", "2024-09/2024-12", "2024-09/2024-12"),
        ("in 2016", "2016", "2016"),
        ("in January 2025", "2025-01", "2025-01"),
        ("in early January", "2026-01-01/2026-01-10", "XXXX-01"),
        ("last week", "2026-02-09/2026-02-15", None),
        ("two days ago", "2026-02-20", None),
        ("yesterday", "2026-02-21", None),
        ("earlier this month", "2026-02", None),
    ],
)
def test_expression(words: str, known: str | None, unknown: str | None) -> None:
    sentence = f"It happened {words}."
    assert [found.value for found in find_dates(sentence, published=PUBLISHED)] == [known]
    assert [found.value for found in find_dates(sentence, published=None)] == [unknown]


@pytest.mark.parametrize("words", ["He may go.", "They march on.", "30 February 2024", "In 1850/51 it began."])
def test_no_date_is_made_up(words: str) -> None:
    assert all(found.value is None for found in find_dates(words, published=PUBLISHED))


def test_spans_are_offsets_in_the_article() -> None:
    text = "It happened on Saturday."
    (found,) = find_dates(text, published=PUBLISHED, offset=100)
    assert text[found.span.start - 100 : found.span.end - 100] == "Saturday"


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2024-03-22", "2024-03-22", "2024-03-22"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2016", "2016-01-01", "2016-12-31"),
        ("2024-09/2024-12", "2024-09-01", "2024-12-31"),
    ],
)
def test_period(value: str, first: str, last: str) -> None:
    period = period_of(value)
    assert period is not None
    assert (str(period.earliest), str(period.latest)) == (first, last)


@pytest.mark.parametrize("value", [None, "", "XXXX-03-22", "soon", "2024-13-45"])
def test_no_period(value: str | None) -> None:
    assert period_of(value) is None
