"""Dates as people know them: a day, a month, a year, "by" one of these, or nothing."""

import re
import unicodedata
from datetime import date

from jirani.core.enums import Precision

#: "by" in the languages of the interface: a latest day.
_BY = ("by", "d'ici", "d’ici", "avant", "au plus tard", "بحلول", "قبل", "kufikia", "<=", "≤")

_FORM = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?")
#: A day whose year is inferred: 2018?-11-22 (Extended Date/Time Format, level 2: a part that is uncertain).
_INFERRED = re.compile(r"(?P<year>\d{4})\?(?P<rest>-\d{1,2}-\d{1,2})")
_FIRST_YEAR, _LAST_YEAR = 1000, 2200

#: What a date known in part is written as.
EXAMPLES = "2021-03-25, 2021-03, 2021, by 2021-03-25, by 2021-03"


def read_partial(text: str) -> tuple[date | None, Precision]:
    """The stored day and its precision. A year by which something was is its last day. Raises ValueError for anything else.

    Digits may be those of any script.
    """
    digits = "".join(str(unicodedata.decimal(char, char)) for char in text if unicodedata.category(char) != "Cf")
    plain = digits.strip().casefold()
    plain = re.sub("[−–/]", "-", plain)
    if not plain:
        return None, Precision.UNKNOWN
    if inferred := _INFERRED.fullmatch(plain):
        return read_partial(inferred["year"] + inferred["rest"])[0], Precision.INFERRED
    word = next((word for word in _BY if plain.startswith(word) and not plain[len(word) : len(word) + 1].isalpha()), "")
    found = _FORM.fullmatch(plain[len(word) :].strip())
    if not found or not _FIRST_YEAR <= int(found["year"]) <= _LAST_YEAR:
        raise ValueError(text)
    year, month, day = int(found["year"]), int(found["month"] or 0), int(found["day"] or 0)
    if found["day"]:
        return date(year, month, day), Precision.BY if word else Precision.DAY
    if found["month"]:
        return date(year, month, 1), Precision.BY_MONTH if word else Precision.MONTH
    return (date(year, 12, 31), Precision.BY) if word else (date(year, 1, 1), Precision.YEAR)


def write_partial(value: date | None, precision: str) -> str:
    """A date known in part as `read_partial` reads it; "" where it is not known."""
    if value is None or precision == Precision.UNKNOWN:
        return ""
    if precision == Precision.INFERRED:
        return f"{value:%Y?-%m-%d}"
    length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.BY_MONTH: 7}.get(Precision(precision), 10)
    by = "by " if precision in (Precision.BY, Precision.BY_MONTH) else ""
    return by + value.isoformat()[:length]
