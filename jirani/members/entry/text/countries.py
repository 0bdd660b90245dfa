"""Countries by every name and code that people write for them.

Names come from ISO 3166-1 and 3166-3 as Debian keeps them (pycountry: short, official and common names, and those of countries
that are no more), from CLDR in the languages of `LOCALES` (Babel), and from the United Nations' list of short names (UNTERM)
and former use, which are listed here.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from gettext import translation

import pycountry
from babel import Locale
from babel.core import get_global

from jirani.language import name_key
from jirani.ui.text.own_names import COUNTRIES

#: The languages of the interface come first: if a name means different countries in two languages, the earlier language wins.
LOCALES = (
    "en", "fr", "ar", "sw", "es", "pt", "de", "it", "nl", "tr", "ru", "uk", "fa", "ur", "hi", "bn", "id", "ms", "zh", "ja", "ko",
    "am", "so", "ha", "om", "zu", "af", "rw", "mg", "sv", "nb", "da", "fi", "pl", "cs", "sk", "hu", "ro", "bg", "sr", "hr", "bs",
    "sl", "sq", "mk", "el", "he", "th", "vi", "ne", "si", "ta", "uz", "kk", "az", "hy", "ka", "es_MX", "pt_PT", "sw_KE", "sr_Latn",
)  # fmt: skip

#: Names in use that none of the lists holds, by code. "Congo" alone is two countries' and is asked about.
_COMMON = """
AE UAE; Emirates; الإمارات
AG Antigua
BA Bosnia; البوسنة
BF Upper Volta; Haute-Volta
BJ Dahomey
BW Bechuanaland
BY Belorussia; Byelorussia; Biélorussie
BZ British Honduras
CD Congo; DR Congo; Congo DR; DRC; RDC; RD Congo; Congo Kinshasa; Democratic Republic of Congo; Congo, Democratic Republic of the; Zaire; الكونغو
CD Kongo; Конго; Конга; Κονγκό; 콩고; コンゴ; 刚果; 剛果; קונגו; کنگو; کانگو; कांगो; কঙ্গো; ኮንጎ; คองโก
CF CAR; RCA; Centrafrique
CG Congo; Congo Republic; Republic of Congo; Congo Brazzaville; الكونغو; جمهورية الكونغو; Jamhuri ya Kongo
CG Kongo; Конго; Конга; Κονγκό; 콩고; コンゴ; 刚果; 剛果; קונגו; کنگو; کانگو; कांगो; কঙ্গো; ኮንጎ; คองโก
CI Ivory Coast; Cote d Ivoire; كوت ديفوار
CN PRC; PR China; Mainland China
CV Cape Verde; Cap-Vert
CZ Czech Republic; Tchéquie
DZ الجمهورية الجزائرية
EG جمهورية مصر العربية
ET Abyssinia
FK Malvinas
FR Hexagone
GB UK; GB; Great Britain; Britain; England; Scotland; Wales; Northern Ireland; Grande-Bretagne; بريطانيا
GQ Spanish Guinea
GW Guiné-Bissau; Guinea Bissau
HK Hong Kong
IR Persia
JO Transjordan; المملكة الأردنية
KG Kirghizia
KH Kampuchea
KN St Kitts; Saint Christopher and Nevis
KP DPRK; North Korea; RPDC
KR ROK; South Korea; Republic of Korea
LA Laos; Lao PDR
LK Ceylon
LY Libyan Arab Jamahiriya; Libyan Jamahiriya; State of Libya
MA المملكة المغربية
MK Macedonia; FYROM; FYR Macedonia; The former Yugoslav Republic of Macedonia; Macédoine; ARYM
MM Burma; Birmanie
MO Macao; Macau
NL Holland; Hollande
PS Palestine; Palestinian Territory; Occupied Palestinian Territory; OPT; West Bank and Gaza; فلسطين
RU Russian Federation
SA KSA; Saudi; السعودية
SR Dutch Guiana
SS S Sudan
ST Sao Tome
SY Syrian Arab Republic
SZ Swaziland
TL East Timor; Timor Oriental
TR Turkey; Turquie
TT Trinidad
TW Taiwan
TZ Tanganyika; Zanzibar; Jamhuri ya Muungano wa Tanzania
US USA; US; United States of America; America; États-Unis d'Amérique; الولايات المتحدة الأمريكية; أمريكا
VA Vatican; Holy See; Saint-Siège
VC St Vincent
VN Vietnam; Viet Nam
VU New Hebrides
WS Western Samoa
XK Kosovo; XKX; Kosovo (UNSCR 1244)
ZW Rhodesia; Southern Rhodesia
"""


def countries_named(text: str) -> frozenset[str]:
    """Return the ISO 3166-1 codes (and XK) of the countries that `text` may mean: none, one, or several if it is ambiguous.

    Text in brackets after a name may add to it, but a code must be the same country's: "Kenya (KE)", "Iran (Islamic
    Republic of)".
    """
    whole = _look_up(text)
    if whole or not (found := _WITH_CODE.fullmatch(text.strip())):
        return whole
    named = _look_up(found["name"])
    return named if not _CODE.fullmatch(found["code"]) or _look_up(found["code"]) == named else frozenset()


def likely_countries(text: str) -> list[str]:
    """The codes of up to three countries whose names are near to what was written."""
    table = _table()
    key = _keys(text)[0]
    near = get_close_matches(key, table, n=8, cutoff=0.72) + [
        name for name in table if key and f" {key} " in f" {name} "
    ]
    return list(dict.fromkeys(code for name in near for code in sorted(table[name])))[:3]


_WITH_CODE = re.compile(r"(?P<name>.+?)\s*[(\[（](?P<code>[^()\[\]（）]+)[)\]）]")
_CODE = re.compile(r"[A-Za-z]{2,3}")

#: What states call themselves before their name.
_STATES = re.compile(
    r"^(the )?(federal |islamic |arab |united )?(republic|kingdom|state|commonwealth|union|rep) of (the )?(?=.)"
    r"|^(republique|royaume|etat)( (du|de la|de l|des|de|d))? (?=.)|^(jamhuri|ufalme|dola) ya (?=.)|^(جمهوريه|مملكه|دوله) (?=.)"
)


def _look_up(text: str) -> frozenset[str]:
    table = _table()
    keys = _keys(text)
    return next((table[key] for key in (*keys, _STATES.sub("", keys[0])) if key in table), frozenset())


def _keys(text: str) -> list[str]:
    """How a name is looked up, the nearest spelling first: without "the", with "&" as "and", or without either."""
    key = re.sub(r"^(the|la|le|les|l) (?=.)", "", name_key(text.replace("&", " and ")))
    return list(dict.fromkeys([key, re.sub(r" (and|et|y|und|na) ", " ", key)]))


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    """Return codes by key. Earlier lists take precedence; parts of a name in brackets count if no other country has them."""
    table: dict[str, frozenset[str]] = {}
    for names in (_codes(), _common(), _shown(), _of_iso(), _former(), *map(_of_locale, LOCALES)):
        whole, parts = list(names), []
        for code, name in whole:
            parts += [(code, part) for part in _parts(name)]
        table = _heard(whole) | table
        table = {key: codes for key, codes in _heard(parts).items() if len(codes) == 1} | table
    return table


def _heard(names: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    heard: dict[str, frozenset[str]] = {}
    for code, name in names:
        for key in _keys(name):
            heard[key] = heard.get(key, frozenset()) | {code}
    return heard


def _parts(name: str) -> Iterator[str]:
    """Yield an inverted name the right way round, and the parts before and within brackets: "Myanmar (Burma)"."""
    before, comma, after = name.partition(", ")
    if comma and re.search(r"\b(of|the|de|du)$", after):
        yield f"{after} {before}"
    if found := _WITH_CODE.fullmatch(name):
        yield from found.groups()


def _shown() -> Iterator[tuple[str, str]]:
    """The names that we show where CLDR has another."""
    for names in COUNTRIES.values():
        yield from names.items()


def _codes() -> Iterator[tuple[str, str]]:
    for country in pycountry.countries:
        yield from ((country.alpha_2, code) for code in (country.alpha_2, country.alpha_3))
    for old, new in get_global("territory_aliases").items():
        if len(new) == 1 and old.isalpha() and pycountry.countries.get(alpha_2=new[0]):
            yield new[0], old
    yield from (("XK", "XK"), ("XK", "XKX"))


def _common() -> Iterator[tuple[str, str]]:
    return ((line[:2], name) for line in _COMMON.strip().splitlines() for name in line[3:].split("; "))


def _of_iso() -> Iterator[tuple[str, str]]:
    """Names by ISO 3166-1 in English, and as its translators have them in the other languages of the interface."""
    others = [translation("iso3166-1", pycountry.LOCALES_DIR, [code], fallback=True) for code in ("fr", "ar", "sw")]
    for country in pycountry.countries:
        names = [country.name, getattr(country, "official_name", ""), getattr(country, "common_name", "")]
        for name in filter(None, names):
            yield from ((country.alpha_2, words) for words in (name, *(one.gettext(name) for one in others)))


def _former() -> Iterator[tuple[str, str]]:
    """Countries that are no more, if they became one that is."""
    aliases = get_global("territory_aliases")
    for country in pycountry.historic_countries:
        new = aliases.get(getattr(country, "alpha_2", country.alpha_3), [])
        if len(new) == 1 and pycountry.countries.get(alpha_2=new[0]):
            yield new[0], country.name


def _of_locale(name: str) -> Iterator[tuple[str, str]]:
    known = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    return ((code, str(words)) for code, words in Locale.parse(name).territories.items() if code in known)
