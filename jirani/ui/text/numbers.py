"""Numbers, lengths of time and lists."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache, reduce
from typing import Literal

from babel import Locale
from babel.core import get_global
from babel.lists import format_list
from babel.numbers import format_decimal, get_territory_currencies
from django.utils.translation import gettext, ngettext, override

from jirani.core.constraints import FIRST_DAY, LAST_DAY
from jirani.ui.text.locales import DIGITS, active

Number = int | float | Decimal


def number(value: Number, *, places: int | None = None, locale: Locale | None = None) -> str:
    """`value` with the locale's digits and separators; `places` decimal places at most (CLDR's three if not given)."""
    pattern = None if places is None else "#,##0" + ("." + "#" * places if places else "")
    return format_decimal(value, format=pattern, locale=locale or active(), numbering_system=DIGITS)


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217 for money with which one pays, or paid, somewhere (CLDR)."""
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, FIRST_DAY, LAST_DAY, tender=True)
    )


def join(words: Iterable[object], *, style: str = "standard", locale: Locale | None = None) -> str:
    """Join words into a list as in a sentence ("Kwale, Lamu and Isiolo"); style "or" for alternatives. If one contains
    an "and" itself, semicolons tell the items apart: "mayors and cities; national governments".
    """
    items, chosen = [str(word) for word in words], locale or active()
    kind: Literal["or", "standard"] = "or" if style == "or" else "standard"
    if not items:
        return ""
    between = chosen.list_patterns[kind]["2"].format("", "")
    if len(items) == 1 or not any(between in item for item in items):
        return format_list(items, style=kind, locale=chosen)
    with override(str(chosen.language)):
        # Translators: two items of a list, one of which holds an "and"
        return reduce(lambda first, item: gettext("%(first)s; %(next)s") % {"first": first, "next": item}, items)


def minutes(count: int, *, locale: Locale | None = None) -> str:
    """A length of time in minutes, in words. (CLDR has no words for it in Swahili.)"""
    chosen = locale or active()
    with override(str(chosen.language)):
        return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": number(count, locale=chosen)}
