"""Names of languages and countries, hosts of addresses."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from babel import Locale
from django.conf import settings
from django.urls import translate_url
from django.utils import translation

from jirani.ui.text.locales import active, locale_of


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of the interface and the address of the present page in it."""

    code: str
    name: str
    url: str
    current: bool = False

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return locale_of(self.code).text_direction


def tongues(path: str) -> list[Tongue]:
    """The page at `path` in every language of the interface; the same path where it has no language prefix."""
    now = translation.get_language()
    return [
        Tongue(code, str(name), translate_url(path, code), current=code == now) for code, name in settings.LANGUAGES
    ]


def country(code: str, *, locale: Locale | None = None) -> str:
    """A country's name by its ISO 3166-1 code (or XK); the code itself where CLDR has no name."""
    name = (locale or active()).territories.get(code.upper())
    return str(name) if name else code


def language(code: str, *, own: bool = False, locale: Locale | None = None) -> str:
    """A language's name, in the reader's language or (`own`) in its own; the code where CLDR has no name."""
    normal = code.replace("-", "_")
    if own:
        locale = locale_of(code)
        if locale.language != normal.split("_")[0]:
            return code
        name = locale.languages.get(locale.language)
    else:
        names = (locale or active()).languages
        name = names.get(normal) or names.get(normal.split("_")[0])
    return str(name) if name else code


def host(address: str) -> str:
    """The host of a web address, without "www."; the address itself where it has none."""
    try:
        name = urlsplit(address).hostname
    except ValueError:
        name = None
    return name.removeprefix("www.") if name else address
