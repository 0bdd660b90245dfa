"""Days, ranges, hours and dates that are known in part.

A range is written out in words if we know how the language says it; otherwise by CLDR's interval formats.
"""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton, format_time, get_timezone_name
from django.utils import timezone
from django.utils.translation import gettext, override, pgettext

from jirani.ui.text.locales import active

#: How a range is said. CLDR has the same with a dash; people read "to" more easily, and aloud.
_RANGES = {"en": "{0} to {1}", "fr": "du {0} au {1}", "ar": "من {0} إلى {1}", "sw": "{0} hadi {1}"}
_HOURS = {"fr": "de {0} à {1}", "ar": "من {0} إلى {1}"}


def day(value: date, *, style: str = "near", today: date | None = None, locale: Locale | None = None) -> str:
    """A day: "near" leaves out this year, "full" always gives the year, "weekday" adds the day of the week to "near"."""
    chosen = locale or active()
    value = _local(value)
    near = style != "full" and value.year == (today or timezone.localdate()).year
    skeleton = ("" if near else "y") + "MMMMd" + ("EEEE" if style == "weekday" else "")
    return _first(_skeleton(skeleton, value, chosen), value, chosen)


def day_range(
    start: date, end: date | None, *, style: str = "near", today: date | None = None, locale: Locale | None = None
) -> str:
    """Write the range from `start` to `end`, both days included, with month and year only once if they are the same."""
    chosen = locale or active()
    start = _local(start)
    if end is None or _local(end) == start:
        return day(start, style=style, today=today, locale=chosen)
    end = _local(end)
    near = style != "full" and start.year == end.year == (today or timezone.localdate()).year
    if chosen.language not in _RANGES:
        return format_interval(start, end, "MMMd" if near else "yMMMd", locale=chosen)
    last = day(end, style="near" if near else "full", today=today, locale=chosen)
    same_month = (start.year, start.month) == (end.year, end.month)
    first = "d" if same_month else "MMMMd" if start.year == end.year else "yMMMMd"
    return _RANGES[chosen.language].format(_first(_skeleton(first, start, chosen), start, chosen), last)


def hours(
    start: datetime | time,
    end: datetime | time | None = None,
    *,
    zone: str | None = None,
    on: date | None = None,
    locale: Locale | None = None,
) -> str:
    """Write the time from `start` to `end` in `zone` (an IANA name), with the zone's full name; no zone, no name.

    A moment is converted to the zone; a bare time is used as it is, and `on` says on which day (for the zone's name).
    """
    chosen = locale or active()
    info = ZoneInfo(zone) if zone else None
    said = _clock(start, info, chosen)
    if end is not None:
        pattern = _HOURS.get(chosen.language, "{0}–{1}")
        said = pattern.format(said, _clock(end, info, chosen))
    if info is None:
        return said
    return f"{said} ({_zone(start, info, on, chosen)})"


def zone_name(zone: str, *, on: date | None = None, locale: Locale | None = None) -> str:
    """A time zone (an IANA name) by its city and by what its time is called on that day: "Nairobi (East Africa Time)"."""
    chosen = locale or active()
    named = _zone(time(12), ZoneInfo(zone), on, chosen)
    city = zone_city(zone, locale=chosen)
    return f"{city} ({named})" if city else named


def zone_city(zone: str, *, locale: Locale | None = None) -> str:
    """Return the city that a time zone is named after; "" if there is none (UTC)."""
    area, _, place = zone.rpartition("/")
    if not area or area == "Etc":
        return ""
    known = (locale or active()).time_zones
    found = (known.get(name, {}).get("city") for name in (zone, *_former().get(zone, ())))
    return str(next(filter(None, found), place.replace("_", " ")))


@lru_cache(maxsize=1)
def _former() -> dict[str, list[str]]:
    """Return the former names of zones: CLDR has Kolkata’s city under Asia/Calcutta."""
    former: dict[str, list[str]] = {}
    for before, now in get_global("zone_aliases").items():
        former.setdefault(now, []).append(before)
    return former


def month(value: date, *, locale: Locale | None = None) -> str:
    """Month and year."""
    return _skeleton("yMMMM", _local(value), locale or active())


def partial(value: date | None, precision: str, *, locale: Locale | None = None) -> str:
    """A date known by day, month or year, or as a latest day ("by") or month ("by-month"), always with its year, and
    whether that is inferred."""
    chosen = locale or active()
    with override(str(chosen.language)):
        if value is None or precision == "unknown":
            return pgettext("date", "unknown")
        if precision == "year":
            return _skeleton("y", value, chosen)
        if precision == "month":
            return month(value, locale=chosen)
        if precision == "by":
            # Translators: a latest day, such as "by 31 May 2019"
            return gettext("by %(date)s") % {"date": day(value, style="full", locale=chosen)}
        if precision == "by-month":
            return gettext("by %(date)s") % {"date": month(value, locale=chosen)}
        known = day(value, style="full", locale=chosen)
        # Translators: the source gives the day and the month, the year follows from something else
        return gettext("%(date)s, year inferred") % {"date": known} if precision == "inferred" else known


def days(start: date, end: date | None, precision: str, *, style: str = "near", locale: Locale | None = None) -> str:
    """Say when something takes place, as exactly as that is known: "24 November to 3 December 2021", "December 2021"."""
    if precision == "day":
        return day_range(start, end, style=style, locale=locale)
    if precision == "unknown":
        return pgettext("when something takes place", "date not known")
    return partial(start, precision, locale=locale)


#: Precisions that give the day: languages say it with an article then ("depuis le 25 mars", "depuis mars").
_TO_THE_DAY = frozenset({"day", "by", "inferred"})
#: The precision of a "latest" day or month without the fact that it is a latest one.
_BARE = {"by": "day", "by-month": "month"}


def to_the_day(precision: str) -> bool:
    """Whether a date is known to its day."""
    return precision in _TO_THE_DAY


def first_day(value: date | None, precision: str) -> str:
    """Write a date as the beginning of something: "2019", "May 2019 or before"; "" if it is not known."""
    known = _known(value, precision)
    # Translators: the first day is not known, only that it was by then
    return gettext("%(date)s or before") % {"date": known} if known and precision in _BARE else known


def last_day(value: date | None, precision: str) -> str:
    """Write a date as the end of something: "2021", "May 2021 at the latest"; "" if it is not known."""
    known = _known(value, precision)
    # Translators: the last day is not known, only that it was by then
    return gettext("%(date)s at the latest") % {"date": known} if known and precision in _BARE else known


def _known(value: date | None, precision: str) -> str:
    return "" if value is None or precision == "unknown" else partial(value, _BARE.get(precision, precision))


def span(first: date | None, first_precision: str, last: date | None, last_precision: str = "day") -> str:
    """Since when, until when, or both: "since May 2019 or before", "2019 – 3 May 2021"; "" if neither is known."""
    begun, ended = first_day(first, first_precision), last_day(last, last_precision)
    if begun and ended:
        return gettext("%(begun)s – %(last)s") % {"begun": begun, "last": ended}
    if begun and to_the_day(first_precision):
        return pgettext("a day", "since %(begun)s") % {"begun": begun}
    if begun:
        return pgettext("a month or year", "since %(begun)s") % {"begun": begun}
    if ended and to_the_day(last_precision):
        return pgettext("a day", "until %(last)s") % {"last": ended}
    return pgettext("a month or year", "until %(last)s") % {"last": ended} if ended else ""


def _local(value: date) -> date:
    """Return the day of a moment in the active time zone; a plain day as it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _skeleton(skeleton: str, value: date, locale: Locale) -> str:
    if skeleton.endswith("EEEE"):
        days = _skeleton(skeleton.removesuffix("EEEE"), value, locale)
        name = format_date(value, "EEEE", locale=locale)
        return f"{name}{'،' if locale.language == 'ar' else ''} {days}"
    if skeleton == "yMMMMd":
        return format_date(value, "long", locale=locale)
    return format_skeleton(skeleton, value, locale=locale)


def _first(text: str, value: date, locale: Locale) -> str:
    """French says "1er" for the first of a month; CLDR writes "1"."""
    if locale.language == "fr" and value.day == 1:
        head, found, tail = text.partition("1")
        return f"{head}1er{tail}" if found else text
    return text


def _clock(value: datetime | time, zone: ZoneInfo | None, locale: Locale) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(zone or timezone.get_current_timezone())
    bare = value.timetz() if isinstance(value, datetime) else value
    return format_time(bare.replace(tzinfo=None), "short", locale=locale)


def _zone(start: datetime | time, zone: ZoneInfo, on: date | None, locale: Locale) -> str:
    if isinstance(start, datetime):
        moment = start.astimezone(zone) if start.tzinfo else start.replace(tzinfo=zone)
    else:
        moment = datetime.combine(on or timezone.localdate(), start, tzinfo=zone)
    return get_timezone_name(moment, width="long", locale=locale)


def iso(value: date, precision: str = "day") -> str:
    """A date as `<time datetime>` wants it, no finer than it is known."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if precision == "inferred":
        return f"{value:%m-%d}"
    length = {"year": 4, "month": 7, "by-month": 7}.get(precision, 10)
    return value.isoformat()[:length]
