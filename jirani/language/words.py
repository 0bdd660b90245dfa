"""Texts cut into words, and words that mean the same made the same: what a search compares, in the language of a text or of a question.

A word is cut by ICU (Unicode's UAX 29, with its dictionaries for scripts without spaces) and folded; "l'échange" is "echange". Its stem
stands for all its forms: "cities" and "city" are one, as are "للمدن" and "مدينة". Stems are never shown.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from icu4py.breakers import WordBreaker

from .folding import fold, visible
from .stems import stem
from .stops import STOPS

#: As many characters of a text are cut, and of one word kept: nobody types more, and what is longer is no word.
MOST, LONGEST = 200_000, 60
#: What French and English write together with a word, on folded text. "aujourd'hui" is one word all the same.
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)")
_POSSESSIVE = re.compile(r"'s?$")
_ARABIC = re.compile("[\u0600-\u06ff]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def words(text: str, language: str) -> Iterator[str]:
    """Yield the words of a text, folded, in their order; signs and spaces are none. `language` is a code such as "fr"."""
    for part in WordBreaker(visible(text[:MOST]), language):
        if _LETTER_OR_DIGIT.search(part) and (word := _bare(fold(part[:LONGEST]))):
            yield word


def _bare(word: str) -> str:
    return _POSSESSIVE.sub("", _ELISION.sub("", word)).strip("'.")


@lru_cache(maxsize=16_384)
def stem_of(word: str, language: str) -> str:
    """Return what stands for all forms of a folded word; the word itself in a language that has no rules here."""
    return stem(word, language) if fits(word, language) else word


def stems(text: str, language: str) -> list[str]:
    """Return the stems of a text's words in their order, words without a meaning of their own included."""
    return [stem_of(word, language) for word in words(text, language)]


def fits(word: str, language: str) -> bool:
    """Whether a word is written in the script of a language."""
    return bool(_ARABIC.search(word)) == (language in {"ar", "fa", "ur"})


def asked(text: str, languages: Iterable[str]) -> list[frozenset[str]]:
    """Return, for each word of a question that means something, its stems in whichever of these languages it may be.

    A word that is a stop word in one language may mean something in another, in which it is then kept ("on", "son"). If nothing
    else is left, all words count.
    """
    known = tuple(languages)
    found = [(word, [code for code in known if fits(word, code)]) for word in words(text, known[0] if known else "en")]
    meant = [(word, [code for code in fitting if word not in STOPS.get(code, ())]) for word, fitting in found]
    kept = [(word, fitting) for word, fitting in meant if fitting] or found
    return list(
        dict.fromkeys(frozenset(stem_of(word, code) for code in fitting) or frozenset({word}) for word, fitting in kept)
    )
