"""The demo's data as files: records in TOML, the addresses of their sources, dates as exact as they are known.

A record is a table. Each text field is a table of languages (`title.en`, `title.fr`, …), a reference is the key of
another record, `source` is a key of `sources.toml`, and a date of mixed precision is written as one says it: "2015",
"2021-03", "2021-03-25", "by 2021-03", and "2018?-11-22" if the year is inferred.
"""

import tomllib
from calendar import monthrange
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jirani.core.enums import Precision
from jirani.taxonomy import text as taxonomy

DATA = Path(__file__).parent / "data"
#: Folders of the files: the demo's, and those that every new network starts with.
FOLDERS = (DATA, taxonomy.DATA)
#: The languages in which the demo is written, whatever others the interface speaks.
LANGUAGES = ("en", "fr", "ar", "sw")


def read(name: str) -> dict[str, Any]:
    """The content of `<name>.toml`."""
    path = next(path for folder in FOLDERS if (path := folder / f"{name}.toml").exists())
    return tomllib.loads(path.read_text(encoding="utf-8"))


def digest() -> str:
    """A fingerprint of everything the demo loads: 64 hex digits."""
    whole = sha256()
    for folder in FOLDERS:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            whole.update(path.relative_to(folder).as_posix().encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


@cache
def _sources() -> dict[str, str]:
    content = read("sources")
    network = content["network"]
    return {key: address.replace("SCN", network, 1) for key, address in content["sources"].items()}


def source(key: str) -> str:
    """The whole address behind a source's key. Raises KeyError for a key that nobody has."""
    return _sources()[key]


def partial_date(words: str) -> tuple[date, Precision]:
    """A date as exact as it is known: its first day and its precision.

    "2015", "2021-03", "2021-03-25", with "by " before them a latest month or day, and "2018?-11-22" a day of an inferred year.
    """
    if words[4:6] == "?-" and words.count("-") == 2:
        return partial_date(words.replace("?", "", 1))[0], Precision.INFERRED
    bound, _, known = words.rpartition("by ")
    by = words.startswith("by ") and not bound
    parts = [int(part) for part in (known if by else words).split("-")]
    if len(parts) > 3:
        raise ValueError(f"“{words}”: more than a day")
    year, month, day = [*parts, 1, 1][:3]
    if len(parts) == 3:
        return date(year, month, day), Precision.BY if by else Precision.DAY
    if len(parts) == 2:
        return date(year, month, 1), Precision.BY_MONTH if by else Precision.MONTH
    if by:
        raise ValueError(f"“{words}”: a latest date needs its month")
    return date(year, 1, 1), Precision.YEAR


def date_span(words: str) -> tuple[date, date, Precision]:
    """An event's days: "2018-03-19..2018-03-23", one day, or a whole month."""
    first, _, last = words.partition("..")
    start, precision = partial_date(first)
    if last:
        return start, partial_date(last)[0], precision
    if precision == Precision.MONTH:
        return start, start.replace(day=monthrange(start.year, start.month)[1]), precision
    return start, start, precision
