"""Words that more than one app uses, with nothing of the domain in them."""

from calendar import monthrange
from datetime import date

from django.db import models
from django.utils.translation import pgettext_lazy


class AccessMode(models.TextChoices):
    """Who may see a record, from the widest: everybody, signed-in people of members, or the people of that event or forum."""

    PUBLIC = "public", pgettext_lazy("access mode", "Public")
    NETWORK = "network", pgettext_lazy("access mode", "Network")
    CLOSED = "closed", pgettext_lazy("access mode", "Closed")


def narrower_than(access: str) -> list[AccessMode]:
    """The modes in which fewer people see a record than in this one."""
    modes = list(AccessMode)
    return modes[modes.index(AccessMode(access)) + 1 :]


def wider_than(access: str) -> list[AccessMode]:
    """The modes in which more people see a record than in this one."""
    modes = list(AccessMode)
    return modes[: modes.index(AccessMode(access))]


def no_wider_than(*accesses: str) -> list[AccessMode]:
    """The modes for what is made of records in these modes: none shows it to more people than the narrowest of them."""
    return [mode for mode in AccessMode if all(mode not in wider_than(access) for access in accesses)]


class Precision(models.TextChoices):
    """How exactly a date is known. The stored date is the first day of what is known; "by" is a latest day; of an inferred
    one the source gives day and month, and what we know besides the year.
    """

    DAY = "day", pgettext_lazy("date precision", "day")
    MONTH = "month", pgettext_lazy("date precision", "month")
    YEAR = "year", pgettext_lazy("date precision", "year")
    BY = "by", pgettext_lazy("date precision", "by this day")
    BY_MONTH = "by-month", pgettext_lazy("date precision", "by this month")
    INFERRED = "inferred", pgettext_lazy("date precision", "day, its year inferred")
    UNKNOWN = "unknown", pgettext_lazy("date precision", "unknown")


def last_day(day: date, precision: str) -> date:
    """The last day that a date known in part can mean: of a year its 31 December, of a month its end."""
    if precision == Precision.YEAR:
        return day.replace(month=12, day=31)
    if precision in (Precision.MONTH, Precision.BY_MONTH):
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day
