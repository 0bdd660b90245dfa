"""Who has which duty for the network. Somebody must always be left who can appoint others."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from jirani.accounts.models import User
from jirani.audit.actions import record
from jirani.core.permissions import require
from jirani.members.enums import NetworkDuty
from jirani.members.models import Hub, NetworkRole, Person
from jirani.members.permissions import coordinates_network
from jirani.members.standing.actions import end_held
from jirani.notifications.registry import Addressee
from jirani.translation.models import attach_translations

from .accounts import entered, named_person, tell_named


@transaction.atomic
def give_duty(
    *,
    by: Any,
    name: str,
    email: str,
    language: str = "",
    duty: str,
    hub: Hub | None = None,
    from_on: date | None = None,
) -> NetworkRole:
    """Name somebody to a duty for the network and tell them. Who is known by the address stays as they are."""
    require(coordinates_network(by))
    person = named_person(name=name, email=email, language=language)
    if fault := duty_fault(person, duty=duty, hub=hub, from_on=from_on):
        raise ValidationError({"email": fault})
    typed = entered(person, name=name, email=email, language=language)
    role = NetworkRole(person=person, duty=duty, hub=hub, from_on=from_on, **typed)
    role.full_clean()
    role.save()
    record("members.give_duty", role, by=by, duty=duty)
    tell_named(person, kind="members.named", what=_in_words(role), by=by, to_what=role)
    return role


def duty_fault(person: Person | None, *, duty: str, hub: Hub | None, from_on: date | None) -> str:
    """Why somebody is not named to this duty from then on: they have it already; or ""."""
    begins = min(from_on or timezone.localdate(), timezone.localdate())
    if person and person.network_roles.going_on(begins).filter(duty=duty, hub=hub).exists():
        return _("This person holds this role here already.")
    return ""


def _in_words(role: NetworkRole) -> str:
    """Return the duty, with its hub if it has one, in its holder's language."""
    language = role.person.language
    attach_translations(language, role.hub)
    with override(language):
        duty = capfirst(NetworkDuty(role.duty).label)
        return f"{duty} – {role.hub.text_in('name', language)[0]}" if role.hub else str(duty)


@transaction.atomic
def end_duty(role: NetworkRole, *, by: Any, until_on: date, version: str = "") -> NetworkRole:
    """Say on which day a duty ended or will end. Raises ChangedMeanwhile if somebody else did so after `version`.

    Raises ValidationError if nobody would be left to coordinate the network.
    """
    require(coordinates_network(by))
    if role.duty == NetworkDuty.COORDINATOR:
        # Before the duty, in the order in which an erasure takes these locks too.
        _take_turns()
    locked = NetworkRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if end_held(locked, until_on, version):
        if role.duty == NetworkDuty.COORDINATOR and not _lasting().exists():
            raise ValidationError(_("This is the only network coordinator. Appoint another one first."))
        record("members.end_duty", role, by=by, duty=role.duty)
    return locked


def require_another_coordinator(person: Person) -> None:
    """Refuse what would leave the network without a coordinator; of two who go at once, the second sees the first gone."""
    _take_turns()
    # Asked after the wait, which may have changed the answer.
    coordinates_today = _coordinators().filter(person=person).exists()
    if coordinates_today and not _lasting().exclude(person=person).exists():
        raise ValidationError(_("You are the only network coordinator. Appoint another one first."))


def _take_turns() -> None:
    """Let those who would go, or send somebody, at the same moment wait for one another."""
    list(_coordinators().select_for_update(of=("self",)).order_by("pk"))


def _coordinators(**more: Any) -> QuerySet[User]:
    """Return the accounts that coordinate the network today, as `standing_of` defines it."""
    duties = NetworkRole.objects.held(timezone.localdate()).filter(
        duty=NetworkDuty.COORDINATOR, person__user__isnull=False, **more
    )
    return User.objects.filter(Q(is_superuser=True) | Q(pk__in=duties.values("person__user")), is_active=True)


def _lasting() -> QuerySet[User]:
    """Return those of them whose duty has no end yet."""
    return _coordinators(until_on__isnull=True)


def those_who_coordinate(hub: Hub | None = None) -> list[Addressee]:
    """Return the people who coordinate the hub today and can sign in; without a hub, or if there is none, the network's coordinators,
    administrators among them.
    """
    if hub is not None and (of_hub := _of_hub(hub)):
        return of_hub
    duties = NetworkRole.objects.held(timezone.localdate()).filter(duty=NetworkDuty.COORDINATOR)
    accounts = User.objects.filter(Q(is_superuser=True) | Q(person__in=duties.values("person")), is_active=True)
    found = accounts.select_related("person").order_by("pk")
    return [_addressee(account, getattr(account, "person", None)) for account in found]


def _of_hub(hub: Hub) -> list[Addressee]:
    duties = NetworkRole.objects.held(timezone.localdate()).filter(duty=NetworkDuty.HUB_COORDINATOR, hub=hub)
    accounts = User.objects.filter(person__in=duties.values("person"), is_active=True)
    return [_addressee(account, account.person) for account in accounts.select_related("person").order_by("pk")]


def _addressee(account: User, person: Person | None) -> Addressee:
    """Return how the person is written to otherwise; by their account if they are not in the network."""
    told = person or account
    return Addressee(told.email or account.email, told.language, account)
