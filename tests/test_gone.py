"""What goes leaves nothing that points at it: one record of each model on stage is deleted, and the whole database is looked through.

Foreign keys are kept by the database itself. This looks for what it cannot know: rows that name a record by its kind and number,
letters that tell of it, alerts about it, and files that no record names.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from jirani.commitments.actions.reminders import NOBODY, remind_due
from jirani.lessons.actions.checking import TOLD_TOO_MUCH, check_lessons
from jirani.lessons.models import Lesson
from jirani.members.models import Organisation
from jirani.notifications.enums import MessageState
from jirani.notifications.models import Alert, Message

from .letters import write_to_everybody
from .reader import quiet
from .stage import Stage, fill, publish

#: Rows that go on naming a record by its number when it is gone, and why.
KEPT = {
    "audit.Entry": "what was done stays on record",
    "audit.Submission": "sent again, the form must not make it anew; forgotten after two days",
}
#: Whose number an alert is about, by its kind.
ABOUT: dict[str, type[models.Model]] = {NOBODY: Organisation, TOLD_TOO_MUCH: Lesson}

#: The kind and number of a record.
type_place = tuple[type[models.Model], int]


@pytest.fixture
def stage(
    db: None, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Stage:
    """Something of every kind, with letters and alerts about it."""
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"), quiet(), django_capture_on_commit_callbacks(execute=True):
        made = fill()
        publish(made)
        write_to_everybody(made)
        remind_due(timezone.localdate())
        check_lessons()
    return made


def pointers() -> list[tuple[str, type_place]]:
    """Everything that names a record by its kind and number, and the record."""
    found = [*_generic(), *_letters(), *_alerts()]
    return list(dict.fromkeys(found))


def _generic() -> Iterator[tuple[str, type_place]]:
    for model in apps.get_models():
        for field in model._meta.private_fields:
            if not isinstance(field, GenericForeignKey) or model._meta.label in KEPT:
                continue
            for kind, number in model._base_manager.values_list(field.ct_field, field.fk_field).distinct():
                named = ContentType.objects.get_for_id(kind).model_class() if kind else None
                if named is not None and number is not None:
                    yield f"{model._meta.label}.{field.name}", (named, int(number))


def _letters() -> Iterator[tuple[str, type_place]]:
    for message in Message.objects.filter(state=MessageState.QUEUED):
        for name in [*message.records, *(key for key in message.about.split() if ":" in key)]:
            label, _, number = name.partition(":")
            yield f"{message.kind} letter", (apps.get_model(label), int(number))


def _alerts() -> Iterator[tuple[str, type_place]]:
    for alert in Alert.objects.open().exclude(about=""):
        if alert.kind in ABOUT:
            yield f"{alert.kind} alert", (ABOUT[alert.kind], int(alert.about))


def dangling() -> set[tuple[str, type_place]]:
    """What names a record that is not there."""
    found = pointers()
    wanted: dict[type[models.Model], set[int]] = {}
    for _what, (model, number) in found:
        wanted.setdefault(model, set()).add(number)
    there = {
        model: set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        for model, keys in wanted.items()
    }
    return {(what, (model, number)) for what, (model, number) in found if number not in there[model]}


def unnamed_files(folder: Path) -> set[str]:
    """Return the files that no record names."""
    named = {
        name
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
        for name in model._base_manager.values_list(field.attname, flat=True)
    }
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - named


def delete(record: models.Model) -> bool:
    """Whether it could be deleted: what others hold on to cannot."""
    try:
        with transaction.atomic():
            record.delete()
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True


def ours() -> list[type[models.Model]]:
    """Return our models of which something is on stage."""
    found = [model for model in apps.get_models() if model.__module__.startswith("jirani.") and model._meta.managed]
    return [model for model in found if model._base_manager.exists()]


@pytest.mark.sweep
def test_nothing_is_left_that_points_at_what_has_gone(
    stage: Stage, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    pointed_at = {place for _what, place in pointers()}
    assert (dangling(), unnamed_files(tmp_path)) == (set(), set()), "before anything has gone"
    assert {what for what, _place in pointers()} >= {"lessons.told_too_much alert", "commitments.taken_up letter"}

    held, left = set(), {}
    for model in ours():
        rows = sorted(model._base_manager.order_by("pk"), key=lambda row: (type(row), row.pk) not in pointed_at)
        for row in rows:
            before, number = transaction.savepoint(), row.pk
            with django_capture_on_commit_callbacks(execute=True):
                went = delete(row)
            if went and (found := {what for what, _place in dangling()} | unnamed_files(tmp_path)):
                left[model._meta.label, number] = found
            transaction.savepoint_rollback(before)
            if went:
                break
        else:
            held.add(model._meta.label)
    assert left == {}
    assert held == {"members.Hub", "members.Organisation"}, "everything else can go, and was tried"
