"""Seats of a forum, given and given up in the interface."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.forums.actions import add_seat, end_seat, replace_holder
from jirani.forums.enums import SeatRole
from jirani.forums.models import Forum, Seat
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, client_of, user_of
from tests.reader import tight

pytestmark = pytest.mark.django_db

EMAIL = "zawadi@example.org"


def seats(cast: Cast) -> str:
    return f"/en/forums/{cast.forum.slug}/seats/"


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    """Return what the form of a seat sends."""
    form = {
        "organisation": cast.mombasa.organisation_id,
        "role": "member",
        "email": EMAIL,
        "name": "Zawadi",
        "language": "sw",
    }
    return form | {"from_on": timezone.localdate().isoformat(), "once": "a"} | changed


def test_the_secretary_gives_a_seat_and_the_holder_sees_a_closed_forum(cast: Cast) -> None:
    Forum.objects.filter(pk=cast.forum.pk).update(access=AccessMode.CLOSED)
    client = client_of(cast.forum_secretary)
    for _ in range(2):
        assert client.post(f"{seats(cast)}new/", typed(cast)).headers["Location"] == seats(cast)

    seat = cast.forum.seats.get(person__email=EMAIL)
    assert (seat.organisation, seat.role, seat.until_on) == (cast.mombasa.organisation, "member", None)
    letter = Message.objects.get()
    assert (letter.to, letter.language, letter.kind) == (EMAIL, "sw", "forums.named")
    assert "Mombasa County Engagement Forum" in letter.subject
    assert seat.person is not None
    holder = client_of(seat.person)
    assert holder.get(f"/en/forums/{cast.forum.slug}/").status_code == 200
    assert holder.get(seats(cast)).status_code == 404
    page = client.get(seats(cast)).content.decode()
    assert ("Zawadi" in page, EMAIL in page, 'content="noindex' in page) == (True, True, True)


def test_a_seat_without_a_person_is_the_organisations(cast: Cast) -> None:
    client = client_of(cast.forum_secretary)
    client.post(f"{seats(cast)}new/", typed(cast, email="", name=""))
    assert (cast.forum.seats.get(organisation=cast.mombasa.organisation).person, Message.objects.count()) == (None, 0)
    assert client.post(f"{seats(cast)}new/", typed(cast, email="", once="b")).status_code == 422
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert client.post(f"{seats(cast)}new/", typed(cast, from_on=tomorrow.isoformat(), once="c")).status_code == 422


def test_a_seat_of_no_organisation_is_told_by_its_sector(cast: Cast) -> None:
    make.seat(cast.forum, sector="youth")
    assert "<h3>Youth</h3>" in tight(client_of(cast.forum_secretary).get(seats(cast)).content.decode())


def test_seats_of_which_neither_organisation_nor_holder_is_known_may_be_several(cast: Cast) -> None:
    """A forum may hold three seats for the youth before anybody knows who will sit there."""
    by = user_of(cast.forum_secretary)
    facts: dict[str, Any] = {"role": SeatRole.MEMBER, "from_on": timezone.localdate(), "sector": "youth"}
    for _ in range(2):
        add_seat(cast.forum, by=by, organisation=None, **facts)
    add_seat(cast.forum, by=by, organisation=cast.kwale.organisation, **facts)
    with pytest.raises(ValidationError, match="already has such a seat"):
        add_seat(cast.forum, by=by, organisation=cast.kwale.organisation, **facts)
    assert cast.forum.seats.filter(sector="youth").count() == 3


def test_only_coordinators_name_the_secretary(cast: Cast) -> None:
    kept = cast.forum.seats.get()
    as_secretary = typed(cast, role="secretary")
    for part in ("forum_secretary", "mombasa_focal_point"):
        client, user = client_of(cast.people()[part]), user_of(cast.people()[part])
        assert client.post(f"{seats(cast)}new/", as_secretary).status_code == 422
        assert client.get(f"{seats(cast)}{kept.pk}/end/").status_code == 404
        assert client.post(f"{seats(cast)}{kept.pk}/replace/", typed(cast)).status_code == 404
        with pytest.raises(PermissionDenied):
            end_seat(kept, by=user, until_on=timezone.localdate())
        with pytest.raises(PermissionDenied):
            replace_holder(kept, by=user, from_on=timezone.localdate(), name="Z", email=EMAIL)
        with pytest.raises(PermissionDenied):
            add_seat(
                cast.forum,
                by=user,
                organisation=None,
                role=SeatRole.SECRETARY,
                from_on=timezone.localdate(),
                email=EMAIL,
            )
    assert list(cast.forum.seats.standing()) == [kept]

    client = client_of(cast.hub_coordinator)
    for _ in range(2):
        sent = client.post(f"{seats(cast)}{kept.pk}/replace/", typed(cast))
        assert sent.headers["Location"] == seats(cast)
    new = cast.forum.seats.standing().get()
    assert (new.role, new.organisation, new.person.email if new.person else "") == (
        "secretary",
        kept.organisation,
        EMAIL,
    )
    assert Seat.objects.get(pk=kept.pk).until_on == timezone.localdate()
    assert Forum.objects.editable_by(User.objects.get(email=EMAIL)).get() == cast.forum
    assert not Forum.objects.editable_by(user_of(cast.forum_secretary)).exists()


def test_the_secretary_is_somebody(cast: Cast) -> None:
    cast.forum.seats.all().delete()
    client, nobody = client_of(cast.hub_coordinator), typed(cast, role="secretary", email="", name="")

    refused = client.post(f"{seats(cast)}new/", nobody)

    assert refused.context["form"].errors == {"email": ["Enter a person: the secretary looks after the forum here."]}
    assert not cast.forum.seats.exists()
    assert client.post(f"{seats(cast)}new/", nobody | {"email": EMAIL, "name": "Zawadi"}).status_code == 302


def test_a_seat_is_given_up_and_stays_to_be_seen(cast: Cast) -> None:
    seat = make.seat(cast.forum, make.person("Juma Unmistakable"), organisation=cast.kwale.organisation)
    client, today = client_of(cast.forum_secretary), timezone.localdate()
    end = f"{seats(cast)}{seat.pk}/end/"
    for _ in range(2):
        assert client.post(end, {"until_on": today.isoformat(), "version": "open"}).headers["Location"] == seats(cast)
    page = client.get(seats(cast)).content.decode()
    assert page.index("<h2>Before</h2>") < page.index("Juma Unmistakable")
    assert client.get(end).status_code == 404
    assert "Juma" not in client.get(f"/en/forums/{cast.forum.slug}/").content.decode()


def test_others_do_not_see_who_sits(cast: Cast) -> None:
    for part in ("kwale_focal_point", "editor", "participant", "outsider"):
        client = client_of(cast.people()[part])
        assert client.get(seats(cast)).status_code == 404
        assert "/seats/" not in client.get(f"/en/forums/{cast.forum.slug}/").content.decode()
    assert Client().get(seats(cast)).status_code == 302
    assert (
        f'href="{seats(cast)}"'
        in client_of(cast.forum_secretary).get(f"/en/forums/{cast.forum.slug}/").content.decode()
    )


@pytest.mark.parametrize("number", [1, 30])
def test_what_the_list_costs(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int) -> None:
    for _ in range(number):
        make.seat(cast.forum, make.person(), organisation=make.organisation())
        make.seat(cast.forum, make.person(), organisation=make.organisation(), until_on=timezone.localdate())
    client = client_of(cast.forum_secretary)
    arabic = seats(cast).replace("/en/", "/ar/")
    client.get(arabic)  # content types are remembered
    with django_assert_num_queries(10):
        assert client.get(arabic).status_code == 200


def test_a_seat_names_its_source_and_the_page_of_the_forum_shows_it(cast: Cast, client: Client) -> None:
    body, today = make.organisation("Haki", country="KE"), timezone.localdate()
    secretary, page = client_of(cast.forum_secretary), reverse("public:forum_detail", args=[cast.forum.slug])
    said = {
        "organisation": body.pk,
        "role": "member",
        "language": "en",
        "from_on": today,
        "source_url": "https://example.org/gazette",
    }

    secretary.post(reverse("forums:seat_create", args=[cast.forum.slug]), said)

    seat = Seat.objects.get(organisation=body)
    assert (seat.source_url, "https://example.org/gazette" in client.get(page).content.decode()) == (
        said["source_url"],
        True,
    )
    heir = {
        "email": "zawadi@example.org",
        "name": "Zawadi",
        "language": "en",
        "from_on": today,
        "source_url": "https://example.org/letter",
    }
    Seat.objects.filter(pk=seat.pk).update(from_on=today - timedelta(days=9))
    secretary.post(reverse("forums:seat_replace", args=[cast.forum.slug, seat.pk]), heir)
    after = Seat.objects.standing().get(organisation=body)
    assert (after.source_url, after.pk != seat.pk) == (heir["source_url"], True)


def test_a_seat_is_corrected_by_whoever_may_change_it_and_not_over_another_correction(cast: Cast) -> None:
    seat, chair = make.seat(cast.forum, sector="youth"), cast.forum.seats.get(role=SeatRole.SECRETARY)
    secretary, address = client_of(cast.forum_secretary), f"{seats(cast)}{seat.pk}/edit/"
    assert f'href="{address}"' in secretary.get(seats(cast)).content.decode()
    form = secretary.get(address).context["form"]
    assert (form["sector"].value(), form["source_url"].value()) == ("youth", "")

    said = {"sector": "women", "source_url": "https://example.org/seats", "version": form["version"].value()}
    first = secretary.post(address, said | {"role": "secretary", "until_on": "2020-01-01"})
    late = client_of(cast.mombasa_focal_point).post(address, said | {"sector": "faith"})

    assert (first.headers["Location"], late.status_code) == (seats(cast), 422)
    kept = Seat.objects.get(pk=seat.pk)
    assert (kept.sector, kept.source_url, kept.role, kept.until_on) == ("women", said["source_url"], seat.role, None)
    assert secretary.post(address, said | {"sector": "none such", "version": ""}).status_code == 422
    assert [client_of(one).get(address).status_code for one in (cast.participant, cast.kwale_focal_point)] == [404, 404]
    assert secretary.get(f"{seats(cast)}{chair.pk}/edit/").status_code == 404
    entry = Entry.objects.get(verb="forums.change_seat")
    assert entry.details == {"seat": seat.pk, "before": {"sector": "youth", "source_url": ""}}
