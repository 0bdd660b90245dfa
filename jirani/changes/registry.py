"""Which models are watched, what is reported of their changes, and to whom.

An app registers its models in `AppConfig.ready()`: `watch` says what is told of them, `leave` why nothing is. Triggers follow from
it (triggers.py). Whoever has to do something when a record is made, changed or gone registers with `listen`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model

#: Rows that visitors may see: any of these patterns, column by column.
type_shown = Sequence[Mapping[str, Any]]

#: Visitors may see every row; visitors may see none.
ALWAYS: type_shown = ({},)
NEVER: type_shown = ()
#: Rows that have an access mode.
PUBLIC: type_shown = ({"access": "public"},)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is reported of the rows of one model."""

    label: str
    #: Fields whose values are told, before and after: who may see the record, its state, and what its end must take along.
    state: tuple[str, ...]
    #: Fields that nobody reads on a page: a change of these alone is not told.
    unread: tuple[str, ...]
    shown: type_shown

    @property
    def model(self) -> type[Model]:
        """The model; `label` names the table between two models like "lessons.Lesson_themes"."""
        return apps.get_model(self.label)


class Kind(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """The net effect of one transaction on one record.

    `fields` names what changed of a record that was there before and still is. `before` and `after` hold the fields that are
    watched as its state, as JSON has them; a new record has no `before`, a deleted one no `after`.
    """

    model: type[Model]
    pk: Any
    kind: Kind
    fields: frozenset[str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


type_listener = Callable[[Sequence[Change]], None]

_watched: dict[str, Watched] = {}
_left: dict[str, str] = {}
_tables: set[str] = set()
_listeners: dict[str, tuple[type_listener, frozenset[str]]] = {}


def watch(
    *labels: str,
    state: Sequence[str] = (),
    unread: Sequence[str] = (),
    shown: type_shown = ALWAYS,
    quiet: Sequence[str] = (),
) -> None:
    """Watch models and the tables of their many-to-many fields; visitors see nothing of the fields named in `quiet`."""
    for label in labels:
        _enter(Watched(label, tuple(state), tuple(unread), shown))
        for field in apps.get_model(label)._meta.local_many_to_many:
            through = field.remote_field.through
            if through._meta.auto_created:
                between = tuple(column.name for column in through._meta.concrete_fields if column.is_relation)
                to_all = NEVER if field.name in quiet or shown == NEVER else ALWAYS
                _enter(Watched(through._meta.label, between, (), to_all))


def _enter(one: Watched) -> None:
    _watched[one.label] = one
    _tables.add(one.model._meta.db_table)


def leave(why: str, *labels: str) -> None:
    """Say of models, or of whole apps of others by their labels, why nothing is told of them."""
    _left.update(dict.fromkeys(labels, why))


def listen(name: str, listener: type_listener, *labels: str) -> None:
    """Call `listener` in the transaction that writes a record of these models, at its end, with all that it did to them.

    What the listener writes is told in turn. What it raises undoes the transaction. The same name again takes the former's place.
    """
    _listeners[name] = (listener, frozenset(labels))


def watched() -> list[Watched]:
    """Everything that is watched, by label."""
    return [_watched[label] for label in sorted(_watched)]


def watched_tables() -> Collection[str]:
    """The names of the tables that are watched."""
    return _tables


def left() -> dict[str, str]:
    """Why nothing is told, by the label of a model or an app."""
    return dict(_left)


def listeners_of(label: str) -> Iterator[tuple[str, type_listener]]:
    """Yield the listeners of a model with their names, in the order of the names."""
    for name, (listener, labels) in sorted(_listeners.items()):
        if label in labels:
            yield name, listener
