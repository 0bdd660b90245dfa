"""Dates as people know them: a day, a month, a year, "by" one of these, or nothing."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from babel import Locale
from django.utils.translation import pgettext

from jirani.core.constraints import FIRST_DAY, LAST_DAY
from jirani.core.enums import Precision
from jirani.language import fold, name_key
from jirani.ui.text import isolated, join

#: "by" in the languages of the interface: a latest day.
_BY = tuple(fold(word) for word in ("by", "d'ici", "avant", "au plus tard", "بحلول", "قبل", "kufikia", "<=", "≤"))

_FORM = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?")
#: A day whose year is inferred: 2018?-11-22 (Extended Date/Time Format, level 2: a part that is uncertain).
_INFERRED = re.compile(r"(?P<year>\d{4})\?(?P<rest>-\d{1,2}-\d{1,2})")
_YEAR_LAST = re.compile(r"((?P<one>\d{1,2})-)?(?P<two>\d{1,2})-(?P<year>\d{4})")
#: A month by its name, before or after the day: "25 March 2021", "March 25, 2021", "1er mars 2021".
_NAMED = re.compile(
    r"((?P<day>\d{1,2})(st|nd|rd|th|er)? )?(?P<month>#\d+)( #\d+)?( (?P<after>\d{1,2})(st|nd|rd|th)?)? (?P<year>\d{4})"
)

#: Years of other calendars that fall into the 20th and 21st centuries.
_CALENDARS = {range(1279, 1526): "islamic", range(1616, 1818): "coptic", range(2443, 2644): "buddhist"}

#: CLDR's locales whose names of months are read: Arabic has three sets of them.
_MONTH_LOCALES = ("en", "fr", "ar", "ar_LB", "ar_DZ", "ar_MA", "sw")


class OutOfReasonError(ValueError):
    """A year in which nothing of this can have been; `calendar` is one by which it could: "islamic", "coptic", "buddhist" or ""."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year
        self.calendar = next((name for years, name in _CALENDARS.items() if year in years), "")


class AmbiguousDayError(ValueError):
    """Two numbers either of which may be the month; `readings` are the two days."""

    def __init__(self, *readings: date) -> None:
        super().__init__(readings)
        self.readings = readings


class NoSuchDayError(ValueError):
    """A day that its month doesn't have; `first` is the month's first day and `days` how many it has."""

    def __init__(self, first: date, days: int) -> None:
        super().__init__(first)
        self.first, self.days = first, days


def read_partial(text: str) -> tuple[date | None, Precision]:
    """The stored day and its precision. A year by which something was is its last day.

    Digits may be those of any script, months may be named. Raises OutOfReasonError, AmbiguousDayError, NoSuchDayError, or
    ValueError for anything else.
    """
    plain = re.sub(r"(?<=\d)[/.](?=\d)", "-", fold(text))
    if not plain:
        return None, Precision.UNKNOWN
    if inferred := _INFERRED.fullmatch(plain):
        return read_partial(inferred["year"] + inferred["rest"])[0], Precision.INFERRED
    word = next((word for word in _BY if plain.startswith(word) and not plain[len(word) : len(word) + 1].isalpha()), "")
    year, month, day = _parts(plain[len(word) :].strip())
    if not _within_reason(year):
        raise OutOfReasonError(year)
    if month is not None and day is not None:
        return _day(year, month, day), Precision.BY if word else Precision.DAY
    if month is not None:
        return date(year, month, 1), Precision.BY_MONTH if word else Precision.MONTH
    return (date(year, 12, 31), Precision.BY) if word else (date(year, 1, 1), Precision.YEAR)


def _within_reason(year: int) -> bool:
    return FIRST_DAY.year <= year <= LAST_DAY.year


def _day(year: int, month: int, day: int) -> date:
    first = date(year, month, 1)
    days = monthrange(year, month)[1]
    if day > days:
        raise NoSuchDayError(first, days)
    return first.replace(day=day)


_Parts = tuple[int, int | None, int | None]


def _parts(plain: str) -> _Parts:
    """Year, month and day, as far as they are said. Raises ValueError."""
    if found := _FORM.fullmatch(plain):
        return int(found["year"]), _number(found["month"]), _number(found["day"])
    if found := _YEAR_LAST.fullmatch(plain):
        return _year_last(int(found["year"]), _number(found["one"]), int(found["two"]))
    found = _NAMED.fullmatch(_numbered_months(plain))
    if found is None or (found["day"] and found["after"]):
        raise ValueError(repr(plain))
    return int(found["year"]), int(found["month"][1:]), _number(found["day"] or found["after"])


def _number(figures: str | None) -> int | None:
    return int(figures) if figures else None


def _year_last(year: int, one: int | None, two: int) -> _Parts:
    """25-03-2021 and 03-25-2021 can be told apart, 03-04-2021 cannot. Raises ValueError."""
    if one is None or one == two:
        return year, two, one
    if _within_reason(year) and max(one, two) <= 12 and min(one, two) > 0:
        raise AmbiguousDayError(date(year, two, one), date(year, one, two))
    return (year, one, two) if two > 12 else (year, two, one)


def _numbered_months(plain: str) -> str:
    """The text with each named month as # and its number: "25 #3 2021"."""
    words = re.sub(r"\b(le|of|de|ya|tarehe)\b", " ", name_key(plain))
    pattern, months = _months()
    return re.sub(" +", " ", pattern.sub(lambda found: f"#{months[found[0]]}", words)).strip()


@lru_cache(maxsize=1)
def _months() -> tuple[re.Pattern[str], dict[str, int]]:
    """Names of months as they are compared, the longest first, and their numbers."""
    months: dict[str, int] = {}
    for locale in map(Locale.parse, _MONTH_LOCALES):
        for form, width in (("format", "wide"), ("stand-alone", "wide"), ("format", "abbreviated")):
            for number, name in locale.months[form][width].items():
                if not (key := name_key(name)).isdigit():
                    months.setdefault(key, number)
    months |= {"sept": 9}
    longest = sorted(months, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)"), months


def write_partial(value: date | None, precision: str) -> str:
    """A date known in part as `read_partial` reads it, in the reader's language; "" if it is not known."""
    if value is None or precision == Precision.UNKNOWN:
        return ""
    if precision == Precision.INFERRED:
        return f"{value:%Y?-%m-%d}"
    length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.BY_MONTH: 7}.get(Precision(precision), 10)
    text = value.isoformat()[:length]
    return by_day(text) if precision in (Precision.BY, Precision.BY_MONTH) else text


def by_day(day: str) -> str:
    """A latest day as somebody types it in the reader's language: "by 2021-03". It is set apart if the word before it is Arabic, after
    which a field would show it from its month to its year.
    """
    # Translators: A form reads this again, so begin with one of: by, avant, au plus tard, d'ici, بحلول, قبل, kufikia
    return pgettext("typed into a form", "by %(day)s") % {"day": isolated(day)}


def examples(*, latest: bool = True) -> str:
    """Return examples of how to type a partly known date in the reader's language, with or without forms of a `latest` day."""
    known = ["2021-03-25", "2021-03", "2021"]
    return join([*known, by_day("2021-03-25"), by_day("2021-03")] if latest else known, style="or")
