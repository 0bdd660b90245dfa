"""Words and reading times by language."""

import math
from functools import lru_cache

from icu4py.breakers import WordBreaker

#: Words read in a minute, silently, by adults. Source: Trauzettel-Klosinski and Dietz, "Standardized assessment of reading
#: performance: the new International Reading Speed Texts IReST", IOVS 53 (2012) 5452-5461, table 2. Swahili and others that it
#: does not have: its mean over 17 languages.
WORDS_A_MINUTE = {"ar": 138, "en": 228, "fr": 195, "de": 179, "es": 218, "pt": 181, "tr": 166, "zh": 158}
MEAN_WORDS_A_MINUTE = 184


def count_words(text: str, language: str) -> int:
    """Words of `text`: segments of UAX #29 (through ICU) that hold a letter or a digit."""
    return sum(1 for segment in WordBreaker(text, language) if any(character.isalnum() for character in segment))


@lru_cache(maxsize=128)
def reading_minutes(text: str, language: str) -> int:
    """Whole minutes that reading takes, at least 1. Remembered: finding the words of an article takes ICU some milliseconds."""
    speed = WORDS_A_MINUTE.get(language.split("-", maxsplit=1)[0], MEAN_WORDS_A_MINUTE)
    return max(1, math.ceil(count_words(text, language) / speed))
