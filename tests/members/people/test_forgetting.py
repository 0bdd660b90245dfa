"""The register of personal data promises deletion dates: once a day data is deleted on the day promised, and never early."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from jirani.accounts.models import User
from jirani.audit.actions import erase_expired_data
from jirani.audit.models import Entry, Forgetting
from jirani.audit.tasks import erase_expired
from jirani.core import registry
from jirani.core.registry import two_years_before
from jirani.events.models import Event, Participation, SessionPart
from jirani.forums.models import Attendance, Forum, Meeting, Seat
from jirani.lessons.models import Note
from jirani.members.enums import NetworkDuty
from jirani.members.models import Consent, NetworkRole, Person, Tenure
from tests import factories as make

TODAY = date(2026, 11, 22)
#: Exactly two years earlier: what ended on this day is still kept, what ended the day before is not.
LAST_KEPT = date(2024, 11, 22)
FIRST_GONE = LAST_KEPT - timedelta(days=1)
NAME, EMAIL = "Zawadi Unmistakable", "zawadi.unmistakable@example.org"


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


def known_since(day: date, person: Person) -> Person:
    """Make the person and their account look as if they had been entered on that day and not signed in since."""
    Person.objects.filter(pk=person.pk).update(created_at=moment(day))
    User.objects.filter(person=person).update(date_joined=moment(day))
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def zawadi(db: None) -> Person:
    """Somebody entered in 2015 who has done nothing since."""
    return known_since(date(2015, 1, 1), make.person(NAME, email=EMAIL))


def erased(person: Person) -> bool:
    person.refresh_from_db()
    return person.erased_at is not None


# ── Whom we keep ────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_forum() -> Forum:
    return make.forum(make.authority())


def _note(day: date, **people: Any) -> None:
    session = make.session(make.event())
    Note.objects.filter(pk=make.note(session, **people).pk).update(created_at=moment(day))


def _word(day: date, person: Person) -> None:
    """Choose the attribution of an old note by the link in an e-mail."""
    _note(date(2016, 1, 1), speaker=person)
    Note.objects.filter(speaker=person).update(attributed_at=moment(day))


LAST_SIGNS: dict[str, Callable[[date, Person], object]] = {
    "entered": lambda day, who: Person.objects.filter(pk=who.pk).update(created_at=moment(day)),
    "account": lambda day, who: User.objects.filter(person=who).update(date_joined=moment(day)),
    "sign-in": lambda day, who: User.objects.filter(person=who).update(last_login=moment(day)),
    "event": lambda day, who: make.participation(make.event(starts_on=day - timedelta(days=9), ends_on=day), who),
    "post": lambda day, who: make.tenure(who, make.organisation(), until_on=day),
    "duty": lambda day, who: NetworkRole.objects.filter(pk=make.duty(who, NetworkDuty.EDITOR).pk).update(until_on=day),
    "seat": lambda day, who: make.seat(a_forum(), who, until_on=day),
    "note said": lambda day, who: _note(day, speaker=who),
    "note typed": lambda day, who: _note(day, typist=who),
    "word": _word,
    "consent": lambda day, who: Consent.objects.create(person=who, purpose="news", wording="Yes", given_at=moment(day)),
}


@pytest.mark.parametrize("sign", LAST_SIGNS)
def test_to_the_day(zawadi: Person, sign: str) -> None:
    other = known_since(date(2015, 1, 1), make.person())
    LAST_SIGNS[sign](LAST_KEPT, zawadi)
    LAST_SIGNS[sign](FIRST_GONE, other)

    erase_expired_data(TODAY)
    assert (erased(zawadi), erased(other)) == (False, True)
    erase_expired_data(TODAY + timedelta(days=1))
    assert erased(zawadi)
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("held", ["post", "duty", "seat", "coordinator", "administrator", "coming event"])
def test_what_goes_on_keeps_them_however_long_ago_they_came(zawadi: Person, held: str) -> None:
    coming = TODAY + timedelta(days=90)
    holding: dict[str, Callable[[], object]] = {
        "post": lambda: make.tenure(zawadi, make.organisation(), from_on=date(2016, 1, 1)),
        "duty": lambda: make.duty(zawadi, NetworkDuty.TRANSLATOR),
        "seat": lambda: make.seat(a_forum(), zawadi),
        "coordinator": lambda: make.duty(zawadi, NetworkDuty.COORDINATOR),
        "administrator": lambda: User.objects.filter(person=zawadi).update(is_superuser=True),
        "coming event": lambda: make.participation(make.event(starts_on=coming, ends_on=coming), zawadi),
    }
    holding[held]()

    erase_expired_data(TODAY)
    assert not erased(zawadi)
    assert zawadi.name == NAME


def test_what_they_contributed_stays(zawadi: Person) -> None:
    event = make.event()
    make.participation(event, zawadi, sector="health")
    make.tenure(zawadi, make.organisation(), until_on=date(2020, 1, 1))
    lesson = make.lesson(writer=zawadi)

    done = erase_expired_data(TODAY)
    lesson.refresh_from_db()
    assert (erased(zawadi), zawadi.name, zawadi.email, zawadi.user) == (True, "", "", None)
    assert [(part.person, part.sector) for part in event.participations.all()] == [(None, "health")]
    assert Tenure.objects.get().person.name == ""
    assert (lesson.writer, done["events"], done["members"]) == (None, 1, 2)


def test_who_comes_back_in_the_last_moment_stays(zawadi: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """They sign in after the list of people to erase was made, but before their row is locked."""
    part = registry._parts["lessons"]
    answers = iter([Person.objects.none(), Person.objects.all()])
    monkeypatch.setitem(registry._parts, "lessons", replace(part, keep=lambda before: next(answers)))

    assert erase_expired_data(TODAY)["members"] == 0
    assert not erased(zawadi)


def test_accounts_of_nobody(db: None) -> None:
    since = moment(date(2015, 1, 1))
    for email in ("unused@example.org", "used@example.org", "admin@example.org"):
        make.user(email, date_joined=since)
    User.objects.filter(email="used@example.org").update(last_login=moment(LAST_KEPT))
    User.objects.filter(email="admin@example.org").update(is_superuser=True)

    erase_expired_data(TODAY)
    assert sorted(User.objects.values_list("email", flat=True)) == ["admin@example.org", "used@example.org"]


# ── What goes while the person stays ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def active(db: None) -> Person:
    """Somebody who signed in yesterday."""
    person = make.person("Amina")
    User.objects.filter(person=person).update(last_login=moment(TODAY - timedelta(days=1)))
    return person


def test_a_list_of_participants_goes_and_its_count_stays(active: Person) -> None:
    old, kept = (make.event(starts_on=day, ends_on=day) for day in (FIRST_GONE, LAST_KEPT))
    for event in (old, kept):
        make.rapporteur(make.session(event), active)
    Participation.objects.update(nonce="secret", answered_at=timezone.now(), sector="health")

    assert erase_expired_data(TODAY)["events"] == 2  # the part in a session, and the name on the list
    gone = Participation.objects.get(event=old)
    assert (gone.person, gone.nonce, gone.answered_at, gone.sector, gone.state) == (
        None, "", None, "health", "confirmed",
    )  # fmt: skip
    assert Participation.objects.get(event=kept).person == active
    assert SessionPart.objects.get().session.event == kept
    assert not erased(active)


def test_a_post_and_a_duty_stay_without_a_name(active: Person) -> None:
    for day in (FIRST_GONE, LAST_KEPT):
        make.tenure(active, make.organisation(), until_on=day, title=f"Until {day}")
        NetworkRole.objects.filter(pk=make.duty(active, NetworkDuty.EDITOR).pk).update(until_on=day)

    assert erase_expired_data(TODAY)["members"] == 2
    for held in (Tenure.objects, NetworkRole.objects):
        names = [row.person.name for row in held.select_related("person").order_by("until_on")]
        assert names == ["", "Amina"]
    assert (
        erase_expired_data(TODAY + timedelta(days=1))["members"] == 2
    )  # those of the next day, and no nameless one again


def test_a_seat_and_who_attended(active: Person) -> None:
    forum = a_forum()
    seats = [make.seat(forum, active, until_on=day, sector="faith") for day in (FIRST_GONE, LAST_KEPT)]
    for day in (FIRST_GONE, LAST_KEPT):
        meeting = Meeting.objects.create(forum=forum, title="Meeting", held_on=day)
        Attendance.objects.create(meeting=meeting, seat=seats[1])

    assert erase_expired_data(TODAY)["forums"] == 2
    assert [seat.person for seat in Seat.objects.order_by("until_on")] == [None, active]
    rows = Attendance.objects.order_by("meeting__held_on").values_list("seat", "sector")
    assert list(rows) == [(None, "faith"), (seats[1].pk, "")]


@pytest.mark.parametrize(
    ("today", "before"),
    [
        (date(2026, 11, 22), date(2024, 11, 22)),
        (date(2028, 2, 29), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2024, 2, 28)),
        (date(2026, 3, 1), date(2024, 3, 1)),
    ],
)
def test_leap_days(today: date, before: date) -> None:
    assert two_years_before(today) == before


# ── When, and by whom ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_once_a_day_and_told_without_names(zawadi: Person) -> None:
    make.participation(make.event(), zawadi)

    assert set(erase_expired_data(TODAY)) == {"events", "forums", "members"}
    told = Entry.objects.filter(verb__endswith=".forget").order_by("verb")
    assert [(entry.verb, entry.actor, entry.details) for entry in told] == [
        ("events.forget", None, {"rows": 1}),
        ("members.forget", None, {"rows": 1}),
    ]
    make.participation(make.event(), make.person())
    assert erase_expired_data(TODAY) == {}
    assert erase_expired_data(TODAY + timedelta(days=1)) == {"events": 1, "forums": 0, "members": 0}
    assert erase_expired_data(TODAY + timedelta(days=2)) == {"events": 0, "forums": 0, "members": 0}
    assert told.all().count() == 3


def test_what_one_app_cannot_do_the_others_do(
    zawadi: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make.participation(make.event(), zawadi)
    part = registry._parts["events"]

    def stumble(before: date) -> int:
        Event.objects.update(title="Half done")
        raise LookupError(NAME)

    with monkeypatch.context() as patched:
        patched.setitem(registry._parts, "events", replace(part, erase_expired=stumble))
        assert set(erase_expired_data(TODAY)) == {"forums", "members"}
    assert not Event.objects.filter(title="Half done").exists()
    assert "Expired data of events was not erased: LookupError" in caplog.text
    assert NAME not in caplog.text
    assert erased(zawadi)
    make.participation(make.event(), make.person())
    assert erase_expired_data(TODAY) == {"events": 1}  # tried again on the same day


def test_the_worker_forgets_but_not_the_story_of_the_demo(settings: Any, db: None) -> None:
    part = make.participation(make.event(), make.person())

    settings.DEMO = True
    erase_expired()
    part.refresh_from_db()
    assert part.person is not None
    settings.DEMO = False
    erase_expired()
    part.refresh_from_db()
    assert part.person is None


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    make.participation(make.event(), make.person())
    started, go = threading.Event(), threading.Event()
    part = registry._parts["events"]
    results: list[Any] = []

    def slowly(before: date) -> int:
        assert part.erase_expired is not None
        started.set()
        assert go.wait(10)
        return part.erase_expired(before)

    def work() -> None:
        try:
            results.append(erase_expired_data(TODAY))
        finally:
            connections.close_all()

    monkeypatch.setitem(registry._parts, "events", replace(part, erase_expired=slowly))
    first = threading.Thread(target=work)
    first.start()
    assert started.wait(10)
    assert "events" not in erase_expired_data(TODAY)  # it does not wait for the first, and leaves this part to it
    go.set()
    first.join(10)
    assert [done["events"] for done in results] == [1]
    assert Entry.objects.filter(verb="events.forget").count() == 1
    assert set(Forgetting.objects.values_list("on", flat=True)) == {TODAY}
    connection.close()
