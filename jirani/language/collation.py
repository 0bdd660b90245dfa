"""How speakers of a language sort names, by ICU (https://unicode-org.github.io/icu/userguide/collation/api.html).

icu4py bundles ICU but does not expose collation, so three ICU functions are called directly, looked up through the
extension that is linked to them. Everything that depends on this is in this file, and pyproject.toml pins icu4py exactly.
"""

import ctypes
import sys
from functools import lru_cache

import icu4py
from icu4py import messageformat

#: As many characters as a key has at most, and as `SortKey.key` holds.
KEY_LENGTH = 400
#: Goes up when `sort_key` is changed so that its keys no longer compare with those of before.
_OURS = 1


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(str(messageformat.__file__))


def _function(name: str, result: type | None, *arguments: type) -> "ctypes._NamedFuncPointer":
    """Look up an ICU function; its exported name ends in the library's major version."""
    found: ctypes._NamedFuncPointer = getattr(_library(), f"{name}_{icu4py.icu_version_info[0]}")
    found.restype, found.argtypes = result, arguments
    return found


@lru_cache(maxsize=64)
def _collator(language: str) -> ctypes.c_void_p:
    """Return ICU's collator for a language, kept for the life of the process; the root collator if ICU does not know the language."""
    opening = _function("ucol_open", ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int))
    status = ctypes.c_int(0)
    address = opening(language.replace("-", "_").encode("ascii"), ctypes.byref(status))
    if status.value > 0 or not address:  # negative ones are warnings: a fallback was used
        raise RuntimeError(f"ICU has no collation for {language!r} (error {status.value}).")
    return ctypes.c_void_p(address)


def sort_key(name: str, language: str) -> str:
    """Hex digits that compare, byte by byte, as speakers of `language` sort names; at most KEY_LENGTH of them."""
    source = name.strip().encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be")
    making = _function(
        "ucol_getSortKey",
        ctypes.c_int32,
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int32,
        ctypes.c_char_p,
        ctypes.c_int32,
    )
    room = ctypes.create_string_buffer(KEY_LENGTH // 2)
    length = making(_collator(language), source, len(source) // 2, room, len(room))
    return room.raw[: min(length, len(room))].rstrip(b"\x00").hex()


@lru_cache(maxsize=64)
def collation_version(language: str) -> str:
    """Keys of a language compare with one another if they were made under the same version, such as "1:153.136.48.0".

    It is ICU's own of that collator, which changes with the rules of the language and not with every release of ICU.
    """
    telling = _function("ucol_getVersion", None, ctypes.c_void_p, ctypes.c_char_p)
    room = ctypes.create_string_buffer(4)
    telling(_collator(language), room)
    return f"{_OURS}:{'.'.join(str(byte) for byte in room.raw)}"
