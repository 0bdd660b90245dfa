"""Write down what was done, in the transaction that does it; do it once; and not over what somebody else did meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.core.models import Timestamped

from .models import Entry, Submission

M = TypeVar("M", bound=models.Model)
T = TypeVar("T", bound=Timestamped)

#: How long a form that was sent is remembered.
REMEMBERED = timedelta(days=2)


class SentBefore(ValidationError):
    """The form has made a record already and comes again with other content; `made` is that record, if it still stands."""

    def __init__(self, made: models.Model | None) -> None:
        super().__init__(_("This form was sent before, and what it made is saved. Send it again to make another one."))
        self.made = made


class ChangedMeanwhile(ValidationError):
    """Somebody else saved the record after the page with the form was opened; `version` is what it is at now."""

    def __init__(self, version: str = "") -> None:
        self.version = version
        super().__init__(
            _(
                "Somebody else saved this after you opened the page, so nothing of yours has been saved. "
                "Open it again in another tab, compare, and save once more to put yours in its place."
            )
        )


def record(verb: str, about: models.Model, *, by: Any = None, **details: Any) -> Entry:
    """Write an entry; `by` is a user, or None for what no one must be linked to."""
    return Entry.objects.create(
        verb=verb,
        actor=by if isinstance(by, User) else None,
        content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk,
        details=details,
    )


def unname(about: models.Model, *, at: datetime) -> None:
    """Let the entries about a record tell neither who nor when: no actor, no details, and `at` instead of the minute."""
    content_type = ContentType.objects.get_for_model(about)
    Entry.objects.filter(content_type=content_type, object_id=about.pk).update(actor=None, at=at, details={})


def lock_unchanged(record: T, version: str) -> T:
    """The record, read again and locked until the end of the transaction. Raises ChangedMeanwhile unless it is at `version`.

    An empty version is that of a caller who does not ask (a command, an import).
    """
    locked = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if version and version != locked.version:
        raise ChangedMeanwhile(locked.version)
    return locked


def take_turns(name: str) -> None:
    """Let those who do `name` at the same moment wait for one another, each until the end of its transaction.

    For what no row can be locked for yet, such as choosing a free name for an address.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def once(key: str, digest: str, make: Callable[[], M]) -> M:
    """Call `make` unless the form of this key has done so before; return what it made, now or then.

    The database settles it: `Submission.key` is unique and its row is written in the transaction of `make`. `digest` stands for
    the form's content. Raises SentBefore where the same form comes with other content, so that nothing typed is lost.
    `forms.OnceForm` does all of this for a form.
    """
    Submission.objects.filter(on__lt=timezone.localdate() - REMEMBERED).delete()
    try:
        with transaction.atomic():
            sent = Submission.objects.create(key=key, digest=digest)
            made = make()
            sent.made = made
            sent.save(update_fields=["content_type", "object_id"])
            return made
    except IntegrityError:
        earlier = Submission.objects.filter(key=key).first()
        if earlier is None:  # it was another constraint, in `make`
            raise
    if earlier.digest != digest or earlier.made is None:
        raise SentBefore(earlier.made)
    return earlier.made  # type: ignore[no-any-return]  # `make` made it
