"""The stem of a folded word, by language: Snowball for English and French, rules of our own for Arabic and Swahili."""

from collections.abc import Callable
from functools import partial
from threading import local

import snowballstemmer

from . import arabic, swahili


def stem(word: str, language: str) -> str:
    """Return the stem of a folded word; the word itself for a language without rules."""
    rules = _RULES.get(language)
    return rules(word) if rules else word


#: A stemmer of Snowball's keeps the word that it is at: each thread has its own.
_own = local()


def _by_snowball(name: str, word: str) -> str:
    if not hasattr(_own, name):
        setattr(_own, name, snowballstemmer.stemmer(name))
    found: str = getattr(_own, name).stemWord(word)
    return found


_RULES: dict[str, Callable[[str], str]] = {
    "en": partial(_by_snowball, "english"),
    "fr": partial(_by_snowball, "french"),
    "ar": arabic.stem,
    "sw": swahili.stem,
}
