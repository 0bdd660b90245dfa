"""The language in which a text is read or written now; names in addresses."""

import re
from collections.abc import Collection, Iterable
from itertools import count

from django.conf import settings
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import get_language

#: Hyphens and dashes that have no letter of ASCII to become, so that slugify would let them go.
_DASHES = re.compile("[\u2010-\u2015\u2212]")
#: What is drawn for an address: no vowels, so that no words come of it, and nothing that reads like another letter or a digit.
_DRAWN, _MANY = "23456789bcdfghjkmnpqrstvwxz", 5


def active_language() -> str:
    """The code of the language that is active now: the reader's, or that of the letter which is being written."""
    return get_language() or settings.LANGUAGE_CODE


def slug_base(words: str, fallback: str, length: int = 80) -> str:
    """Return `words` as letters, digits and hyphens, at most `length` of them; `fallback` if none of them is Latin."""
    return slugify(_DASHES.sub("-", words))[:length].strip("-") or fallback


def free_slug(
    words: str, *, taken: Iterable[str], fallback: str, length: int = 80, reserved: Collection[str] = ()
) -> str:
    """A name for an address that is neither taken nor reserved: "kwale", "kwale-2", "kwale-3".

    Only for records that everybody may see: a number says that there is another of that name. The column's own uniqueness has the
    last word: two that choose at once meet there.
    """
    known = {*taken, *reserved}
    base = slug_base(words, fallback, length)
    if base not in known:
        return base
    for number in count(2):
        end = f"-{number}"
        candidate = base[: length - len(end)].rstrip("-") + end
        if candidate not in known:
            return candidate
    raise AssertionError  # count() does not end


def random_slug(words: str, *, fallback: str, length: int = 80) -> str:
    """A name for the address of a record that not everybody may see: "exchange-7xk2q", whatever else is there.

    It never depends on other records, so that it reveals nothing about them. The column's constraint rules out duplicates: 14 million
    are drawn from.
    """
    end = f"-{get_random_string(_MANY, _DRAWN)}"
    return slug_base(words, fallback, length - len(end)) + end
