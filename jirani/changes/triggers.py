"""Triggers that tell what was written, made from the registry and installed after each migration.

They belong to no migration: they name no column that PostgreSQL would check, so the registry alone says what they are, and a field
that is added is told of without further work. Each fires once a statement, however it came about: by an action, in bulk, by a
cascade, by hand in psql.
"""

import json
from hashlib import sha256

from django.db import connection, transaction

from .registry import Watched, watched

#: The SQLSTATE that identifies our messages; their detail is JSON, [[key, fields, before, after], …].
TOLD = "JR001"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION changes_raise() RETURNS void LANGUAGE plpgsql AS $raise$
BEGIN
  IF current_setting('jirani.raised', true) = 'on' THEN RETURN; END IF;
  INSERT INTO changes_generation DEFAULT VALUES;
  PERFORM pg_notify('jirani_changed', ''), set_config('jirani.raised', 'on', true);
END
$raise$;

CREATE OR REPLACE FUNCTION changes_tell() RETURNS trigger LANGUAGE plpgsql AS $tell$
DECLARE
  key text := TG_ARGV[0];
  unread text[] := TG_ARGV[1];
  state text[] := TG_ARGV[2];
  shown jsonb[] := TG_ARGV[3];
  told jsonb;
  seen boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT jsonb_agg(jsonb_build_array(r.now -> key, NULL, NULL,
        (SELECT coalesce(jsonb_object_agg(c, r.now -> c), '{}') FROM unnest(state) c))),
      bool_or(r.now @> ANY (shown))
      INTO told, seen FROM (SELECT to_jsonb(n) AS now FROM new_rows n) r;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT jsonb_agg(jsonb_build_array(r.old -> key, NULL,
        (SELECT coalesce(jsonb_object_agg(c, r.old -> c), '{}') FROM unnest(state) c), NULL)),
      bool_or(r.old @> ANY (shown))
      INTO told, seen FROM (SELECT to_jsonb(o) AS old FROM old_rows o) r;
  ELSE
    SELECT jsonb_agg(jsonb_build_array(coalesce(o.old, n.now) -> key,
        (SELECT jsonb_agg(e.key) FROM jsonb_each(n.now - unread) e WHERE e.value IS DISTINCT FROM o.old -> e.key),
        CASE WHEN o.old IS NOT NULL THEN (SELECT coalesce(jsonb_object_agg(c, o.old -> c), '{}') FROM unnest(state) c) END,
        CASE WHEN n.now IS NOT NULL THEN (SELECT coalesce(jsonb_object_agg(c, n.now -> c), '{}') FROM unnest(state) c) END)),
      bool_or(o.old @> ANY (shown) OR n.now @> ANY (shown))
      INTO told, seen
      FROM (SELECT to_jsonb(x) AS old FROM old_rows x) o
      FULL JOIN (SELECT to_jsonb(x) AS now FROM new_rows x) n ON o.old ->> key = n.now ->> key
      WHERE o.old IS NULL OR n.now IS NULL OR o.old - unread <> n.now - unread;
  END IF;
  IF told IS NULL THEN RETURN NULL; END IF;
  IF seen THEN PERFORM changes_raise(); END IF;
  RAISE INFO USING MESSAGE = 'changed', ERRCODE = 'JR001', TABLE = TG_TABLE_NAME, DETAIL = told;
  RETURN NULL;
END
$tell$;
"""

#: For each trigger its statement and the tables of rows that it is given.
_FIRES = {
    "changes_tell_insert": ("INSERT", "NEW TABLE AS new_rows"),
    "changes_tell_update": ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
    "changes_tell_delete": ("DELETE", "OLD TABLE AS old_rows"),
}


def _array(words: list[str]) -> str:
    return "{" + ",".join(json.dumps(word) for word in words) + "}"


def arguments(one: Watched) -> list[str]:
    """Return the trigger function's arguments for a table: its key, the columns nobody reads, those of its state, and which rows visitors see."""
    options = one.model._meta
    columns = {field.name: str(field.column) for field in options.local_concrete_fields}
    shown = [json.dumps({columns[name]: value for name, value in sorted(row.items())}) for row in one.shown]
    return [
        str(options.pk.column if options.pk else ""),
        _array([columns[name] for name in one.unread]),
        _array([columns[name] for name in one.state]),
        _array(shown),
    ]


def digest() -> str:
    """Changes when any trigger would."""
    told = [(one.label, one.model._meta.db_table, arguments(one)) for one in watched()]
    return sha256(json.dumps([FUNCTIONS, sorted(_FIRES.items()), told]).encode()).hexdigest()


def wanted() -> dict[tuple[str, str], list[str]]:
    """The triggers that follow from the registry, by table and name, with their arguments."""
    return {(one.model._meta.db_table, name): arguments(one) for one in watched() for name in _FIRES}


_FIND = """
SELECT c.relname, t.tgname, t.tgargs, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgfoid = to_regproc('changes_tell') AND c.relnamespace = current_schema()::regnamespace
"""


def installed() -> dict[tuple[str, str], list[str]]:
    """The triggers that are there and at work, by table and name, with their arguments."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND)
        rows = cursor.fetchall()
    return {
        (table, name): bytes(told).decode().split("\0")[:-1] for table, name, told, enabled in rows if enabled == "O"
    }


@transaction.atomic
def install() -> None:
    """Make functions and triggers match the registry; a table that does not exist yet is skipped."""
    with connection.cursor() as cursor:
        # Two machines may start on one database at the same moment.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('changes.install', 0))")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = {name for (name,) in cursor.fetchall()}
        if "changes_generation" not in tables:
            return  # before this app's first migration
        cursor.execute(FUNCTIONS)
        there, due = installed(), wanted()
        for (table, name), held in there.items():
            if due.get((table, name)) != held:
                cursor.execute(f'DROP TRIGGER {name} ON "{table}"')
        for (table, name), told in due.items():
            if table in tables and there.get((table, name)) != told:
                cursor.execute(_creation(table, name, told))


def _creation(table: str, name: str, told: list[str]) -> str:
    """The statement that makes a trigger. Its arguments are written out: statements of this kind take no parameters."""
    statement, rows = _FIRES[name]
    held = ", ".join("'" + argument.replace("'", "''") + "'" for argument in told)
    return (
        f'CREATE OR REPLACE TRIGGER {name} AFTER {statement} ON "{table}" REFERENCING {rows}'
        f" FOR EACH STATEMENT EXECUTE FUNCTION changes_tell({held})"
    )
