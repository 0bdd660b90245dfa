"""Appointing people to posts and duties: permissions, what follows from it, and how it ends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone, translation
from django.utils.text import capfirst
from pytest_django import DjangoAssertNumQueries

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.enums import Precision
from jirani.members.actions import add_post, end_duty, end_post, erase_person, give_duty, save_organisation
from jirani.members.enums import NetworkDuty, TenureRole
from jirani.members.models import NetworkRole, Person, Tenure, standing_of
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of, user_of
from tests.reader import tight

pytestmark = pytest.mark.django_db

POSTS = "/en/organisations/kwale/people/"
DUTIES = "/en/people/roles/"
EMAIL = "zawadi@example.org"


def post(**changed: str) -> dict[str, str]:
    """Return what the form of a post sends."""
    typed = {
        "email": EMAIL, "name": "Zawadi Otieno", "language": "fr", "role": "focal-point", "title": "Director of peace",
        "since": "2026-03", "once": "a",
    }  # fmt: skip
    return typed | changed


@pytest.mark.parametrize(
    ("from_on", "until_on"),
    [(None, None), (None, -1), (None, 0), (-1, None), (0, None), (1, None), (-1, -1), (-1, 0), (0, 0), (0, 1), (1, 1)],
)
def test_what_is_held_today_is_one_thing_in_rows_and_in_a_standing(
    cast: Cast, from_on: int | None, until_on: int | None
) -> None:
    today = timezone.localdate()
    days = [None if day is None else today + timedelta(days=day) for day in (from_on, until_on)]
    account, post = user_of(cast.kwale_focal_point), Tenure.objects.get(person=cast.kwale_focal_point)
    exact = Precision.DAY if days[0] else Precision.UNKNOWN
    Tenure.objects.filter(pk=post.pk).update(from_on=days[0], from_precision=exact, until_on=days[1])
    held = from_on in (None, -1, 0) and until_on in (None, 0, 1)
    assert Tenure.objects.held(today).filter(pk=post.pk).exists() == held
    assert standing_of(account).focal_organisations == ({post.organisation_id} if held else frozenset())


# ── Posts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hub_coordinator_names_the_first_focal_point(cast: Cast) -> None:
    client = client_of(cast.hub_coordinator)
    assert "Kwale County" in client.get("/en/people/?q=kwale").content.decode()
    for _ in range(2):  # a double click
        assert client.post(f"{POSTS}new/", post()).headers["Location"] == POSTS

    named = Tenure.objects.get(person__email=EMAIL)
    assert (named.person.name, named.person.language, named.language) == ("Zawadi Otieno", "fr", "en")
    assert (named.role, named.title, str(named.from_on), named.from_precision) == (
        "focal-point", "Director of peace", "2026-03-01", "month",
    )  # fmt: skip
    account = User.objects.get(email=EMAIL)
    assert (account.pk, account.has_usable_password()) == (named.person.user_id, False)
    assert standing_of(account).focal_organisations == {cast.kwale.organisation_id}
    assert Entry.objects.filter(verb="members.add_post", actor=cast.hub_coordinator.user).count() == 1
    page = tight(client.get(POSTS).content.decode())
    assert (page.count("Zawadi Otieno</h3>"), page.count("since March 2026"), 'content="noindex' in page) == (
        1,
        1,
        True,
    )
    assert client_of(named.person).get("/en/local-authorities/kwale/edit/").status_code == 200


def test_they_are_told_in_their_language_by_whom_to_what_and_how_to_sign_in(cast: Cast) -> None:
    with translation.override("en"):
        add_post(
            cast.kwale.organisation,
            by=user_of(cast.coordinator),
            name="Zawadi",
            email=EMAIL,
            language="fr",
            role="head",
        )

    letter = Message.objects.get()
    assert (letter.to, letter.language, letter.kind, letter.recipient) == (
        EMAIL, "fr", "members.named", User.objects.get(email=EMAIL),
    )  # fmt: skip
    assert "Kwale County" in letter.subject
    for said in (cast.coordinator.name, "Kwale County", EMAIL, "/fr/accounts/code/", "/fr/personal-data/mine/"):
        assert said in letter.body


def test_whoever_is_known_by_the_address_stays_one_person_with_one_account(cast: Cast) -> None:
    by = user_of(cast.coordinator)
    without = make.person("Zawadi Known", email=EMAIL, account=False, language="sw")
    make.user("other@example.org")
    elsewhere = make.person("Signs in elsewhere", email="written@example.org")
    User.objects.filter(person=elsewhere).update(email="signs@example.org")
    people, accounts = Person.objects.count(), User.objects.count()

    named = add_post(cast.kwale.organisation, by=by, name="Z.", email=EMAIL.upper(), language="fr", role="official")
    assert (named.person, named.person.name, named.person.language) == (without, "Zawadi Known", "sw")
    other = add_post(cast.kwale.organisation, by=by, name="Other", email="other@example.org", role="official")
    assert other.person.user == User.objects.get(email="other@example.org")
    assert (
        add_post(cast.kwale.organisation, by=by, name="S", email="signs@example.org", role="lead").person == elsewhere
    )
    assert (Person.objects.count(), User.objects.count()) == (people + 1, accounts + 1)


@pytest.mark.parametrize("language", ["fr", "sw"])
def test_the_letter_about_a_duty_is_in_the_language_of_whoever_gets_it(cast: Cast, language: str) -> None:
    Message.objects.all().delete()
    with translation.override("en"):
        give_duty(by=user_of(cast.coordinator), name="Zoé", email=EMAIL, language=language, duty=NetworkDuty.TRANSLATOR)

    letter = Message.objects.get(to=EMAIL)
    with translation.override(language):
        duty = str(capfirst(NetworkDuty.TRANSLATOR.label))
    assert (letter.language, duty in letter.body, "ranslator" in letter.subject + letter.body) == (
        language,
        True,
        False,
    )


def test_who_could_not_sign_in_or_holds_it_already_is_refused(cast: Cast) -> None:
    client = client_of(cast.coordinator)
    User.objects.filter(person=cast.outsider).update(is_active=False)
    closed = client.post(f"{POSTS}new/", post(email=cast.outsider.email))
    assert (closed.status_code, "is closed, or another person’s" in closed.content.decode()) == (422, True)
    again = client.post(f"{POSTS}new/", post(email=cast.kwale_focal_point.email, once="b"))
    assert (again.status_code, "holds this role here already" in again.content.decode()) == (422, True)
    vague = client.post(f"{POSTS}new/", post(since="by 2030", once="c"))
    assert (vague.status_code, "2021-03-25, 2021-03 or 2021, or nothing" in vague.content.decode()) == (422, True)
    assert Tenure.objects.filter(organisation=cast.kwale.organisation).count() == 1
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("part", "statuses"),
    [
        ("coordinator", {200}),
        ("hub_coordinator", {200}),
        ("kwale_focal_point", {403}),
        ("editor", {403}),
        ("outsider", {403}),
    ],
)
def test_posts_are_the_coordinators_own_business(cast: Cast, part: str, statuses: set[int]) -> None:
    held = cast.kwale.organisation.tenures.get()
    client = client_of(cast.people()[part])
    pages = ["/en/people/", POSTS, f"{POSTS}new/", f"{POSTS}{held.pk}/end/"]
    assert {client.get(page).status_code for page in pages} == statuses
    linked = f'href="{POSTS}"' in client.get("/en/local-authorities/kwale/").content.decode()
    assert linked == (statuses == {200})
    if statuses == {403}:
        with pytest.raises(PermissionDenied):
            end_post(held, by=user_of(cast.people()[part]), until_on=timezone.localdate())
        with pytest.raises(PermissionDenied):
            add_post(cast.kwale.organisation, by=user_of(cast.people()[part]), name="Z", email=EMAIL, role="head")


def test_organisations_stand_in_the_alphabet_of_the_reader(cast: Cast) -> None:
    new = [make.organisation(name) for name in ("Ålesund", "Tunis", "Zanzibar")]
    for body in (*new, cast.kwale.organisation, cast.mombasa.organisation):
        save_organisation(body)
    page = client_of(cast.coordinator).get("/en/people/").content.decode()
    names = re.findall("Ålesund|Kwale County|Mombasa County|Tunis|Zanzibar", page)
    assert list(dict.fromkeys(names)) == ["Ålesund", "Kwale County", "Mombasa County", "Tunis", "Zanzibar"]


def test_a_hub_coordinator_names_nobody_in_another_hub(cast: Cast) -> None:
    far = make.authority("Oslo", slug="oslo", hub=make.hub("Nordic"))
    client = client_of(cast.hub_coordinator)
    assert client.get("/en/organisations/oslo/people/").status_code == 404
    assert client.post("/en/organisations/oslo/people/new/", post()).status_code == 404
    assert "Oslo" not in client.get("/en/people/").content.decode()
    with pytest.raises(PermissionDenied):
        add_post(far.organisation, by=user_of(cast.hub_coordinator), name="Z", email=EMAIL, role="head")


def test_a_post_ends_on_a_day_and_stays_to_be_seen(cast: Cast) -> None:
    client, held = client_of(cast.hub_coordinator), cast.kwale.organisation.tenures.get()
    yesterday = timezone.localdate() - timedelta(days=1)
    end = f"{POSTS}{held.pk}/end/"
    for _ in range(2):
        sent = client.post(end, {"until_on": yesterday.isoformat(), "version": "open"})
        assert sent.headers["Location"] == POSTS

    assert Tenure.objects.get(pk=held.pk).until_on == yesterday
    assert Entry.objects.filter(verb="members.end_post").count() == 1
    assert standing_of(user_of(cast.kwale_focal_point)).focal_organisations == frozenset()
    page = client.get(POSTS).content.decode()
    assert page.index("<h2>Before</h2>") < page.index(cast.kwale_focal_point.name)
    assert cast.kwale_focal_point.email not in page
    assert client.get(end).status_code == 404
    late = client.post(end, {"until_on": "2030-01-01", "version": "open"})
    assert (late.status_code, "It has ended already." in late.content.decode()) == (422, True)


def test_of_two_who_end_a_post_the_second_is_told(cast: Cast) -> None:
    client, held = client_of(cast.coordinator), cast.kwale.organisation.tenures.get()
    today = timezone.localdate()
    client.post(f"{POSTS}{held.pk}/end/", {"until_on": (today + timedelta(days=9)).isoformat(), "version": "open"})
    second = client.post(f"{POSTS}{held.pk}/end/", {"until_on": today.isoformat(), "version": "open"})

    assert (second.status_code, "Somebody else saved this" in second.content.decode()) == (422, True)
    assert Tenure.objects.get(pk=held.pk).until_on == today + timedelta(days=9)


def test_who_was_named_by_mistake_today_never_holds_it(cast: Cast) -> None:
    today, by = timezone.localdate(), user_of(cast.coordinator)
    named = add_post(cast.kwale.organisation, by=by, name="Z", email=EMAIL, role="head", since=(today, "day"))
    with pytest.raises(ValidationError, match="after the one on which it began"):
        end_post(named, by=by, until_on=today - timedelta(days=2))
    end_post(named, by=by, until_on=today - timedelta(days=1))
    assert standing_of(User.objects.get(email=EMAIL)).in_network is False


@pytest.mark.parametrize("number", [1, 30])
def test_what_the_lists_cost(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for _ in range(number):
        make.tenure(make.person(), cast.kwale.organisation, TenureRole.OFFICIAL, title="Clerk")
        make.tenure(make.person(), cast.kwale.organisation, TenureRole.HEAD, until_on=yesterday)
        make.duty(make.person(), NetworkDuty.HUB_COORDINATOR, cast.hub)
    client = client_of(cast.coordinator)
    for address, queries in ((POSTS, 9), (DUTIES, 7), ("/en/people/", 6)):
        arabic = address.replace("/en/", "/ar/")
        client.get(arabic)  # content types are remembered
        with django_assert_num_queries(queries):
            assert client.get(arabic).status_code == 200


# ── Duties ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def duty(**changed: Any) -> dict[str, Any]:
    """Return what the form of a duty sends."""
    today = timezone.localdate().isoformat()
    return {
        "email": EMAIL,
        "name": "Zawadi",
        "language": "en",
        "duty": "editor",
        "from_on": today,
        "once": "a",
    } | changed


def test_a_network_coordinator_names_every_duty(cast: Cast) -> None:
    client = client_of(cast.coordinator)
    for number, (name, hub) in enumerate([("editor", ""), ("coordinator", ""), ("hub-coordinator", cast.hub.pk)]):
        assert client.post(f"{DUTIES}new/", duty(duty=name, hub=hub, once=str(number))).headers["Location"] == DUTIES
    standing = standing_of(User.objects.get(email=EMAIL))
    assert (standing.editor, standing.coordinator, standing.hubs) == (True, True, frozenset({cast.hub.pk}))
    assert sorted(Message.objects.values_list("subject", flat=True))[1].endswith(
        ": Hub coordinator – East and Southern Africa"
    )
    for wrong in (duty(duty="hub-coordinator", once="x"), duty(duty="translator", hub=cast.hub.pk, once="y")):
        assert client.post(f"{DUTIES}new/", wrong).status_code == 422
    assert Message.objects.count() == 3


def test_duties_are_for_network_coordinators_alone(cast: Cast) -> None:
    role = NetworkRole.objects.get(person=cast.editor)
    pages = [DUTIES, f"{DUTIES}new/", f"{DUTIES}{role.pk}/end/"]
    for part in ("hub_coordinator", "kwale_focal_point", "editor", "outsider"):
        client, user = client_of(cast.people()[part]), user_of(cast.people()[part])
        assert {client.get(page).status_code for page in pages} == {403}
        assert f'href="{DUTIES}"' not in client.get("/en/desk/").content.decode()
        with pytest.raises(PermissionDenied):
            give_duty(by=user, name="Z", email=EMAIL, duty=NetworkDuty.COORDINATOR)
        with pytest.raises(PermissionDenied):
            end_duty(role, by=user, until_on=timezone.localdate())
    client = client_of(cast.coordinator)
    assert {client.get(page).status_code for page in pages} == {200}
    assert f'href="{DUTIES}"' in client.get("/en/desk/").content.decode()


def test_the_last_coordinator_cannot_be_ended(cast: Cast) -> None:
    client, role = client_of(cast.coordinator), NetworkRole.objects.get(duty=NetworkDuty.COORDINATOR)
    today = timezone.localdate()
    for last in (today - timedelta(days=1), today, today + timedelta(days=400)):
        kept = client.post(f"{DUTIES}{role.pk}/end/", {"until_on": last.isoformat(), "version": "open"})
        assert (kept.status_code, "This is the only network coordinator." in kept.content.decode()) == (422, True)
    assert NetworkRole.objects.get(pk=role.pk).until_on is None

    make.duty(cast.editor, NetworkDuty.COORDINATOR)
    sent = client.post(f"{DUTIES}{role.pk}/end/", {"until_on": today.isoformat(), "version": "open"})
    assert sent.headers["Location"] == DUTIES
    with pytest.raises(ValidationError, match="only network coordinator"):  # the first one has until tonight only
        erase_person(cast.editor, by=cast.editor.user)


def test_an_administrator_without_a_person_begins_the_network() -> None:
    client = Client()
    client.force_login(
        User.objects.create_superuser("admin@example.org"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert (
        client.post(f"{DUTIES}new/", duty(email="admin@example.org", duty="coordinator")).headers["Location"] == DUTIES
    )

    assert User.objects.get().person.network_roles.get().duty == NetworkDuty.COORDINATOR
    assert "Zawadi has given you a role in " in Message.objects.get().body
