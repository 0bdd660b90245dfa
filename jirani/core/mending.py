"""SQL by which a migration mends what a new check would refuse, so that no network is kept from an upgrade by a row of long ago.

What is taken from a record is kept in the audit, in an entry such as "plans.mend". Used only by migrations, whose past
nobody rewrites: what a function here does to a row stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.db import migrations

from jirani.language import tidy

#: The days that a record may name (`constraints.FIRST_DAY` at the time of these migrations).
_FIRST, _LAST = "DATE '1900-01-01'", "DATE '2199-12-31'"
#: Replaces an empty text that must not be empty.
_NOTHING = "…"


def mending(app: str, *statements: Iterable[str]) -> migrations.RunSQL:
    """An operation of these statements; going back leaves what was mended."""
    sql: Any = [line.replace("{app}", app) for lines in statements for line in lines]
    return migrations.RunSQL(sql, migrations.RunSQL.noop)


def put(model: str, where: str, *, key: str = "id", kept: bool = True, **values: str) -> list[str]:
    """Return SQL that sets columns to SQL values in rows matching `where`, and keeps the old values in the audit if `kept`."""
    return _set(model, where, values, key if kept else "")


def _set(model: str, where: str, values: Mapping[str, str], key: str = "id") -> list[str]:
    """Like `put`, but keep the old values under the row's `key`, or not at all if that is ""."""
    table = f"{{app}}_{model}"
    held = ", ".join(f"'{name}', r.{name}" for name in values)
    entry = (
        "INSERT INTO audit_entry (verb, content_type_id, object_id, at, details) "  # noqa: S608  (names from migrations)
        f"SELECT '{{app}}.mend', t.id, r.{key}, now(), jsonb_build_object({held}) FROM {table} r "
        f"JOIN django_content_type t ON t.app_label = '{{app}}' AND t.model = '{model}' WHERE {where}"
    )
    update = f"UPDATE {table} r SET {', '.join(f'{name} = {value}' for name, value in values.items())} WHERE {where}"  # noqa: S608  (SQL of ours)
    return [entry, update] if key else [update]


def drop(model: str, where: str, *kept: str) -> list[str]:
    """Return SQL that deletes rows matching `where` and keeps the columns `kept` in the audit, but nothing about a person."""
    same = {name: f"r.{name}" for name in kept}
    entry = _set(model, where, same)[:1] if kept else []
    return [*entry, f"DELETE FROM {{app}}_{model} r WHERE {where}"]  # noqa: S608  (SQL of ours)


def word(model: str, column: str, words: str, instead: str, *, key: str = "id", kept: bool = True) -> list[str]:
    """A word that is none of `words` (between blanks) becomes `instead`."""
    return _set(model, none_of(column, f"{words} {instead}"), {column: f"'{instead}'"}, key if kept else "")


def none_of(column: str, words: str) -> str:
    """Return SQL for a column that holds none of `words`, which are separated by blanks."""
    listed = ", ".join(f"'{each}'" for each in words.split(" "))
    return f"r.{column} NOT IN ({listed})"


def text(model: str, *columns: str) -> list[str]:
    """Return SQL that turns an empty text into three dots and a missing language into English."""
    values = {name: "'en'" if name == "language" else f"'{_NOTHING}'" for name in columns}
    return [line for name, value in values.items() for line in _set(model, f"r.{name} !~ '\\S'", {name: value}, "")]


def day(model: str, column: str, *, unknown: str = "", key: str = "id") -> list[str]:
    """Return SQL that clears an unreasonable day. If there must be a day, or it has a precision (`unknown`), that is set too."""
    out = f"r.{column} NOT BETWEEN {_FIRST} AND {_LAST}"
    return _set(model, out, {column: "NULL"} | ({unknown: "'unknown'"} if unknown else {}), key)


def near(model: str, *columns: str, key: str = "id", kept: bool = True) -> list[str]:
    """Return SQL that moves days out of range, which must be known, to the first or last day within it; several at once, so that
    they stay in order.
    """
    out = " OR ".join(f"r.{column} NOT BETWEEN {_FIRST} AND {_LAST}" for column in columns)
    within = {column: f"GREATEST({_FIRST}, LEAST({_LAST}, r.{column}))" for column in columns}
    known = {column: f"CASE WHEN r.{column} IS NOT NULL THEN {value} END" for column, value in within.items()}
    return _set(model, f"({out})", known, key if kept else "")


def precise(model: str, column: str, precision: str) -> list[str]:
    """Return SQL that fills in a missing precision (a 1 January means the year, any other date the day) and clears a precision without a day."""
    guessed = f"CASE WHEN extract(doy FROM r.{column}) = 1 THEN 'year' ELSE 'day' END"
    unsaid = none_of(precision, "day month year by by-month inferred")
    return [
        *_set(model, f"r.{column} IS NULL AND r.{precision} <> 'unknown'", {precision: "'unknown'"}, ""),
        *_set(model, f"r.{column} IS NOT NULL AND {unsaid}", {precision: guessed}, ""),
    ]


def tidying(
    app: str, lines: Mapping[str, Iterable[str]], people: Mapping[str, Iterable[str]] | None = None
) -> migrations.RunPython:
    """Make an operation that rewrites one-line texts as forms store them now (`language.tidy`), by model and columns; names of people as
    their forms do. What was translated stays a translation of it. A text that would say nothing then stays as it is.
    """

    def tidy_all(apps: Any, _editor: Any) -> None:
        for model, columns in lines.items():
            _tidy_rows(apps, app, model, columns, lambda text: tidy(text, directions=True))
        for model, columns in (people or {}).items():
            _tidy_rows(apps, app, model, columns, lambda text: " ".join(tidy(text).split()))

    return migrations.RunPython(tidy_all, migrations.RunPython.noop)


def _tidy_rows(apps: Any, app: str, model: str, columns: Iterable[str], tidied: Callable[[str], str]) -> None:
    names, rows = list(columns), apps.get_model(app, model)._base_manager
    for row in rows.values("pk", *names).iterator(chunk_size=2000):
        kept = {name: tidied(row[name]) for name in names}
        changed = {name: text for name, text in kept.items() if text and text != row[name]}
        if changed:
            rows.filter(pk=row["pk"]).update(**changed)
            for name, text in changed.items():
                _stay_translated(apps, (app, model.lower(), row["pk"], name), row[name], text)


def _stay_translated(apps: Any, place: tuple[str, str, int, str], before: str, after: str) -> None:
    """Let translations of a field know it by its new spelling."""
    app, model, key, name = place
    old, new = (sha256(text.encode()).hexdigest() for text in (before, after))
    made = apps.get_model("translation", "Translation")._base_manager.filter(object_id=key, field=name, source_hash=old)
    made.filter(content_type__app_label=app, content_type__model=model).update(source_hash=new)
