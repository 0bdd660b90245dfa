"""Every model says what is told of it, or why nothing is, and the database has exactly the triggers that follow."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection

from jirani.changes.registry import left, watched
from jirani.changes.triggers import install, installed, wanted


@pytest.mark.gaps
def test_every_model_is_watched_or_says_why_not() -> None:
    told, untold = {one.label for one in watched()}, left()
    unsaid, both = [], []
    for model in apps.get_models(include_auto_created=True):
        owner: Any = model._meta.auto_created or model
        names = {model._meta.label, owner._meta.label, owner._meta.app_label}
        if model._meta.managed and not names & (told | untold.keys()):
            unsaid.append(model._meta.label)
        if model._meta.label in told and names & untold.keys():
            both.append(model._meta.label)

    assert unsaid == [], (
        "watch() each in the `ready()` of its app, so that kept pages are made anew, or leave() it with the reason"
    )
    assert both == [], "watched, and yet left with a reason"
    assert [label for label, why in untold.items() if len(why) < 20] == []


def _matters(model: Any, field: Any) -> Iterator[str]:
    """Why a page would differ with this field, by what it is."""
    texts = getattr(model, "translatable_fields", ())
    if field.name in texts or (texts and field.name == "language"):
        yield "is translated"
    if field.choices:
        yield "is a state or an access mode"
    if field.name in {"slug", "live", "access", "state", "status"}:
        yield "says where the record is, or whether it is seen"


def test_what_is_told_of_a_record_is_never_left_out_of_what_is_read() -> None:
    """Nothing that is translated, says who may see a record or how it stands is among the fields that no page shows."""
    unread = [(one, one.model._meta.get_field(name)) for one in watched() for name in one.unread]
    wrong = [f"{one.label}.{field.name} {why}" for one, field in unread for why in _matters(one.model, field)]
    told = [
        f"{one.label}.{field.name} is told before and after, or decides whether a row is shown"
        for one, field in unread
        if field.name in {*one.state, *(name for row in one.shown for name in row)}
    ]

    assert len(unread) > 10
    assert (wrong, told) == ([], [])


@pytest.mark.django_db
def test_no_page_asks_a_field_that_is_unread_whether_visitors_may_see_a_record() -> None:
    """As PostgreSQL is asked: columns in the statements of every `visible_to`."""
    unread = {
        (one.model._meta.db_table, str(one.model._meta.get_field(name).column))  # type: ignore[union-attr]
        for one in watched()
        for name in one.unread
    }
    asked: dict[str, set[tuple[str, str]]] = {}
    for model in apps.get_models():
        rows = getattr(model._default_manager.all(), "visible_to", None)
        if rows is not None:
            with suppress(EmptyResultSet):  # visitors see none of these
                statement = str(rows(AnonymousUser()).order_by().values("pk").query)
                asked[model._meta.label] = _columns(statement)

    assert len([columns for columns in asked.values() if len(columns) > 1]) > 5
    assert {label: columns & unread for label, columns in asked.items() if columns & unread} == {}


def _columns(statement: str) -> set[tuple[str, str]]:
    """(table, column) of each column that a statement names."""
    tables = re.findall(r'(?:FROM|JOIN) "(\w+)"(?: (\w+))?', statement)
    names = {(alias or table, table) for table, alias in tables}
    columns = re.findall(r'"?(\w+)"?\."(\w+)"', statement)
    return {(table, column) for alias, column in columns for name, table in names if name == alias}


@pytest.mark.django_db
def test_the_database_has_the_triggers_that_follow_from_the_registry() -> None:
    assert installed() == wanted()


@pytest.mark.django_db
def test_triggers_that_were_lost_switched_off_or_of_another_day_are_made_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER changes_tell_delete ON lessons_lesson")
        cursor.execute("ALTER TABLE members_hub DISABLE TRIGGER changes_tell_update")
        cursor.execute(
            "CREATE OR REPLACE TRIGGER changes_tell_insert AFTER INSERT ON events_event REFERENCING NEW TABLE AS new_rows"
            " FOR EACH STATEMENT EXECUTE FUNCTION changes_tell('id', '{}', '{}', '{}')"
        )
        cursor.execute(
            "CREATE TRIGGER changes_tell_insert AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS new_rows"
            " FOR EACH STATEMENT EXECUTE FUNCTION changes_tell('id', '{}', '{}', '{}')"
        )
    assert installed() != wanted()

    install()

    assert installed() == wanted()
