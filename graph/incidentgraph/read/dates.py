"""A publication date as the source states it -> EDTF (`2024-03-03`, `2024-03`, `2024`)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

# There is no clock here, so these are what can be right at all: news in print, and the years this code may live to see.
FIRST_YEAR = 1900
LAST_YEAR = 2050

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv enero ene januar jänner janeiro gennaio",
            "february feb février fevrier févr febrero februar fevereiro febbraio",
            "march mar mars marzo märz maerz março marco",
            "april apr avril avr abril abr aprile",
            "may mai mayo maio maggio",
            "june jun juin junio juni junho giugno",
            "july jul juillet juil julio juli julho luglio",
            "august aug août aout agosto ago",
            "september sep sept septembre septiembre setiembre setembro settembre",
            "october oct octobre octubre oktober okt outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec décembre decembre déc diciembre dic dezember dez dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

_TIME = (
    r"(?:[T\s,]+(?:at\s+)?\d{1,2}[:.h]\d{2}(?::?\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|[A-Z]{2,5})?\s*(?:[+-]\d{2}(?::?\d{2})?)?(?:\s*\([A-Z]{2,5}\))?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_DAY_FIRST = (
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s\-]+(?:of\s+|de\s+)?{_MONTH}"
    r",?[\s\-]+(?:de\s+|del\s+)?(?P<y>\d{4})"
)
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2}))?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T\d{4,6}Z?)?",
        _DAY_FIRST,
        rf"{_WEEKDAY}{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})",
        rf"{_MONTH},?\s+(?:de\s+)?(?P<y>\d{{4}})",
        r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})",
        r"(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y>\d{4})",
        r"(?P<y>\d{4})",
    )
)
_EPOCH = re.compile(r"(?P<s>\d{9,10})(?:\.\d+|\d{3})?")


class ImpossibleDateError(ValueError):
    """A date that is clearly meant as one and cannot be right."""


def parse_date(stated: str) -> str | None:
    """Return the stated date in EDTF, None for what is no date or can be read in two ways (`03/04/2024`).

    The day is that of the stated time zone. Raises ImpossibleDateError for `2024-02-30` or the year 2099.
    """
    stated = " ".join(stated.split())
    if len(stated) > 80:
        return None
    if match := _EPOCH.fullmatch(stated):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match["s"]))
        return _checked(stated, moment.year, moment.month, moment.day)
    for form in _FORMS:
        if match := form.fullmatch(stated):
            found = match.groupdict()
            if found.get("month") and found["month"].lower() not in _MONTHS:
                continue
            break
    else:
        return None
    year = int(found["y"])
    month, day = found.get("m"), found.get("d")
    if found.get("month"):
        month = str(_MONTHS[found["month"].lower()])
    if found.get("a"):
        first, second = int(found["a"]), int(found["b"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (str(first), str(second)) if first > 12 else (str(second), str(first))
    return _checked(stated, year, month and int(month), day and int(day))


def _checked(stated: str, year: int, month: int | str | None, day: int | str | None) -> str:
    if year > LAST_YEAR:
        raise ImpossibleDateError(f"publication date {stated} lies in the future beyond what can be right")
    if year < FIRST_YEAR:
        raise ImpossibleDateError(f"publication date {stated} lies before {FIRST_YEAR}")
    try:
        date(year, int(month or 1), int(day or 1))
    except ValueError:
        raise ImpossibleDateError(f"publication date {stated} does not exist") from None
    return "-".join([f"{year:04}", *(f"{int(part):02}" for part in (month, day) if part is not None)])
