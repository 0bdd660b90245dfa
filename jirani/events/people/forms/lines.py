"""Lines of people as they are pasted: cells of a spreadsheet, or mailboxes of a letter."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from jirani.language import name_key, normal_address, read_mailboxes, tidy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What a pasted line holds, in this order, each under the name by which the hint above calls it.
CELLS: dict[str, "StrOrPromise"] = {
    "name": _("Name"), "email": _("E-mail address"), "role": _("Role"), "sector": _("Sector"),
    "delegation": _("Delegation"), "language": _("Language"),
}  # fmt: skip


def read_lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and parts of each line that says something; of a line of several mailboxes, the parts of each.

    A line is a row of a spreadsheet, or begins with mailboxes as a letter's "To" holds them: "Amina Haddad <amina@example.org>".
    """
    for number, line in enumerate(text.splitlines(), start=1):
        plain = tidy(line.replace("\t", _TAB)).replace(_TAB, "\t").strip()
        mailboxes, rest = read_mailboxes(plain)
        for box in mailboxes:
            yield number, _named_parts([box.name, box.address, *(_parts(rest) if rest else [])])
        if plain and not mailboxes:
            yield number, _named_parts(_parts(plain))


#: Stands in for a tab while runs of white space become one space.
_TAB = "\ue000"


def _named_parts(parts: list[str]) -> dict[str, str]:
    """Return cells by column. The name's cell may also hold the address, or follow it."""
    first, second, *others = [*parts, "", ""]
    before, address = _with_address(first)
    if address and "@" not in second:
        name, others = (before, [second, *others]) if before or not second else (second, others)
        first, second = name, address
    return dict(zip(CELLS, [first, second, *others, *[""] * len(CELLS)], strict=False))


#: Signs that are in no address of a list.
_AROUND = frozenset(" \t()<>@")


def _with_address(cell: str) -> tuple[str, str]:
    """Return what comes before an address at the end of a cell, which may be in brackets, and the address; "" if there is none."""
    bare = cell.rstrip(")>")
    local, _at, domain = bare.rpartition("@")
    start = 1 + max(local.rfind(sign) for sign in _AROUND)
    if not local[start:] or not domain or not _AROUND.isdisjoint(domain):
        return cell, ""
    return local[:start].rstrip(" (<"), bare[start:]


def _parts(line: str) -> list[str]:
    """Split a row at tabs, semicolons or commas; a cell in quotes may contain the separator."""
    bare = re.sub(r'"[^"]*"', "", line)
    mark = next((mark for mark in "\t;،" if mark in bare), ",")
    if mark == "،":
        # Outside of quotes: an even number of them follows.
        line, mark = re.sub('[،,](?=(?:[^"]*"[^"]*")*[^"]*$)', ",", line), ","
    cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    return [cell.strip() for cell in cells]


def is_heading(said: Mapping[str, str]) -> bool:
    """Whether a line holds the names of the columns, as a sheet's first row does, in whichever language."""
    words = [name_key(value) for value in said.values() if value]
    known = {name_key(word) for word in (*CELLS, "E-mail", "Courriel")}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {name_key(str(label)) for label in CELLS.values()}
    return len(words) > 1 and known.issuperset(words)


def repeated_addresses(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[str]:
    """Yield a sentence for each address that stands in an earlier line too."""
    seen: dict[str, int] = {}
    for number, said in rows:
        address = normal_address(said["email"])
        if address and address in seen:
            yield gettext("Line %(number)s: the address “%(value)s” is already in line %(first)s.") % {
                "number": number, "value": said["email"], "first": seen[address],
            }  # fmt: skip
        seen.setdefault(address, number)
