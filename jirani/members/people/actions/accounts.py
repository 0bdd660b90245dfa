"""How somebody comes to be a person with an account: by the address that somebody else enters for them.

There is one person and one account to an address, whoever enters it: for an event, a post, a duty or a seat.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged
from jirani.core.permissions import require
from jirani.language import normal_address
from jirani.members.models import Person
from jirani.notifications.actions import delete_messages, key_of, queue_message, tell_undelivered
from jirani.notifications.models import Message

NAMED = "members/mail/named"


def person_at(email: str, *, name: str, language: str = "", sector: str = "") -> Person:
    """The person with this address, who stays as they are, or a new one. Without an address it is a new one.

    Two requests at once agree on one, by the address's uniqueness.
    """
    if (known := known_at(email)) is not None:
        return known
    address = normal_address(email)
    facts = {"name": name, "email": address, "sector": sector} | ({"language": language} if language else {})
    person = Person(**facts)
    person.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        return Person.objects.get(email=address)
    return person


def held_person_at(email: str, *, name: str, language: str = "", sector: str = "") -> Person:
    """Like `person_at`, but locked until the end of the transaction, so that somebody who is being erased is not listed
    under the typed name.
    """
    facts = {"name": name, "language": language, "sector": sector}
    found = person_at(email, **facts)
    person = Person.objects.select_for_update(of=("self",)).filter(pk=found.pk, erased_at__isnull=True).first()
    return person or person_at(email, **facts)  # erased while we waited: nobody has the address any more


def entered(person: Person, *, name: str, email: str = "", language: str = "") -> dict[str, str]:
    """Fields of `Entered` for a record that names this person: what was typed of them, as far as it is not what is kept."""
    Person(name=name).clean_fields(exclude={field.name for field in Person._meta.fields} - {"name"})
    typed = {"name": name, "email": normal_address(email), "language": language}
    return {f"entered_{key}": value for key, value in typed.items() if value != getattr(person, key)}


def _known(address: str) -> Person | None:
    """Return the person written to at this address, or else the one who signs in with it."""
    found = Person.objects.filter(Q(email=address) | Q(user__email=address))
    return max(found, key=lambda person: person.email == address, default=None)


def known_at(email: str) -> Person | None:
    """Return the person known by this address; None if there is none."""
    address = normal_address(email)
    return _known(address) if address else None


def address_fault(person: Person, email: str) -> str:
    """Why the person cannot be written to at this address: it is another person's. Whose, and what they do here, is not told."""
    other = _known(normal_address(email)) if email else None
    taken = _("This address is another person’s. If it is right, remove this person and add them again with it.")
    return taken if other is not None and other != person else ""


def correct_facts(person: Person, *, version: str = "", **facts: str) -> list[str]:
    """Correct data of somebody without an account, for an action that has checked the permission. Returns the facts that changed.

    What was written to an address that is not theirs goes. Raises ChangedMeanwhile if somebody else corrected them after `version`.
    """
    locked = lock_unchanged(person, version)
    require(locked.user_id is None and locked.erased_at is None)
    before = locked.email
    changed = [name for name, value in facts.items() if getattr(locked, name) != value]
    if "email" in changed and (fault := address_fault(locked, facts["email"])):
        raise ValidationError({"email": fault})
    for name in changed:
        setattr(locked, name, facts[name])
    locked.full_clean(exclude=["user"])
    locked.save(update_fields=[*changed, "updated_at"])
    if "email" in changed:
        delete_messages(Message.objects.filter(to=before, recipient=None))
        tell_undelivered()
    return changed


def give_account(person: Person) -> None:
    """Create an account without a password: signing in by a code proves once more that the address is theirs."""
    if person.user_id is not None or not person.email:
        return
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, language=person.language)
    elif Person.objects.filter(user=user).exists():
        return  # the account is another person's: a coordinator has to sort that out
    person.user = user
    person.save(update_fields=["user", "updated_at"])


def named_person(*, name: str, email: str, language: str = "") -> Person:
    """The person who is named to something at this address, locked, with an account with which they may sign in.

    Raises ValidationError if nobody could sign in with the address.
    """
    person = held_person_at(email, name=name, language=language)
    give_account(person)
    account = person.user
    if not isinstance(account, User) or not account.is_active:
        raise ValidationError(
            {"email": _("The account of this address is closed, or another person’s. Enter another address.")}
        )
    return person


def tell_named(person: Person, *, kind: str, what: str, by: Any, to_what: Any) -> Message:
    """Queue the letter that says to what they were named, `what`, in their language, by whom, and how to sign in.

    `to_what` is the record of it: if it ends before the letter went, the letter does not go.
    """
    account: Any = person.user
    namer = Person.objects.filter(user=by).first()
    with override(person.language):
        code, data = (
            settings.BASE_URL + reverse(name) for name in ("account_request_login_code", "members:person_detail")
        )
    context = {
        "person": person,
        "what": what,
        "namer": namer or by,
        "address": account.email,
        "code": code,
        "data": data,
    }
    to = person.email or account.email
    return queue_message(
        kind,
        to=to,
        language=person.language,
        template=NAMED,
        context=context,
        recipient=account,
        records=[key_of(to_what)],
    )
