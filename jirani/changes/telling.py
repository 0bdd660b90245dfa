"""Collect the database's messages about a transaction by record and pass them on to the listeners."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from .registry import Change, Kind, Watched, listeners_of, watched

#: How often listeners may write something that others listen to before it is taken for a circle.
ROUNDS = 10

#: A message of the database's: the table, and what was written there (triggers.py).
type_told = tuple[str, str]


def pass_on(told: Iterable[type_told]) -> None:
    """Call everybody who listens to what was written, once each with all of it."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for table, detail in told:
        by_table[table].append(detail)
    wanted: dict[str, tuple[Any, list[Change]]] = {}
    for one in watched():
        details = by_table.get(one.model._meta.db_table)
        listeners = list(listeners_of(one.label)) if details else []
        if details and listeners:
            changes = put_together(one, details)
            for name, listener in listeners:
                wanted.setdefault(name, (listener, []))[1].extend(changes)
    for listener, changes in wanted.values():
        listener(changes)


def put_together(one: Watched, details: Iterable[str]) -> list[Change]:
    """Combine all steps of each record into one change, by record."""
    model = one.model
    found: dict[Any, Change] = {}
    names = {str(field.column): field.name for field in model._meta.local_concrete_fields}
    for detail in details:
        for key, fields, before, after in json.loads(detail):
            changed = frozenset(names[column] for column in fields or ())
            step = _change(model, key, changed, _named(before, names), _named(after, names))
            found[key] = _both(found[key], step) if key in found else step
    return [found[key] for key in sorted(found)]  # whoever locks them does so in one order


def _named(columns: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    return None if columns is None else {names[column]: value for column, value in columns.items()}


def _change(
    model: type[Model],
    key: Any,
    fields: frozenset[str],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Change:
    kind = Kind.MADE if before is None else Kind.GONE if after is None else Kind.CHANGED
    pk = model._meta.pk.to_python(key)
    return Change(model, pk, kind, fields if kind == Kind.CHANGED else frozenset(), before or {}, after or {})


def _both(first: Change, then: Change) -> Change:
    """Combine two steps into one. If a record was made and then deleted, it counts as deleted: something may have been
    attached in between.
    """
    before = None if first.kind == Kind.MADE and then.kind != Kind.GONE else first.before
    after = None if then.kind == Kind.GONE else then.after
    return _change(first.model, first.pk, first.fields | then.fields, before, after)
