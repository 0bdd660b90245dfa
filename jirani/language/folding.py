"""Folding: texts that people see as the same become the same text.

The order follows Unicode's toNFKC_Casefold (The Unicode Standard, 3.13), with marks, signs and letters that keyboards and
habits interchange treated as equal. Marks go only from scripts in which they are accents or vowel points (Latin, Greek,
Cyrillic, Arabic, Hebrew): in Hindi or Japanese the same kind of character makes another word.
"""

import re
import unicodedata
from functools import lru_cache

#: What is typed for an apostrophe: quotes, primes, accents that stand alone, the letters of transliterated ʿayn and hamza.
_APOSTROPHES = "'’‘‛‚`´′‵ʹʻʼʽʾʿˈˊˋ᾽᾿῾՚׳ߴߵꞌ＇"

#: Signs used for a hyphen or a minus in addition to Unicode's category "Pd".
_HYPHENS = "−⁃﹣－⁻₋➖"

#: Letters that have no accent to take off and are still written for one another.
_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ɓ": "b",
    "ɗ": "d", "ƙ": "k", "ƴ": "y", "ə": "e", "ɛ": "e", "ɔ": "o", "ɖ": "d", "ƒ": "f", "ɣ": "g", "ſ": "s",
    "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ھ": "ه", "ہ": "ه", "ە": "ه", "ۃ": "ه",
    "ک": "ك", "ڪ": "ك",
}  # fmt: skip

_SIGNS = str.maketrans({**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys(_HYPHENS, "-"), "\u0640": None})
_EXCHANGED = str.maketrans(_LETTERS)

#: Combining marks that are accents or vowel points: Latin, Greek, Cyrillic; Hebrew; Arabic.
_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5"
    "\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08e1\u08e3-\u08ff]"
)

#: Characters nobody sees beside those of category "Cf": joiners, fillers and selectors of variants.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")

#: Words that names are as often written without.
_SHORT = {"saint": "st", "sainte": "ste"}

#: A word of single letters and points: U.S.A.
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?")


def visible(text: str) -> str:
    """`text` without characters nobody sees (marks of direction, joiners, soft hyphens), each run of white space one space."""
    seen = "".join(char for char in _UNSEEN.sub("", text) if unicodedata.category(char) != "Cf")
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", seen).strip()


#: Unseen characters that are part of the spelling: joiners between letters of scripts that join (Persian, Sinhala, Malayalam, …; The
#: Unicode Standard, 23.2), selectors behind what they select, and marks of direction within a text.
_JOINER = re.compile(
    "(?<=[\u0600-\u1cff\ua800-\uabff\U00011000-\U00011fff])[\u200c\u200d](?=[\u0600-\u1cff\ua800-\uabff\U00011000-\U00011fff])"
)
_SELECTOR = re.compile("(?<=[^\\s])[\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef]")
_DIRECTION = "\u200e\u200f\u061c"
_RUN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]{2,}|[\t\n\v\f\r\x00-\x1f\x7f-\x9f\u2028\u2029]")


def tidy(text: str, *, directions: bool = False) -> str:
    """`text` as it is kept on one line: without what came along by pasting (soft hyphens, spaces without width, embedded directions).

    Unlike `visible` it leaves what belongs to the spelling of a language, and a single space of any kind, as French puts it before a
    colon; with `directions`, marks of direction within the text too, by which writers order what is of two scripts.
    """
    spelt = {match.start() for kind in (_JOINER, _SELECTOR) for match in kind.finditer(text)}
    kept = (
        char
        for place, char in enumerate(text)
        if place in spelt
        or (directions and char in _DIRECTION)
        or (unicodedata.category(char) != "Cf" and not _UNSEEN.match(char))
    )
    return _RUN.sub(" ", "".join(kept)).strip(f" {_DIRECTION}\u00a0\u202f")


def ascii_digits(text: str) -> str:
    """Replace decimal digits of every script by 0 to 9."""
    return "".join(_digit(char) for char in text)


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """`text` as it is compared: "Côte d’Ivoire" and "COTE D'IVOIRE" alike. Never for display.

    Apostrophes become "'", hyphens and minus signs "-", digits of every script 0 to 9. Folding twice changes nothing.
    """
    plain = visible(text.translate(_SIGNS))
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    bare = _MARKS.sub("", unicodedata.normalize("NFD", plain.translate(_SIGNS)))
    signs = "".join("-" if unicodedata.category(char) == "Pd" else _digit(char) for char in bare)
    return visible(unicodedata.normalize("NFKC", signs.translate(_EXCHANGED)))


@lru_cache(maxsize=8192)
def name_key(text: str) -> str:
    """A name as it is compared: folded, without apostrophes, and with hyphens and other signs as good as a space.

    "N'Djamena" is "NDjamena", "Guinea-Bissau" is "Guinea Bissau", "U.S.A." is "USA", "Saint Louis" is "St. Louis". A name of signs
    alone stays as it folds.
    """
    folded = fold(text)
    words = (
        word.replace(".", "") if _INITIALS.fullmatch(word) else word for word in folded.replace("'", "").split(" ")
    )
    signs = (char if unicodedata.category(char)[0] in "LNM" else " " for char in " ".join(words))
    return " ".join(_SHORT.get(word, word) for word in "".join(signs).split()) or folded
