"""Names of languages and countries, hosts of addresses."""

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from babel import Locale
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from jirani.ui.text.locales import active, locale_of
from jirani.ui.text.own_names import COUNTRIES, LANGUAGES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What is written from left to right in any script: addresses, dates of ISO 8601, codes whose parts a sign joins.
_CODES = re.compile(
    r"https?://[^\s<>\"«»“”،؛]*[\w/]|[A-Za-z0-9]+(?:[-/:.@_+][A-Za-z0-9]+)+|(?<![\w.,])[-+−]\d+(?:[.,]\d+)?", re.ASCII
)
#: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Standard Annex 9).
_ISOLATED = "\u2068{}\u2069"


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One language of the interface and the address of the present page in it; `text`: whether its content exists in that language too."""

    code: str
    name: str
    url: str
    current: bool = False
    text: bool = True

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return locale_of(self.code).text_direction


def language_links(path: str) -> list[LanguageLink]:
    """Return the page at `path` in every language of the interface; the same path if it has no language prefix.

    No address differs by more than that, and looking each of them up (Django's `translate_url`) would cost every page.
    """
    now, (begin, _, rest) = translation.get_language(), path.removeprefix("/").partition("/")
    prefixed = begin in dict(settings.LANGUAGES)
    return [
        LanguageLink(code, str(name), f"/{code}/{rest}" if prefixed else path, current=code == now)
        for code, name in settings.LANGUAGES
    ]


def country(code: str, *, locale: Locale | None = None) -> str:
    """Return a country's name by its ISO 3166-1 code (or XK); the code itself if it has none."""
    reader = locale or active()
    name = COUNTRIES.get(reader.language, {}).get(code.upper()) or reader.territories.get(code.upper())
    return str(name) if name else code


def language(code: str, *, own: bool = False, locale: Locale | None = None) -> str:
    """Return a language's name in the reader's language or (`own`) in the language itself; the code if it has none there."""
    normal = code.replace("-", "_")
    if own:
        locale = locale_of(code)
        if locale.language != normal.split("_")[0]:
            return code
        name = locale.languages.get(locale.language)
    else:
        reader = locale or active()
        names, more = reader.languages, LANGUAGES.get(reader.language, {})
        whole = normal.split("_")[0]
        name = names.get(normal) or names.get(whole) or more.get(whole)
    return str(name) if name else code


def host(address: str) -> str:
    """Return the host of a web address without "www."; the address itself if it has none."""
    try:
        name = urlsplit(address).hostname
    except ValueError:
        name = None
    return name.removeprefix("www.") if name else address


def alone(words: "StrOrPromise") -> str:
    """Capitalise words that are on their own, in a choice or a cell, if they belong to the interface (and so are lazily translated).

    A record's name stays as its people write it: eThekwini.
    """
    return capfirst(str(words)) if isinstance(words, Promise) else words


def isolated(words: Any) -> Any:
    """Isolate dates, addresses and codes in a text if the reader's script runs from right to left: "2021-03-25"
    would otherwise be drawn from its day to its year. The inside of HTML tags is left as it is.
    """
    if active().text_direction == "ltr":
        return words
    parts = re.split(r"(<[^>]*>)", str(words))
    parts[::2] = (_CODES.sub(lambda found: _ISOLATED.format(found[0]), part) for part in parts[::2])
    joined = "".join(parts)
    return mark_safe(joined) if hasattr(words, "__html__") else joined  # noqa: S308  (as safe as it was)


def one_line(words: Any) -> str:
    """A text without line breaks of any kind. Other spaces stay, such as the narrow ones within French quotes."""
    return re.sub(r"[ \t]*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*", " ", str(words)).strip()


def inserted(words: Any) -> str:
    """Prepare a value for a sentence of plain text, such as a letter's: on one line, so that nothing in it can start a new paragraph.

    It is set apart if something in it runs the other way than the sentence: a client would otherwise order the signs and numbers
    around it with it, and take the sentence's direction from it.

    Don't use it for what people copy or follow (addresses, codes): an invisible character would be copied too.
    """
    text = one_line(words)
    against = {"R", "AL"} if active().text_direction == "ltr" else {"L"}
    return _ISOLATED.format(text) if any(unicodedata.bidirectional(sign) in against for sign in text) else text
