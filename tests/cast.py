"""The named cast of the tests: two counties, those who work for them and for the network, and an outsider."""

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client

from jirani.accounts.backends import SessionStore
from jirani.accounts.models import User
from jirani.accounts.permissions import note_proof
from jirani.events.models import Event, Session
from jirani.forums.enums import SeatRole
from jirani.forums.models import Forum
from jirani.members.enums import NetworkDuty, TenureRole
from jirani.members.models import Hub, LocalAuthority, Person
from jirani.plans.models import ActionPlan

from . import factories as make
from .kept import Kept


@dataclass(frozen=True)
class Cast:
    """Everybody, and what they are about. Kwale and Mombasa are counties of one hub; the hub coordinator has that hub."""

    hub: Hub
    kwale: LocalAuthority
    mombasa: LocalAuthority
    forum: Forum  # Mombasa's
    plan: ActionPlan  # Mombasa's, tended by the forum
    event: Event  # an exchange of the hub, with both
    session: Session
    coordinator: Person
    hub_coordinator: Person
    kwale_focal_point: Person
    mombasa_focal_point: Person
    forum_secretary: Person
    rapporteur: Person
    editor: Person
    translator: Person
    participant: Person
    outsider: Person

    def people(self) -> dict[str, Person]:
        """Every person of the cast by their part."""
        return {f.name: value for f in fields(self) if isinstance(value := getattr(self, f.name), Person)}

    def users(self) -> dict[str, User | AnonymousUser]:
        """Everybody who may come to a page, a visitor who is not signed in among them."""
        return {"visitor": AnonymousUser(), **{part: user_of(person) for part, person in self.people().items()}}


def user_of(person: Person) -> Any:
    """A fresh user object, as a request would load it, without a remembered standing."""
    assert person.user_id is not None
    return User.objects.get(pk=person.user_id)


def _people() -> dict[str, Person]:
    """Everybody by their part; two queries, since most tests begin with them."""
    parts = [f.name for f in fields(Cast) if f.type is Person]
    users = [User(email=f"{part}@example.org", password=make_password(None)) for part in parts]
    named = zip(parts, User.objects.bulk_create(users), strict=True)
    return dict(zip(parts, Person.objects.bulk_create(_person(*each) for each in named), strict=True))


def _person(part: str, user: User) -> Person:
    return Person(name=part.replace("_", " ").capitalize(), email=user.email, user=user)


def assemble() -> Cast:
    """Put the cast on stage."""
    hub = make.hub("East and Southern Africa")
    kwale = make.authority("Kwale County", slug="kwale", subdivision="KE-19", hub=hub)
    mombasa = make.authority("Mombasa County", slug="mombasa", subdivision="KE-28", hub=hub)
    people = _people()
    make.duty(people["coordinator"], NetworkDuty.COORDINATOR)
    make.duty(people["hub_coordinator"], NetworkDuty.HUB_COORDINATOR, hub)
    make.duty(people["editor"], NetworkDuty.EDITOR)
    make.duty(people["translator"], NetworkDuty.TRANSLATOR)
    make.tenure(people["kwale_focal_point"], kwale.organisation)
    make.tenure(people["mombasa_focal_point"], mombasa.organisation)
    civil = make.organisation("Mombasa civil society")
    make.tenure(people["forum_secretary"], civil, TenureRole.OFFICIAL)
    forum = make.forum(mombasa, name="Mombasa County Engagement Forum")
    make.seat(forum, people["forum_secretary"], SeatRole.SECRETARY, organisation=civil)
    event = make.event("Inter-county exchange", hub=hub)
    session = make.session(event, "Carrying out the plans")
    make.rapporteur(session, people["rapporteur"])
    make.participation(event, people["participant"])
    plan = make.plan(mombasa, forum=forum)
    return Cast(hub=hub, kwale=kwale, mombasa=mombasa, forum=forum, plan=plan, event=event, session=session, **people)


#: The cast as most tests begin with it.
on_stage = Kept(assemble)


def client_of(person: Person | None, *, fresh: bool = False) -> Client:
    """The browser of somebody who is signed in, `fresh`: just now; None for a visitor.

    As `Client.force_login` does, with a third of its queries: most tests sign somebody in.
    """
    client = Client()
    if person is not None:
        user, session = user_of(person), SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        if fresh:
            request = HttpRequest()
            request.session = session
            note_proof(request)
    return client
