"""Data that earlier versions left in the database: codes and links in messages, and the tables of another queue."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from jirani.events.text import sign_link
from jirani.notifications.models import Message

pytestmark = pytest.mark.django_db

#: As far as the migration reads it, the table that django-tasks-db 0.13 makes.
TABLE = """
CREATE TABLE django_tasks_database_dbtaskresult (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), status varchar(10) NOT NULL, enqueued_at timestamptz NOT NULL DEFAULT now(),
    args_kwargs jsonb NOT NULL, task_path text NOT NULL
)
"""


def run(name: str, function: str) -> None:
    migration = import_module(f"jirani.notifications.migrations.{name}")
    with connection.schema_editor(atomic=False) as editor:
        getattr(migration, function)(apps, editor)


def test_sent_codes_and_the_links_of_sent_letters_go() -> None:
    link = f"http://x/en/my-programme/{sign_link(7, 'nonce')}/\n"
    for number, (kind, state) in enumerate(
        [("accounts.code", "sent"), ("accounts.code", "failed"), ("accounts.code", "queued"), ("events.invitation", "sent"),
         ("events.invitation", "queued")]
    ):  # fmt: skip
        Message.objects.create(
            kind=kind, to="asha@example.org", language="en", subject="x", body=link, message_id=f"<{number}>",
            state=state, sent_at=timezone.now() if state == "sent" else None,
        )  # fmt: skip
    run("0004_nothing_of_codes", "forget")
    kept = list(Message.objects.order_by("pk").values_list("kind", "state", "body"))
    assert kept == [
        ("accounts.code", "queued", link),
        ("events.invitation", "sent", "http://x/en/my-programme/…/\n"),
        ("events.invitation", "queued", link),
    ]


def test_what_waited_in_the_other_queue_is_done_first(caplog: pytest.LogCaptureFixture) -> None:
    names = [default_storage.save(f"upgrade/{name}.txt", ContentFile(b"x")) for name in ("waits", "done")]
    delete = "wagtail.tasks.delete_file_from_storage_task"
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        insert = (
            "INSERT INTO django_tasks_database_dbtaskresult (status, args_kwargs, task_path) VALUES (%s, %s::jsonb, %s)"
        )
        path = '{{"args": [["django.core.files.storage.FileSystemStorage", [], {{}}], "{}"], "kwargs": {{}}}}'
        cursor.execute(insert, ["READY", '{"args": [], "kwargs": {}}', "wagtail.tasks.gone"])
        cursor.execute(insert, ["READY", path.format(names[0]), delete])
        cursor.execute(insert, ["SUCCESSFUL", path.format(names[1]), delete])
    run("0005_drop_task_tables", "finish")
    assert [default_storage.exists(name) for name in names] == [False, True]
    assert "wagtail.tasks.gone could not be done any more: ImportError" in caplog.text
    default_storage.delete(names[1])
