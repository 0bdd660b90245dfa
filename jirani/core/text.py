"""The language in which a text is read or written now; names in addresses."""

import re
from collections.abc import Collection, Iterable
from itertools import count

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import get_language

#: Hyphens and dashes that have no letter of ASCII to become, so that slugify would let them go.
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def active_language() -> str:
    """The code of the language that is active now: the reader's, or that of the letter which is being written."""
    return get_language() or settings.LANGUAGE_CODE


def slug_base(words: str, fallback: str, length: int = 80) -> str:
    """`words` as letters, digits and hyphens, at most `length` of them; `fallback` where nothing of them is Latin."""
    return slugify(_DASHES.sub("-", words))[:length].strip("-") or fallback


def free_slug(
    words: str, *, taken: Iterable[str], fallback: str, length: int = 80, reserved: Collection[str] = ()
) -> str:
    """A name for an address that is neither taken nor reserved: "kwale", "kwale-2", "kwale-3".

    The column's own uniqueness has the last word: two that choose at once meet there.
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
