"""Pages of a list by key: the same cost for the first page and the five-hundredth.

A cursor is the sort key of the last row seen, signed by nobody (it names a place, not a right) and checked for its types.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from .noted import tell_cursor

M = TypeVar("M", bound=models.Model)

#: Rows of a page that is read rather than searched, such as a plan or what was said in a session.
LONG = 100


class BadCursor(ValueError):
    """The cursor in the address is not one of ours."""


class Turned:
    """A list of which a page of ours shows one page; another list on it, with a parameter of its own, stays as far as it was turned."""

    __slots__ = ()
    older: str
    newer: str
    name: str
    #: How far each list of the page was turned, by parameter, in the order in which they are read.
    cursors: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether there is no other page."""
        return not self.older and not self.newer

    def query(self, cursor: str) -> str:
        """The parameters of the address that turns this list to `cursor`, encoded."""
        turned = {**self.cursors, self.name: cursor}
        return urlencode({name: value for name, value in turned.items() if value})

    @property
    def to_older(self) -> str:
        """The query that turns to the next page."""
        return self.query(self.older)

    @property
    def to_newer(self) -> str:
        """The query that turns back."""
        return self.query(self.newer)


@dataclass(frozen=True, slots=True)
class Page(Turned, Generic[M]):
    """Rows of one page and the cursors of its neighbours (empty if there is none)."""

    rows: list[M]
    older: str
    newer: str
    #: Whether the cursor is written as in our own links, and the row that it names is there.
    ours: bool = True
    name: str = "cursor"
    cursors: Mapping[str, str] = field(default_factory=dict, compare=False)


def page_by_key(queryset: QuerySet[M], order: Sequence[str], *, cursor: str = "", size: int = 20) -> Page[M]:
    """Return one page of `queryset` by the fields in `order` ("-published_at", "-id"; the last one unique, none null).

    `cursor` is "" for the first page, "a…" for rows after a key, "f…" for rows from it on and "b…" for rows before it.
    Raises BadCursor for an address that was tampered with.
    """
    backward = cursor.startswith("b")
    names = [name.removeprefix("-") for name in order]
    found = queryset.order_by(*[_ordering(name, flip=backward) for name in order])
    key = _read(cursor, names, _fields(queryset)) if cursor else []
    if cursor:
        found = found.filter(_beyond(order, key, flip=backward, itself=True))
    rows = list(found[: size + 1 + bool(cursor)])  # one more tells whether there is another page, without counting
    named = bool(rows) and [getattr(rows[0], name) for name in names] == key
    rows = rows[1:] if named and cursor[0] != "f" else rows[: size + 1]
    ours = not cursor or (named and _write(cursor[0], key) == cursor)  # JSON and base64 spell one key in many ways
    more = len(rows) > size
    rows = rows[:size]
    if backward:  # read from the cursor upwards, but shown in the list's order
        rows.reverse()
    if not rows and cursor:  # nothing is left on this side of what was the page's edge when the link was made
        return replace(
            page_by_key(queryset, order, size=size) if backward else _last_page(queryset, order, size), ours=ours
        )
    if not rows:
        return Page(rows, "", "", ours)
    first, last = write_cursor("b", rows[0], names), write_cursor("a", rows[-1], names)
    return Page(rows, last if more or backward else "", first if (more if backward else bool(cursor)) else "", ours)


def _last_page(queryset: QuerySet[M], order: Sequence[str], size: int) -> Page[M]:
    rows = list(queryset.order_by(*[_ordering(name, flip=True) for name in order])[: size + 1])
    shown = rows[:size][::-1]
    newer = write_cursor("b", shown[0], [name.removeprefix("-") for name in order]) if len(rows) > size else ""
    return Page(shown, "", newer)


def page_of(
    request: HttpRequest, queryset: QuerySet[M], order: Sequence[str], *, size: int = 20, name: str = "cursor"
) -> Page[M]:
    """Return the page of a list that the address asks for; 404 if its cursor is not one of ours.

    `name` is the parameter that holds the cursor. Of several lists on a page each has its own.
    """
    cursor = request.GET.get(name, "")
    try:
        page = page_by_key(queryset, order, cursor=cursor, size=size)
    except BadCursor as error:
        raise Http404 from error
    if cursor:
        tell_cursor(request, name, ours=page.ours)
    return replace(page, name=name, cursors=_turned(request, name, cursor))


def _turned(request: HttpRequest, name: str, cursor: str) -> Mapping[str, str]:
    """How far the lists of the page were turned; those that are read later are added to it."""
    cursors: dict[str, str] = request.META.setdefault("jirani.turned", {})
    cursors[name] = cursor
    return cursors


#: A place in an outline: 2 is the second chapter, 2.1.3 the third row of its first part.
type_place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stretch(Turned):
    """The places of one page of an outline, in the order in which they are read, and the cursors of its neighbours."""

    places: list[type_place]
    older: str
    newer: str
    name: str
    cursors: Mapping[str, str]
    _outline: Mapping[type_place, int]
    _inner: Mapping[type_place, list[int]]

    def keys(self, depth: int) -> list[int]:
        """The keys of the parts, so deep in the outline, that are on this page, themselves or with something in them."""
        return [self._outline[place] for place in {each[:depth]: None for each in self.places if len(each) >= depth}]

    def every(self) -> list[int]:
        """The keys of all rows, on whichever page."""
        return list(self._outline.values())

    def within(self, *place: int) -> list[int]:
        """The numbers of all that stands directly in a place, on whichever page; without a place, of the chapters."""
        return self._inner.get(place, [])


def stretch_of(
    request: HttpRequest, outline: Mapping[type_place, int], *, size: int = LONG, name: str = "cursor"
) -> Stretch:
    """The page of an outline that the address asks for, as the one that holds the place that is its cursor, such as 2.1; 404 if that is none.

    `outline` holds the key of what stands at each place, `name` is the parameter that holds the cursor.
    """
    cursor = request.GET.get(name, "")
    if cursor and not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,5}){0,3}", cursor):
        raise Http404
    if cursor:
        tell_cursor(request, name, ours=cursor in map(place_cursor, outline))
    places = sorted(outline)
    at = bisect_left(places, tuple(map(int, cursor.split(".")))) if cursor else 0
    first = min(at, max(len(places) - 1, 0)) // size * size
    inner: dict[type_place, list[int]] = {}
    for place in places:
        inner.setdefault(place[:-1], []).append(place[-1])
    older = place_cursor(places[first + size]) if first + size < len(places) else ""
    newer = place_cursor(places[first - size]) if first else ""
    return Stretch(places[first : first + size], older, newer, name, _turned(request, name, cursor), outline, inner)


def page_by_head(
    request: HttpRequest, rows: QuerySet[M], head: str, *, name: str = "cursor"
) -> tuple[list[M], Stretch]:
    """The page that the address asks for of rows that stand in their order under heads, such as a programme under its days, whose
    cursor 2 is the second day; one query, or two if there are more than one page holds.
    """

    return _page_by_place(request, rows, ("pk", head), name)


def page_by_place(request: HttpRequest, rows: QuerySet[M], *, name: str = "cursor") -> tuple[list[M], Stretch]:
    """The page that the address asks for of rows in their order, whose cursor 101 is the hundred and first; as many queries.

    For rows of which an address must not say more than that, since a cursor by key tells when the last row of a page was made, and
    which it is; and for rows whose order is that of another record's fields.
    """

    return _page_by_place(request, rows, ("pk",), name)


def _page_by_place(
    request: HttpRequest, rows: QuerySet[M], fields: Sequence[str], name: str
) -> tuple[list[M], Stretch]:
    first = list(rows[: LONG + 1]) if name not in request.GET else []
    whole = name not in request.GET and len(first) <= LONG
    keys = [tuple(getattr(row, field) for field in fields) for row in first] if whole else rows.values_list(*fields)
    page = stretch_of(request, _outline(keys), name=name)
    return first[:LONG] or list(rows.filter(pk__in=page.keys(len(fields)))), page


def _outline(keys: Iterable[tuple[Any, ...]]) -> dict[type_place, int]:
    """The place of each key: its number, or if it comes with a head, that of the head and its own under it."""
    rows = list(keys)
    if not rows or len(rows[0]) == 1:
        return {(place,): key for place, (key,) in enumerate(rows, start=1)}
    return {
        (number, place): key
        for number, (_head, under) in enumerate(groupby(rows, key=lambda row: row[1]), start=1)
        for place, (key, _again) in enumerate(under, start=1)
    }


def query_to(rows: QuerySet[Any], row: models.Model | None, *, head: str = "", name: str = "cursor") -> str:
    """The query that leads to the page of `page_by_place`, or with a head of `page_by_head`, on which a row stands: "?cursor=101".

    It is "" if one page holds all rows, or if the row is none of them. One query.
    """
    return query_to_place(_outline(rows.values_list("pk", *filter(None, [head]))), row.pk if row else None, name=name)


def query_to_place(outline: Mapping[type_place, int], key: int | None, *, name: str = "cursor") -> str:
    """As `query_to`, for an outline that has been read already."""
    if len(outline) <= LONG:
        return ""
    return next((f"?{name}={place_cursor(place)}" for place, each in outline.items() if each == key), "")


def query_from(row: models.Model, order: Sequence[str], *, name: str = "cursor") -> str:
    """The query that leads to a page of a list by key which begins with a row; no query to the database, for links on pages of other
    records.
    """
    return f"?{name}={write_cursor('f', row, [each.removeprefix('-') for each in order])}"


def query_to_key(queryset: QuerySet[M], order: Sequence[str], row: M, *, size: int = 20, name: str = "cursor") -> str:
    """The query that leads to the page of a list by key on which a row stands for whoever turns its pages from the first on; "" if it
    is the first. Two queries.
    """
    names = [each.removeprefix("-") for each in order]
    before = queryset.filter(_beyond(order, [getattr(row, each) for each in names], flip=True)).count()
    if before < size:
        return ""
    last = queryset.order_by(*[_ordering(each, flip=False) for each in order])[before // size * size - 1]
    return f"?{name}={write_cursor('a', last, names)}"


def place_cursor(place: type_place) -> str:
    """A place as an address names it."""
    return ".".join(map(str, place))


def _ordering(name: str, *, flip: bool) -> Any:
    field = F(name.removeprefix("-"))
    return field.asc() if name.startswith("-") == flip else field.desc()


def _beyond(order: Sequence[str], key: list[Any], *, flip: bool, itself: bool = False) -> Q:
    """Rows after `key`, with the row of the key `itself` if that is asked for. The first condition alone lets the index be used from the key on."""
    first = order[0].removeprefix("-")
    bound = "lte" if order[0].startswith("-") != flip else "gte"
    condition = Q()
    same = Q()
    for name, value in zip(order, key, strict=True):
        field = name.removeprefix("-")
        side = "lt" if name.startswith("-") != flip else "gt"
        condition |= same & Q(**{f"{field}__{side}": value})
        same &= Q(**{field: value})
    return Q(**{f"{first}__{bound}": key[0]}) & (condition | same if itself else condition)


def write_cursor(side: str, row: models.Model, names: list[str]) -> str:
    """The cursor of rows before ("b") or after ("a") a row, or from it on ("f")."""
    return _write(side, [getattr(row, name) for name in names])


def _write(side: str, values: Iterable[Any]) -> str:
    key = [value.isoformat() if isinstance(value, date) else value for value in values]
    return side + urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def _fields(queryset: QuerySet[Any]) -> dict[str, Any]:
    """What a page may be ordered by: the record's own columns, and what the queryset adds to them."""
    added = {name: each.output_field for name, each in queryset.query.annotations.items()}
    return {field.name: field for field in queryset.model._meta.concrete_fields} | added


def _read(cursor: str, names: list[str], fields: Mapping[str, Any]) -> list[Any]:
    try:
        if cursor[0] not in "abf":
            raise ValueError
        body = cursor[1:]
        key = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if not isinstance(key, list) or len(key) != len(names):
            raise ValueError
        return [_parse(value, fields[name]) for name, value in zip(names, key, strict=True)]
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise BadCursor(cursor) from error


def _parse(value: Any, field: Any) -> Any:
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:  # ours say it; Django would guess, and warn
            raise ValueError(value)
        return moment
    if isinstance(field, models.DateField):
        return date.fromisoformat(value)
    if isinstance(field, models.IntegerField):
        if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
            raise ValueError(value)
        return value
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()  # half of a pair of surrogates is no text that the database could look for
    return value
