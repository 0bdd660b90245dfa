"""Every model says what is told of it, or why nothing is, and the database has exactly the triggers that follow."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from jirani.changes.registry import left, watched
from jirani.changes.triggers import install, installed, wanted


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

    assert (unsaid, both) == ([], [])
    assert [label for label, why in untold.items() if len(why) < 20] == []


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
