"""Personal data: people can see it, take it with them, consent to its use and have it erased."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections, models
from django.test import Client
from django.utils import timezone

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core import registry
from jirani.events.models import Participation, SessionPart
from jirani.members.actions import change_own_facts, erase_person, export_person, save_consents
from jirani.members.enums import NetworkDuty
from jirani.members.models import Consent, Person, Tenure
from jirani.notifications.actions import Letter, queue_letter
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Zawadi Unmistakable", "zawadi.unmistakable@example.org"


@pytest.fixture
def zawadi(cast: Cast) -> Person:
    """Somebody with a post, an event, a part in a session, a consent, a message and an entry in the audit."""
    person = make.person(NAME, email=EMAIL, sector="health", language="sw")
    make.tenure(person, cast.kwale.organisation)
    make.participation(cast.event, person, sector="health")
    make.rapporteur(cast.session, person)
    assert person.user is not None
    save_consents(person, offered=["named", "news"], given=["named"], by=person.user)
    queue_letter(
        "events.invitation", Letter(f"For {NAME}", f"Dear {NAME}", "sw"), to=EMAIL.upper(), recipient=person.user
    )
    make.lesson(writer=person, event=cast.event)
    make.note(cast.session, speaker=person, typist=person)
    return person


def everything() -> str:
    """Return every text and address in every table as one string."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        found += [str(value) for row in model._base_manager.values_list(*names) for value in row] if names else []
    return "\n".join(found)


def test_one_takes_along_all_that_is_kept(zawadi: Person) -> None:
    answer = client_of(zawadi).post("/en/personal-data/mine/export/")
    kept = json.loads(answer.content)

    assert answer["Content-Disposition"].startswith('attachment; filename="jirani-')
    assert kept["members"]["person"] | {"created_at": "", "updated_at": ""} == {
        "name": NAME, "email": EMAIL, "language": "sw", "sector": "health", "created_at": "", "updated_at": "",
    }  # fmt: skip
    assert kept["members"]["account"]["email"] == EMAIL
    assert [row["organisation__name"] for row in kept["members"]["posts"]] == ["Kwale County"]
    assert [(row["purpose"], row["withdrawn_at"]) for row in kept["members"]["consents"]] == [("named", None)]
    assert [row["subject"] for row in kept["members"]["messages"]] == [f"For {NAME}"]
    assert [row["event__title"] for row in kept["events"]["participations"]] == ["Inter-county exchange"]
    assert [row["session__title"] for row in kept["events"]["parts"]] == ["Carrying out the plans"]


def test_one_says_oneself_what_one_is_called_and_how_one_is_written_to(zawadi: Person, cast: Cast) -> None:
    client, address = client_of(zawadi), "/en/personal-data/mine/edit/"
    sent = {name: client.get(address).context["form"][name].value() for name in ("name", "language", "version")}
    assert (sent["name"], sent["language"]) == (NAME, "sw")

    refused = client.post(address, sent | {"name": "zawadi@example.org"})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"name": ["Enter the name without the address."]},
    )
    saved = client.post(address, sent | {"name": "Grace\u00a0 Mwanza", "language": "fr", "sector": ""})
    assert saved.headers["Location"] == "/en/personal-data/mine/"
    zawadi.refresh_from_db()
    assert (zawadi.name, zawadi.language, zawadi.sector, zawadi.email) == ("Grace Mwanza", "fr", "", EMAIL)
    late = client.post(address, sent | {"name": "Another"})
    assert (late.status_code, Person.objects.get(pk=zawadi.pk).name) == (422, "Grace Mwanza")
    entry = Entry.objects.get(verb="members.change_own_facts")
    assert (entry.actor, entry.details) == (zawadi.user, {"fields": ["name", "language", "sector"]})

    with pytest.raises(PermissionDenied):
        change_own_facts(zawadi, by=cast.coordinator.user, name="Not theirs to say")
    assert Client().get(address).status_code == 302


def test_nothing_names_the_person_after_they_are_erased(cast: Cast, zawadi: Person) -> None:
    client = client_of(zawadi, fresh=True)
    counts = Participation.objects.count(), Tenure.objects.count()
    assert "Erase everything that names you?" in client.get("/en/personal-data/mine/erase/").content.decode()
    assert Person.objects.get(pk=zawadi.pk).name == NAME

    answer = client.post("/en/personal-data/mine/erase/")
    assert answer.headers["Location"] == "/en/"
    gone = Person.objects.get(pk=zawadi.pk)
    assert (gone.name, gone.email, gone.user, gone.sector, gone.erased_at is not None) == ("", "", None, "", True)
    assert not User.objects.filter(email=EMAIL).exists()
    assert (Participation.objects.count(), Tenure.objects.count()) == counts
    assert Participation.objects.get(person=None).sector == "health"
    assert SessionPart.objects.filter(session=cast.session).count() == 1  # the cast's own rapporteur
    assert (Consent.objects.count(), Message.objects.count()) == (0, 0)
    kept = everything().casefold()
    assert "unmistakable" not in kept
    assert "zawadi" not in kept
    erased = Entry.objects.get(verb="members.erase_person")
    assert (erased.actor, erased.details) == (None, {})
    assert client.get("/en/personal-data/mine/").status_code == 302


def test_a_seat_stays_with_its_organisation(cast: Cast, zawadi: Person) -> None:
    for organisation in (cast.kwale.organisation, None):
        make.seat(cast.forum, zawadi, organisation=organisation)
    seats = list(cast.forum.seats.filter(person=zawadi).order_by("pk").values_list("pk", flat=True))

    erase_person(zawadi, by=zawadi.user)
    left = cast.forum.seats.filter(pk__in=seats).order_by("pk")
    assert [(seat.person, seat.until_on) for seat in left] == [(None, None), (None, timezone.localdate())]


def test_only_oneself_or_a_network_coordinator(cast: Cast, zawadi: Person) -> None:
    users = cast.users()
    for part in ("visitor", "outsider", "hub_coordinator", "editor", "kwale_focal_point"):
        for act in (export_person, erase_person):
            with pytest.raises(PermissionDenied):
                act(zawadi, by=users[part])
    with pytest.raises(PermissionDenied):
        save_consents(zawadi, offered=["news"], given=["news"], by=users["coordinator"])

    assert export_person(zawadi, by=users["coordinator"])["members"]["person"]["name"] == NAME
    erase_person(zawadi, by=users["coordinator"])
    with pytest.raises(ValidationError, match="erased already"):
        erase_person(zawadi, by=users["coordinator"])


def test_consents_on_ones_own_page(zawadi: Person) -> None:
    client = client_of(zawadi)
    client.post("/en/personal-data/mine/consents/", {"news": "on", "directory": "on"})

    standing = Consent.objects.filter(withdrawn_at__isnull=True)
    assert sorted(standing.values_list("purpose", flat=True)) == ["directory", "news"]
    page = client.get("/en/personal-data/mine/").content.decode()
    assert page.count("Agreed on") == 3
    assert page.count(", withdrawn on") == 1


def test_an_account_without_a_person_sees_its_page(cast: Cast) -> None:
    client = Client()
    client.force_login(make.user("admin@example.org"), backend="django.contrib.auth.backends.ModelBackend")

    assert "admin@example.org" in client.get("/en/personal-data/mine/").content.decode()
    assert client.post("/en/personal-data/mine/export/").status_code == 404


# ── The last one who can appoint others ─────────────────────────────────────────────────────────────────────────────────


def test_the_only_coordinator_cannot_go(cast: Cast) -> None:
    client = client_of(cast.coordinator, fresh=True)
    before = everything()

    answer = client.post("/en/personal-data/mine/erase/")
    assert answer.status_code == 422
    assert "You are the only network coordinator. Appoint another one first." in answer.content.decode()
    assert everything() == before
    assert client.get("/en/personal-data/mine/").status_code == 200

    make.duty(cast.editor, NetworkDuty.COORDINATOR)
    assert client.post("/en/personal-data/mine/erase/").headers["Location"] == "/en/"


@pytest.mark.parametrize("reason", ["ended", "to come", "no account", "may not sign in", "hub only"])
def test_who_cannot_appoint_today_is_no_second_coordinator(cast: Cast, reason: str) -> None:
    today = timezone.localdate()
    role = make.duty(cast.editor, NetworkDuty.COORDINATOR)
    match reason:
        case "ended":
            role.until_on = today - timedelta(days=1)
        case "to come":
            role.from_on = today + timedelta(days=1)
        case "no account":
            Person.objects.filter(pk=cast.editor.pk).update(user=None)
        case "may not sign in":
            User.objects.filter(person=cast.editor).update(is_active=False)
        case "hub only":
            role.duty, role.hub = NetworkDuty.HUB_COORDINATOR, cast.hub
    role.save()

    with pytest.raises(ValidationError, match="only network coordinator"):
        erase_person(cast.coordinator, by=cast.coordinator.user)
    User.objects.filter(person=cast.participant).update(is_superuser=True)
    erase_person(cast.coordinator, by=cast.coordinator.user)


@pytest.mark.django_db(transaction=True)
def test_of_two_last_coordinators_who_go_at_once_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [make.person(f"Coordinator {n}") for n in (1, 2)]
    for person in both:
        make.duty(person, NetworkDuty.COORDINATOR)
    erasing, go = threading.Event(), threading.Event()
    results: dict[int, str] = {}
    part = registry._parts["events"]

    def slowly(person: Person) -> None:
        erasing.set()
        assert go.wait(10)
        part.erase(person)

    def leave(person: Person) -> None:
        try:
            erase_person(person, by=person.user)
            results[person.pk] = "gone"
        except ValidationError as refusal:
            results[person.pk] = refusal.messages[0]
        finally:
            connections.close_all()

    monkeypatch.setitem(registry._parts, "events", replace(part, erase=slowly))
    threads = [threading.Thread(target=leave, args=(person,)) for person in both]
    threads[0].start()
    assert erasing.wait(10)
    threads[1].start()
    threads[1].join(0.3)  # it waits for the first, who is not gone yet
    assert results == {}
    go.set()
    for thread in threads:
        thread.join(10)
    assert set(results) == {person.pk for person in both}
    assert results[both[0].pk] == "gone"
    assert "only network coordinator" in results[both[1].pk]
    assert Person.objects.get(pk=both[1].pk).erased_at is None
    connection.close()
