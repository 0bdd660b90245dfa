"""Lists to choose from: countries, languages, time zones, by their names in the reader's language; who may see a record.

Countries are those of CLDR, which Babel carries: ISO 3166-1 and XK.
"""

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jirani.core.enums import AccessMode
from jirani.core.text import active_language
from jirani.language.collation import sort_key
from jirani.ui.text import country, language, zone_city
from jirani.ui.text.locales import locale_of

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]

#: Parts of the world in the names of time zones that are not places.
_NO_PLACES = ("Etc", "SystemV", "US")


def _sorted(codes: list[str], name: Callable[[str], str], reader: str) -> Choices:
    return sorted(((code, name(code)) for code in codes), key=lambda choice: sort_key(choice[1], reader))


def country_choices() -> Choices:
    """Countries of ISO 3166-1, and Kosovo (XK), which has a code that users assign."""
    return [("", _("None")), *_countries(active_language())]


@lru_cache(maxsize=8)
def _countries(reader: str) -> Choices:
    aliases = get_global("territory_aliases")
    territories = map(str, locale_of(reader).territories)
    codes = [c for c in territories if len(c) == 2 and c.isalpha() and c not in aliases and c not in _NO_COUNTRIES]
    return _sorted(codes, lambda code: country(code, locale=locale_of(reader)), reader)


#: Codes that CLDR names and that are no country: groups, parts kept apart for customs, tests, outlying islands.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


def language_choices() -> Choices:
    """Every language of two or three letters that CLDR names; far more than a page should offer."""
    return _languages(active_language())


def spoken_languages(*kept: str) -> Choices:
    """Return languages in use somewhere: by one in a hundred people of a country, or by its authorities. `kept`: further codes to offer."""
    named = language_choices()
    known = {code for code, _name in named}
    return [(code, name) for code, name in named if code in _spoken() | set(kept)] + [
        (code, code) for code in kept if code not in known
    ]


@lru_cache(maxsize=1)
def _spoken() -> frozenset[str]:
    by_country = get_global("territory_languages").values()
    return frozenset(
        code.split("_")[0]
        for languages in by_country
        for code, told in languages.items()
        if told["population_percent"] >= 1 or told["official_status"]
    )


@lru_cache(maxsize=8)
def _languages(reader: str) -> Choices:
    english, locale = Locale("en"), locale_of(reader)
    # "und" is CLDR's word for a language that is not known.
    codes = [code for code in map(str, english.languages) if len(code) in {2, 3} and code != "und"]
    names = {code: language(code, locale=locale) for code in codes}
    named = {code: language(code, locale=english) if name == code else name for code, name in names.items()}
    return _sorted(codes, named.__getitem__, reader)


def zone_choices(*kept: str) -> list[tuple[str, str | Choices]]:
    """Return time zones by country, each with its city and its full name, which is stored. `kept`: further names to offer."""
    offered: list[tuple[str, str | Choices]] = [
        ("", pgettext("time zone", "Not yet known")),
        ("UTC", _("Coordinated Universal Time (UTC)")),
    ]
    groups = _zones(active_language())
    known = {zone for _name, zones in groups for zone, _label in zones} | {"", "UTC"}
    return [*offered, *((zone, zone) for zone in kept if zone not in known), *groups]


@lru_cache(maxsize=8)
def _zones(reader: str) -> Groups:
    locale = locale_of(reader)
    groups: dict[str, Choices] = {}
    for zone in sorted(available_timezones()):
        territory = get_global("zone_territories").get(zone, "001")
        if "/" in zone and territory != "001" and zone.split("/")[0] not in _NO_PLACES:
            label = f"{zone_city(zone, locale=locale)} ({zone})"
            groups.setdefault(country(territory, locale=locale), []).append((zone, label))
    return sorted(groups.items(), key=lambda group: sort_key(group[0], reader))


def zone_of_country(code: str) -> str:
    """Return the only time zone of a country; "" if it has several, or none that we know."""
    zones = get_global("territory_zones").get(code) or []
    return zones[0] if len(zones) == 1 else ""


def access_choices(widest: str = AccessMode.PUBLIC, closed: str = "") -> list[tuple[str, str]]:
    """Access modes by name and in a sentence, none wider than `widest`. `closed`: the sentence for a closed record."""
    sentences = {
        AccessMode.PUBLIC: _("Public: everybody may see it"),
        AccessMode.NETWORK: _("Network: signed-in people of members may see it"),
        AccessMode.CLOSED: closed or _("Closed: only the people of this event may see it"),
    }
    modes = list(AccessMode)
    return [(mode.value, sentences[mode]) for mode in modes[modes.index(AccessMode(widest)) :]]
