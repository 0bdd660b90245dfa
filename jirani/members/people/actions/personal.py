"""People's data: consents, export, erasure, and deletion when its time is up."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.actions import erase_account, traces, visits
from jirani.accounts.models import User
from jirani.acting.facts import set_facts
from jirani.audit.actions import lock_unchanged, record
from jirani.audit.models import Entry
from jirani.core.erasures import NAME, Erased, add_erased
from jirani.core.permissions import require
from jirani.core.registry import personal_erasers, personal_exporters, personal_keepers
from jirani.members.models import ENTERED, Consent, NetworkRole, Person, Tenure, standing_of
from jirani.members.text import CONSENTS
from jirani.notifications.actions import delete_messages, letter_of
from jirani.notifications.models import Message
from jirani.translation.models import Translation

from .duties import require_another_coordinator


def _require_own(person: Person, by: Any) -> None:
    own = person.user_id is not None and person.user_id == getattr(by, "pk", None)
    require(own or standing_of(by).coordinator, _("Only you yourself or a network coordinator can do this."))


@transaction.atomic
def change_own_facts(person: Person, *, by: Any, version: str = "", **facts: Any) -> Person:
    """Change what somebody is called, in which language they are written to, and their sector. That is theirs to say, so `by` is them.

    Raises ChangedMeanwhile if it was saved after `version`.
    """
    require(person.user_id is not None and person.user_id == getattr(by, "pk", None))
    locked = lock_unchanged(person, version)
    require(locked.erased_at is None)
    require("email" not in facts)  # an address is proven by a code
    changed = set_facts(facts, locked)
    locked.full_clean(exclude=["user"])
    locked.save(update_fields=[*changed, "updated_at"])
    record("members.change_own_facts", locked, by=by, fields=changed)
    return locked


@transaction.atomic
def save_consents(person: Person, *, offered: Iterable[str], given: Iterable[str], by: Any) -> list[str]:
    """Record that the person agrees to the `given` purposes and to no other of those offered. Returns the purposes that changed.

    Only the person's own word counts, so `by` is them.
    """
    require(person.user_id is not None and person.user_id == getattr(by, "pk", None))
    return keep_consents(person, offered=offered, given=given)


@transaction.atomic
def keep_consents(person: Person, *, offered: Iterable[str], given: Iterable[str]) -> list[str]:
    """Like `save_consents`, for an action that has already made sure that it is this person who speaks."""
    yes = set(given)
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)  # two answers at once take their turns
    require(locked.erased_at is None)
    standing = {c.purpose: c for c in Consent.objects.filter(person=person, withdrawn_at__isnull=True)}
    changed = [purpose for purpose in offered if (purpose in yes) != (purpose in standing)]
    for purpose in changed:
        if purpose in yes:
            Consent.objects.create(person=person, purpose=purpose, wording=str(CONSENTS[purpose]))
        else:
            Consent.objects.filter(pk=standing[purpose].pk).update(withdrawn_at=timezone.now())
        record(
            "members.give_consent" if purpose in yes else "members.withdraw_consent",
            person,
            by=person.user,
            purpose=purpose,
        )
    return changed


@transaction.atomic
def export_person(person: Person, *, by: Any) -> dict[str, Any]:
    """Return all that every app keeps about a person, by app, ready for JSON."""
    _require_own(person, by)
    record("members.export_person", person, by=by)
    return {label: export(person) for label, export in personal_exporters().items()}


@transaction.atomic
def erase_person(person: Person, *, by: Any) -> None:
    """Let a person go: their name, address, account, consents and messages. What they contributed stays, without them.

    Raises ValidationError if nobody would be left to coordinate the network, because nobody could then appoint anybody.
    """
    _require_own(person, by)
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if locked.erased_at is not None:
        raise ValidationError(_("This person has been erased already."))
    require_another_coordinator(locked)
    _erase(locked)


def _erase(locked: Person) -> None:
    for erase in personal_erasers().values():
        erase(locked)
    # Nobody is named as having done it: it may have been their own account, which has just been deleted.
    record("members.erase_person", locked, by=None)
    gone = Erased.of(locked.pk, locked.created_at)
    # Where this fails the night makes up for it, and nobody is told that the erasure itself did.
    transaction.on_commit(lambda: add_erased(settings.DATA / NAME, [gone]), robust=True)


def list_erased() -> None:
    """Have everybody who was erased on the list outside the database."""
    erased = Person.objects.filter(erased_at__isnull=False).values_list("pk", "created_at")
    add_erased(settings.DATA / NAME, [Erased.of(pk, created) for pk, created in erased.iterator()])


@transaction.atomic
def erase_again(numbers: Collection[int]) -> None:
    """Erase people who had been erased before a backup brought them back. Nobody is asked: they, or a coordinator, said so then."""
    for person in Person.objects.select_for_update(of=("self",)).filter(pk__in=numbers, erased_at=None).order_by("pk"):
        _erase(person)


def export_own(person: Person) -> dict[str, Any]:
    """Return what this app and the apps below it keep about a person."""
    own = ("name", "email", "language", "sector", "created_at", "updated_at")
    held = ("organisation__name", "role", "title", "from_on", "from_precision", "until_on", *ENTERED)
    account = person.user
    return {
        "person": {name: getattr(person, name) for name in own},
        "posts": list(person.tenures.values(*held)),
        "duties": list(person.network_roles.values("duty", "hub__name", "from_on", "until_on", *ENTERED)),
        "consents": list(person.consents.values("purpose", "wording", "given_at", "withdrawn_at")),
        "messages": [_export_message(message) for message in _messages(person)],
        **_export_account(account if isinstance(account, User) else None),
    }


def _export_message(message: Message) -> dict[str, Any]:
    told = {name: getattr(message, name) for name in ("kind", "to", "state", "queued_at", "sent_at")}
    return told | asdict(letter_of(message))


def _export_account(account: User | None) -> dict[str, Any]:
    if account is None:
        return {"account": None, "acts": [], "translations_checked": [], "visits": [], "elsewhere": []}
    told = ("email", "language", "date_joined", "last_login")
    checked = Translation.objects.filter(reviewer=account)
    return {
        "account": {name: getattr(account, name) for name in told} | {"password": account.has_usable_password()},
        "acts": list(Entry.objects.filter(actor=account).values("verb", "at")),
        "translations_checked": list(checked.values("content_type__model", "object_id", "field", "language", "body")),
        "visits": visits(account),
        "elsewhere": traces(account),
    }


def _messages(person: Person) -> QuerySet[Message]:
    """Return the messages in the outbox for their address or their account."""
    to = Q(to=person.email) if person.email else Q(pk__in=[])
    return Message.objects.filter(to | Q(recipient=person.user) if person.user_id else to)


def erase_own(person: Person) -> None:
    """End the person's posts and duties, which stay without a name; delete consents, messages and the account. The row
    keeps the time of erasure.
    """
    today = timezone.localdate()
    for held in (person.tenures, person.network_roles):
        # What has not begun yet never will; what was held stays, without a name.
        held.filter(from_on__gt=today).delete()
        held.filter(until_on__isnull=True).update(until_on=today)
        held.update(**dict.fromkeys(ENTERED, ""))
    person.consents.all().delete()
    account = person.user
    # While the person still has the address and the account by which their messages are found.
    delete_messages(_messages(person))
    person.user, person.name, person.email, person.sector = None, "", "", ""
    person.language = "en"
    person.erased_at = timezone.now()
    person.save()
    if isinstance(account, User):
        erase_account(account)


# ── What goes by itself when its time has come ──────────────────────────────────────────────────────────────────────────


def erase_expired(before: date) -> int:
    """Remove people from posts and duties that ended before that day; erase people whom nothing keeps, and accounts nobody uses."""
    count = sum(_unname(model, before) for model in (Tenure, NetworkRole))
    for pk in _unkept(before).order_by("pk").values_list("pk", flat=True):
        # Asked again under the locks: they may have signed in, or been put on a list, since.
        person = Person.objects.select_for_update(of=("self",)).get(pk=pk)
        User.objects.select_for_update(of=("self",)).filter(person=person).first()
        if _unkept(before).filter(pk=pk).exists():
            _erase(person)
            count += 1
    unused = User.objects.filter(person__isnull=True).exclude(pk__in=_users(before))
    for account in unused.select_for_update(of=("self",)):
        erase_account(account)
        count += 1
    return count


def _unname(model: type[Tenure] | type[NetworkRole], before: date) -> int:
    """Transfer each ended holding to a nameless person, as erasure would leave it, but to a different one each, so that two don't reveal that they were the same person's."""
    ended = model._default_manager.filter(until_on__lt=before, person__erased_at__isnull=True)
    count = 0
    for held in ended.select_for_update(of=("self",)):
        held.person = Person.objects.create(name="", erased_at=timezone.now())
        held.entered_name = held.entered_email = held.entered_language = ""
        held.save(update_fields=["person", *ENTERED])
        count += 1
    return count


def _unkept(before: date) -> QuerySet[Person]:
    people = Person.objects.filter(erased_at__isnull=True)
    for keeps in personal_keepers():
        people = people.exclude(pk__in=keeps(before).values("pk"))
    return people


def _users(before: date) -> QuerySet[User]:
    """Accounts that were made or signed in with on that day or later (a session lasts two weeks), and administrators'."""
    used = Q(last_login__date__gte=before) | Q(date_joined__date__gte=before)
    return User.objects.filter(used | Q(is_superuser=True, is_active=True))


def keep(before: date) -> QuerySet[Person]:
    """Return people who on that day or later were new, used their account, agreed to something, or held a post or duty."""
    said = Q(given_at__date__gte=before) | Q(withdrawn_at__date__gte=before)
    return Person.objects.filter(
        Q(created_at__date__gte=before)
        | Q(user__in=_users(before))
        | Q(pk__in=Tenure.objects.going_on(before).values("person"))
        | Q(pk__in=NetworkRole.objects.going_on(before).values("person"))
        | Q(pk__in=Consent.objects.filter(said).values("person"))
    )
