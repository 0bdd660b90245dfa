"""Whether a write escapes: row by row, the database notes what is written in a test's own database, and what listeners were told is
struck off again. What is left when a test ends was told to nobody, and fails it (`nothing_escaped`, called by tests/conftest.py).

It works otherwise than the triggers of `jirani.changes`, which it watches: rows instead of statements, and a table instead of messages,
so that PostgreSQL itself undoes a note whose savepoint or transaction is undone. Only the process that runs the test is noted; what a
server or a command that it starts writes is told to listeners of that process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg.pq import TransactionStatus

from jirani.changes import registry
from jirani.changes.registry import Change

#: What a connection says that wants to be noted, as an option of its start.
ON = "-c jirani.witness=on"

_TABLE = """
CREATE SCHEMA witness;
CREATE UNLOGGED TABLE witness.seen (
  id bigserial PRIMARY KEY, session int NOT NULL DEFAULT pg_backend_pid(), place text, key text, act text, fields text[]
);
CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS $note$
DECLARE
  old jsonb := to_jsonb(OLD);
  now jsonb := to_jsonb(NEW);
  fields text[];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT array_agg(e.key) INTO fields FROM jsonb_each(now - TG_ARGV[1]::text[]) e WHERE e.value <> old -> e.key;
    IF fields IS NULL THEN RETURN NULL; END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND old -> TG_ARGV[0] = now -> TG_ARGV[0] THEN
    INSERT INTO witness.seen (place, key, act, fields) VALUES (TG_TABLE_NAME, now ->> TG_ARGV[0], TG_OP, fields);
  ELSE  -- a row that gets another key is another record
    INSERT INTO witness.seen (place, key, act)
      SELECT TG_TABLE_NAME, r.row ->> TG_ARGV[0], r.act FROM (VALUES (old, 'DELETE'), (now, 'INSERT')) r (row, act)
      WHERE r.row IS NOT NULL;
  END IF;
  RETURN NULL;
END
$note$;
CREATE FUNCTION witness.note_truncate() RETURNS trigger LANGUAGE plpgsql AS $note$
BEGIN
  EXECUTE format('INSERT INTO witness.seen (place, key, act) SELECT %L, to_jsonb(r) ->> %L, %L FROM %I r',
    TG_TABLE_NAME, TG_ARGV[0], 'DELETE', TG_TABLE_NAME);
  RETURN NULL;
END
$note$;
"""

_TRIGGERS = """
CREATE TRIGGER witness AFTER INSERT OR UPDATE OR DELETE ON "{table}" FOR EACH ROW
  WHEN (current_setting('jirani.witness', true) = 'on') EXECUTE FUNCTION witness.note('{key}', '{{{unread}}}');
CREATE TRIGGER witness_truncate BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT
  WHEN (current_setting('jirani.witness', true) = 'on') EXECUTE FUNCTION witness.note_truncate('{key}');
"""

# Strikes off what was told of the rows that this session has written since it was last asked.
_STRIKE = """
WITH told AS (
  SELECT place, key, kind, string_to_array(fields, ',') AS fields
  FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS t (place, key, kind, fields)
), struck AS (
  DELETE FROM witness.seen s USING told t
  WHERE s.id > %s AND s.session = pg_backend_pid() AND s.place = t.place AND s.key = t.key AND (
    t.kind = 'gone' OR t.kind = 'made' AND s.act <> 'DELETE' OR t.kind = 'changed' AND s.act = 'UPDATE' AND s.fields <@ t.fields
  )
)
SELECT last_value FROM witness.seen_id_seq
"""

_LEFT = "SELECT place, key, act, fields FROM witness.seen WHERE id > %s ORDER BY id LIMIT 20"


@dataclass
class Round:
    """What was told at the end of one transaction, and what each listener heard of it."""

    told: Sequence[Change]
    heard: dict[str, list[Change]] = field(default_factory=dict)


_here = threading.local()  # of this thread's connection: `last`, the newest note that it has looked at, and its `round`
_rounds: list[Round] = []
_wanted: dict[str, Collection[str]] = {}
_looked_at: int = 0


def install() -> None:
    """Let every table be noted but those of which an app says why nothing is told."""
    unread = {one.label: one.unread for one in registry.watched()}
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        for model in _told_of():
            options = model._meta
            columns = ",".join(options.get_field(name).column for name in unread.get(options.label, ()))
            cursor.execute(_TRIGGERS.format(table=options.db_table, key=options.pk.column, unread=columns))


def _told_of() -> Iterator[Any]:
    untold = registry.left().keys()
    for model in apps.get_models(include_auto_created=True):
        owner: Any = model._meta.auto_created or model
        names = {model._meta.label, owner._meta.label, owner._meta.app_label}
        if model._meta.managed and not names & untold:
            yield model


def attend() -> None:
    """Listen to everything before anybody else does, and to what everybody else is told: all are told in the order of their names."""
    others = dict(registry._listeners)
    registry._listeners.clear()
    registry.listen("", _hear, *(one.label for one in registry.watched()))
    for name, (listener, labels) in others.items():
        registry.listen(name, _attended(name, listener), *labels)
        _wanted[name] = labels


def _hear(changes: Sequence[Change]) -> None:
    columns = [
        (
            change.model._meta.db_table,
            str(change.pk),
            change.kind.value,
            ",".join(str(change.model._meta.get_field(name).column) for name in change.fields),  # type: ignore[union-attr]
        )
        for change in changes
    ]
    psycopg: Any = connection.connection  # past Django, so that no test counts it among its statements
    told = [list(column) for column in zip(*columns, strict=True)]
    _here.last = psycopg.execute(_STRIKE, [*told, getattr(_here, "last", 0)], prepare=True).fetchone()[0]
    _here.round = Round(changes)
    _rounds.append(_here.round)


def _attended(name: str, listener: registry.type_listener) -> Callable[[Sequence[Change]], None]:
    def hear(changes: Sequence[Change]) -> None:
        this: Round = _here.round
        this.heard[name] = list(changes)
        try:
            listener(changes)
        except BaseException:  # which undoes all that was told
            _rounds.remove(this)
            raise

    return hear


def begin_anew() -> None:
    """The database was made anew, and counts its notes from one."""
    global _looked_at  # noqa: PLW0603  (one witness for a process)
    _looked_at = _here.last = 0
    _rounds.clear()


def nothing_escaped() -> None:
    """Ask at the end of a test. Raises AssertionError with the rows that nobody was told of, and with the listeners passed over.

    A transaction that failed takes no questions; and one that a module holds around its tests is never committed, so nobody is told.
    """
    global _looked_at  # noqa: PLW0603  # one process, one test at a time
    around: list[Any] = connection.atomic_blocks[:1]
    if connection.needs_rollback or any(not block._from_testcase for block in around):
        return
    if (psycopg := connection.connection) is not None and psycopg.info.transaction_status == TransactionStatus.INERROR:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM witness.seen_id_seq")  # what the test wrote last is told by now
        newest = cursor.fetchone()[0]
        cursor.execute(_LEFT, [_looked_at])
        escaped = [f"{act} of {place} {key}{f': {fields}' if fields else ''}" for place, key, act, fields in cursor]
    _looked_at = newest
    escaped += [missed for one in _rounds for missed in _passed_over(one)]
    _rounds.clear()
    assert not escaped, "Written, and told to nobody who listens (docs/explanation/changes.md):\n" + "\n".join(escaped)


def _passed_over(one: Round) -> Iterator[str]:
    for name, labels in _wanted.items():
        due = [change for change in one.told if change.model._meta.label in labels]
        if one.heard.get(name, []) != due:
            told = ", ".join(sorted({f"{change.model._meta.db_table} {change.pk} {change.kind}" for change in due}))
            yield f"{name} was not told of: {told}"


if __name__ == "__main__":
    import django

    django.setup()
    install()
