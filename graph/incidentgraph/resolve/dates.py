"""EDTF dates in, first and last possible day out."""

from __future__ import annotations

import calendar
import time
from dataclasses import dataclass
from datetime import date

from edtf import EDTFParseException, parse_edtf


@dataclass(frozen=True, slots=True)
class Period:
    """The days, both included, within which something happened."""

    earliest: date
    latest: date

    @property
    def days(self) -> int:
        return (self.latest - self.earliest).days + 1

    def gap(self, other: Period) -> int:
        """Return the days between two periods, 0 if they meet."""
        return max(0, (self.earliest - other.latest).days, (other.earliest - self.latest).days)


def period_of(value: str | None) -> Period | None:
    """Return the period of an EDTF date; None for no date, an unknown year or what is not EDTF.

    https://www.loc.gov/standards/datetime/
    """
    if not value or "X" in value:
        return None
    try:
        parsed = parse_edtf(value)
        return Period(_day(parsed.lower_strict()), _day(parsed.upper_strict()))
    except (EDTFParseException, ValueError, OverflowError):
        return None


def _day(stamp: time.struct_time) -> date:
    last = calendar.monthrange(stamp.tm_year, stamp.tm_mon)[1]
    return date(stamp.tm_year, stamp.tm_mon, min(stamp.tm_mday, last))
