"""What a language knows of its texts: how names sort, what a word is, how long words take to read.

The collation is ICU's. icu4py carries the library but does not speak of collation, so its two functions are called directly
(https://unicode-org.github.io/icu/userguide/collation/api.html): looked up through icu4py's extension, which is linked to them.
"""

import ctypes
import math
import sys
from functools import lru_cache

import icu4py
from icu4py import messageformat
from icu4py.breakers import WordBreaker

#: As many characters as `SortKey.key` holds.
KEY_LENGTH = 400


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(str(messageformat.__file__))


def _function(name: str) -> "ctypes._NamedFuncPointer":
    """An ICU function; its exported name ends in the library's major version."""
    found: ctypes._NamedFuncPointer = getattr(_library(), f"{name}_{icu4py.icu_version_info[0]}")
    return found


@lru_cache(maxsize=64)
def _collator(language: str) -> ctypes.c_void_p:
    """ICU's collator of a language, kept for the life of the process; the root's for a language that ICU does not know."""
    opening = _function("ucol_open")
    opening.restype = ctypes.c_void_p
    opening.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    status = ctypes.c_int(0)
    address = opening(language.replace("-", "_").encode("ascii"), ctypes.byref(status))
    if status.value > 0 or not address:  # negative ones are warnings: a fallback was used
        raise RuntimeError(f"ICU has no collation for {language!r} (error {status.value}).")
    return ctypes.c_void_p(address)


def sort_key(name: str, language: str) -> str:
    """Hex digits that compare, byte by byte, as speakers of `language` sort names; at most KEY_LENGTH of them."""
    source = name.strip().encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be")
    making = _function("ucol_getSortKey")
    making.restype = ctypes.c_int32
    making.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int32]
    room = ctypes.create_string_buffer(KEY_LENGTH // 2)
    length = making(_collator(language), source, len(source) // 2, room, len(room))
    return room.raw[: min(length, len(room))].rstrip(b"\x00").hex()


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
