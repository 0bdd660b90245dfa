"""Reads whose SQL is put together once per process.

Two thirds of what a visitor's page costs is Django putting the same statements together that it put together for the page before
(docs/decisions/0038-statements-put-together-once.md). A function under `@compiled_once` gives a queryset; for visitors it is called
once, with values that stand for any, and Django keeps the SQL. From then on each call puts its own values in their places and asks
the database. For somebody signed in the queryset is made as ever, for what they may see is theirs alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, Prefetch, QuerySet, Value, prefetch_related_objects
from django.utils import translation

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
R = TypeVar("R")

#: What a statement may be asked with: one value, or several numbers, as many as there are.
type_value = int | str | date | tuple[int, ...]
#: Values that stand for any while SQL is put together, far from each other and from what is written in querysets; those of the first
#: and of the second time differ. The third are small enough for any column.
_NUMBERS, _DAYS = (2_000_000_000, 1_900_000_000, 1), (date(8000, 1, 1), date(7000, 1, 1), date(6000, 1, 1))
#: From one value to the next, so that what is reckoned from one (the year before, a number more) is not taken for another.
_STEPS = (1_009, 1_009, 1)
_DAYS_BETWEEN = timedelta(days=1_009)


class NotForAllError(Exception):
    """A queryset that is put together once depends on more than the values it is asked with."""


def compiled_once(build: Callable[Concatenate[Any, P], QuerySet[M, R]]) -> Callable[Concatenate[Any, P], list[R]]:
    """Let `build(user, *, name=value, …)` give the rows of its queryset, whose SQL is put together once for all visitors.

    What it gives may depend on the user and the values only, and its form not on what the values are: no `if` about them, no sum,
    no clock and no reader's language; the day is a value too. Values are `int`, `str`, `date` or tuples of `int`. That it is so is
    looked at once, when the SQL is put together for the second time with other values and in another language: it raises
    NotForAllError if more than these values differ.
    """
    statements: dict[tuple[Any, ...], _Statement | None] = {}

    @wraps(build)
    def read(user: Any, *_: P.args, **values: P.kwargs) -> list[R]:
        if getattr(user, "is_authenticated", False):
            return list(build(user, **values))  # type: ignore[call-arg]  # there are no others than the named ones
        asked: dict[str, Any] = values
        form = tuple((name, len(value) if isinstance(value, tuple) else type(value)) for name, value in asked.items())
        if form not in statements:
            statements[form] = _put_together(build, asked)
        statement = statements[form]
        return statement.rows(asked) if statement else []

    return read  # type: ignore[return-value]  # mypy takes *_ for something that may be given


def totals(rows: QuerySet[Any], **aggregates: Any) -> QuerySet[Any, dict[str, Any]]:
    """A queryset of one row with aggregates over all of `rows`, or of none if there are no rows: `aggregate()` for `compiled_once`."""
    everything = rows.order_by().annotate(everything=Value(0)).values("everything")
    found: QuerySet[Any, dict[str, Any]] = everything.annotate(**aggregates).values(*aggregates)
    return found


@dataclass(frozen=True, slots=True)
class _Statement:
    """A queryset with its SQL, and which of the statement's parameters are whose values."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    places: dict[int, _Place]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Run the statement with these values. Django's own iterables turn the result into what the queryset asked for."""
        parameters = list(self.parameters)
        for number, place in self.places.items():
            parameters[number] = type(parameters[number])(place.value(values)) if place.cast else place.value(values)
        compiler = copy(self.compiler)
        compiler.connection = connections[self.queryset.db]  # this thread's
        compiler.as_sql = lambda: (self.sql, tuple(parameters))
        kept: Any = self.queryset
        asked = type(kept)(kept.model, _Query(kept.query, compiler), kept.db)
        asked._fields = kept._fields  # noqa: SLF001  (what values_list() was given)
        found: list[Any] = list(kept._iterable_class(asked))  # noqa: SLF001  (it makes records or tuples of rows)
        if found and (more := kept._prefetch_related_lookups):  # noqa: SLF001  (what prefetch_related() was given)
            prefetch_related_objects(found, *map(copy, more))  # a lookup remembers what it was used for
        return found


@dataclass(frozen=True, slots=True)
class _Query:
    """A query of Django's that has been compiled."""

    query: Any
    compiler: Any

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.query, name)


@dataclass(frozen=True, slots=True)
class _Place:
    """Which of the values goes to a parameter: the named one, or its element at `index` if it is a tuple."""

    name: str
    index: int | None
    cast: bool

    def value(self, values: dict[str, Any]) -> Any:
        return values[self.name] if self.index is None else values[self.name][self.index]


def _put_together(build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any]) -> _Statement | None:
    """The statement for any values of that form; None if it never finds anything. Raises NotForAllError."""
    try:
        first = _compiled(build, values, 0)
        with translation.override("fr" if translation.get_language() == "en" else "en"):
            second = _compiled(build, values, 1)
    except EmptyResultSet:
        _require_nothing(build, values)
        return None
    queryset, compiler, sql, parameters, marks = first
    places = {number: marks[each] for number, each in enumerate(parameters) if _is_mark(each, marks)}
    again = {number: second[4][each] for number, each in enumerate(second[3]) if _is_mark(each, second[4])}
    others = [each for number, each in enumerate(parameters) if number not in places]
    same = sql == second[2] and places == again
    same = same and others == [each for number, each in enumerate(second[3]) if number not in places]
    beside = _beside(queryset)
    if not same or beside != _beside(second[0]) or any(isinstance(each, date) for each in [*others, *beside]):
        raise NotForAllError(
            f"{build.__qualname__} depends on the clock, on the language, or on more of its values than stands in its SQL."
        )
    if {place.name for place in places.values()} != {name for name, value in values.items() if value != ()}:
        raise NotForAllError(f"{build.__qualname__} asks for nothing with some of its values.")
    return _Statement(queryset, compiler, sql, tuple(parameters), places)


def _require_nothing(build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any]) -> None:
    """Raise NotForAllError if it was empty only because Django knows that no column for small numbers holds what stands for a value."""
    with suppress(EmptyResultSet):
        _compiled(build, values, 2)
        raise NotForAllError(f"{build.__qualname__} looks for a value in a column for small numbers.")


def _beside(queryset: QuerySet[Any, Any]) -> list[Any]:
    """The statements, with their values, of what is fetched along with the rows: they are asked as they were first made."""
    found: list[Any] = []
    for lookup in queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001  (as above)
        if isinstance(lookup, Prefetch) and lookup.queryset is not None:
            with suppress(EmptyResultSet):
                sql, parameters = lookup.queryset.query.get_compiler(queryset.db).as_sql()
                found += [sql, *parameters]
            found += _beside(lookup.queryset)
    return found


def _compiled(build: Callable[..., QuerySet[Any, Any]], values: dict[str, Any], time: int) -> tuple[Any, ...]:
    marks: dict[Any, _Place] = {}
    asked = {name: _mark(name, value, time, marks) for name, value in values.items()}
    queryset = build(AnonymousUser(), **asked)
    compiler = queryset.query.get_compiler(queryset.db)
    sql, parameters = compiler.as_sql()
    return queryset, compiler, sql, list(parameters), marks


def _mark(name: str, value: Any, time: int, marks: dict[Any, _Place]) -> Any:
    """Return a stand-in for a value and note it in `marks`."""
    if isinstance(value, tuple):
        return tuple(_marked(_Place(name, index, cast=True), 0, time, marks) for index in range(len(value)))
    return _marked(_Place(name, None, cast=isinstance(value, int)), value, time, marks)


def _marked(place: _Place, value: Any, time: int, marks: dict[Any, _Place]) -> Any:
    number = len(marks)
    mark: Any
    if isinstance(value, str):
        mark = f"{('first', 'second', 'third')[time]} {number} {place.name}"
    elif isinstance(value, date):
        mark = _DAYS[time] + number * _DAYS_BETWEEN
    else:
        mark = _NUMBERS[time] + number * _STEPS[time]
    marks[mark] = place
    return mark


def _is_mark(value: Any, marks: dict[Any, _Place]) -> bool:
    return isinstance(value, int | str | date) and value in marks
