"""Guests: people of an event who have no account, and so cannot correct their name and address themselves."""

import secrets
from typing import Any

from django.db import transaction

from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.events.models import Participation
from jirani.events.permissions import can_correct_guest
from jirani.events.registry import has_word
from jirani.members.actions import correct_facts
from jirani.members.models import Consent, Person


def has_spoken(person: Person) -> bool:
    """Whether somebody has answered, agreed to something or said how they are quoted by the links that were sent to the person's
    address: it is theirs, then.
    """
    answered = Participation.objects.filter(person=person, answered_at__isnull=False)
    return answered.exists() or Consent.objects.filter(person=person).exists() or has_word(person)


@transaction.atomic
def correct_guest(participation: Participation, *, by: Any, version: str = "", **facts: str) -> list[str]:
    """Correct a guest's name, address or language, if given. Returns the fields that changed.

    With another address the links that were sent to the old one open nothing any more. Raises ValidationError for an address that is
    somebody else's, ChangedMeanwhile if somebody corrected the guest after `version`.
    """
    theirs = Participation.objects.filter(person=participation.person_id).order_by("pk").select_for_update(of=("self",))
    parts = list(theirs)  # before the person, as an answer takes them
    locked = next((part for part in parts if part.pk == participation.pk), None)
    require(locked is not None and can_correct_guest(by, locked))
    person: Any = participation.person
    require("email" not in facts or facts["email"] == person.email or not has_spoken(person))
    changed = correct_facts(person, version=version, **facts)
    for part in parts if "email" in changed else []:
        if part.nonce:
            part.nonce = secrets.token_urlsafe(24)
            part.save(update_fields=["nonce", "updated_at"])
    _call_alike(parts, facts)
    record("events.correct_guest", participation, by=by, fields=sorted(changed))
    return changed


def _call_alike(parts: list[Participation], facts: dict[str, str]) -> None:
    """Correct the facts wherever they were typed before, so that the wrong ones are shown nowhere."""
    for part in parts:
        old = [f"entered_{name}" for name in facts if getattr(part, f"entered_{name}")]
        for field in old:
            setattr(part, field, "")
        if old:
            part.save(update_fields=[*old, "updated_at"])
