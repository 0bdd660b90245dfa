"""All that is wrong with a form is said in one round, each at its field: what only its action knows, too."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jirani.commitments.models import Evidence
from jirani.core.enums import AccessMode
from jirani.events.models import Delegation, Event, Session
from jirani.forums.actions import add_seat
from jirani.members.models import LocalAuthority, Organisation
from jirani.plans.models import ActionPlan
from tests import factories as make
from tests.cast import Cast, client_of, user_of

pytestmark = pytest.mark.django_db

LONG = "x" * 300
_SESSION = {"kind": "plenary", "language": "en", "access": "public", "starts_at": "10:00", "ends_at": "11:00"}


def faults(cast: Cast, address: str, sent: dict[str, Any], *, part: str = "coordinator") -> set[str]:
    """Return the fields with errors besides the title’s: every case leaves it out, or writes too long a one where a draft may do without."""
    answer = client_of(cast.people()[part]).post(address, sent)
    assert answer.status_code == 422
    errors = set(answer.context["form"].errors)
    name = "title" if "title" in answer.context["form"].fields else "change" if "change" in sent else "kind"
    assert name in errors
    return errors - {name}


def test_a_session(cast: Cast) -> None:
    event = make.event(starts_on=date(2027, 3, 26), ends_on=date(2027, 3, 29), time_zone="Europe/Berlin", country="DE")
    session = make.session(event, held_on=date(2027, 3, 27))
    for address in ("new/", f"{session.pk}/edit/"):
        sent = {**_SESSION, "held_on": "2027-03-28", "starts_at": "02:30", "ends_at": "04:00"}
        assert faults(cast, f"/en/events/{event.slug}/sessions/{address}", sent) == {"starts_at"}, (
            "there is no such hour"
        )
        sent = {**_SESSION, "held_on": "2027-03-27", "starts_at": ""}
        assert faults(cast, f"/en/events/{event.slug}/sessions/{address}", sent) == {"starts_at"}
        sent = {**_SESSION, "held_on": "2027-03-27", "starts_at": "half past nine"}
        assert faults(cast, f"/en/events/{event.slug}/sessions/{address}", sent) == {"starts_at"}, (
            "and only what is known"
        )
        assert (
            faults(cast, f"/en/events/{event.slug}/sessions/{address}", {**_SESSION, "held_on": "2027-03-27"}) == set()
        )
    assert list(Session.objects.filter(event=event)) == [session]


def test_an_event(cast: Cast) -> None:
    event = make.event(starts_on=date(2024, 5, 6), ends_on=date(2024, 5, 8))
    make.session(event, held_on=date(2024, 5, 8))
    details = f"/en/events/{event.slug}/edit/details/"
    sent = {
        "title": LONG,
        "kind": "exchange",
        "format": "virtual",
        "language": "en",
        "access": "public",
        "date_precision": "day",
    }
    assert faults(cast, "/en/events/new/", {**sent, "starts_on": "1066-01-01"}) >= {"starts_on"}
    assert faults(cast, details, {**sent, "starts_on": "2039-01-01", "ends_on": "2039-01-03"}) == {"starts_on"}
    assert faults(cast, details, {**sent, "starts_on": "2024-05-06", "ends_on": "2024-05-07"}) == {"ends_on"}
    assert faults(cast, details, {**sent, "starts_on": "2024-06-06", "ends_on": "2024-06-08"}) == set(), (
        "it moves along"
    )
    event.refresh_from_db()
    assert (event.starts_on, Event.objects.filter(starts_on__year=1066).exists()) == (date(2024, 5, 6), False)


def test_a_plan(cast: Cast) -> None:
    first = make.plan(cast.kwale, version=4)
    make.plan(cast.kwale, version=5, supersedes=first)
    address = "/en/local-authorities/kwale/plans/new/"
    sent = {"language": "en", "access": "public", "number": "4", "supersedes": first.pk}
    assert faults(cast, address, sent) == {"number", "supersedes"}
    assert faults(cast, address, {**sent, "number": "6", "supersedes": ""}) == set()
    assert ActionPlan.objects.filter(authority=cast.kwale).count() == 2


def test_a_local_authority(cast: Cast) -> None:
    sent = {"name": cast.kwale.organisation.name, "country": "KE", "kind": "county"}
    with_fault = client_of(cast.coordinator).post("/en/local-authorities/new/", {**sent, "website": "no address"})
    assert {"name", "website"} == set(with_fault.context["form"].errors)
    other = client_of(cast.coordinator).post(
        "/en/local-authorities/new/", {**sent, "name": "Nyeri", "website": "no address"}
    )
    assert set(other.context["form"].errors) == {"website"}
    assert not LocalAuthority.objects.called("Nyeri").exists()


def test_an_outcome_and_what_shows_it(cast: Cast) -> None:
    made = make.commitment(cast.kwale.organisation)
    sent = {
        "change": "", "language": "en", "access": AccessMode.CLOSED, "title": "Minutes", "link": "https://example.org/m",
        "proof_access": AccessMode.PUBLIC,
    }  # fmt: skip
    address = f"/en/commitments/{made.pk}/outcomes/new/"
    answer = client_of(cast.kwale_focal_point).post(address, sent)
    assert set(answer.context["form"].errors) == {"change", "proof_access"}
    sent |= {"change": "Forums meet", "proof_access": AccessMode.CLOSED, "once": "o1"}
    assert client_of(cast.kwale_focal_point).post(address, sent).status_code == 302
    assert [one.access for one in Evidence.objects.filter(commitment=made)] == [AccessMode.CLOSED]


def test_posts_duties_and_seats(cast: Cast) -> None:
    named = {"language": "en", "name": ""}
    held = cast.kwale_focal_point.email
    post = {**named, "email": held, "role": "focal-point", "since": "2024"}
    duty = {**named, "email": cast.editor.email, "duty": "editor", "hub": "", "from_on": "2024-01-01"}
    civil = Organisation.objects.get(forum_seats__forum=cast.forum)
    seat = {**named, "email": cast.forum_secretary.email, "role": "secretary", "organisation": civil.pk}
    tomorrow = timezone.localdate() + timedelta(days=1)

    def said(address: str, sent: dict[str, Any]) -> dict[str, Any]:
        answer = client_of(cast.coordinator).post(address, sent)
        return {name: list(errors) for name, errors in answer.context["form"].errors.items() if name != "name"}

    already = {"email": ["This person holds this role here already."]}
    posts, duties, seats = (
        "/en/organisations/kwale/people/new/",
        "/en/people/roles/new/",
        f"/en/forums/{cast.forum.slug}/seats/new/",
    )
    assert said(posts, post) == already
    assert said(posts, {**post, "email": "somebody@example.org"}) == {}
    assert said(duties, duty) == already
    assert said(duties, {**duty, "duty": "translator"}) == {}
    late = {"from_on": ["Enter today or a day in the past."]}
    assert said(seats, {**seat, "from_on": timezone.localdate()}) == already
    assert said(seats, {**seat, "from_on": tomorrow}) == already | late
    assert said(seats, {**seat, "from_on": tomorrow, "email": "nobody"}).keys() == {"email", "from_on"}


def test_who_takes_over_a_seat(cast: Cast) -> None:
    client, today = client_of(cast.forum_secretary), timezone.localdate()
    seat, held = [
        add_seat(
            cast.forum, by=user_of(cast.coordinator), organisation=cast.mombasa.organisation, role="member",
            from_on=today - timedelta(days=30), name=name, email=f"{name}@example.org",
        )
        for name in ("zawadi", "amina")
    ]  # fmt: skip
    sent = {"language": "sw", "name": "", "email": "juma@example.org", "from_on": today}

    def said(**changed: Any) -> dict[str, list[str]]:
        """What stands beside the missing name."""
        answer = client.post(f"/en/forums/{cast.forum.slug}/seats/{seat.pk}/replace/", {**sent, **changed})
        assert answer.status_code == 422
        errors = {name: list(found) for name, found in answer.context["form"].errors.items()}
        assert errors.pop("name")
        return errors

    already = {"email": ["This person holds this role here already."]}
    late = {"from_on": ["Enter today or a day in the past."]}
    early = {"from_on": ["Enter a day after the one on which it began."]}
    assert said() == {}
    assert said(email="amina@example.org", from_on=today + timedelta(days=1)) == already | late
    assert said(from_on=today - timedelta(days=60)) == early
    assert said(email="zawadi@example.org") == {}, "whoever sits there gives up this seat and has it again"
    answer = client.post(
        f"/en/forums/{cast.forum.slug}/seats/{seat.pk}/replace/",
        {**sent, "name": "Juma", "from_on": today - timedelta(days=60)},
    )
    assert dict(answer.context["form"].errors) == early, "its action says the same, and where"
    seat.refresh_from_db()
    assert (seat.until_on, held.until_on, cast.forum.seats.filter(person__email="juma@example.org").exists()) == (
        None, None, False,
    )  # fmt: skip


def test_the_cities_of_a_lesson(cast: Cast) -> None:
    Delegation.objects.create(event=cast.event, authority=cast.kwale)
    make.note(cast.session, speaker=cast.participant)
    lesson = make.lesson(event=cast.event, session=cast.session)
    sent = {
        "title": LONG,
        "kind": "good-practice",
        "language": "en",
        "access": "public",
        "authorities": [cast.kwale.pk],
    }
    addresses = (
        f"/en/events/{cast.event.slug}/sessions/{cast.session.pk}/lessons/new/",
        f"/en/lessons/{lesson.pk}/edit/",
    )
    assert [faults(cast, address, sent) for address in addresses] == [{"authorities"}] * 2
    lesson.authorities.add(cast.kwale)
    assert faults(cast, addresses[1], sent) == set(), "it named that city before"
