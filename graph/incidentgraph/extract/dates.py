"""Date expressions of newspaper prose in, EDTF out, against the publication date only.

What cannot be said stays unsaid: without a publication date a weekday is None and "22 March" is `XXXX-03-22`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from incidentgraph.extract.numbers import parse_cardinal
from incidentgraph.records import Span, Stated

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3].lower(): number for name, number in list(_MONTHS.items())} | {"sept": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(_WEEKDAYS)
_NUMBER = r"\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"

# Tried at each place in this order: what is more exact comes first.
_EXPRESSION = re.compile(
    rf"""\b(?ix:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?:(?:{_WEEKDAY}),?\s+(?:the\s+)?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>\d{{4}})\b)?
    | (?:(?:{_WEEKDAY}),?\s+)?(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,?\d)(?:,?\s+(?P<year2>\d{{4}})\b)?
    | (?:(?P<part>early|mid|late|the\s+beginning\s+of|the\s+middle\s+of|the\s+end\s+of)[-\s]+)?(?P<last>last\s+|this\s+)?
      (?P<month3>{_MONTH})\b\.?(?:\s+(?:of\s+)?(?P<year3>\d{{4}}))\b
    | (?:(?P<part4>early|mid|late)[-\s]+|(?P<last4>last|this|since|in|during|of|by)\s+(?:(?P<part5>early|mid|late)[-\s]+)?)(?P<month4>{_MONTH})\b(?!\s+\d)
    | (?:(?P<part6>early|mid|late)[-\s]+|(?P<in6>in|since|during|of|from|by)\s+(?:(?P<part7>early|mid|late)[-\s]+)?)(?P<year6>(?:19|20)\d{{2}})\b(?![-/]\d)
    | (?:(?P<which>last|next|the\s+previous|the\s+following)\s+)?(?P<weekday>{_WEEKDAY})\b(?P<plural>s)?
    | (?P<today>today|this\s+(?:morning|afternoon|evening)|tonight|earlier\s+in\s+the\s+day) | (?P<yesterday>yesterday|last\s+night)
    | (?P<ago>{_NUMBER})\s+(?P<unit>day|week|month|year)s?\s+ago
    | (?P<relative>last|this|earlier\s+this|later\s+this|the\s+past)\s+(?P<period>week|weekend|month|year)
    )""",
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date expression; `value` is None where it cannot be resolved. `kind` is day, weekday, month, year or span."""

    span: Span
    value: str | None
    kind: str

    def stated(self) -> Stated | None:
        return Stated(value=self.value, span=self.span) if self.value else None


def find_dates(text: str, *, published: str | None, offset: int = 0) -> Iterator[FoundDate]:
    """Yield the date expressions of `text`; `offset` is added to their spans."""
    anchor = _anchor(published)
    year = int(published[:4]) if published and published[:4].isdigit() else None
    for match in _EXPRESSION.finditer(text):
        found = _resolve(match, anchor=anchor, year=year)
        if found is not None:
            yield FoundDate(Span(start=offset + match.start(), end=offset + match.end()), *found)


def _anchor(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published) if published and len(published) == 10 else None
    except ValueError:
        return None


def _resolve(match: re.Match[str], *, anchor: date | None, year: int | None) -> tuple[str | None, str] | None:
    groups = match.groupdict()
    if groups["iso"]:
        return (groups["iso"], "day") if _is_date(groups["iso"]) else None
    day, month = groups["day"] or groups["day2"], groups["month"] or groups["month2"]
    if day and month:
        return _day_and_month(int(day), _MONTHS[month.lower()], groups["year"] or groups["year2"], anchor, year)
    if groups["month3"]:
        return _month(int(groups["year3"]), _MONTHS[groups["month3"].lower()], groups["part"])
    if groups["month4"]:
        # "may" the verb is lower case and "March" the verb never follows "in".
        if not groups["month4"][0].isupper():
            return None
        number, part = _MONTHS[groups["month4"].lower()], groups["part4"] or groups["part5"]
        if anchor is None and year is None:
            return (f"XXXX-{number:02d}", "month")
        if anchor is None:
            return (None, "month")
        return _month(anchor.year if number <= anchor.month else anchor.year - 1, number, part)
    if groups["year6"]:
        return _year(int(groups["year6"]), groups["part6"] or groups["part7"])
    if groups["weekday"]:
        return _weekday(groups, anchor)
    if groups["today"] or groups["yesterday"]:
        back = 0 if groups["today"] else 1
        return (str(anchor - timedelta(days=back)), "day") if anchor else (None, "day")
    if groups["ago"]:
        return _ago(groups, anchor)
    return _period(groups, anchor)


def _day_and_month(
    day: int, month: int, stated_year: str | None, anchor: date | None, year: int | None
) -> tuple[str | None, str] | None:
    if not 1 <= day <= 31:
        return None
    if stated_year:
        value = f"{stated_year}-{month:02d}-{day:02d}"
        return (value, "day") if _is_date(value) else None
    if anchor is None and year is None:
        return (f"XXXX-{month:02d}-{day:02d}", "day")
    if anchor is None:
        return (None, "day")
    for candidate in (anchor.year, anchor.year - 1):
        value = f"{candidate}-{month:02d}-{day:02d}"
        if _is_date(value) and date.fromisoformat(value) <= anchor + timedelta(days=1):  # a day's grace for time zones
            return (value, "day")
    return (None, "day")


def _month(year: int, month: int, part: str | None) -> tuple[str, str]:
    if not part:
        return (f"{year}-{month:02d}", "month")
    last = calendar.monthrange(year, month)[1]
    first, end = {"early": (1, 10), "mid": (11, 20), "late": (21, last)}[_third(part)]
    return (f"{year}-{month:02d}-{first:02d}/{year}-{month:02d}-{end:02d}", "span")


def _year(year: int, part: str | None) -> tuple[str, str]:
    if not part:
        return (f"{year}", "year")
    first, end = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[_third(part)]
    return (f"{year}-{first:02d}/{year}-{end:02d}", "span")


def _third(part: str) -> str:
    part = part.lower()
    return (
        "early" if part.endswith(("early", "beginning of")) else "late" if part.endswith(("late", "end of")) else "mid"
    )


def _weekday(groups: dict[str, str | None], anchor: date | None) -> tuple[str | None, str]:
    which = (groups["which"] or "").lower()
    if anchor is None or groups["plural"] or which in {"next", "the previous", "the following"}:
        return (None, "weekday")
    back = (anchor.weekday() - _WEEKDAYS[(groups["weekday"] or "").lower()]) % 7
    if back == 0 and which == "last":
        back = 7
    return (str(anchor - timedelta(days=back)), "weekday")


def _ago(groups: dict[str, str | None], anchor: date | None) -> tuple[str | None, str]:
    number = parse_cardinal((groups["ago"] or "").replace("an", "one")) if groups["ago"] not in {"a", "an"} else 1
    if anchor is None or number is None:
        return (None, "span")
    unit = (groups["unit"] or "").lower()
    if unit == "day":
        return (str(anchor - timedelta(days=number)), "day")
    if unit == "week":
        day = anchor - timedelta(weeks=number)
        monday = day - timedelta(days=day.weekday())
        return (f"{monday}/{monday + timedelta(days=6)}", "span")
    if unit == "month":
        index = anchor.year * 12 + anchor.month - 1 - number
        return (f"{index // 12}-{index % 12 + 1:02d}", "month")
    return (f"{anchor.year - number}", "year")


def _period(groups: dict[str, str | None], anchor: date | None) -> tuple[str | None, str]:
    if anchor is None:
        return (None, "span")
    relative, period = (groups["relative"] or "").lower(), (groups["period"] or "").lower()
    monday = anchor - timedelta(days=anchor.weekday())
    is_last = relative == "last"
    if period == "week":
        if relative == "the past":
            return (f"{anchor - timedelta(days=7)}/{anchor}", "span")
        start, end = (monday - timedelta(days=7), monday - timedelta(days=1)) if is_last else (monday, anchor)
        return (f"{start}/{end}" if start < end else str(start), "span")
    if period == "weekend":
        saturday = monday - timedelta(days=2) if is_last or anchor.weekday() < 5 else monday + timedelta(days=5)
        return (f"{saturday}/{saturday + timedelta(days=1)}", "span")
    if period == "month":
        index = anchor.year * 12 + anchor.month - 1 - is_last
        return (f"{index // 12}-{index % 12 + 1:02d}", "month")
    return (f"{anchor.year - is_last}", "year")


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
