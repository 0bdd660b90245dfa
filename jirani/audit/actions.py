"""Record what was done, in the transaction that does it; do it only once; don't overwrite what somebody else did; delete data when its time is up."""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.core.constraints import sentence_of
from jirani.core.models import random_identity
from jirani.core.registry import personal_expired_erasers, two_years_before, type_expired_eraser
from jirani.core.security import report

from .models import Backup, Clock, Entry, Forgetting, Submission

logger = logging.getLogger(__name__)

M = TypeVar("M", bound=models.Model)

#: How long a form that was sent is remembered.
REMEMBERED = timedelta(days=2)


class SentBefore(ValidationError):
    """Raised if a form that has made a record is sent again with other content; `made` is that record, if it still exists."""

    def __init__(self, made: models.Model | None) -> None:
        super().__init__(_("This form was sent before, and what it made is saved. Send it again to make another one."))
        self.made = made


class ChangedMeanwhile(ValidationError):
    """Raised if somebody else saved the record after the page with the form was opened; `version` is its current one."""

    def __init__(self, version: str = "", words: str = "") -> None:
        self.version = version
        super().__init__(
            words
            or _(
                "Somebody else saved this after you opened the page, so your changes have not been saved. Open it again in another tab, compare, "
                "and save once more to replace theirs with yours."
            )
        )


class GoneMeanwhile(ValidationError):
    """Raised if somebody deleted the record after the page with the form was opened."""

    def __init__(self) -> None:
        super().__init__(_("Somebody removed this in the meantime, so nothing has been saved."))


def as_sentence(error: Exception) -> ValidationError | None:
    """Return the sentence for a form that the database refused, because of its content or of what somebody else did at the same
    moment; None for any other error, which is a bug.
    """
    if isinstance(error, ValidationError):
        return error
    if isinstance(error, ObjectDoesNotExist):
        # Log the place, since it may be a bug, but not the message, which may quote what was typed.
        place = "".join(traceback.format_tb(error.__traceback__))
        logger.warning("a record was gone: %s\n%s", type(error).__qualname__, place)
        return GoneMeanwhile()
    cause: Any = error.__cause__
    code = getattr(cause, "sqlstate", "")
    if isinstance(error, IntegrityError):
        name = cause.diag.constraint_name
        logger.warning("the database refused a form: %s %s", code, name)
        says, field = sentence_of(name)
        if says:
            return ValidationError({field: says} if field else says)
        return GoneMeanwhile() if code == FOREIGN_KEY else _overtaken()
    return _overtaken() if isinstance(error, OperationalError) and code in CONCURRENT else None


#: What PostgreSQL calls a reference to nothing, and a transaction that others got in the way of or kept waiting.
FOREIGN_KEY = "23503"
CONCURRENT = ("40001", "40P01", "55P03")
#: How long a form waits for others' transactions: it waits in one of few threads, which serves no page meanwhile.
PATIENCE = "8s"


def _overtaken() -> ValidationError:
    return ValidationError(
        _("Somebody else saved a related change at the same moment, so yours was not saved. Send it again.")
    )


def record(verb: str, about: models.Model, *, by: Any = None, **details: Any) -> Entry:
    """Write an entry; `by` is a user, or None if nobody must be linked to it. An entry about a role is also in the security log."""
    if role := details.get("role") or details.get("duty"):
        transaction.on_commit(lambda: report("role_changed", act=verb, role=str(role)))
    return Entry.objects.create(
        verb=verb,
        actor=by if isinstance(by, User) else None,
        content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk,
        details=details,
    )


def record_apart(verb: str, about: models.Model, *, at: datetime) -> Entry:
    """Write an entry that reveals neither who nor when: no actor, `at` instead of the minute, and a number that does not fall
    between those of entries that have both. No number of the sequence is left out for it either.
    """
    content_type = ContentType.objects.get_for_model(about)
    return Entry.objects.create(id=random_identity(), verb=verb, content_type=content_type, object_id=about.pk, at=at)


def note_backup(*, rows: int, files: int, missing: int, size: int) -> Backup:
    """Record that a backup was made: its number of rows and files, of missing files, and its size in bytes."""
    return Backup.objects.create(rows=rows, files=files, missing=missing, size=size)


def redact_submission(about: models.Model, *, instead: models.Model) -> None:
    """Let the form that made `about` lead to `instead`, and no longer tell what was typed into it."""
    content_type = ContentType.objects.get_for_model(about)
    for sent in Submission.objects.filter(content_type=content_type, object_id=about.pk):
        sent.made, sent.digest = instead, ""
        sent.save(update_fields=["content_type", "object_id", "digest"])


def state_of(record: models.Model) -> str:
    """Return what a form remembers of a record to detect that somebody else has saved it since: its `version`, the time of its last
    change, or, if it has neither, a digest of its columns.
    """
    version = getattr(record, "version", None)
    if isinstance(version, str):
        return version
    held = [field.value_from_object(record) for field in record._meta.concrete_fields]
    return sha256(repr(held).encode()).hexdigest()[:40]


def lock_unchanged(record: M, version: str) -> M:
    """The record, read again and locked until the end of the transaction. Raises ChangedMeanwhile unless it is at `version`,
    GoneMeanwhile if it no longer exists.

    An empty version is that of a caller who does not ask (a command, an import).
    """
    _lose_patience()
    # Its own row alone, here and elsewhere: rows that a manager joins belong to others, and those of an outer join cannot be locked.
    locked = type(record)._default_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if locked is None:
        raise GoneMeanwhile
    if version and version != state_of(locked):
        raise ChangedMeanwhile(state_of(locked))
    return locked


def require_as_shown(locked: models.Model, version: str) -> None:
    """Raise ChangedMeanwhile unless a record is at `version`: whoever publishes it answers for the text and the readers that they were shown.

    An empty version is that of a caller who does not ask.
    """
    if version and version != (now := state_of(locked)):
        words = _(
            "Somebody else saved this after you opened the page, so it was not published. Read it again as it is now."
        )
        raise ChangedMeanwhile(now, words)


def take_turns(name: str) -> None:
    """Make transactions that do `name` at the same moment wait for one another, each until it ends.

    Use it when there is no row to lock yet, such as for choosing a free slug. The preview of an import waits for nobody and blocks
    nobody waiting (core.sheets.importing): nothing of it stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(hashtextextended(%s, 0))"
            " WHERE current_setting('jirani.preview', true) IS DISTINCT FROM 'on'",
            [PATIENCE, name],
        )


def _lose_patience() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])


def once(key: str, digest: str, make: Callable[[], M], remembered: Callable[[M], models.Model] | None = None) -> M:
    """Call `make` unless the form of this key has done so before; return what it made, now or then.

    If `remembered` is given, its result is stored in place of the record, and returned if the form comes again.

    The database settles it: `Submission.key` is unique and its row is written in the transaction of `make`. `digest` is that of
    the form's content. Raises SentBefore if the same form comes with other content, so that nothing typed is lost.
    `forms.OnceForm` does all of this for a form.
    """
    with transaction.atomic():
        if _comes_first(key, digest):
            made = _make_within(make)
            about = remembered(made) if remembered else made
            kind = ContentType.objects.get_for_model(about)
            Submission.objects.filter(key=key).update(content_type=kind, object_id=about.pk)
            return made
    earlier = Submission.objects.get(key=key)
    if earlier.digest != digest or earlier.made is None:
        raise SentBefore(earlier.made)
    return earlier.made  # type: ignore[no-any-return]  # `make` made it


#: In one statement: whoever comes with the same key at the same moment waits for the other's end, and not for longer than that.
_COME = (
    "INSERT INTO audit_submission (key, digest, \"on\") SELECT %s, %s, %s FROM set_config('lock_timeout', %s, true)"
    " ON CONFLICT (key) DO NOTHING"
)


def _comes_first(key: str, digest: str) -> bool:
    """Note that a form was sent. Returns False if it had been sent before."""
    with connection.cursor() as cursor:
        cursor.execute(_COME, [key, digest, timezone.localdate(), PATIENCE])
        return bool(cursor.rowcount)


_within = ContextVar("within", default=False)


def _make_within(make: Callable[[], M]) -> M:
    token = _within.set(True)
    try:
        return make()
    finally:
        _within.reset(token)


@contextmanager
def one_transaction() -> Iterator[None]:
    """A transaction, or the part of `once` that it is: that one goes with whatever fails in it, so a savepoint would save nothing."""
    with transaction.atomic(savepoint=not _within.get()):
        yield


def delete_old_submissions() -> None:
    """Let go of which forms were sent."""
    Submission.objects.filter(on__lt=timezone.localdate() - REMEMBERED).delete()


def erase_expired_data(today: date) -> dict[str, int]:
    """Let every app erase, once a day, what the register says has expired. Returns how many rows each app erased.

    Nothing, while the day is in doubt (`look_at_clock`): what is erased does not come back.
    """
    if look_at_clock(today):
        return {}
    before = two_years_before(today)
    done = {
        label: _erase_expired_of(label, erase, before, today) for label, erase in personal_expired_erasers().items()
    }
    return {label: rows for label, rows in done.items() if rows is not None}


def _erase_expired_of(label: str, erase: type_expired_eraser, before: date, today: date) -> int | None:
    """Do one app's part in its own transaction. Returns None if it is done, being done, or failed and will be tried again."""
    try:
        Forgetting.objects.get_or_create(app=label)
        with transaction.atomic():
            rows = Forgetting.objects.select_for_update(skip_locked=True).filter(app=label)
            turn = rows.exclude(on=today).first()
            if turn is None:
                return None
            count = erase(before)
            turn.on = today
            turn.save(update_fields=["on"])
            if count:
                record(f"{label}.forget", turn, rows=count)
            return count
    except Exception as error:  # noqa: BLE001  what one app cannot do is no reason for the others to keep theirs
        place = "".join(traceback.format_tb(error.__traceback__))  # without the message, which may quote a row
        logger.error("Expired data of %s was not erased: %s\n%s", label, type(error).__name__, place)  # noqa: TRY400
        return None


#: How many days may pass between two looks at the clock, forwards and back, before somebody must say that it is right.
FORWARD, BACK = 7, 3


def look_at_clock(today: date) -> int:
    """Return how many days the clock has jumped since it was last believed, negative if backwards; 0 if it is believed, which is then recorded.

    From inside, a clock that is wrong and a network that was switched off look alike, so a person settles it (`believe_clock`). It
    settles itself when the clock comes back.
    """
    with transaction.atomic():
        Clock.objects.get_or_create()
        Clock.objects.select_for_update().get()
        days = (today - (last_believed() or today)).days
        if -BACK <= days <= FORWARD:
            Clock.objects.update(believed_on=today)
            return 0
    return days


def last_believed() -> date | None:
    """The last day on which the clock was believed; or, in data from before that was recorded, on which data was last erased."""
    believed: date | None = Clock.objects.values_list("believed_on", flat=True).first()
    return believed or Forgetting.objects.aggregate(last=models.Max("on"))["last"]


@transaction.atomic
def believe_clock(today: date, *, by: Any = None) -> Clock:
    """Take `today` as the right date, as somebody says; whatever depends on the calendar goes on from there."""
    clock, _made = Clock.objects.update_or_create(defaults={"believed_on": today})
    record("audit.believe_clock", clock, by=by, on=today.isoformat())
    return clock


def note_alive() -> None:
    """The worker's sign of life."""
    Clock.objects.update_or_create(defaults={"seen_at": timezone.now()})


def worker_last_seen() -> datetime | None:
    """Return when a worker last gave a sign of life, which it does every minute; None if none ever did."""
    return Clock.objects.values_list("seen_at", flat=True).first()
